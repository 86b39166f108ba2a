"""Random numbers for games: three draws, all of them whole numbers. Sources are in `runtime/entropy.py`."""

from collections.abc import MutableSequence, Sequence
from typing import Any, Protocol


class Rng(Protocol):
    def below(self, n: int) -> int:
        """Uniform in ``0 <= x < n``, for ``1 <= n <= 2**63``."""
        ...


def weighted(rng: Rng, weights: Sequence[int]) -> int:
    """Index drawn with the given whole weights."""
    x = rng.below(sum(weights))
    for index, weight in enumerate(weights):
        if x < weight:
            return index
        x -= weight
    raise AssertionError("below() left its range")


def shuffle(rng: Rng, items: MutableSequence[Any], k: int | None = None) -> None:
    """Fisher-Yates from the front; the first `k` places are final."""
    for i in range(len(items) - 1 if k is None else k):
        j = i + rng.below(len(items) - i)
        items[i], items[j] = items[j], items[i]


class Recorded:
    """Wraps a source and keeps every draw as ``(n, value)``."""

    def __init__(self, source: Rng) -> None:
        self.source = source
        self.draws: list[tuple[int, int]] = []

    def below(self, n: int) -> int:
        value = self.source.below(n)
        self.draws.append((n, value))
        return value


class Replay:
    """Feeds recorded draws back; ValueError when the game asks for another range than it did then."""

    def __init__(self, draws: Sequence[tuple[int, int]]) -> None:
        self._left = iter(draws)

    def below(self, n: int) -> int:
        expected, value = next(self._left, (0, 0))
        if n != expected:
            raise ValueError(f"the recorded draw was below({expected}), the game asks for below({n})")
        return value
