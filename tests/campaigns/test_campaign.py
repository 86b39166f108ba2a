"""Free rounds: what is left of a grant, when the next one may begin, and what each leaves behind."""

import pytest
from msgspec.structs import replace

from croupier.campaigns.campaign import (
    Campaign,
    Standing,
    ended,
    given_back,
    grant_key,
    left,
    next_use,
    none_left,
    standing_after,
    state_of,
)
from croupier.campaigns.claims import Claim, claims_between
from croupier.domain.parties import SeatKey
from croupier.rounds.events import FreeRound
from croupier.rounds.round import Round, Transaction

TEN = Campaign("casino", "spring", ("krakens-hoard",), 10, 20, "EUR", starts_at=1000, ends_at=2000)
KEY = SeatKey("casino", "ana", "krakens-hoard", "real")
USE = FreeRound("spring", number=3, bet=20, total=10, returned=1, won=500, win_max=1500)


def free_round(bet="accepted", win=0, use=USE, **more):
    """A round of free round 3; `bet`: how its bet stands."""
    mine = Transaction("b_1", "bet", 0, "ses_1", bet)
    return Round("rd_1", state="closed", transactions=(mine,), free_round=use, win=win, **more)


@pytest.mark.parametrize(
    ("now", "cancelled_at", "phase"),
    [
        (999, None, "scheduled"),
        (1000, None, "running"),
        (1999, None, "running"),
        (2000, None, "ended"),
        (999, 500, "cancelled"),
        (1500, 1400, "cancelled"),
        (2000, 1400, "cancelled"),
    ],
)
def test_phase(now, cancelled_at, phase):
    assert replace(TEN, cancelled_at=cancelled_at).phase(now) == phase


@pytest.mark.parametrize(
    ("standing", "max_win", "rest"),
    [
        (Standing(), None, 10),
        (Standing(used=9), None, 1),
        (Standing(used=10), None, 0),
        (Standing(used=10, returned=2), None, 2),
        (Standing(used=12, returned=1), None, 0),  # the operator made the campaign smaller
        (Standing(used=1, won=1499), 1500, 9),
        (Standing(used=1, won=1500), 1500, 0),
        (Standing(used=1, won=9000), 1500, 0),
        (Standing(used=1, won=9000), None, 9),
        (Standing(), 0, 0),
    ],
)
def test_what_is_left(standing, max_win, rest):
    campaign = replace(TEN, max_win=max_win)
    assert left(campaign, standing) == rest
    assert state_of(campaign, standing, 1500) == ("active" if rest else "used_up")


@pytest.mark.parametrize(("now", "state"), [(0, "scheduled"), (1000, "active"), (2000, "ended")])
def test_a_grant_is_active_only_while_its_campaign_runs(now, state):
    assert state_of(TEN, Standing(), now) == state


def test_the_next_use_carries_all_that_came_before():
    standing = Standing(used=2, returned=1, won=500)
    assert next_use(replace(TEN, max_win=2000), standing, local=False) == USE
    assert next_use(TEN, Standing(), local=True) == FreeRound(
        "spring", number=1, bet=20, total=10, returned=0, won=0, win_max=None, local=True
    )


@pytest.mark.parametrize(
    ("bet", "win", "standing"),
    [
        ("accepted", 0, Standing(3, 1, 500)),
        ("accepted", 70, Standing(3, 1, 570)),
        ("declined", 0, Standing(3, 2, 500)),
        ("reversed", 70, Standing(3, 2, 500)),  # drawn, but the bet came to nothing: so did the win
        ("unknown", 0, Standing(3, 1, 500)),
    ],
)
def test_where_a_round_leaves_the_player(bet, win, standing):
    r = free_round(bet, win)
    assert standing_after(r) == standing
    assert given_back(r) == (standing.returned == 2)


