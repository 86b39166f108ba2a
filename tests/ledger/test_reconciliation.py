"""Reconciliation: the table of what both sides may hold, and a day with its edges, against an independent oracle."""

import random

import msgspec
import pytest

from croupier.ledger.differences import MEANINGS, judged
from croupier.ledger.operator_statement import Line
from croupier.ledger.reconciliation import (
    LISTED_MAX,
    Comparison,
    DayBefore,
    Ours,
    OurSide,
    Scope,
    TheirSide,
    Total,
    left_by,
    reversals_in,
)

MINUTE = 60_000_000
DAY = 1440 * MINUTE
START = 20_600 * DAY
NOON = START + 720 * MINUTE


def ours(transaction_id="b_1", kind="bet", state="accepted", round_state="closed", *rollbacks, **more) -> Ours:
    """A transaction of 1.00 EUR at noon. `rollbacks`: ``"accepted moved"`` …"""
    given = tuple((f"r{n or ''}_1", *text.split()) for n, text in enumerate(rollbacks))
    fields = {"effect": "moved", "amount": 100, "currency": "EUR", "player_id": "ana", "round_id": "rd_1"}
    fields |= {"first_sent_at": NOON, "last_sent_at": NOON} | more
    return Ours(transaction_id, kind, state, round_state=round_state, rollbacks=given, **fields)


def line(transaction_id="b_1", kind="bet", state="accepted", **more) -> Line:
    fields = {"number": 2, "amount": 100, "currency": "EUR", "player_id": "ana", "round_id": "rd_1", "at": NOON}
    fields |= more
    return Line(transaction_id=transaction_id, kind=kind, state=state, **fields)


def compared(held: list[Ours], statement: list[Line], *, complete=True, carried=None, shuffle=0):
    known = {one.transaction_id: one for one in held}
    for bet in held:
        known |= {name: ours(name, "rollback", state, bet.round_state) for name, state, _ in bet.rollbacks}
    lines = random.Random(shuffle).sample(statement, len(statement)) if shuffle else statement
    before = DayBefore(carried) if carried is not None else None
    comparison = Comparison(Scope(START, START + DAY, complete, before), reversals_in(lines))
    for one in lines:
        comparison.line(one, known.get(one.transaction_id))
    for one in held:
        if one.kind in ("bet", "win") and one.state in ("accepted", "pending", "sending", "conflict"):
            comparison.transaction(one)
    return comparison.report()


def found(report) -> list[tuple[str, str]]:
    return [(d.code, d.action) for d in report.differences]


