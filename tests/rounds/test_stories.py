"""Every story in `stories/`, told to the state machine; and told again from the bytes that the journal would hold."""

from pathlib import Path

import pytest

from croupier.domain.refusal import Refused
from croupier.rounds.seat import SeatState, apply
from croupier.store import formats
from rounds.story import SEAT, Conversation, read

STORIES = sorted((Path(__file__).parent / "stories").glob("*.txt"))


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_story(path):
    story = Conversation()
    story.tell(read(path))

    replayed = SeatState(SEAT)
    for event in formats.decode(formats.CURRENT, formats.encode(story.events)):
        replayed, _ = apply(replayed, event)
    assert replayed == story.state


WRONG = {
    "something is sent that the story does not tell": "> bet requested 1.00 EUR\n= betting, player 0.00 EUR",
    "another amount": "> bet requested 1.00 EUR\n< send bet 1.01 EUR\n= betting, player 0.00 EUR",
    "another end": "> bet requested 1.00 EUR\n< send bet 1.00 EUR\n= in_play, player 0.00 EUR",
    "other money": "> bet requested 1.00 EUR\n< send bet 1.00 EUR\n= betting, player -1.00 EUR",
    "refused, told as done": "> bet requested 1.00 EUR\n< send bet 1.00 EUR\n> hit requested\n= betting",
    "done, told as refused": "> bet requested 1.00 EUR\n! refused busy\n= new, player 0.00 EUR",
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_story_is_noticed(text, tmp_path):
    path = tmp_path / "story.txt"
    path.write_text(f"Prose.\n\n{text}\n")
    with pytest.raises((AssertionError, Refused)):
        Conversation().tell(read(path))
