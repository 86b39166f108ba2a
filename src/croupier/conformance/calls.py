"""The calls of a rule's steps: who, which ids and rounds, in the words of `wallet.calls`."""

import os

import msgspec

from croupier.conformance.amounts import Amounts
from croupier.conformance.fields import CannotChange
from croupier.conformance.rule import Step
from croupier.conformance.wallet import Missing, Wallet
from croupier.domain import ids
from croupier.domain.exchange import HttpRequest
from croupier.wallet.calls import Balance, Batch, Bet, Context, EndRound, Prize, Rollback, WalletCall, Win
from croupier.wallet.dialect import Batches

LIFE_US = 30_000_000
BATCHES: dict[Batches, str] = {"bet and win": "a bet together with its win", "rollbacks": "a list of rollbacks"}
INVENTED = "invented"
UNSEEN = {
    "token": "a bet carries no token of the player's session",
    "session": "a win names no session, at most the token that the player has",
    "amount": "a rollback carries no amount",
    "time": "a repeat has the very same bytes: no time, nonce or signature in it is new",
}
"""`Step.shows` -> why a rule is skipped whose steps differ in nothing that a wallet is sent."""
GAMES = ("krakens-hoard", "european-roulette")


def parts(call: WalletCall) -> tuple[WalletCall, ...]:
    """The movements of a call."""
    return call.calls if isinstance(call, Batch) else (call,)


