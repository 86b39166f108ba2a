"""One rule against one wallet: fresh players, a baseline, the steps, and the balances when all is settled.

Beside the wallet a book by our own rules (`wallet.book`) hears the same calls: it says what should have happened, and
which bug would have left what is found instead.
"""

import asyncio
import os
from collections import Counter
from collections.abc import Awaitable, Callable

import msgspec

from croupier.conformance.amounts import Amounts, chosen
from croupier.conformance.heard import Heard, repaired
from croupier.conformance.players import Players
from croupier.conformance.rule import Change, Rule, Step
from croupier.conformance.wire_changes import Voice
from croupier.diagnosis.ledgers import Transaction
from croupier.domain import ids
from croupier.domain.exchange import HttpRequest, HttpResponse, NoAnswer
from croupier.runtime.masks import masks_of
from croupier.runtime.wallet_client import WalletClient
from croupier.runtime.world import Clock
from croupier.wallet.book import Book, Entry, MemoryPages
from croupier.wallet.calls import Balance, Bet, Context, Rollback, WalletCall, Win
from croupier.wallet.outcome import Accepted, Outcome, Unknown

LIFE_US = 30_000_000
SETTLE_MS, SETTLE_MAX_MS = 50, 2000
CUT_MS = 300
GAMES = ("krakens-hoard", "european-roulette")


class Inconclusive(Exception):
    """Neither passed nor failed: the kit cannot say. `why` in words."""


class Wallet(msgspec.Struct, frozen=True):
    """What every trial of a run shares. `settle_ms` lies between the two equal reads of a settled balance."""

    voice: Voice
    client: WalletClient
    players: Players
    clock: Clock
    currency: str
    hooks: dict[str, Callable[[], Awaitable[None]]] = {}
    settle_ms: int = SETTLE_MS


