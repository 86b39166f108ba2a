"""Reconciliation: an operator's statement against our journal, every difference named, with what to do about it.

Pure: lines and transactions in, one report out; the same input gives the same bytes. `Comparison` gets each line once,
then each transaction of ours that should have had one.
"""

from collections.abc import Iterable, Mapping

import msgspec

from croupier.domain.ids import round_number
from croupier.ledger.asked import CLOCKS_DIFFER_US
from croupier.ledger.differences import Action, Code, Standing, Theirs, judged
from croupier.ledger.operator_statement import Line

LISTED_MAX = 10_000
"""Differences that a report lists. More than that is another operator's file, or another day's."""


class Ours(msgspec.Struct, frozen=True):
    """A transaction as we hold it, with what matters of its round. `rollbacks`: ids and states of a bet's rollbacks."""

    transaction_id: str
    kind: str
    state: str
    effect: str
    amount: int
    currency: str
    player_id: str
    round_id: str
    round_state: str
    first_sent_at: int
    last_sent_at: int
    rollbacks: tuple[tuple[str, str, str], ...] = ()
    """(transaction id, state, effect)"""

    @property
    def round_finished(self) -> bool:
        return self.round_state in ("closed", "declined", "cancelled")


class OurSide(msgspec.Struct, frozen=True):
    state: str
    amount: int
    currency: str
    player_id: str
    round_id: str
    round_state: str


class TheirSide(msgspec.Struct, frozen=True):
    line: int
    kind: str
    state: str
    amount: int
    currency: str
    player_id: str
    round_id: str
    at: int


class Difference(msgspec.Struct, frozen=True):
    code: Code
    action: Action
    transaction_id: str
    kind: str
    ours: OurSide | None
    theirs: TheirSide | None


class Total(msgspec.Struct, frozen=True):
    """Bets that stand and wins, minor units, as each side has them."""

    currency: str
    bets_theirs: int
    bets_ours: int
    wins_theirs: int
    wins_ours: int


class Report(msgspec.Struct, frozen=True):
    """What a reconciliation found. `agree`: transactions that both sides hold alike; `counts`: action -> differences.

    `carried`: ours that the next day's statement must show. `undecided`: ours from around the day's beginning that only
    the day before could tell of, when that was not reconciled.
    """

    lines: int
    agree: int
    counts: dict[str, int]
    totals: list[Total]
    differences: list[Difference]
    carried: list[str]
    undecided: int


class DayBefore(msgspec.Struct, frozen=True):
    """What the reconciliation of the day before tells this one, when it was made after that day's end.

    `carried`: not held there by then, to be seen now. `missing`: told as not held there; people may have mended it.
    Whatever else was accepted and first sent from `knows_from` (microseconds) to its end was held in its statement;
    None: it cannot tell. Of what is older it never can: people may have mended what was missing then.
    """

    carried: frozenset[str]
    missing: frozenset[str] = frozenset()
    knows_from: int | None = 0


def left_by(report: Report, start: int, clocks_differ: int) -> DayBefore:
    """`start`: of the report's day, microseconds."""
    whole = sum(report.counts.values()) == len(report.differences)
    not_held = [d for d in report.differences if d.theirs is None or d.theirs.state == "declined"]
    missing = frozenset(d.transaction_id for d in not_held)
    return DayBefore(frozenset(report.carried), missing, start + clocks_differ if whole else None)


class Scope(msgspec.Struct, frozen=True):
    """The statement's day, in microseconds. `complete`: it is over, and nothing of it can still arrive.

    `clocks_differ`: by so much at most.
    """

    start: int
    end: int
    complete: bool
    before: DayBefore | None = None
    clocks_differ: int = CLOCKS_DIFFER_US

    def listed_before(self, ours: Ours) -> bool:
        """Whether the statement of the day before held it already, for certain."""
        before = self.before
        return (
            before is not None
            and before.knows_from is not None
            and before.knows_from <= ours.first_sent_at < self.start - self.clocks_differ
            and ours.kind in ("bet", "win")
            and ours.amount > 0
            and standing_of(ours) == "accepted"
            and ours.transaction_id not in before.carried
            and ours.transaction_id not in before.missing
        )


