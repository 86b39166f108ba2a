"""The breaker's decisions as little stories, and the allowance of retries."""

from itertools import pairwise

import pytest

from croupier.runtime.breaker import Allowance, Breaker

# Each word: how often what happened. `yes` and `no` are clear answers to a win or rollback and Unknown ones, `bet-yes`
# and `bet-no` those to a bet; `3s` lets time pass; `bet?` asks for a bet, `taken` or `refused` says what must be told.
STORIES = {
    "all is well": "100*bet-yes closed",
    "few answers say nothing": "9*bet-no closed",
    "ten Unknown answers open it": "10*bet-no open",
    "as many as 40 in a hundred": "12*yes 7*bet-no closed bet-no open",
    "less than that is bad luck": "100*yes 60*no closed",
    "wins count like bets": "10*no open",
    "what is long ago does not count": "9*no 10s no closed",
    "what was in the half before counts": "9*no 6s no open",
    "also when nothing came for long": "9*no 60s 9*no closed no open",
    "open: no bet for five seconds": "10*no 4.9s refused 0.1s taken refused",
    "half open is when one may try": "10*no open 5s half_open",
    "one bet may try, then the pause doubles": "10*no 5s taken 9.9s refused 0.1s taken",
    "up to half a minute": "10*no 5s taken 10s taken 20s taken 29s refused 1s taken 29s refused 1s taken",
    "wins alone do not close it": "10*no 50*yes half_open",
    "but the next bet need not wait": "10*no refused yes taken",
    "three clear answers close it, one to a bet": "10*no 2*yes taken bet-yes closed",
    "three bets do": "10*no 5s taken bet-yes taken bet-yes taken bet-yes closed",
    "three wins with a doubt between do not": "10*no 2*yes no taken bet-yes half_open",
    "a bet before a doubt is no proof": "10*no 5s taken bet-yes no 3*yes half_open",
    "where only bets fail, wins hurry nothing": "10*bet-no 2*yes taken bet-no 50*yes refused 10s taken",
    "what opened it does not open it again": "10*no 2*yes taken bet-yes closed 9*no closed no open",
    "who opens again soon waits longer": "10*no 2*yes taken bet-yes 10*no 9.9s refused 0.1s taken",
    "who was calm for a minute does not": "10*no 2*yes taken bet-yes 60s 10*no 5s taken",
}


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES.keys())
def test_story(story):
    breaker, at = Breaker(), 1_000_000_000
    for word in story.split():
        times, _, what = word.rpartition("*")
        for _ in range(int(times or 1)):
            if what in ("closed", "open", "half_open"):
                assert breaker.state(at) == what, f"at {word!r} of {story!r}"
            elif what in ("taken", "refused"):
                assert breaker.may_bet(at) == (what == "taken"), f"at {word!r} of {story!r}"
            elif what.endswith("s") and what[0].isdigit():
                at += round(float(what[:-1]) * 1_000_000)
            else:
                breaker.heard(at, clear=what.endswith("yes"), bet=what.startswith("bet"))


def test_it_counts_how_often_it_opened():
    breaker = Breaker()
    for at in range(30):
        breaker.heard(at, clear=False, bet=True)
    assert breaker.opened == 1


def test_an_allowance_is_a_few_at_once_and_then_so_many_a_second():
    allowance, at, taken = Allowance(per_s=50, burst=100), 0, []
    while at < 3_000_000:
        if allowance.has(at):
            allowance.take(at)
            taken.append(at)
        else:
            at += 1_000
    assert taken[:100] == [0] * 100
    assert len(taken) == 100 + 50 * 3 - 1
    assert {after - before for before, after in pairwise(taken[100:])} == {20_000}


def test_a_pause_fills_an_allowance_to_the_brim_and_no_further():
    allowance = Allowance(per_s=5, burst=5)
    for at in [0] * 5 + [3_600_000_000] * 5:
        assert allowance.has(at)
        allowance.take(at)
    assert not allowance.has(3_600_000_000)
