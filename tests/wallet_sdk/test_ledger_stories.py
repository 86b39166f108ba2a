"""What the platform's own reference wallet answers, the SDK answers: the same conversations, on three databases."""

import itertools

import pytest

from croupier.wallet.outcome import Unknown
from wallet.book_steps import EXPIRES_AT, PLAYERS, START, shown, steps
from wallet.book_stories import STORIES

_numbers = itertools.count(1)


def told(outcome) -> str:
    """As in the stories; a win whose bet is unknown proves nothing over the native wire."""
    return "not_found" if outcome == Unknown("unknown_transaction") else shown(outcome)


@pytest.mark.parametrize("name", STORIES)
def test_story(house, name):
    prefix = f"s{next(_numbers)}-"
    for player_id, blocked in PLAYERS.items():
        house.open(prefix + player_id, START, blocked=blocked)
    for line, call, at, expected in steps(STORIES[name], prefix):
        house.now = at / 1_000_000
        assert told(house.say(call, at)) == expected, line


def test_the_stories_play_at_the_time_their_bets_expire():
    """Otherwise `at 31` would prove nothing here."""
    assert EXPIRES_AT == 1_800_000_000_000_000
