"""A seat beside an operator's wallet, with a network between them that delays, repeats and loses what it likes.

Everything that is sent, drawn and posted is judged by the purse, which knows nothing of rounds.
"""

from collections import Counter

from croupier.domain.parties import Session
from croupier.ledger.postings import postings_between, promo, repair_postings, wallet
from croupier.rounds.commands import Command, PlayGame
from croupier.rounds.events import (
    ActionRequested,
    BetRequested,
    Event,
    FreeRound,
    GamePlayed,
    RepairOpened,
    ResolvedByStaff,
    SeatCarried,
    SessionOpened,
    Terms,
    WalletAnswered,
)
from croupier.rounds.repairs import repair_for
from croupier.rounds.resolution import Choice, choices
from croupier.rounds.round import Round, Transaction
from croupier.rounds.seat import SeatState, apply, carried, repair_of
from croupier.wallet.outcome import Outcome, Unknown
from rounds.purse import Message, Purse
from rounds.story import KEY, SEAT, SECOND, START, UNITS

BET, WIN = 1, 10_000
"""Amounts begin here and never come twice, so that an amount names its transaction."""


class Table:
    def __init__(self, purse: Purse) -> None:
        self.purse = purse
        self.at = START
        self.state = SeatState(SEAT)
        self.flying: list[Message] = []
        self.answers: list[tuple[Message, Outcome]] = []
        self.records: list[tuple[int, tuple[Event, ...]]] = []
        self.rounds: dict[str, Round] = {}
        self.books: Counter[str] = Counter()
        self.moved: Counter[tuple[str, int]] = Counter()
        """(cause, amount) -> how often it was posted."""
        self.free: set[str] = set()
        self.shown: dict[str, bytes] = {}
        """Round -> what its player saw last."""
        self._content: dict[str, tuple[object, ...]] = {}
        self._rolled: set[str] = set()
        self._sessions = self._names = 0
        self.open_session()

    @property
    def round(self) -> Round:
        return self.state.round or Round()

    @property
    def open(self) -> bool:
        return self.state.open_round is not None

    # What happens

    def happens(self, *events: Event) -> None:
        """One record. What it leads to is done once all of it is there."""
        follows: list[Command] = []
        for event in events:
            earlier = self.state
            self.state, commands = apply(earlier, event)
            follows += commands
            self._post(earlier, event)
        self.records.append((self.at, events))
        assert self.round.game_state == self.shown.get(self.round.round_id, b"null"), "what was shown is what is held"
        held = self.books[f"round:{self.round.round_id}"]
        assert not (held and self.round.finished), f"a finished round holds {held}: {self.round}, after {events}"
        for command in follows:
            self._obey(command)

    def open_session(self) -> None:
        self._sessions += 1
        day = UNITS["days"]
        self.happens(SessionOpened(self.at, Session(f"s{self._sessions}", "EUR", "en", self.at, self.at + day)))

    def name(self, kind: str) -> str:
        self._names += 1
        return f"{kind}_{self._names}"

    def begin(self, terms: Terms, free: str) -> None:
        bet, round_id = self.name("b"), self.name("rd")
        amount, use = BET + self._names, None
        if free:
            use = FreeRound("spring", len(self.free) + 1, amount, 10_000, local=free == "local")
            self.free.add(round_id)
        asked = 0 if free else amount
        self.happens(
            carried(self.state),
            BetRequested(
                *(self.at, round_id, self.name("q"), f"s{self._sessions}", bet, "1", "base", None),
                *(amount, 1, asked, self.at + 30 * SECOND, terms, use),
            ),
        )

    def act(self, *, paid: bool) -> None:
        paid = paid and self.round.round_id not in self.free
        bet = self.name("b") if paid else None
        cost, name = (BET + self._names, "double") if paid else (0, "hit")
        expires = self.at + 30 * SECOND
        asked = ActionRequested(self.at, self.name("q"), f"s{self._sessions}", name, None, cost, bet, expires)
        self.happens(asked)

    def play(self, *, finished: bool, won: bool) -> None:
        r = self.round
        assert r.pending is not None
        finished = finished or r.pending.action == "abandon"
        name = self.name("w")
        amount = WIN + self._names if won and finished else 0
        win = name if finished and (amount or r.terms.zero_win) else None
        state = self.shown[r.round_id] = b"%d" % self._names
        self.happens(GamePlayed(self.at, r.pending.action, ((6, 1),), finished, amount, win, state, b"[]"))

    # Between the two

    def arrive(self, at: int, *, again: bool, willing: bool) -> None:
        """A call reaches the wallet; its answer sets out. `again`: a copy of the call is still on its way."""
        message = self.flying[at] if again else self.flying.pop(at)
        self.at = max(self.at, message.sent_at)
        self.answers.append((message, self.purse.answer(message, self.at, willing=willing)))

    def hear(self, at: int, *, again: bool) -> None:
        self.tell(*(self.answers[at] if again else self.answers.pop(at)))

    def time_out(self, at: int, *, lost: bool) -> None:
        message = self.flying.pop(at) if lost else self.flying[at]
        self.at = max(self.at, message.sent_at)
        self.tell(message, Unknown("timeout"))

    def tell(self, message: Message, outcome: Outcome) -> None:
        of = message.round_id if message.round_id != self.round.round_id else None
        self.happens(WalletAnswered(self.at, message.transaction_id, message.sent_at, outcome, round_id=of))

    # People

    def uncounted(self) -> list[tuple[Round, str]]:
        """Bets of finished rounds that the wallet holds and we do not: what its statement would show."""
        under_way = {one.bet.transaction_id for one in self.state.repairs if not one.ended}
        return [
            (r, t.transaction_id)
            for r in self.rounds.values()
            for t in r.transactions
            if r.finished and t.kind == "bet" and self.purse.holds(t.transaction_id)
            if t.state != "accepted" and t.transaction_id not in under_way
        ]

    def repair(self, r: Round, bet: str) -> RepairOpened:
        return repair_for(r, bet, self.name("rp"), self.at)

    def true_choices(self) -> list[Choice]:
        """The ways on that agree with the wallet. People looked at it when nothing was on its way any more."""
        self.flying, self.answers = [], []
        if self.purse.repeats:
            for t in self.round.transactions:
                if t.kind == "rollback" and t.state == "conflict" and self.purse.holds(t.reference or ""):
                    self.purse.carry_out(t.transaction_id, t.reference or "")
        return [choice for choice in choices(self.round, self.at) if self._true(choice)]

    def resolve(self, choice: Choice) -> None:
        self.happens(ResolvedByStaff(self.at, choice.to, choice.settled, "ann", "bob", "looked at both sides"))

    def _true(self, choice: Choice) -> bool:
        said, purse = dict(choice.settled), self.purse
        for name, state in said.items():
            t = self.round.transaction(name)
            assert t is not None
            match t.kind:
                case "bet":
                    back = any(said.get(o.transaction_id) == "accepted" for o in self._rollbacks(name))
                    held = "accepted" if purse.holds(name) or (back and name in purse.returned) else "reversed"
                    right = {held} if name in purse.taken else {"declined", "reversed"} if back else {"declined"}
                case "win":
                    right = {"accepted"} if name in purse.paid else {"declined", "pending"}
                case "rollback":
                    right = {"accepted"} if name in purse.done else {"declined", "pending"}
                case "end_round":
                    right = {state}
            if state not in right:
                return False
        return True

    def _rollbacks(self, bet: str) -> list[Transaction]:
        return [t for t in self.round.transactions if t.kind == "rollback" and t.reference == bet]

    # What follows

    def _post(self, earlier: SeatState, event: Event) -> None:
        before, after = earlier.round or Round(), self.round
        self.rounds[after.round_id] = after
        postings = list(postings_between(KEY, before if before.round_id == after.round_id else Round(), after))
        if not isinstance(event, SeatCarried):
            was = {one.repair_id: one for one in earlier.repairs}
            for one in self.state.repairs:
                if was.get(one.repair_id) is not one:
                    postings += repair_postings(KEY, was.get(one.repair_id), one)
        for posting in postings:
            assert posting.amount > 0
            self.books[posting.source] -= posting.amount
            self.books[posting.destination] += posting.amount
            self.moved[posting.cause, posting.amount] += 1

    def _obey(self, command: Command) -> None:
        r = self.round
        opening = r.transactions[0]
        local = r.free_round is not None and r.free_round.local
        if isinstance(command, PlayGame):
            assert r.pending is not None
            paid_by = r.pending.transaction_id or opening.transaction_id
            assert local or (self.purse.holds(opening.transaction_id) and self.purse.holds(paid_by)), (
                "nothing is drawn that the wallet has not taken"
            )
            return
        t = r.transaction(command.transaction_id)
        round_id = r.round_id
        if t is None:
            repair = repair_of(self.state, command.transaction_id)
            assert repair is not None
            t, round_id = repair.rollback, repair.round_id
        if t.kind == "bet" and command.again:
            return  # `BetSent` is recorded first
        self._may_be_sent(t, round_id, local)
        sent_at = max(self.at, command.not_before)
        self.flying.append(Message(t.transaction_id, t.kind, t.amount, round_id, t.reference, sent_at))

    def _may_be_sent(self, t: Transaction, round_id: str, local: bool) -> None:
        content = (t.kind, t.amount, t.reference, round_id)
        assert self._content.setdefault(t.transaction_id, content) == content, "an id has one content for ever"
        if t.kind == "bet":
            assert t.transaction_id not in self._rolled, "no bet is sent once its rollback exists"
        if t.kind == "rollback":
            self._rolled.add(t.reference or "")
            r = self.rounds[round_id]
            opening = t.reference == r.transactions[0].transaction_id
            if opening and round_id in self.shown and not r.finished:
                assert r.cause == "void", "what was shown is not undone, except by people"
        if t.kind == "win":
            assert local or self.purse.holds(t.reference or ""), "a win follows a bet that the wallet holds"

    # When all is said

    def agree(self) -> None:
        """Both sides hold the same money, bet by bet and win by win. For a moment at which nothing is open."""
        purse = self.purse
        assert self.books[wallet(KEY)] == purse.net, "we and the wallet hold the same"
        won_free = sum(
            purse.paid.get(t.transaction_id, 0) for name in self.free for t in self.rounds[name].transactions
        )
        assert self.books[promo(KEY)] == -won_free, "what free rounds cost is what they won"
        assert sum(self.books.values()) == 0
        for bet, amount in purse.taken.items():
            if amount:
                times = self.moved["bet", amount], self.moved["rollback", amount]
                known = (1, 1) if bet in purse.returned else (1, 0)
                assert times == known or (times == (0, 0) and bet in purse.returned), f"{bet} posted {times}"
        for amount in purse.paid.values():
            assert not amount or self.moved["win", amount] == 1
        posted = {amount for cause, amount in self.moved if cause == "bet"}
        assert posted <= set(purse.taken.values()), "what was never taken is not posted"