class Comparison:
    """`reversals`: from `reversals_in`, the statement's own rollback lines."""

    def __init__(self, scope: Scope, reversals: Mapping[str, int]) -> None:
        self.scope = scope
        self._reversals = reversals
        self._seen: set[str] = set()
        self._newest = scope.start
        self._lines = 0
        self._agree = 0
        self._undecided = 0
        self._differences: list[Difference] = []
        self._counts: dict[str, int] = {}
        self._carried: list[str] = []
        self._sums: dict[str, list[int]] = {}

    def line(self, line: Line, ours: Ours | None) -> None:
        """One line of the statement, and our transaction of that id."""
        self._lines += 1
        self._newest = max(self._newest, line.at)
        theirs = self._theirs(line, ours)
        self._add(line.currency, line.kind, line.amount if theirs == "held" else 0, theirs=True)
        listed_before = ours is not None and self.scope.listed_before(ours)
        if line.transaction_id in self._seen or (listed_before and theirs == "held"):
            self._differ("moved_twice", "compare", ours, line)
            return
        self._seen.add(line.transaction_id)
        if ours is None:
            self._differ("unknown_transaction", "compare", None, line)
            return
        standing = standing_of(ours)
        if listed_before and theirs == "absent":
            self._agree += 1  # an attempt after midnight, refused because it had been taken before
            return
        self._count_ours(ours, standing)
        if theirs == "absent" and self.scope.complete and _unanswered(ours):
            self._carried.append(ours.transaction_id)  # the next attempt may be taken tomorrow
        if theirs != "absent" and not _same_content(line, ours):
            self._differ("content_differs", _stops(ours), ours, line)
            return
        self._judge(ours, standing, theirs, line)

    def transaction(self, ours: Ours) -> None:
        """One of ours that may belong to the day, after all lines. It is looked at when no line had its id."""
        if ours.transaction_id in self._seen or not ours.amount:
            return  # what moves nothing need not be listed: a free round's bet, a closing win of 0
        scope = self.scope
        first, last = ours.first_sent_at - scope.clocks_differ, ours.last_sent_at + scope.clocks_differ
        before = scope.before
        if first < scope.start and (before is None or ours.transaction_id not in before.carried):
            # It was in the statement of the day before, if anybody looked.
            self._undecided += before is None and last >= scope.start
            return
        if not scope.complete:
            if last < self._newest:
                self._missing(ours)
        elif last >= scope.end or _unanswered(ours):
            self._carried.append(ours.transaction_id)
        else:
            self._missing(ours)

    def report(self) -> Report:
        found = sorted(self._differences, key=_order)
        totals = [Total(currency, *sums) for currency, sums in sorted(self._sums.items())]
        counts = {action: self._counts[action] for action in sorted(self._counts)}
        return Report(self._lines, self._agree, counts, totals, found, sorted(self._carried), self._undecided)

    def _missing(self, ours: Ours) -> None:
        standing = standing_of(ours)
        self._count_ours(ours, standing)
        self._judge(ours, standing, "absent", None)

    def _judge(self, ours: Ours, standing: Standing, theirs: Theirs, line: Line | None) -> None:
        verdict = judged(ours.kind, standing, theirs)
        if verdict is None:
            self._agree += line is not None
        else:
            self._differ(*verdict, ours, line)

    def _theirs(self, line: Line, ours: Ours | None) -> Theirs:
        """What became of it there: a bet counts as reversed by its state, or by a line of its rollback."""
        if line.state == "declined":
            return "absent"
        if line.state == "reversed":
            return "reversed"
        rollbacks = ours.rollbacks if ours is not None and line.kind == "bet" else ()
        back = any(self._reversals.get(name) == line.amount for name, *_ in rollbacks)
        return "reversed" if back and line.amount else "held"

    def _differ(self, code: Code, action: Action, ours: Ours | None, line: Line | None) -> None:
        self._counts[action] = self._counts.get(action, 0) + 1
        if len(self._differences) == LISTED_MAX:
            return
        of = ours if ours is not None else line
        assert of is not None
        mine = _our_side(ours) if ours is not None else None
        other = _their_side(line) if line is not None else None
        self._differences.append(Difference(code, action, of.transaction_id, of.kind, mine, other))

    def _count_ours(self, ours: Ours, standing: Standing) -> None:
        self._add(ours.currency, ours.kind, ours.amount if standing == "accepted" else 0, theirs=False)

    def _add(self, currency: str, kind: str, amount: int, *, theirs: bool) -> None:
        sums = self._sums.setdefault(currency, [0, 0, 0, 0])
        if kind in ("bet", "win"):
            sums[(0 if kind == "bet" else 2) + (not theirs)] += amount