ROLLED = line("r_1", "rollback")
# The table of the rules, row by row: what we hold, what the operator's statement says, difference and action.
TABLE = [
    ("bet accepted, the same", ours(), [line()], []),
    ("declined by both", ours(state="declined", round_state="declined"), [line(state="declined")], []),
    ("declined here, nothing there", ours(state="declined", round_state="declined"), [], []),
    ("declined here, taken there", ours(state="declined", round_state="declined"), [line()],
     [("bet_not_counted", "roll_back")]),
    ("late bet after a final not-found", ours("b_1", "bet", "reversed", "cancelled", "accepted none"), [line()],
     [("bet_not_counted", "roll_back")]),
    ("reversed without any rollback", ours(state="reversed", round_state="cancelled"), [line()],
     [("bet_not_counted", "roll_back")]),
    ("reversed by both", ours("b_1", "bet", "reversed", "cancelled", "accepted moved"), [line(state="reversed")], []),
    ("reversed by both, told as two lines", ours("b_1", "bet", "reversed", "cancelled", "accepted moved"),
     [ROLLED, line()], []),
    ("a tombstone, then the late bet", ours("b_1", "bet", "reversed", "cancelled", "accepted moved"),
     [line(), line("r_1", "rollback", amount=0)], [("rollback_not_done", "compare")]),
    ("rollback confirmed, the bet stands", ours("b_1", "bet", "reversed", "cancelled", "accepted moved"), [line()],
     [("rollback_not_done", "compare")]),
    ("rolled back, and it never held it", ours("b_1", "bet", "reversed", "cancelled", "accepted moved"), [], []),
    ("its rollback is on its way", ours("b_1", "bet", "unknown", "rolling_back", "sending unsure"), [line()],
     [("settling", "wait")]),
    ("voided, its rollback on its way", ours("b_1", "bet", "accepted", "rolling_back", "sending unsure"), [line()],
     [("settling", "wait")]),
    ("voided, its rollback done there already", ours("b_1", "bet", "accepted", "rolling_back", "sending unsure"),
     [line(state="reversed")], []),
    ("stopped while its rollback was on its way", ours("b_1", "bet", "accepted", "suspended", "sending unsure"),
     [line(state="reversed")], [("round_suspended", "resolve")]),
    ("its repair is on its way", ours("b_1", "bet", "unknown", "declined", "sending unsure"), [line()],
     [("settling", "wait")]),
    ("its repair was refused", ours("b_1", "bet", "unknown", "declined", "conflict unsure"), [line()],
     [("repair_failed", "compare")]),
    ("its repair was refused, and it was corrected there", ours("b_1", "bet", "unknown", "declined", "conflict unsure"),
     [line(state="reversed")], []),
    ("taken there as a free round, and given back", ours("b_1", "bet", "reversed", "cancelled", "accepted moved"),
     [line(state="reversed", amount=0)], []),
    ("paid here, a free round there", ours(), [line(amount=0)], [("content_differs", "compare")]),
    ("bet accepted, nothing there", ours(), [], [("bet_missing", "compare")]),
    ("bet accepted, declined there", ours(), [line(state="declined")], [("bet_missing", "compare")]),
    ("bet accepted, given back there", ours(), [line(state="reversed")], [("bet_reversed_there", "compare")]),
    ("bet asked for a moment ago", ours(state="sending", round_state="betting"), [line()], [("settling", "wait")]),
    ("win accepted, the same", ours("w_1", "win"), [line("w_1", "win")], []),
    ("win accepted, nothing there", ours("w_1", "win"), [], [("win_missing", "compare")]),
    ("win pending, the same win", ours("w_1", "win", "pending", "paying"), [line("w_1", "win")],
     [("settling", "wait")]),
    ("win pending, nothing yet", ours("w_1", "win", "pending", "paying"), [], []),
    ("a win of nothing need not be listed", ours("w_1", "win", amount=0), [], []),
    ("declined by two people, paid there", ours("w_1", "win", "declined"), [line("w_1", "win")],
     [("win_not_owed", "compare")]),
    ("a win in conflict", ours("w_1", "win", "conflict", "suspended"), [line("w_1", "win")],
     [("round_suspended", "resolve")]),
    ("a win stopped before it was answered", ours("w_1", "win", "pending", "suspended"), [line("w_1", "win")],
     [("round_suspended", "resolve")]),
    ("a bet stopped before it was answered", ours("b_1", "bet", "sending", "suspended"), [line()],
     [("round_suspended", "resolve")]),
    ("a win that people ended, taken there", ours("w_1", "win", "conflict", "closed"), [line("w_1", "win")], []),
    ("a win in conflict, nothing there", ours("w_1", "win", "conflict", "suspended"), [],
     [("round_suspended", "resolve")]),
    ("a bet in doubt, its round suspended", ours("b_1", "bet", "unknown", "suspended", "conflict unsure"), [line()],
     [("round_suspended", "resolve")]),
    *(
        (f"another {name}", ours(round_state=state), [line(**{name: value})], [("content_differs", action)])
        for name, value in (("amount", 101), ("currency", "USD"), ("player_id", "bo"), ("round_id", "rd_2"),
                            ("kind", "win"))
        for state, action in (("closed", "compare"), ("in_play", "suspend"), ("suspended", "resolve"))
    ),
    ("another amount, but declined there", ours(state="declined", round_state="declined"),
     [line(state="declined", amount=5)], []),
    ("an id that is not ours", None, [line("x_1")], [("unknown_transaction", "compare")]),
    ("an id that is not ours, declined", None, [line("x_1", state="declined")], [("unknown_transaction", "compare")]),
    ("moved twice", ours(), [line(), line(number=3)], [("moved_twice", "compare")]),
]  # fmt: skip


@pytest.mark.parametrize(("held", "statement", "expected"), [r[1:] for r in TABLE], ids=[r[0] for r in TABLE])
def test_the_table(held, statement, expected):
    report = compared([held] if held else [], statement)
    assert found(report) == expected
    assert sum(report.counts.values()) == len(expected)


