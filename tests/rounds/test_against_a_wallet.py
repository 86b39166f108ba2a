"""Any sequence of calls, answers, losses, repeats and decisions ends with both sides holding the same money."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from croupier.rounds.events import (
    AbandonmentDue,
    BetSent,
    CheckFailed,
    GameUnavailable,
    RetriesExhausted,
    SessionEnded,
    StillPending,
    SuspendedByStaff,
    Terms,
    TooOld,
    VoidApproved,
)
from croupier.rounds.round import Transaction
from rounds.any_terms import TERMS
from rounds.purse import Message, Purse
from rounds.story import SECOND
from rounds.table import Table

WHICH = st.integers(0, 1000)
MOSTLY = st.sampled_from([True, True, True, False])
GAME = st.tuples(st.booleans(), MOSTLY, MOSTLY)
"""Finished, won; and whether the next action costs something."""
SELDOM = st.sampled_from([False, False, False, True])
STEPS_TO_REST = 80


class Life(RuleBasedStateMachine):
    @initialize(remembers=st.booleans(), repeats=st.booleans(), late=st.booleans())
    def opened(self, remembers: bool, repeats: bool, late: bool) -> None:
        self.table = Table(Purse(remembers=remembers, repeats=repeats, late=late))

    def state(self) -> str:
        return self.table.round.state if self.table.open else "none"

    def to_play(self) -> bool:
        return self.state() == "in_play" and self.table.round.pending is not None

    def open_bet(self, *states: str) -> Transaction | None:
        found = (t for t in self.table.round.transactions if t.kind == "bet" and t.state in states)
        return next(found, None) if self.state() == "betting" else None

    @rule(terms=TERMS, free=st.sampled_from(["", "", "asked", "local"]), willing=MOSTLY, game=GAME)
    def goes_on(self, terms: Terms, free: str, willing: bool, game: tuple[bool, bool, bool]) -> None:
        """The next thing that should happen: else few rounds would get far."""
        table, (finished, won, paid) = self.table, game
        if not table.open:
            if table.state.session_ended:
                table.open_session()
            table.begin(terms, free)
        elif self.to_play():
            table.play(finished=finished, won=won)
        elif self.state() == "in_play":
            table.act(paid=paid)
        elif table.flying:
            table.arrive(len(table.flying) - 1, again=False, willing=willing)
            table.hear(len(table.answers) - 1, again=False)

    @precondition(lambda self: self.table.flying)
    @rule(which=WHICH, again=SELDOM, willing=MOSTLY)
    def arrives(self, which: int, again: bool, willing: bool) -> None:
        self.table.arrive(which % len(self.table.flying), again=again, willing=willing)

    @precondition(lambda self: self.table.answers)
    @rule(which=WHICH, again=SELDOM)
    def is_heard(self, which: int, again: bool) -> None:
        self.table.hear(which % len(self.table.answers), again=again)

    @precondition(lambda self: self.table.flying)
    @rule(which=WHICH, lost=st.booleans())
    def times_out(self, which: int, lost: bool) -> None:
        self.table.time_out(which % len(self.table.flying), lost=lost)

    @rule(seconds=st.sampled_from([1, 20, 100, 1000]))
    def time_passes(self, seconds: int) -> None:
        self.table.at += seconds * SECOND

    @precondition(lambda self: self.open_bet("pending"))
    @rule()
    def bet_is_sent_again(self) -> None:
        self.table.happens(BetSent(self.table.at, self.open_bet("pending").transaction_id))

    @precondition(lambda self: self.open_bet("pending", "sending"))
    @rule()
    def bet_is_given_up(self) -> None:
        bet = self.open_bet("pending", "sending")
        self.table.happens(RetriesExhausted(self.table.at, bet.transaction_id, "deadline"))

    @precondition(lambda self: self.table.open)
    @rule(what=st.sampled_from(["suspend", "check", "abandoned", "unavailable", "ended", "void", "late", "old"]))
    def trouble(self, what: str) -> None:
        at, r = self.table.at, self.table.round
        owed = [t.transaction_id for t in r.owed if t.kind != "bet"]
        match what:
            case "suspend" if r.state != "suspended":
                self.table.happens(SuspendedByStaff(at, "ann", "looks odd"))
            case "check":
                self.table.happens(CheckFailed(at, "sums"))
            case "abandoned":
                self.table.happens(AbandonmentDue(at))
            case "unavailable":
                self.table.happens(GameUnavailable(at, "disabled"))
            case "ended":
                self.table.happens(SessionEnded(at, r.session.session_id, "expired"))
            case "void" if r.state in ("in_play", "paying"):
                self.table.happens(VoidApproved(at, "ann", "bob", "a broken symbol"))
            case "late" if owed:
                self.table.happens(StillPending(at, owed[0], 3, "timeout"))
            case "old" if owed and r.state in ("paying", "rolling_back"):
                self.table.happens(TooOld(at, owed[0]))

    @precondition(lambda self: self.state() == "suspended")
    @rule(which=WHICH)
    def people_decide(self, which: int) -> None:
        ways = self.table.true_choices()
        assert ways, f"people who tell the truth find no way on: {self.table.round.transactions}"
        self.table.resolve(ways[which % len(ways)])

    @precondition(lambda self: not self.table.open and self.table.uncounted())
    @rule(which=WHICH)
    def reconciles(self, which: int) -> None:
        table = self.table
        found = table.uncounted()
        assert table.purse.late or table.purse.repeats, "a wallet that refuses old bets holds none that we do not count"
        table.happens(table.repair(*found[which % len(found)]))

    def comes_to_rest(self) -> None:
        """Faults stop: whatever is owed is sent until it is taken, and people decide what waits for them."""
        for _ in range(STEPS_TO_REST):
            if not self.towards_rest():
                break
        else:
            raise AssertionError(f"it never ends: {self.table.round}")
        self.table.agree()

    def towards_rest(self) -> bool:
        table, r = self.table, self.table.round
        if self.state() == "suspended":
            self.people_decide(0)
        elif self.to_play():
            table.play(finished=True, won=True)
        elif self.state() == "in_play":
            table.happens(AbandonmentDue(table.at))
        elif self.state() == "betting":
            self.bet_is_given_up()
        elif self.state() != "none":
            self.send(r.owed[0], r.round_id)
        elif owed := next((one for one in table.state.repairs if not one.ended), None):
            self.send(owed.rollback, owed.round_id)
        elif table.uncounted():
            self.reconciles(0)
        else:
            return False
        return True

    def send(self, t: Transaction, round_id: str) -> None:
        """The call that waits, or the same once more when it was lost."""
        waiting = [m for m in self.table.flying if m.transaction_id == t.transaction_id]
        if not waiting:
            waiting = [Message(t.transaction_id, t.kind, t.amount, round_id, t.reference, self.table.at)]
            self.table.flying += waiting
        self.table.arrive(self.table.flying.index(waiting[-1]), again=False, willing=True)
        self.table.hear(len(self.table.answers) - 1, again=False)

    def teardown(self) -> None:
        if not hasattr(self, "table"):
            return
        self.comes_to_rest()
        while self.table.flying:  # also what comes long after
            self.table.arrive(0, again=False, willing=True)
        while self.table.answers:
            self.table.hear(0, again=False)
        self.comes_to_rest()


def test_both_sides_hold_the_same_money() -> None:
    run_state_machine_as_test(
        Life, settings=settings(max_examples=200, stateful_step_count=40, deadline=None, derandomize=True)
    )
