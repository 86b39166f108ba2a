"""What staff can choose for a suspended round: every way on that the rules allow, and what is then sent."""

import pytest

from croupier.rounds.resolution import choices
from rounds.story import Conversation

HAND = ("bet requested 1.00 EUR", "wallet accepted", "game goes on")
DOUBLE = (*HAND, "double requested, costs 1.00 EUR")
WON = (*HAND[:2], "game finished, win 5.00 EUR")
STOP = "suspended by ann"

# How the round came there -> what may be chosen: where it goes, what people say of transactions in doubt > what is sent
WAYS = {
    ("bet requested 1.00 EUR", STOP): """
        in_play; the bet is accepted
        rolling_back; the bet is accepted > rollback of the bet
        cancelled; the bet is declined
        cancelled; the bet is reversed
    """,
    (*DOUBLE, STOP): """
        closed; the extra bet is accepted
        in_play; the extra bet is accepted
        rolling_back; the extra bet is accepted > rollback of the bet, rollback of the extra bet
        closed; the extra bet is declined
        in_play; the extra bet is declined
        rolling_back; the extra bet is declined > rollback of the bet
        closed; the extra bet is reversed
        in_play; the extra bet is reversed
        rolling_back; the extra bet is reversed > rollback of the bet
    """,
    (*WON, STOP): """
        closed; the win is accepted
        closed; the win is declined
        rolling_back; the win is declined > rollback of the bet
        paying; the win is pending > win
    """,
    (*WON, "wallet unknown: timeout", "too old"): """
        closed; the win is accepted
        closed; the win is declined
        rolling_back; the win is declined > rollback of the bet
    """,
    (*HAND, STOP): """
        closed
        in_play
        rolling_back > rollback of the bet
    """,
    ("bet requested 1.00 EUR", "wallet unknown: timeout", STOP): """
        cancelled; the bet is accepted; the rollback of the bet is accepted
        in_play; the bet is accepted; the rollback of the bet is declined
        rolling_back; the bet is accepted; the rollback of the bet is pending > rollback of the bet
        cancelled; the bet is declined; the rollback of the bet is declined
        rolling_back; the bet is declined; the rollback of the bet is pending > rollback of the bet
        cancelled; the bet is reversed; the rollback of the bet is accepted
        cancelled; the bet is reversed; the rollback of the bet is declined
        rolling_back; the bet is reversed; the rollback of the bet is pending > rollback of the bet
    """,
}


def offered(events: tuple[str, ...]) -> list[str]:
    talk = Conversation()
    for event in events:
        talk.happens(talk.event(event))
    r = talk.state.round
    names = {known: name for name, known in talk.names.items()}
    told = []
    for choice in choices(r, talk.at):
        talk._name(choice.after)
        after = {known: name for name, known in talk.names.items()}
        said = "".join(f"; the {names[name]} is {state}" for name, state in choice.settled)
        sends = ", ".join(after[t.transaction_id] for t in choice.sends)
        told.append(f"{choice.to}{said}" + (f" > {sends}" if sends else ""))
    return told


def test_a_rollback_of_a_bet_that_is_not_held_gains_nothing():
    talk = Conversation()
    for event in ("bet requested 1.00 EUR", "wallet unknown: timeout", STOP):
        talk.happens(talk.event(event))
    gains = {
        dict(one.settled)[talk.state.round.transactions[0].transaction_id]: one.balance_change
        for one in choices(talk.state.round, talk.at)
        if one.to == "rolling_back"
    }
    assert gains == {"accepted": 100, "declined": 0, "reversed": 0}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way[-2])
def test_ways_on(way):
    assert offered(way) == [line.strip() for line in WAYS[way].strip().splitlines()]