def test_every_difference_has_a_meaning_and_a_row():
    told = {code for _, _, _, rows in TABLE for code, _ in rows}
    assert told == set(MEANINGS)
    assert judged("bet", "accepted", "held") is None


def test_the_order_of_the_file_does_not_matter_and_the_same_input_gives_the_same_bytes():
    held = [ours(f"b_{n}", state="declined" if n % 3 else "accepted", round_state="closed") for n in range(50)]
    statement = [line(f"b_{n}") for n in range(0, 70, 2)]
    reports = {msgspec.json.encode(compared(held, statement, shuffle=seed)) for seed in range(1, 6)}
    assert len(reports) == 1


# When the transaction was sent (first, last), whether yesterday was reconciled and carried it, what becomes of it.
EDGES = [
    ("in the middle", 720, 720, None, "missing"),
    ("just before the end: tomorrow's statement may have it", 1436, 1436, None, "carried"),
    ("a win that took until tomorrow", 1200, 1500, None, "carried"),
    ("just after the beginning, yesterday had no reconciliation", 2, 2, None, "undecided"),
    ("just after the beginning, yesterday's statement had it", 2, 2, frozenset(), "agreed"),
    ("just after the beginning, yesterday's had not", 2, 2, frozenset({"b_1"}), "missing"),
    ("carried from yesterday, still on its way", -60, 1500, frozenset({"b_1"}), "carried"),
    ("before the day", -60, -60, frozenset(), "agreed"),
]


@pytest.mark.parametrize(("first", "last", "carried", "end"), [r[1:] for r in EDGES], ids=[r[0] for r in EDGES])
def test_the_edges_of_the_day(first, last, carried, end):
    held = ours(first_sent_at=START + first * MINUTE, last_sent_at=START + last * MINUTE)
    report = compared([held], [], carried=carried)
    ends = {
        "missing": found(report) == [("bet_missing", "compare")],
        "carried": report.carried == ["b_1"],
        "undecided": report.undecided == 1,
    }
    assert [name for name, is_so in ends.items() if is_so] == ([end] if end != "agreed" else [])


def test_a_day_that_is_not_over_is_compared_up_to_the_statements_last_line():
    early, late = ours("b_1", first_sent_at=NOON - 60 * MINUTE, last_sent_at=NOON - 60 * MINUTE), ours("b_2")
    report = compared([early, late], [line("b_0", at=NOON)], complete=False)
    assert [(d.transaction_id, d.code) for d in report.differences] == [
        ("b_0", "unknown_transaction"),
        ("b_1", "bet_missing"),
    ]
    assert report.carried == []


YESTERDAY = START - 60 * MINUTE
# A line of today about what was first sent before midnight; what the day before tells of it, what becomes of it.
OVER_MIDNIGHT = [
    ("nobody looked at the day before", None, {}, []),
    ("it stood in the statement of the day before", DayBefore(frozenset()), {}, ["moved_twice"]),
    ("it did not, and was handed over", DayBefore(frozenset({"b_1"})), {}, []),
    ("it did not, and was told as missing", DayBefore(frozenset(), frozenset({"b_1"})), {}, []),
    ("the day before knew too little", DayBefore(frozenset(), knows_from=YESTERDAY + 1), {}, []),
    ("the day before knew just enough", DayBefore(frozenset(), knows_from=YESTERDAY), {}, ["moved_twice"]),
    ("the day before listed only some", DayBefore(frozenset(), knows_from=None), {}, []),
    ("clocks may explain it", DayBefore(frozenset()), {"first_sent_at": START - 5 * MINUTE}, []),
    ("clocks cannot", DayBefore(frozenset()), {"first_sent_at": START - 5 * MINUTE - 1}, ["moved_twice"]),
    ("it moves nothing, so it need not stand anywhere", DayBefore(frozenset()), {"amount": 0}, []),
    ("its rollback is on its way", DayBefore(frozenset()), {"rollbacks": (("r_1", "sending", ""),)}, ["settling"]),
]  # fmt: skip


@pytest.mark.parametrize(("before", "more", "codes"), [r[1:] for r in OVER_MIDNIGHT], ids=[r[0] for r in OVER_MIDNIGHT])
def test_moved_again_after_midnight(before, more, codes):
    held = msgspec.structs.replace(ours(), **({"first_sent_at": YESTERDAY} | more))
    comparison = Comparison(Scope(START, START + DAY, True, before), {})
    comparison.line(line(amount=held.amount), held)
    assert [code for code, _ in found(comparison.report())] == codes


