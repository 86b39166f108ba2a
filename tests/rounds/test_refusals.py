"""What somebody is told whose request a round refuses: code, words, where the money is, and which round it is."""

import pytest
from msgspec.structs import replace

from croupier.domain.refusal import Refused
from croupier.rounds.events import GamePlayed, ResolvedByStaff, SuspendedByStaff, VoidApproved
from croupier.rounds.lifecycle import step
from croupier.rounds.resolution import must_have_a_stake, resolved
from croupier.rounds.seat import apply
from croupier.rounds.transitions import NotAllowed
from rounds.story import Conversation

BETTING = ("bet requested 1.00 EUR",)
HAND = (*BETTING, "wallet accepted", "game goes on")
DOUBLE = (*HAND, "double requested, costs 1.00 EUR")
WON = (*BETTING, "wallet accepted", "game finished, win 5.00 EUR")
LOST = (*BETTING, "wallet accepted", "game finished")
STOPPED = (*WON, "suspended by ann")
TOO_OLD = (*WON, "wallet unknown: timeout", "too old")

RESOLVE = "resolved by ann and bob to "
BOTH_BACK = (*DOUBLE, "suspended by ann", RESOLVE + "rolling_back", "suspended by ann")
RUNNING = ("round_in_progress", "Finish round rd_0 before starting another.", "placed")
WAITING = (
    "round_in_progress",
    "Round rd_0 waits for the casino's answer to its bet. Try again in a moment.",
    "being_checked",
)
BACK = (
    "round_in_progress",
    "The bet of round rd_0 is being taken back at the casino. Try again in a moment.",
    "being_checked",
)
OWED = ("round_in_progress", "The win of round rd_0 is being paid by the casino. Try again in a moment.", "placed")
LOOKED_AT = ("round_in_progress", "People look at round rd_0. The casino's support is informed.", "being_checked")
STALE = ("stale_action", "This round takes no more actions.", "placed")
TOLD = [
    (BETTING, "bet requested 1.00 EUR", *WAITING),
    ((*BETTING, "wallet unknown: timeout"), "bet requested 1.00 EUR", *BACK),
    (WON, "bet requested 1.00 EUR", *OWED),
    (STOPPED, "bet requested 1.00 EUR", *LOOKED_AT),
    (HAND, "bet requested 1.00 EUR", *RUNNING),
    (WON, "hit requested", *STALE),
    (LOST, "hit requested", *STALE),
    (LOST, "void approved by ann and bob", "round_not_open",
     "Only a round in play or being paid can be voided.", "not_placed"),
    (HAND, "void approved by ann and ann", "second_person_needed", "Another person must approve what you proposed.",
     "not_placed"),
    (HAND, RESOLVE + "closed", "round_not_suspended", "Only a suspended round can be resolved.", "not_placed"),
    (STOPPED, "resolved by ann and ann to closed", "second_person_needed",
     "Another person must approve what you proposed.", "not_placed"),
    (STOPPED, RESOLVE + "closed; the win is free_round", "invalid_resolution", "w_0 cannot become free_round.",
     "being_checked"),
    (STOPPED, RESOLVE + "closed", "invalid_resolution",
     "This round cannot go on as closed. Transactions in doubt: w_0.", "being_checked"),
    (STOPPED, RESOLVE + "cancelled; the win is accepted", "invalid_resolution",
     "This round cannot go on as cancelled. Transactions in doubt: none.", "being_checked"),
    ((*BETTING, "suspended by ann"), RESOLVE + "in_play; the bet is free_round", "invalid_resolution",
     "b_0.0 could not take a free round of the operator's.", "being_checked"),
    ((*BETTING, "wallet conflict: transaction_conflict"), RESOLVE + "rolling_back", "invalid_resolution",
     "Say first what became of the transactions in conflict, or end the round as cancelled.", "being_checked"),
    # Though the first bet could go back at once: what the wallet holds of the other is not known.
    ((*DOUBLE, "wallet conflict: transaction_conflict"), RESOLVE + "rolling_back", "invalid_resolution",
     "Say first what became of the transactions in conflict, or end the round as cancelled.", "being_checked"),
    # Nor while the wallet keeps one of two bets for good.
    (BOTH_BACK, RESOLVE + "rolling_back; the rollback of the bet is declined; the rollback of the extra bet is pending",
     "invalid_resolution", "Say first what became of the transactions in conflict, or end the round as cancelled.",
     "being_checked"),
    (BOTH_BACK, RESOLVE + "closed", "invalid_resolution",
     "This round cannot go on as closed. Transactions in doubt: b_0.1, r_0.0, r_0.1.", "being_checked"),
    (TOO_OLD, RESOLVE + "paying; the win is pending", "invalid_resolution",
     "w_0 is too old to be sent: the operator may have forgotten it.", "being_checked"),
]  # fmt: skip


@pytest.mark.parametrize(("events", "asked", "code", "detail", "money"), TOLD)
def test_what_is_told(events, asked, code, detail, money):
    talk = Conversation()
    for event in events:
        talk.happens(talk.event(event))
    with pytest.raises(Refused) as refused:
        apply(talk.state, talk.event(asked))
    told = refused.value
    assert (told.code, told.detail, told.money, told.round_id) == (code, detail, money, "rd_0")


