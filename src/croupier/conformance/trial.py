"""One rule against one wallet: fresh players, a baseline, the steps, and the balances when all is settled.

Beside the wallet a book by our own rules (`wallet.book`) hears the same calls: it says what should have happened, and
which bug would have left what is found instead.
"""

import asyncio
from collections import Counter

import msgspec

from croupier.conformance.amounts import Amounts, chosen
from croupier.conformance.calls import INVENTED, Calls, parts, random_id
from croupier.conformance.fields import CannotChange
from croupier.conformance.heard import Heard, repaired
from croupier.conformance.players import BALANCE
from croupier.conformance.rule import Change, Rule, Step
from croupier.conformance.wallet import Missing, Wallet
from croupier.dialects.strict_json import NotStrict
from croupier.domain.exchange import HttpRequest, HttpResponse, NoAnswer
from croupier.runtime.masks import masks_of
from croupier.wallet.book import Book
from croupier.wallet.calls import Balance, Bet, Rollback, WalletCall
from croupier.wallet.outcome import Accepted, Outcome, Unknown

SETTLE_MAX_MS = 2000
CUT_MS = 300
RESTART_S, RESTART_PAUSE_S = 30, 0.1
BONUS = "certify"
"""Whose free rounds an operator gives that counts them itself."""


class Inconclusive(Exception):
    """Neither passed nor failed: the kit cannot say. `why` in words."""