def test_what_a_day_leaves_to_the_next():
    held = [ours("b_1"), ours("b_2"), ours("b_3", last_sent_at=START + DAY)]
    report = compared(held, [line("b_1")], carried=frozenset())
    assert left_by(report, START, MINUTE) == DayBefore(frozenset({"b_3"}), frozenset({"b_2"}), START + MINUTE)
    cut = msgspec.structs.replace(report, differences=[])
    assert left_by(cut, START, MINUTE).knows_from is None


HELD, WAITING = ours("w_1", "win"), ours("w_1", "win", "pending", "paying")
REFUSED, TAKEN = line("w_1", "win", "declined"), line("w_1", "win")
# Where we stand with a win of noon and what that day's statement says; so many days later: where we stand, what that
# day's statement says, what is told. A wallet that refuses and later takes, or that people have mended, moved it once.
HONEST = [
    ("refused, and taken when it was sent again after midnight", WAITING, [REFUSED], 1, HELD, [TAKEN], []),
    ("refused for two days, then taken", WAITING, [REFUSED], 2, HELD, [TAKEN], []),
    ("not listed, and taken after midnight", WAITING, [], 1, HELD, [TAKEN], []),
    ("told as missing, and booked by hand", HELD, [], 1, HELD, [TAKEN], []),
    ("told as missing, and booked by hand two days later", HELD, [], 2, HELD, [TAKEN], []),
    ("refused although we were told it was taken, and booked by hand", HELD, [REFUSED], 1, HELD, [TAKEN], []),
    ("taken, and a copy that came after midnight refused", HELD, [TAKEN], 1, HELD, [REFUSED], []),
    ("refused, said to be taken after midnight, and not listed", WAITING, [REFUSED], 1, HELD, [], ["win_missing"]),
    ("taken, and given back there after midnight", ours(), [line()], 1, ours(), [line(state="reversed")],
     ["bet_reversed_there"]),
    ("taken on both days", HELD, [TAKEN], 1, HELD, [TAKEN], ["moved_twice"]),
]  # fmt: skip


@pytest.mark.parametrize(("story", "codes"), [(r[1:-1], r[-1]) for r in HONEST], ids=[r[0] for r in HONEST])
def test_nobody_is_told_to_have_moved_twice_what_moved_once(story, codes):
    then, first, days, now, last = story
    report = compared([then], first)
    for day in range(1, days + 1):
        start = START + day * DAY
        scope = Scope(start, start + DAY, True, left_by(report, start - DAY, 5 * MINUTE))
        comparison = Comparison(scope, {})
        held, lines = (now, last) if day == days else (then, [])
        for one in lines:
            comparison.line(one, held)
        if held.transaction_id in scope.before.carried:
            comparison.transaction(held)
        report = comparison.report()
    assert [code for code, _ in found(report)] == codes


EDGE_OF_CLOCKS = 5 * MINUTE


@pytest.mark.parametrize(
    ("first", "last", "state", "end"),
    [
        (START + EDGE_OF_CLOCKS, NOON, "accepted", "missing"),
        (START + EDGE_OF_CLOCKS - 1, NOON, "accepted", "undecided"),
        (START - DAY, START - EDGE_OF_CLOCKS, "accepted", "undecided"),
        (START - DAY, START - EDGE_OF_CLOCKS - 1, "accepted", ""),
        (NOON, START + DAY - EDGE_OF_CLOCKS - 1, "accepted", "missing"),
        (NOON, START + DAY - EDGE_OF_CLOCKS, "accepted", "carried"),
        (NOON, NOON, "pending", "carried"),
        (NOON, NOON, "sending", "carried"),
    ],
)
def test_to_the_microsecond(first, last, state, end):
    held = [ours(f"b_{n}", state=state, first_sent_at=first, last_sent_at=last) for n in range(3)]
    report = compared(held, [])
    assert len(report.differences) == (3 if end == "missing" else 0)
    assert report.carried == (["b_0", "b_1", "b_2"] if end == "carried" else [])
    assert report.undecided == (3 if end == "undecided" else 0)