def test_a_round_whose_win_was_paid_cannot_be_cancelled():
    """Whatever became of its bet: the player would keep what his round, as the books say, never paid."""
    talk = Conversation()
    for event in STOPPED:
        talk.happens(talk.event(event))
    r = talk.state.round
    undone = {"bet": ("reversed", "moved"), "win": ("pending", "unsure")}
    r = replace(r, transactions=tuple(
        replace(t, state=undone[t.kind][0], effect=undone[t.kind][1]) for t in r.transactions
    ))  # fmt: skip
    (win,) = (t.transaction_id for t in r.transactions if t.kind == "win")
    with pytest.raises(Refused, match="This round cannot go on as cancelled"):
        resolved(r, ResolvedByStaff(9, "cancelled", ((win, "accepted"),), "ann", "bob", ""))
    with pytest.raises(Refused, match="w_9 cannot become accepted"):
        resolved(r, ResolvedByStaff(9, "cancelled", (("w_9", "accepted"),), "ann", "bob", ""))
    after, _ = resolved(r, ResolvedByStaff(9, "cancelled", ((win, "declined"),), "ann", "bob", ""))
    assert after.state == "cancelled"


def test_what_people_decide_is_dated():
    talk = Conversation()
    for event in STOPPED:
        talk.happens(talk.event(event))
    (win,) = (t.transaction_id for t in talk.state.round.transactions if t.kind == "win")
    for to, said in (("closed", "accepted"), ("paying", "pending"), ("rolling_back", "declined")):
        after, _ = resolved(talk.state.round, ResolvedByStaff(77, to, ((win, said),), "ann", "bob", ""))
        assert (after.state, after.changed_at, after.offers) == (to, 77, ())


def test_what_pays_the_sum_of_free_rounds_cannot_be_voided():
    talk = Conversation()
    talk.setting("what free rounds win is told in one sum")
    for text in (
        *("free round 1 of 5 requested at 1.00 EUR", "game finished, win 7.00 EUR"),
        "free rounds expired: 1 of 5 used, 7.00 EUR won",
    ):
        talk.happens(talk.event(text))
    assert talk.state.round.settlement
    with pytest.raises(Refused, match="no stake can go back") as refused:
        must_have_a_stake(talk.state.round)
    assert (refused.value.code, refused.value.round_id) == ("invalid_resolution", talk.state.round.round_id)
    apply(talk.state, talk.event("void approved by ann and bob"))  # one that was written before is read as ever
    apply(talk.state, talk.event("suspended by ann"))


@pytest.mark.parametrize("state", ["betting", "rolling_back", "suspended"])
def test_an_action_while_another_is_looked_at_is_refused_as_running(state):
    talk = Conversation()
    for event in HAND:
        talk.happens(talk.event(event))
    r = replace(talk.state.round, state=state)
    with pytest.raises(Refused) as refused:
        step(r, talk.event("hit requested"))
    assert (refused.value.code, refused.value.money) == ("round_in_progress", "being_checked")


def test_what_makes_no_sense_names_the_event_and_the_state():
    talk = Conversation()
    for event in LOST:
        talk.happens(talk.event(event))
    with pytest.raises(NotAllowed, match=r"^GamePlayed in state closed$"):
        step(talk.state.round, talk.event("game goes on"))


def test_a_step_keeps_all_that_was_asked_drawn_and_shown():
    talk = Conversation()
    for event in (*BETTING, "wallet accepted"):
        talk.happens(talk.event(event))
    talk.state = replace(talk.state, round=replace(talk.state.round, pending=replace(
        talk.state.round.pending, choice=b'{"bets":[]}')))  # fmt: skip
    talk.happens(GamePlayed(talk.at + 7, "bet", ((6, 3), (52, 11)), False, 40, None, b'{"n":1}', b"[1]", (("hit", 0),)))
    r = talk.state.round
    (played,) = r.steps
    assert (played.at, played.request_id, played.action, played.choice) == (talk.at + 7, "q1", "bet", b'{"bets":[]}')
    assert (played.cost, played.draws, played.reveals) == (100, ((6, 3), (52, 11)), b"[1]")
    assert (r.game_state, r.offers, r.win, r.changed_at, r.pending) == (
        b'{"n":1}',
        (("hit", 0),),
        40,
        talk.at + 7,
        None,
    )


@pytest.mark.parametrize(
    "of",
    [
        lambda name: VoidApproved(9, "ann", "bob", "a broken symbol", name),
        lambda name: SuspendedByStaff(9, "ann", "looks odd", name),
    ],
)
def test_what_people_decided_about_a_round_does_not_meet_the_next_one(of):
    talk = Conversation()
    for event in HAND:
        talk.happens(talk.event(event))
    with pytest.raises(Refused) as refused:
        apply(talk.state, of("rd_before"))
    assert (refused.value.code, refused.value.round_id) == ("round_not_open", "rd_before")
    apply(talk.state, of("rd_0"))  # the one that they meant
