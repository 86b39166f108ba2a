"""Draws: uniform by counting every word there is, the bytes each takes, and exact replay."""

from collections import Counter

import pytest

from croupier.games.rng import Lemire, Recorded, Replay, scaled
from croupier.runtime.entropy import Seeded


class Tape:
    """Bytes that are given out once; it remembers how many were asked for at a time."""

    def __init__(self, *words, size=4):
        self.left = b"".join(word.to_bytes(size, "little") for word in words)
        self.asked = []

    def take(self, count):
        self.asked.append(count)
        taken, self.left = self.left[:count], self.left[count:]
        assert len(taken) == count
        return taken


@pytest.mark.parametrize("n", range(1, 257))
def test_every_number_comes_from_equally_many_words(n):
    """All 256 words of a generator of eight bits: exactly 256 // n of them for each number, the rest drawn again."""
    counts = Counter(scaled(word, n, 8) for word in range(256))
    assert counts.pop(None, 0) == 256 % n
    assert counts == dict.fromkeys(range(n), 256 // n)


def test_without_rejection_the_words_would_be_uneven():
    """The control to the test above."""
    counts = Counter(word * 100 >> 8 for word in range(256))
    assert set(counts.values()) == {2, 3}


@pytest.mark.parametrize(
    ("n", "words", "size", "value"),
    [
        (1, [], 4, 0),
        (2, [0], 4, 0),
        (2, [2**31], 4, 1),
        (6, [2**32 - 1], 4, 5),
        (2**32, [123456789], 4, 123456789),
        (2**32 + 1, [2**63], 8, 2**31),
        (2**63, [2**64 - 1], 8, 2**63 - 1),
        # 2**32 mod 3 is 1: the word 0 alone is one too many.
        (3, [0, 0, 1431655766], 4, 1),
        # 2**32 mod (3 * 2**30) is 2**30: words that leave a smaller remainder are drawn again.
        (3 * 2**30, [0, 4, 2**32 - 1], 4, 3 * 2**30 - 1),
        (2**32 + 1, [0, 2**64 - 1], 8, 2**32),
    ],
)
def test_words_taken_and_number_drawn(n, words, size, value):
    tape = Tape(*words, size=size)
    assert Lemire(tape.take).below(n) == value
    assert tape.asked == [size] * len(words)
    assert not tape.left


@pytest.mark.parametrize("n", [0, -1, 2**63 + 1])
def test_what_cannot_be_drawn(n):
    with pytest.raises(ValueError, match="n is from 1 to"):
        Seeded(1).below(n)


def test_recorded_draws_replay_and_nothing_else_does():
    recorded = Recorded(Seeded("record"))
    values = [recorded.below(n) for n in (6, 37, 2**40)]
    replay = Replay(recorded.draws)
    assert [replay.below(n) for n in (6, 37, 2**40)] == values
    with pytest.raises(ValueError, match="the game asks for"):
        replay.below(6)
    with pytest.raises(ValueError, match=r"below\(6\), the game asks for below\(7\)"):
        Replay(recorded.draws).below(7)