def test_what_was_sent_before_the_last_line_of_an_unfinished_day_is_missing():
    newest = NOON + EDGE_OF_CLOCKS
    held = [ours(f"b_{n}", first_sent_at=at, last_sent_at=at) for n, at in enumerate((NOON - 1, NOON, NOON + 1))]
    report = compared(held, [line("x_1", at=newest)], complete=False)
    assert [d.transaction_id for d in report.differences] == ["b_0", "x_1"]


def test_both_sides_are_shown_and_summed():
    """Bets that stand and wins, as each side has them, by currency; the reader of a difference sees all of both."""
    usd = {"currency": "USD", "player_id": "bo", "round_id": "rd_2"}
    held = [
        *(ours(f"b_{n}") for n in range(3)),
        ours("b_3", state="declined", round_state="declined"),
        ours("w_1", "win", amount=250),
        ours("b_9", amount=7, **usd),
        ours("w_9", "win", amount=9, **usd),
    ]
    statement = [
        line("b_0"),
        line("b_1", state="reversed"),
        line("b_3", number=8),
        line("w_1", "win", amount=240),
        line("b_9", amount=7, **usd),
    ]
    report = compared(held, statement)
    assert report.totals == [
        Total("EUR", bets_theirs=200, bets_ours=300, wins_theirs=240, wins_ours=250),
        Total("USD", bets_theirs=7, bets_ours=7, wins_theirs=0, wins_ours=9),
    ]
    assert (report.lines, report.agree) == (5, 2)
    sides = {d.transaction_id: (d.code, d.ours, d.theirs) for d in report.differences}
    assert sides["b_3"] == (
        "bet_not_counted",
        OurSide("declined", 100, "EUR", "ana", "rd_1", "declined"),
        TheirSide(8, "bet", "accepted", 100, "EUR", "ana", "rd_1", NOON),
    )
    assert sides["w_9"] == ("win_missing", OurSide("accepted", 9, "USD", "bo", "rd_2", "closed"), None)
    assert {name: code for name, (code, *_) in sides.items()} == {
        "b_1": "bet_reversed_there",
        "b_2": "bet_missing",
        "b_3": "bet_not_counted",
        "w_1": "content_differs",
        "w_9": "win_missing",
    }


def test_a_foreign_file_is_counted_in_full_and_listed_in_part():
    report = compared([], [line(f"x_{n}", number=n) for n in range(LISTED_MAX + 5)])
    assert report.counts == {"compare": LISTED_MAX + 5}
    assert len(report.differences) == LISTED_MAX


@pytest.mark.parametrize("seed", range(20))
def test_two_days_at_random_nothing_is_missed_and_nothing_invented(seed):
    """The oracle knows what was broken on purpose; neither day's report may hold more or less, whatever the clocks."""
    rng = random.Random(seed)
    held, days, broken = [], ([], []), set()
    for n in range(400):
        name, at = f"b_{n}", START + rng.randrange(2 * DAY)
        if rng.random() < 0.3:  # around midnight, where mistakes hide
            at = START + DAY + rng.randrange(-10 * MINUTE, 10 * MINUTE)
        state = rng.choice(("accepted", "declined"))
        held.append(ours(name, state=state, round_id=f"rd_{n}", first_sent_at=at, last_sent_at=at))
        there = at + rng.randrange(-4 * MINUTE, 4 * MINUTE)
        taken = state == "accepted"
        if rng.random() < 0.1 and START + 10 * MINUTE < at < START + 2 * DAY - 10 * MINUTE:
            broken.add(name)
            taken = not taken
        if taken and START <= there < START + 2 * DAY:
            days[there >= START + DAY].append(line(name, round_id=f"rd_{n}", at=there))
            if state == "accepted" and START + 10 * MINUTE < at < START + DAY - 5 * MINUTE and rng.random() < 0.1:
                broken.add(name)  # a wallet that forgets ids moved it again after midnight
                days[1].append(line(name, round_id=f"rd_{n}", at=START + DAY + 20 * MINUTE))
    first = compared(held, days[0])
    known = {one.transaction_id: one for one in held}
    comparison = Comparison(Scope(START + DAY, START + 2 * DAY, True, left_by(first, START, 5 * MINUTE)), {})
    for one in days[1]:
        comparison.line(one, known[one.transaction_id])
    for one in held:
        if one.state == "accepted" and one.first_sent_at >= START + DAY - 5 * MINUTE:
            comparison.transaction(one)
    differences = [*first.differences, *comparison.report().differences]
    assert sorted(d.transaction_id for d in differences) == sorted(broken)