class Trial:
    def __init__(self, wallet: Wallet, rule: Rule, log: list[Heard]) -> None:
        self.wallet = wallet
        self.rule = rule
        self.log = log
        """Everything heard in this run, of all rules."""
        self.heard: list[Heard] = []
        self.calls = Calls(wallet)
        self.players = self.calls.players
        self.before: dict[str, int] = {}
        self.after: dict[str, int] = {}
        self.book = Book()
        self.often: Counter[str] = Counter()
        """How often each transaction was sent."""
        self.rollbacks: Counter[str] = Counter()
        """How many rollbacks named it."""
        self.refused: list[Bet] = []
        """Bets that are wrong on purpose."""

    @property
    def amounts(self) -> Amounts:
        step = self.wallet.voice.spoken.wallet.step(self.wallet.currency, self.wallet.voice.operator)
        found = chosen(min(self.before.values(), default=0) or 100_003, step)
        if found is None:
            raise Inconclusive("the player's balance is too low to play with: give at least 200.00")
        return Amounts(*found, self.before, step)

    async def run(self) -> None:
        """Plays the steps, then reads what every player has. Inconclusive."""
        steps = self._all_steps()
        needed = {step.by for step in steps} | {step.token for step in steps} | set(self.rule.expect)
        reads = self.rule.expect or any("B0" in step.amount for step in steps)
        await self.seat(needed - {"each", INVENTED, "", "unknown"}, reads=bool(reads))
        if any(step.free for step in steps) and self.wallet.voice.spoken.wallet.abilities.free_bets == "none":
            await self._given_a_free_round("p")
        for number in range(max((step.repeat for step in steps if step.by == "each"), default=0)):
            self.players[f"each#{number}"] = await self._another_player()
        self.players["unknown"] = "nobody-" + random_id(8)
        for step in self.rule.steps:
            await self.play(step)
        for label in self.rule.expect:
            self.after[label] = await self._settled(label)

    async def seat(self, labels: set[str], *, reads: bool = True) -> None:
        """A fresh player for each label; `reads`: with their balances, also into our own book. Inconclusive."""
        for label in sorted(labels):
            self.players[label] = await self._another_player()
        for label in sorted(labels) if reads else ():
            self.before[label] = await self.balance_of(label)
            self.book.open_account(self.players[label], self.wallet.currency, self.before[label])

    # ── steps ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def play(self, step: Step) -> None:
        if step.wait_ms:
            await self.wallet.clock.sleep(step.wait_ms / 1000)
        elif step.hook:
            await self._hook(step.hook, step.by)
        elif step.together:
            await self._together(step)
        else:
            for number in range(step.repeat):
                try:
                    await self._send(step, f"#{number}" if step.repeat > 1 else "")
                except CannotChange:
                    if not step.optional:
                        raise

    async def _together(self, step: Step) -> None:
        """All ready, all connections open; then every request is written before any answer is read."""
        ways = [(one, number) for one in step.together for number in range(one.repeat)]
        label = next(iter(self.players))
        await asyncio.gather(*(self.balance_of(label) for _ in ways))
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
            # A wallet is killed a little later in each repetition: one of them is in the middle.
            await asyncio.sleep(0.001 * int(suffix.lstrip("#") or 0) if step.during else 0.004)
            if step.during:
                await self._hook(step.during, step.by)
            task.cancel()
            await asyncio.wait([task])
            await self.wallet.clock.sleep(CUT_MS / 1000)
            answer: HttpResponse | NoAnswer = NoAnswer("reset", "we closed the connection")
        elif isinstance(call, Balance):
            answer = await self.wallet.read(request)
        else:
            answer = await self.wallet.client.send(request, private=True)
        self._note(step, label, call, request, answer, retry=retry)

    def _prepared(self, step: Step, suffix: str) -> tuple[WalletCall, HttpRequest, str, bool]:
        if step.shows:
            self.calls.see(step, suffix, self.amounts)
        if step.again:
            call, request, _ = self.calls.sent[step.again + suffix]
            if step.resigned:
                request = self.wallet.voice.request(call, self.wallet.clock.now())
            label, retry = step.again + suffix, True
        else:
            undone = step.name or (step.rollback and f"roll {step.rollback}")
            ends = step.end and f"end {step.end}"
            label = (step.bet or step.win or step.prize or undone or ends or step.balance) + suffix
            call = self.calls.call(step, suffix, self.amounts)
            retry = label in self.calls.sent
            request = self.wallet.voice.request(call, self.wallet.clock.now(), step.change)
            self.calls.sent[label] = (call, request, step.by)
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
        outcome = self._meant(call, request, answer, at)
        if isinstance(outcome, Unknown):
            outcome = self._meant(call, request, repaired(answer), at)
        model = self._modelled(step, call, at)
        for part in parts(call) if not isinstance(call, Balance) else ():
            self.often[part.id] += 1
            if isinstance(part, Rollback):
                self.rollbacks[part.bet_transaction_id] += 1
        kind = str(type(call).__struct_config__.tag)
        heard = Heard(
            rule=self.rule.id, label=label, kind=kind, step=step, call=call, request=request, answer=answer,
            outcome=outcome, at=at, model=model, cut=step.cut, retry=retry,
            masks=masks_of(voice.operator, voice.spoken.wallet.abilities, call.context.operator_token),
        )  # fmt: skip
        self.heard.append(heard)
        self.log.append(heard)

    def _meant(self, call: WalletCall, request: HttpRequest, answer: HttpResponse | NoAnswer, at: int) -> Outcome:
        voice = self.wallet.voice
        try:
            return voice.spoken.wallet.outcome(call, voice.operator, answer, at, request)
        except NotStrict:  # what we broke on purpose cannot be asked for what the answer should repeat of it
            return voice.spoken.wallet.outcome(call, voice.operator, answer, at)

    def _modelled(self, step: Step, call: WalletCall, at: int) -> Outcome | None:
        """What our own book does with it; None for calls that are wrong on purpose."""
        if step.answer == "no" and (step.token or any(one.hook for one in self.rule.steps)):
            return None  # sessions and blocks: the operator knows of them, our book does not
        change = step.change
        harmless = Change(note=change.note, body=change.body if change.body in ("indented", "large") else "")
        if change not in (Change(), harmless) and change.sign != "both":
            if isinstance(call, Bet) and step.answer in ("no", "not ok", "any"):
                self.refused.append(call)
            return None
        return self.book.answer(call, at)

    async def _another_player(self) -> str:
        # Where the API carries steps of ten units only, ten times the money is as much to play with.
        step = self.wallet.voice.spoken.wallet.step(self.wallet.currency, self.wallet.voice.operator)
        player = await self.wallet.players.fresh(self.wallet.currency, BALANCE * step)
        if player in self.players.values():
            raise Inconclusive("this rule needs another player")
        return player

    async def _given_a_free_round(self, label: str) -> None:
        """By the operator, which counts free rounds itself. Missing."""
        self.calls.bonus_id = BONUS
        await self._hook("free_round", label)
        account = self.book.pages.account(self.players[label])
        assert account is not None, "it was seated"
        self.book.pages.put_account(msgspec.structs.replace(account, free_rounds=1))

    async def _hook(self, name: str, label: str) -> None:
        """After a restart, until the wallet answers. Missing."""
        if name not in self.wallet.hooks:
            raise Missing(name)
        await self.wallet.hooks[name](self.players[label])
        waited = 0.0
        while name == "restart":
            call = self.calls.balance(Step(balance="p"), "p")
            request = self.wallet.voice.request(call, self.wallet.clock.now())
            if isinstance(await self.wallet.client.send(request, private=True), HttpResponse):
                return
            if waited > RESTART_S:
                raise Inconclusive(f"the wallet does not answer {RESTART_S} s after its restart")
            await self.wallet.clock.sleep(RESTART_PAUSE_S)
            waited += RESTART_PAUSE_S

    def _all_steps(self) -> list[Step]:
        return [one for step in self.rule.steps for one in (step.together or (step, *step.batch))]

    # ── balances ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def balance_of(self, label: str) -> int:
        voice, at = self.wallet.voice, self.wallet.clock.now()
        call = self.calls.balance(Step(balance=label), label)
        request = voice.request(call, at)
        answer = await self.wallet.read(request)
        outcome = voice.spoken.wallet.outcome(call, voice.operator, repaired(answer), at, request)
        if not isinstance(outcome, Accepted) or outcome.balance is None:
            raise Inconclusive(f"the balance of player {label} cannot be read")
        return outcome.balance

    async def _settled(self, label: str) -> int:
        """Two equal reads, `settle_ms` apart."""
        last, waited = await self.balance_of(label), 0
        while waited < SETTLE_MAX_MS:
            await self.wallet.clock.sleep(self.wallet.settle_ms / 1000)
            waited += max(1, self.wallet.settle_ms)
            now = await self.balance_of(label)
            if now == last:
                return now
            last = now
        raise Inconclusive(f"the balance of player {label} does not come to rest")