def test_only_free_rounds_say_something_about_a_grant():
    bought = replace(free_round("declined"), free_round=None)
    assert not given_back(bought)
    with pytest.raises(AssertionError, match="only a free round"):
        standing_after(bought)


# Free rounds whose wins the operator is told in one sum, when they are over.
SUMMED = replace(TEN, summed=True)
SUM = FreeRound("spring", 4, 0, 10, returned=1, won=570, local=True, summed=True, ended="played")


@pytest.mark.parametrize(
    ("campaign", "standing", "now", "told"),
    [
        (SUMMED, Standing(10, 0, 0), 1500, FreeRound("spring", 11, 0, 10, 0, 0, None, True, False, True, "played")),
        (SUMMED, Standing(3, 1, 570), 1500, None),  # more will follow
        (SUMMED, Standing(3, 1, 570), 2000, replace(SUM, ended="expired")),
        (replace(SUMMED, cancelled_at=900), Standing(3, 1, 570), 1500, replace(SUM, ended="cancelled")),
        (replace(SUMMED, max_win=570), Standing(3, 1, 570), 1500, SUM),  # all that may be won is won
        (replace(SUMMED, rounds=2), Standing(3, 1, 570), 2000, replace(SUM, total=2)),  # played, then expired
        (SUMMED, Standing(3, 1, 570, told=True), 2000, None),
        (SUMMED, Standing(), 2000, None),  # nobody played any: there is nothing to tell
        (TEN, Standing(10), 2000, None),
    ],
)
def test_the_sum_is_told_once_when_nothing_can_follow(campaign, standing, now, told):
    assert ended(campaign, standing, now) == told


def test_what_was_told_stays_as_it_was_told():
    assert standing_after(free_round(use=SUM)) == Standing(3, 1, 570, told=True)
    assert left(TEN, Standing(3, 1, 570, told=True)) == 0


@pytest.mark.parametrize(
    ("r", "last"),
    [
        (free_round(), False),
        (free_round(win=1499), False),
        (free_round(win=1500), True),  # win_max
        (free_round(win=1500, use=replace(USE, win_max=None)), False),
        (free_round(use=replace(USE, number=10)), False),  # one was given back
        (free_round(use=replace(USE, number=11)), True),
        (free_round("declined", use=replace(USE, number=11)), False),  # this one is given back as well
        (free_round(use=replace(USE, number=10, returned=0)), True),
        (free_round(use=replace(SUM, number=11, won=9000)), False),  # the telling of the sum is no use
    ],
)
def test_whether_it_was_the_last_one(r, last):
    assert none_left(r) is last


# What may exist once in the whole store. Numbers have nine digits, so that the last one sorts last.
TAKEN = Claim("free_round", "casino/spring/ana/000000003")
RETURNED = Claim("free_round_return", "casino/spring/ana/000000003")


@pytest.mark.parametrize(
    ("before", "after", "claims"),
    [
        (None, free_round("sending"), (TAKEN,)),
        (replace(free_round(), round_id="rd_0"), free_round("sending"), (TAKEN,)),
        (free_round("sending"), free_round("accepted"), ()),
        (free_round("sending"), free_round("declined"), (RETURNED,)),
        (free_round("unknown"), free_round("reversed"), (RETURNED,)),
        (free_round("reversed"), free_round("reversed"), ()),
        (replace(free_round("reversed"), round_id="rd_0"), free_round("declined"), (TAKEN, RETURNED)),
        (None, None, ()),
        (free_round(), None, ()),
        (None, replace(free_round("sending"), free_round=None), ()),
        (None, free_round("sending", use=replace(USE, operator_counts=True)), ()),
    ],
)
def test_claims(before, after, claims):
    assert claims_between(KEY, before, after) == claims


def test_a_grant_is_one_players_in_one_campaign_at_all_its_games():
    other_game = replace(KEY, game_id="dragons-gate")
    assert grant_key(KEY, "spring") == grant_key(other_game, "spring") == "casino/spring/ana/"