class Calls:
    """`players`: label -> id, filled by the trial. `sent`: label -> the call, its bytes and its player's label.
    `bonus_id`: of free rounds that the operator itself counts.
    """

    def __init__(self, wallet: Wallet) -> None:
        self.wallet = wallet
        self.players: dict[str, str] = {}
        self.sent: dict[str, tuple[WalletCall, HttpRequest, str]] = {}
        self.bonus_id: str | None = None
        self._names: dict[str, str] = {}
        self._sessions: dict[str, str] = {}

    def call(self, step: Step, suffix: str, amounts: Amounts) -> WalletCall:
        """CannotChange, Missing when the dialect or the operator does not have what the step needs."""
        if step.balance:
            return self.balance(step, step.balance)
        voice = self.wallet.voice
        plain = "bet" if step.bet else "win" if step.win or step.prize else "0"
        amount = amounts.value(step.amount or plain)
        if step.end:
            label = f"end {step.end}{suffix}"
            if not voice.spoken.wallet.abilities.end_round:
                raise CannotChange("there is no call for the end of a round")
            ended = self._names.setdefault(label, "e_" + random_id(16))
            return EndRound(self.context(step, suffix=suffix), ended, self._round(step, step.end + suffix))
        if step.prize:
            if not voice.spoken.wallet.abilities.prizes:
                raise CannotChange("a win names its bet: there is no call for a prize")
            of_round = self._round(step, step.of + suffix) if step.of else ""
            return Prize(self.context(step), self._name("p_", step.prize + suffix, ""), of_round, amount)
        if step.batch:
            return self._batch(step, suffix, amounts)
        if step.bet:
            name = self._name("b_", step.bet + suffix, step.id)
            expires = (
                self.wallet.clock.now() + LIFE_US - step.expired_s * 1_000_000 - (LIFE_US if step.expired_s else 0)
            )
            known = self.sent.get(step.bet + suffix)
            if known is not None and isinstance(known[0], Bet):
                expires = known[0].expires_at
            charge = step.free and self.bonus_id is not None
            given = "free-" + random_id(6) if step.free and not charge else None
            who, own = self.context(step, suffix=suffix), step.bet + suffix
            if step.of:
                self._names[f"round of {own}"] = self._names[f"round of {step.of}"]
            round_id = self._round(step, own)
            return Bet(who, name, round_id, amount, expires, given, charge)
        if step.win:
            of = step.of + suffix if step.of + suffix in self._names else step.of
            bet = self._names.get(of, "") or self._name("b_", of, "")
            name = self._name("w_", step.win + suffix, step.id)
            round_id = self._names[f"round of {step.win}{suffix}"] = self._round(step, of)
            played = self.sent.get(of)
            bet_of, campaign = played[0] if played is not None else None, None
            if isinstance(bet_of, Bet):
                campaign = self.bonus_id if bet_of.charge_free_round else bet_of.campaign_id
            return Win(self.context(step), name, round_id, amount, bet, step.closed, campaign)
        named = step.rollback + suffix
        bet = self._name("b_", named, "")
        label = (step.name or f"roll {step.rollback}") + suffix
        if label not in self._names:
            first = ids.rollback_id(bet)
            self._names[label] = first if first not in self._names.values() else "r2_" + random_id(16)
        call = self.sent_call(bet)
        stake = call.amount if isinstance(call, Bet) else amounts.bet
        undo = Rollback(self.context(step), self._names[label], self._round(step, named), bet, stake)
        if isinstance(call, Win):
            undo = msgspec.structs.replace(undo, undoes="win")
        return msgspec.structs.replace(undo, amount=amount) if step.amount else undo

    def _batch(self, step: Step, suffix: str, amounts: Amounts) -> Batch:
        kind: Batches = "rollbacks" if step.batch[0].rollback else "bet and win"
        if kind not in self.wallet.voice.spoken.wallet.abilities.batches:
            raise CannotChange(f"there is no call for {BATCHES[kind]}")
        calls = tuple(self.call(one, suffix, amounts) for one in step.batch)
        moves = tuple(one for one in calls if isinstance(one, Bet | Win | Rollback))
        name = self._name("x_", step.name + suffix, "")
        return Batch(self.context(step), name, moves[0].round_id, moves)

    def see(self, step: Step, suffix: str, amounts: Amounts) -> None:
        """CannotChange where a wallet could not do wrong what the step is about: nothing in the bytes shows it."""
        plain = msgspec.structs.replace(step, token="")  # whose token is missing would hear that one is wanted
        call = self.sent[step.again + suffix][0] if step.again else self.call(plain, suffix, amounts)
        if not self.wallet.voice.shows(call, self.wallet.clock.now(), step.shows):
            raise CannotChange(UNSEEN[step.shows])

    def sent_call(self, transaction_id: str) -> WalletCall | None:
        return next((call for call, _, _ in self.sent.values() if call.id == transaction_id), None)

    def context(self, step: Step, player: str = "", suffix: str = "") -> Context:
        session = self._sessions.setdefault(step.session, "ses_" + random_id(16))
        game = GAMES[1] if step.game else GAMES[0]
        label = player or (f"each#{suffix.rpartition('#')[2]}" if step.by == "each" else step.by)
        currency = self.wallet.second_currency if step.currency == "second" else step.currency
        who = Context(self.players[label], session, game, currency or self.wallet.currency)
        token = self._token(step, who.player_id)
        return msgspec.structs.replace(who, operator_token=token, bonus_id=self.bonus_id)

    def _token(self, step: Step, player_id: str) -> str | None:
        holder = self.players.get(step.token, player_id)
        token = self.wallet.players.token(holder)
        if step.token and token is None:
            raise Missing("tokens")
        return "tok-" + random_id(16) if step.token == INVENTED else token

    def _name(self, prefix: str, label: str, form: str) -> str:
        """The id of this label. `form`: ``tail``, ``case`` and ``zeros`` give ids that differ from another label's only
        at their end, in case, or in leading zeros.
        """
        if label not in self._names:
            stem, _, which = form.partition(" ")
            base = self._names.setdefault(f"stem {stem}", prefix + random_id(16)) if stem else ""
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
                    self._names[label] = prefix + random_id(16)
        return self._names[label]

    def _round(self, step: Step, label: str) -> str:
        """Its own label's, else that of the bet's."""
        own = f"round {step.round}" if step.round else ""
        of = f"round of {label}"
        if own:
            self._names.setdefault(own, "rd_" + random_id(16))
            self._names.setdefault(of, self._names[own])
            return self._names[own]
        return self._names.setdefault(of, "rd_" + random_id(16))

    def balance(self, step: Step, player: str) -> Balance:
        return Balance(self.context(step, player), "q_" + random_id(12))


def random_id(size: int) -> str:
    return ids.text_of(os.urandom(size))
