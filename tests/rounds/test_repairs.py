"""Repairs: how a bet that the operator holds, and we do not count, goes back; each row is one conversation."""

import uuid

import pytest
from msgspec.structs import replace

from croupier.domain.ids import rollback_id
from croupier.domain.parties import Seat, SeatKey, Session
from croupier.domain.refusal import Refused
from croupier.ledger.postings import postings_between, repair_postings
from croupier.rounds.commands import SendCall
from croupier.rounds.events import (
    BetRequested,
    RepairOpened,
    RetriesExhausted,
    SeatCarried,
    SessionOpened,
    StillPending,
    TooOld,
    WalletAnswered,
)
from croupier.rounds.late import is_late, item_of
from croupier.rounds.repairs import Repair, again, changed_by, repair_for, repair_step, repairing
from croupier.rounds.round import Round, Transaction
from croupier.rounds.seat import SeatState, apply, carried, repair_of
from croupier.wallet.outcome import Accepted, Conflict, Declined, Unknown

KEY = SeatKey("casino", "ana", "dice", "real")
MINUTE = 60_000_000
T0 = 1_795_000_000_000_000
LATER = T0 + 60 * MINUTE
"""Longer than a bet can live."""


def seat_after(*answers: WalletAnswered | RetriesExhausted) -> SeatState:
    """A bet of 1.00 EUR that ended in this way."""
    state = SeatState(Seat(uuid.UUID(int=7), KEY))
    session = Session("s1", "EUR", "en", T0, T0 + 86_400_000_000)
    bet = BetRequested(T0, "rd_1", "q1", "s1", "b_1", "1", "base", None, 100, 1, 100, T0 + 30_000_000)
    for event in (SessionOpened(T0, session), bet, *answers):
        state, _ = apply(state, event)
    return state


def said(transaction_id: str, outcome, sent_at: int = LATER) -> WalletAnswered:
    return WalletAnswered(sent_at, transaction_id, sent_at, outcome)


DECLINED = (said("b_1", Declined("limit_reached"), T0),)
EXHAUSTED = RetriesExhausted(T0 + MINUTE, "b_1", "timeout")
NOT_FOUND = (EXHAUSTED, said("r_1", Declined("not_found")))
CONFIRMED = (EXHAUSTED, said("r_1", Accepted(5)))


def repaired(ending, *answers, at: int = LATER):
    """The repair after the wallet's answers, and what was sent one after the other."""
    state = seat_after(*ending)
    assert state.round is not None
    state, commands = apply(state, repair_for(state.round, "b_1", "rp_1", at))
    sent = [c.transaction_id for c in commands]
    for answer in answers:
        state, commands = apply(state, answer)
        sent += [c.transaction_id for c in commands if isinstance(c, SendCall)]
    return state, sent


# how the round ended, what the wallet says to the repair, what was sent, rollback and bet at the end
ROWS = [
    ("declined, and taken all the same", DECLINED, [("r_1", Accepted(9))], ["r_1"], ("accepted", "reversed")),
    (
        "late bet: found now",
        NOT_FOUND,
        [("r_1", Accepted(9))],
        ["r_1"],
        ("accepted", "reversed"),
    ),
    (
        "late bet: the old not-found is repeated",
        NOT_FOUND,
        [("r_1", Declined("not_found")), ("r2_1", Accepted(9))],
        ["r_1", "r2_1"],
        ("accepted", "reversed"),
    ),
    (
        "its statement shows a bet that its wallet never finds",
        NOT_FOUND,
        [("r_1", Declined("not_found")), ("r2_1", Declined("not_found"))],
        ["r_1", "r2_1"],
        ("conflict", "unknown"),
    ),
    ("declined and not found", DECLINED, [("r_1", Declined("not_found"))], ["r_1"], ("conflict", "unknown")),
    ("the wallet refuses: settled", DECLINED, [("r_1", Conflict("settled"))], ["r_1"], ("conflict", "unknown")),
    (
        "the wallet is away for a while",
        DECLINED,
        [("r_1", Unknown("timeout")), ("r_1", Declined("session_expired")), ("r_1", Accepted(9))],
        ["r_1", "r_1", "r_1"],
        ("accepted", "reversed"),
    ),
    ("answered twice", DECLINED, [("r_1", Accepted(9)), ("r_1", Accepted(9))], ["r_1"], ("accepted", "reversed")),
]


@pytest.mark.parametrize(("ending", "answers", "sent", "end"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS])
def test_a_repair(ending, answers, sent, end):
    state, found = repaired(ending, *(said(name, outcome) for name, outcome in answers))
    assert found == sent
    (repair,) = state.repairs
    assert (repair.rollback.state, repair.bet.state) == end
    assert repair.ended
    before = seat_after(*ending)
    assert state.round == before.round, "the round keeps its finished state"
    posted = repair_postings(KEY, None, repair)
    assert [(p.cause, p.amount) for p in posted] == ([("bet", 100), ("rollback", 100)] if end[1] == "reversed" else [])