class Trial:
    def __init__(self, wallet: Wallet, rule: Rule, log: list[Heard]) -> None:
        self.wallet = wallet
        self.rule = rule
        self.log = log
        """Everything heard in this run, of all rules."""
        self.heard: list[Heard] = []
        self.players: dict[str, str] = {}
        self.before: dict[str, int] = {}
        self.after: dict[str, int] = {}
        self.book = Book()
        self._sent: dict[str, tuple[WalletCall, HttpRequest, str]] = {}
        self._often: Counter[str] = Counter()
        self._rollbacks: Counter[str] = Counter()
        self._refused: list[Bet] = []
        self._names: dict[str, str] = {}
        self._sessions: dict[str, str] = {}

    @property
    def amounts(self) -> Amounts:
        step = self.wallet.voice.spoken.wallet.step(self.wallet.currency, self.wallet.voice.operator)
        found = chosen(min(self.before.values(), default=0) or 100_003, step)
        if found is None:
            raise Inconclusive("the player's balance is too low to play with: give at least 200.00")
        return Amounts(*found, self.before)

    async def run(self) -> None:
        """Plays the steps, then reads what every player has. Inconclusive."""
        needed = {step.by for step in self._all_steps()} | set(self.rule.expect)
        for label in sorted(needed - {"unknown"}):
            player = await self.wallet.players.fresh(self.wallet.currency)
            if player in self.players.values():
                raise Inconclusive("this rule needs another player")
            self.players[label] = player
        self.players["unknown"] = "nobody-" + self._random(8)
        if self.rule.expect or any("B0" in step.amount for step in self._all_steps()):
            for label in sorted(needed - {"unknown"}):
                self.before[label] = await self._balance(label)
                self.book.open_account(self.players[label], self.wallet.currency, self.before[label])
        for step in self.rule.steps:
            await self._play(step)
        for label in self.rule.expect:
            self.after[label] = await self._settled(label)

    def transactions(self) -> list[Transaction]:
        """What the book remembers of every bet and win of player p, and how often each was sent."""
        pages = self.book.pages
        assert isinstance(pages, MemoryPages)
        told = []
        for entry in pages.entries.values():
            if entry.kind not in ("bet", "win") or entry.player_id != self.players.get("p"):
                continue
            if not self._fits_what_was_heard(entry):
                continue
            sent = self._often[entry.transaction_id]
            amount = entry.amount
            if entry.state == "tombstone":
                late = self._sent_call(entry.transaction_id)
                amount = late.amount if isinstance(late, Bet) else 0
            effect = {"taken": -entry.moved, "done": entry.moved}.get(entry.state, 0)
            rolled_back = {"tombstone": "before", "reversed": "after"}.get(entry.state, "")
            one = Transaction(
                kind="bet" if entry.kind == "bet" else "win",
                amount=amount,
                effect=effect,
                sent=max(1, sent),
                declined=entry.state == "declined",
                rolled_back=rolled_back,  # type: ignore[arg-type]
                rollbacks=self._rollbacks[entry.transaction_id],
                settled=entry.settled,
                free=entry.campaign_id is not None and entry.kind == "bet",
            )
            told.append(one)
        accepted = {one.call.id for one in self.heard if isinstance(one.outcome, Accepted)}
        refused = [bet for bet in self._refused if bet.id not in accepted]
        told += [Transaction(kind="bet", amount=bet.amount, effect=0, declined=True) for bet in refused]
        return told

    def _fits_what_was_heard(self, entry: Entry) -> bool:
        """Whether the wallet said of this transaction what the book says: else its answer is the news, not its sum."""
        about = [one for one in self.heard if one.call.id == entry.transaction_id]
        if any(one.model is None for one in about):
            return False  # its id was sent in a call that was wrong on purpose
        if entry.state == "reversed":
            about += [one for one in self.heard if _undoes(one, entry)]
            if not any(isinstance(one.outcome, Accepted) for one in about if isinstance(one.call, Rollback)):
                return False
        accepted = any(isinstance(one.outcome, Accepted) or one.cut for one in about)
        return not accepted if entry.state == "declined" else accepted or entry.state == "tombstone"

    # ── steps ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _play(self, step: Step) -> None:
        if step.wait_ms:
            await self.wallet.clock.sleep(step.wait_ms / 1000)
        elif step.hook:
            await self.wallet.hooks[step.hook]()
        elif step.together:
            await self._together(step)
        else:
            for number in range(step.repeat):
                await self._send(step, f"#{number}" if step.repeat > 1 else "")

    async def _together(self, step: Step) -> None:
        """All ready, all connections open; then every request is written before any answer is read."""
        ways = [(one, number) for one in step.together for number in range(one.repeat)]
        await asyncio.gather(*(self._balance("p") for _ in ways))
        for burst in range(step.bursts):
            prepared = []
            for one, number in ways:
                parts = [burst] * (step.bursts > 1) + [number] * (one.repeat > 1)
                prepared.append(self._prepared(one, "".join(f"#{part}" for part in parts)))
            answers = await asyncio.gather(
                *(self.wallet.client.send(request, private=True) for _, request, _, _ in prepared)
            )
            for (one, _), (call, request, label, retry), answer in zip(ways, prepared, answers, strict=True):
                self._note(one, label, call, request, answer, retry=retry)

    async def _send(self, step: Step, suffix: str) -> None:
        call, request, label, retry = self._prepared(step, suffix)
        if step.cut:
            task = asyncio.create_task(self.wallet.client.send(request, private=True))
            await asyncio.sleep(0.004)
            task.cancel()
            await asyncio.wait([task])
            await self.wallet.clock.sleep(CUT_MS / 1000)
            answer: HttpResponse | NoAnswer = NoAnswer("reset", "we closed the connection")
        else:
            answer = await self.wallet.client.send(request, private=True)
        self._note(step, label, call, request, answer, retry=retry)

    def _prepared(self, step: Step, suffix: str) -> tuple[WalletCall, HttpRequest, str, bool]:
        if step.again:
            call, request, _ = self._sent[step.again + suffix]
            if step.resigned:
                request = self.wallet.voice.request(call, self.wallet.clock.now())
            label, retry = step.again + suffix, True
        else:
            undone = step.name or (step.rollback and f"roll {step.rollback}")
            label = (step.bet or step.win or undone or step.balance) + suffix
            call = self._call(step, suffix)
            retry = label in self._sent
            request = self.wallet.voice.request(call, self.wallet.clock.now(), step.change)
            self._sent[label] = (call, request, step.by)
        return call, request, label, retry

    def _note(
        self,
        step: Step,
        label: str,
        call: WalletCall,
        request: HttpRequest,
        answer: HttpResponse | NoAnswer,
        *,
        retry: bool,
    ) -> None:
        voice, at = self.wallet.voice, self.wallet.clock.now()
        # What we broke on purpose is not asked for what the answer should repeat of it.
        asked = None if step.change.body == "broken" or step.change.amount or step.change.drop else request
        outcome = voice.spoken.wallet.outcome(call, voice.operator, answer, at, asked)
        if isinstance(outcome, Unknown):
            outcome = voice.spoken.wallet.outcome(call, voice.operator, repaired(answer), at, asked)
        model = self._modelled(step, call, at)
        if not isinstance(call, Balance):
            self._often[call.id] += 1
        if isinstance(call, Rollback):
            self._rollbacks[call.bet_transaction_id] += 1
        kind = str(type(call).__struct_config__.tag)
        heard = Heard(
            rule=self.rule.id, label=label, kind=kind, step=step, call=call, request=request, answer=answer,
            outcome=outcome, at=at, model=model, cut=step.cut, retry=retry,
            masks=masks_of(voice.operator, voice.spoken.wallet.abilities),
        )  # fmt: skip
        self.heard.append(heard)
        self.log.append(heard)

    def _modelled(self, step: Step, call: WalletCall, at: int) -> Outcome | None:
        """What our own book does with it; None for calls that are wrong on purpose."""
        change = step.change
        harmless = Change(note=change.note, body=change.body if change.body in ("indented", "large") else "")
        if change not in (Change(), harmless) and change.sign != "both":
            if isinstance(call, Bet) and step.answer in ("no", "not ok", "any"):
                self._refused.append(call)
            return None
        return self.book.answer(call, at)

    # ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _call(self, step: Step, suffix: str) -> WalletCall:
        if step.balance:
            return Balance(self._context(step, step.balance), "q_" + self._random(12))
        amount = self.amounts.value(step.amount or ("bet" if step.bet else "win")) if not step.rollback else 0
        if step.bet:
            name = self._name("b_", step.bet + suffix, step.id)
            expires = (
                self.wallet.clock.now() + LIFE_US - step.expired_s * 1_000_000 - (LIFE_US if step.expired_s else 0)
            )
            known = self._sent.get(step.bet + suffix)
            if known is not None and isinstance(known[0], Bet):
                expires = known[0].expires_at
            campaign = "free-" + self._random(6) if step.free else None
            return Bet(self._context(step), name, self._round(step, step.bet + suffix), amount, expires, campaign)
        if step.win:
            of = step.of + suffix if step.of + suffix in self._names else step.of
            bet = self._names.get(of, "") or self._name("b_", of, "")
            name = self._name("w_", step.win + suffix, step.id)
            round_id = self._names[f"round of {step.win}{suffix}"] = self._round(step, of)
            played = self._sent.get(of)
            campaign = played[0].campaign_id if played is not None and isinstance(played[0], Bet) else None
            return Win(self._context(step), name, round_id, amount, bet, step.closed, campaign)
        named = step.rollback + suffix
        bet = self._name("b_", named, "")
        label = (step.name or f"roll {step.rollback}") + suffix
        if label not in self._names:
            first = ids.rollback_id(bet)
            self._names[label] = first if first not in self._names.values() else "r2_" + self._random(16)
        call = self._sent_call(bet)
        stake = call.amount if isinstance(call, Bet) else self.amounts.bet
        return Rollback(self._context(step), self._names[label], self._round(step, named), bet, stake)

    def _sent_call(self, transaction_id: str) -> WalletCall | None:
        return next((call for call, _, _ in self._sent.values() if call.id == transaction_id), None)

    def _context(self, step: Step, player: str = "") -> Context:
        session = self._sessions.setdefault(step.session, "ses_" + self._random(16))
        game = GAMES[1] if step.game else GAMES[0]
        return Context(self.players[player or step.by], session, game, step.currency or self.wallet.currency)

    def _name(self, prefix: str, label: str, form: str) -> str:
        """The id of this label. `form`: ``tail``, ``case`` and ``zeros`` give ids that differ from another label's only
        at their end, in case, or in leading zeros.
        """
        if label not in self._names:
            stem, _, which = form.partition(" ")
            base = self._names.setdefault(f"stem {stem}", prefix + self._random(16)) if stem else ""
            match stem:
                case "tail":
                    self._names[label] = (base + "-" * 63)[:63] + which
                case "case":
                    self._names[label] = base + ("Ab" if which == "1" else "aB")
                case "zeros":
                    digits = str(int.from_bytes(base.encode(), "big"))[:20]
                    self._names[label] = ("00" if which == "1" else "") + digits
                case "marks":
                    self._names[label] = (base + "-_.:" * 16)[:64]
                case _:
                    self._names[label] = prefix + self._random(16)
        return self._names[label]

    def _round(self, step: Step, label: str) -> str:
        """Its own label's, else that of the bet's."""
        own = f"round {step.round}" if step.round else ""
        of = f"round of {label}"
        if own:
            self._names.setdefault(own, "rd_" + self._random(16))
            self._names.setdefault(of, self._names[own])
            return self._names[own]
        return self._names.setdefault(of, "rd_" + self._random(16))

    def _random(self, size: int) -> str:
        return ids.text_of(os.urandom(size))

    def _all_steps(self) -> list[Step]:
        return [one for step in self.rule.steps for one in (step.together or (step,))]

    # ── balances ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def _balance(self, label: str) -> int:
        voice, at = self.wallet.voice, self.wallet.clock.now()
        context = self._context(Step(balance=label), label)
        call = Balance(context, "q_" + self._random(12))
        request = voice.request(call, at)
        answer = await self.wallet.client.send(request, private=True)
        outcome = voice.spoken.wallet.outcome(call, voice.operator, repaired(answer), at, request)
        if not isinstance(outcome, Accepted) or outcome.balance is None:
            raise Inconclusive(f"the balance of player {label} cannot be read")
        return outcome.balance

    async def _settled(self, label: str) -> int:
        """Two equal reads, `settle_ms` apart."""
        last, waited = await self._balance(label), 0
        while waited < SETTLE_MAX_MS:
            await self.wallet.clock.sleep(self.wallet.settle_ms / 1000)
            waited += max(1, self.wallet.settle_ms)
            now = await self._balance(label)
            if now == last:
                return now
            last = now
        raise Inconclusive(f"the balance of player {label} does not come to rest")


def _undoes(one: Heard, entry: Entry) -> bool:
    return isinstance(one.call, Rollback) and one.call.bet_transaction_id == entry.transaction_id
