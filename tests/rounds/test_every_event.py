"""Every state against every event, read from `every_event.txt` and compared with `step`."""

from pathlib import Path
from typing import get_args

import pytest

from croupier.domain.refusal import Refused
from croupier.rounds.events import RoundEvent
from croupier.rounds.lifecycle import step
from croupier.rounds.round import STATES, Round
from croupier.rounds.transitions import NotAllowed
from rounds.story import Conversation

LINES = (Path(__file__).parent / "every_event.txt").read_text().splitlines()
STATES_AT, EVENTS_AT = LINES.index("States"), LINES.index("Events")
WAYS = {
    name.strip(): way.strip() for name, bar, way in (line.partition("|") for line in LINES[STATES_AT:EVENTS_AT]) if bar
}
HEAD, *ROWS = [[cell.strip() for cell in line.split("|")] for line in LINES[EVENTS_AT:] if "|" in line]
PLACES = HEAD[1:]


def at(place: str) -> Conversation:
    """A conversation that has reached this state."""
    talk = Conversation()
    for event in events_to(place):
        talk.happens(talk.event(event))
    return talk


def events_to(place: str) -> list[str]:
    first, *rest = [part.strip() for part in WAYS.get(place, "").split(";")]
    before = events_to(first) if first in WAYS else [first] if first else []
    return before + rest


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_row(row):
    event, *expected = row
    found = [outcome(place, event) for place in PLACES]
    assert dict(zip(PLACES, found, strict=True)) == dict(zip(PLACES, expected, strict=True))


def outcome(place: str, event: str) -> str:
    """What the machine makes of the event, in the table's words."""
    talk = at(place)
    before = talk.state.round or Round(session=talk.state.session)
    happened = talk.event(event)
    try:
        after, commands = step(before, happened)
    except Refused:
        return "ref"
    except NotAllowed:
        return "bug"
    finally:
        assert before == (at(place).state.round or Round(session=talk.state.session)), "a value was changed in place"
    if without_effects(after) == without_effects(before) and not commands:
        return "rec"
    return after.state


def without_effects(r: Round) -> tuple[object, ...]:
    """All of a round but what a late answer may teach us: whether the wallet had held a bet, and when we learnt it."""
    transactions = tuple((t.transaction_id, t.state, t.amount) for t in r.transactions)
    return (r.state, transactions, r.steps, r.pending, r.game_state, r.offers, r.win, r.cause, r.closed_at)


def test_the_table_is_complete():
    talk = at("in_play")
    told = {type(talk.event(row[0])) for row in ROWS}
    assert told == set(get_args(RoundEvent))
    assert {(at(place).state.round or Round()).state for place in PLACES} == set(STATES)