def test_a_not_found_while_the_bet_may_still_arrive_is_not_believed():
    state, sent = repaired(DECLINED, said("r_1", Declined("not_found"), T0 + MINUTE), at=T0 + MINUTE)
    assert sent == ["r_1", "r_1"]
    assert not state.repairs[0].ended


def test_a_repair_under_way_is_carried_into_the_next_round_and_ended_ones_are_not():
    state, _ = repaired(NOT_FOUND, said("r_1", Declined("not_found")), StillPending(LATER, "r2_1", 7, "timeout"))
    (carry,) = carried(state).repairs
    assert carry.rollback_id == "r2_1"
    cold, _ = apply(SeatState(state.seat), carried(state))
    known = repair_of(cold, "r2_1")
    assert known is not None
    assert not known.sent_before, "a third id is never made"
    done, _ = apply(state, said("r2_1", Accepted(9)))
    assert carried(done).repairs == ()


def test_an_id_that_the_operator_may_have_forgotten_is_not_repeated():
    state, sent = repaired(DECLINED, TooOld(LATER, "r_1"))
    assert sent == ["r_1"]
    assert (state.repairs[0].rollback.state, state.repairs[0].rollback.why) == ("conflict", "too_old")


def test_the_given_up_rollback_keeps_its_end_in_lists():
    state, _ = repaired(NOT_FOUND)
    before = state.repairs[0]
    after, _ = apply(state, said("r_1", Declined("not_found")))
    changed = {t.transaction_id: (t.state, t.effect) for t in changed_by(before, after.repairs[0])}
    assert changed["r_1"] == ("accepted", "none")
    assert changed["r2_1"] == ("sending", "unsure")


def test_a_bet_that_was_found_late_is_posted_with_its_return_and_not_before():
    ending = (*NOT_FOUND, said("b_1", Accepted(9)))
    found = seat_after(*ending).round
    assert found is not None
    assert postings_between(KEY, Round(), found) == ()
    state, _ = repaired(ending, said("r_1", Accepted(9)))
    moved = repair_postings(KEY, None, state.repairs[0])
    assert [(p.cause, p.amount) for p in moved] == [("bet", 100), ("rollback", 100)]


def test_what_an_older_release_had_posted_is_not_posted_again():
    state, _ = repaired(NOT_FOUND, said("r_1", Accepted(9)))
    assert repair_postings(KEY, None, replace(state.repairs[0], noted=True)) == ()


BOOKED = (said("b_1", Accepted(9, "op-1")),)
"""The bet was taken, under a transaction id of the casino's."""

# how the round ended, what is heard late, what it leaves to do
LATE = [
    ("believed not found", NOT_FOUND, said("b_1", Accepted(9)), "roll_back"),
    ("believed not found, declined", NOT_FOUND, said("b_1", Declined("limit_reached")), None),
    ("rollback confirmed", CONFIRMED, said("b_1", Accepted(9)), None),
    ("rollback on its way", (EXHAUSTED,), said("b_1", Accepted(9)), None),
    ("conflict after the end", CONFIRMED, said("b_1", Conflict("other content")), "compare"),
    ("conflict while open", (EXHAUSTED,), said("b_1", Conflict("other content")), None),
    ("named as before", BOOKED, said("b_1", Accepted(9, "op-1")), None),
    ("named otherwise", BOOKED, said("b_1", Accepted(9, "op-2")), "compare"),
    ("not named", BOOKED, said("b_1", Accepted(9)), None),
    ("never named before", (EXHAUSTED,), said("b_1", Accepted(9, "op-2")), None),
]


@pytest.mark.parametrize(("name", "ending", "answer", "item"), LATE, ids=[row[0] for row in LATE])
def test_what_a_late_answer_leaves_to_do(name, ending, answer, item):
    r = seat_after(*ending).round
    assert r is not None
    assert is_late(r, answer)
    assert item_of(r, answer) == item


def test_an_answer_that_is_waited_for_is_not_late():
    r = seat_after().round
    assert r is not None
    assert not is_late(r, said("b_1", Accepted(9)))


@pytest.mark.parametrize(
    ("ending", "bet"),
    [(CONFIRMED, "b_1"), ((EXHAUSTED,), "b_1"), (DECLINED, "b_2"), (DECLINED, rollback_id("b_1"))],
    ids=["rollback confirmed", "not finished", "no such bet", "not a bet"],
)
def test_what_rules_do_not_allow_is_left_to_people(ending, bet):
    state = seat_after(*ending)
    assert state.round is not None
    with pytest.raises(Refused, match="nothing_to_repair"):
        repair_for(state.round, bet, "rp_1", LATER)


SESSION = Session("s1", "EUR", "en", T0, T0 + 86_400_000_000)
LATE_YES = (*NOT_FOUND, said("b_1", Accepted(9)))


def opened(rollback="r_1", first_sent_at=LATER, *, sent_before=False, noted=False):
    return RepairOpened(
        *(LATER, "rp_1", "rd_1", SESSION, "b_1", 100, T0, rollback, first_sent_at, sent_before, noted),
        max_life_ms=660_000,
    )