def reversals_in(lines: Iterable[Line]) -> dict[str, int]:
    """Rollback's id -> amount, of rollbacks that gave something back. To be read before the lines are compared."""
    return {
        line.transaction_id: line.amount
        for line in lines
        if line.kind == "rollback" and line.state == "accepted" and line.amount
    }


def standing_of(ours: Ours) -> Standing:
    """Where a transaction stands on our side, in the words of the table of differences."""
    if ours.state == "conflict":
        return "suspended" if not ours.round_finished else "given_up"
    if ours.round_state == "suspended" and ours.state in ("pending", "sending", "unknown"):
        return "suspended"
    match ours.state:
        case "pending" | "sending":
            return "open"
        case "unknown":
            return "given_up" if _given_up(ours) else "returning"
        case "reversed":
            confirmed = any((state, effect) == ("accepted", "moved") for _, state, effect in ours.rollbacks)
            return "returned" if confirmed else "never_held"
        case "declined":
            return "never_held"
        case _:
            on_its_way = any(state in ("pending", "sending") for _, state, _ in ours.rollbacks)
            if not on_its_way:
                return "accepted"
            return "suspended" if ours.round_state == "suspended" else "returning"


def _given_up(ours: Ours) -> bool:
    """Its repair met a conflict."""
    return ours.round_finished and not any(state in ("pending", "sending") for _, state, _ in ours.rollbacks)


def _unanswered(ours: Ours) -> bool:
    """A bet or a win that may still be taken."""
    return ours.kind in ("bet", "win") and ours.amount > 0 and ours.state in ("pending", "sending")


def _stops(ours: Ours) -> Action:
    if ours.round_finished:
        return "compare"
    return "resolve" if ours.round_state == "suspended" else "suspend"


def _same_content(line: Line, ours: Ours) -> bool:
    # A rollback of a bet that was not held gives nothing back, and statements say so. A bet of nothing, whose answer we
    # never saw, took one of the free rounds that the operator counts itself.
    nothing = line.kind == "rollback" or (line.kind == "bet" and ours.state != "accepted")
    amount = ours.amount == line.amount or (nothing and not line.amount)
    first = (line.kind, line.currency, line.player_id)
    if not amount or first != (ours.kind, ours.currency, ours.player_id):
        return False
    if line.issue and line.round_id == line.issue:
        return True
    return line.round_id == ours.round_id or line.round_id == str(round_number(ours.round_id))


def _our_side(ours: Ours) -> OurSide:
    return OurSide(ours.state, ours.amount, ours.currency, ours.player_id, ours.round_id, ours.round_state)


def _their_side(line: Line) -> TheirSide:
    return TheirSide(
        line.number, line.kind, line.state, line.amount, line.currency, line.player_id, line.round_id, line.at
    )


_FIRST = ("roll_back", "suspend", "resolve", "compare", "wait")


def _order(d: Difference) -> tuple[int, str, int]:
    """What is done first comes first; then by id, so that the order of the file does not matter."""
    return _FIRST.index(d.action), d.transaction_id, d.theirs.line if d.theirs is not None else 0
