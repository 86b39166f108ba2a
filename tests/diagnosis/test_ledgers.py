"""Which bug left this balance? Told as stories: what was sent, what is in the account, what it must have been."""

import pytest

from croupier.diagnosis.ledgers import Transaction, explain_balance

B0, BET, WIN, OTHER = 100_003, 163, 279, 57


def bet(**members) -> Transaction:
    return Transaction(kind="bet", amount=BET, **({"effect": -BET} | members))


def win(**members) -> Transaction:
    return Transaction(kind="win", amount=WIN, **({"effect": WIN} | members))


# What was sent, the balance that is right, the one that is there, the cause.
STORIES = {
    "a bet, repeated": ([bet(sent=2)], B0 - BET, B0 - 2 * BET, "CRP-IDEM-001"),
    "a bet that nobody took": ([bet()], B0 - BET, B0, "CRP-BAL-003"),
    "a bet that paid": ([bet()], B0 - BET, B0 + BET, "CRP-AMT-007"),
    "a win, repeated": ([bet(settled=True), win(sent=2)], B0 - BET + WIN, B0 - BET + 2 * WIN, "CRP-IDEM-001"),
    "a win that nobody paid": ([bet(settled=True), win()], B0 - BET + WIN, B0 - BET, "CRP-BAL-003"),
    "a bet times 100": ([bet()], B0 - BET, B0 - 100 * BET, "CRP-AMT-001"),
    "a bet without its cents": ([bet()], B0 - BET, B0 - 100, "CRP-AMT-005"),
    "a bet rounded": ([bet()], B0 - BET, B0 - 200, "CRP-AMT-005"),
    "a cent too much": ([bet()], B0 - BET, B0 - BET - 1, "CRP-BAL-004"),
    "a late bet": ([bet(effect=0, rolled_back="before", rollbacks=1)], B0, B0 - BET, "CRP-ROLL-003"),
    "a rollback for nothing": ([bet(effect=0, rolled_back="after", rollbacks=1)], B0, B0 - BET, "CRP-ROLL-008"),
    "a rollback, repeated": ([bet(effect=0, rolled_back="after", rollbacks=2)], B0, B0 + BET, "CRP-ROLL-001"),
    "a rollback that claims more": (
        [bet(effect=0, rolled_back="after", rollbacks=1, claimed=WIN)], B0, B0 - BET + WIN, "CRP-ROLL-004",
    ),
    "a refused bet": ([bet(effect=0, declined=True)], B0, B0 - BET, "CRP-BAL-002"),
    "a refused bet, rolled back": ([bet(effect=0, declined=True, rollbacks=1)], B0, B0 + BET, "CRP-ROLL-007"),
}  # fmt: skip


@pytest.mark.parametrize("story", STORIES)
def test_the_bug_is_the_first_cause(story):
    transactions, expected, got, code = STORIES[story]
    found = explain_balance(transactions, expected, got)
    assert found[0].code == code, found


def test_lost_updates_are_counted():
    found = explain_balance([bet()] * 12, B0 - 12 * BET, B0 - 9 * BET, at_once=12)
    assert found[0].code == "CRP-CONC-001"
    assert "3 of the bets" in found[0].detail


def test_the_right_balance_needs_no_explanation():
    assert explain_balance([bet()], B0, B0) == ()


def test_no_two_bugs_leave_the_same_balance():
    """What makes the probe amounts good: every deviation of one bet and one win has one meaning."""
    from croupier.diagnosis.ledgers import deviations

    meanings: dict[int, set[str]] = {}
    for one in (bet(), win()):
        for code, _, off in deviations(one):
            meanings.setdefault(off, set()).add(code)
    assert all(len(codes) == 1 for codes in meanings.values()), meanings