@pytest.mark.parametrize(
    ("ending", "event"),
    [
        (DECLINED, opened()),
        (NOT_FOUND, opened(first_sent_at=T0 + MINUTE, sent_before=True)),
        (LATE_YES, opened(first_sent_at=T0 + MINUTE, sent_before=True)),
    ],
    ids=["declined: its first rollback", "rolled back in vain: the same id", "the late yes was not posted"],
)
def test_what_is_recorded_of_a_repair(ending, event):
    """With an id that was sent before comes the time of its first sending: the operator may have forgotten it."""
    assert repair_for(seat_after(*ending).round, "b_1", "rp_1", LATER) == event
    first = event.first_sent_at
    bet = Transaction("b_1", "bet", 100, "s1", "unknown", "moved" if event.noted else "unsure",
                      first_sent_at=T0, last_sent_at=T0)  # fmt: skip
    back = Transaction("r_1", "rollback", 100, "s1", reference="b_1", first_sent_at=first, last_sent_at=LATER)
    under_way = repairing(event)
    assert under_way == Repair("rp_1", "rd_1", SESSION, bet, back, event.sent_before, event.noted, 660_000)
    assert again(under_way) == event


# what the wallet says -> the rollback and the bet afterwards, word for word, and when it is sent again
BET = Transaction("b_1", "bet", 100, "s1", "unknown", "unsure", first_sent_at=T0, last_sent_at=T0)
BACK = Transaction("r_1", "rollback", 100, "s1", reference="b_1", first_sent_at=LATER, last_sent_at=LATER)
THEN = LATER + 5
DEAD_AT = T0 + 660_000_000 + 1
"""The first moment at which a "not found" is final."""
STEPS = [
    (said("r_1", Accepted(9, "op-9"), THEN), {"state": "accepted", "effect": "moved", "operator_reference": "op-9",
     "last_sent_at": THEN}, {"state": "reversed", "effect": "moved"}, ()),
    (said("r_1", Conflict("settled"), THEN), {"state": "conflict", "why": "settled"}, {}, ()),
    (said("r_1", Declined("not_found"), DEAD_AT), {"state": "conflict", "why": "not_found"}, {}, ()),
    (said("r_1", Declined("not_found"), DEAD_AT - 1), {}, {}, (SendCall("r_1", not_before=DEAD_AT, again=True),)),
    (said("r_1", Declined("session_expired"), THEN), {}, {}, (SendCall("r_1", again=True),)),
    (said("r_1", Unknown("timeout"), THEN), {}, {}, (SendCall("r_1", again=True),)),
    (StillPending(THEN, "r_1", 7, "timeout"), {"attempts": 7, "why": "timeout"}, {}, ()),
    (TooOld(THEN, "r_1"), {"state": "conflict", "why": "too_old"}, {}, ()),
]  # fmt: skip


@pytest.mark.parametrize(("event", "back", "bet", "sends"), STEPS)
def test_each_step_changes_what_it_says(event, back, bet, sends):
    after, commands = repair_step(repairing(opened()), event)
    assert (after.rollback, after.bet, commands) == (replace(BACK, **back), replace(BET, **bet), sends)
    ended, nothing = repair_step(after, StillPending(THEN, "r_1", 50, "late")) if after.ended else (after, ())
    assert (ended, nothing) == (after, ()), "who has ended hears nothing more"


def test_a_second_id_replaces_one_that_was_found_in_vain():
    after, commands = repair_step(repairing(opened(sent_before=True)), said("r_1", Declined("not_found"), THEN))
    assert commands == (SendCall("r2_1"),)
    assert after.rollback == Transaction(
        "r2_1", "rollback", 100, "s1", reference="b_1", first_sent_at=THEN, last_sent_at=THEN
    )
    assert (after.bet, after.sent_before) == (BET, False)


@pytest.mark.parametrize(
    ("ending", "bet", "why"),
    [
        (CONFIRMED, "b_1", "The wallet has confirmed the rollback of this bet."),
        ((EXHAUSTED,), "b_1", "Only a bet of a finished round is repaired."),
        ((said("b_1", Accepted(9), T0),), "b_1", "Only a bet of a finished round is repaired."),
    ],
)
def test_why_nothing_is_repaired(ending, bet, why):
    with pytest.raises(Refused) as refused:
        repair_for(seat_after(*ending).round, bet, "rp_1", LATER)
    assert (refused.value.code, refused.value.detail, refused.value.round_id) == ("nothing_to_repair", why, "rd_1")


def test_what_the_record_of_the_next_round_carries():
    state, _ = repaired(DECLINED)
    assert carried(replace(state, session_ended="operator")) == SeatCarried(SESSION, "operator", 1, "rd_1", (opened(),))


def test_a_not_found_of_a_round_is_asked_again_at_the_first_moment_at_which_it_counts():
    state = seat_after(EXHAUSTED)
    bet = state.round.transaction("b_1")
    after, commands = apply(state, said("r_1", Declined("not_found"), T0 + 2 * MINUTE))
    assert commands == (SendCall("r_1", not_before=bet.last_sent_at + 660_000_000 + 1, again=True),)
    assert after.round.state == "rolling_back"
