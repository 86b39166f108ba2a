"""Random numbers for games, all of them whole numbers. Sources are in `runtime/entropy.py`."""

from collections.abc import Callable, Sequence
from typing import Protocol


class Rng(Protocol):
    def below(self, n: int) -> int:
        """Uniform in ``0 <= x < n``, for ``1 <= n <= 2**63``."""
        ...


def scaled(word: int, n: int, bits: int) -> int | None:
    """Lemire's multiply-shift: a uniform `bits`-bit word becomes a uniform number below `n`, or None = draw again.

    Without the rejected words ``2**bits mod n`` of the numbers would be a little too frequent.
    """
    product = word * n
    low = product & ((1 << bits) - 1)
    if low < n and low < (1 << bits) % n:
        return None
    return product >> bits


class Lemire:
    """`Rng` over a source of uniform bytes: 4 of them, little-endian, a try for ``n <= 2**32``, 8 above; none for 1."""

    def __init__(self, take: Callable[[int], bytes]) -> None:
        self._take = take

    def below(self, n: int) -> int:
        if not 1 <= n <= 1 << 63:
            raise ValueError(f"below({n}): n is from 1 to 2**63")
        if n == 1:
            return 0
        bits = 32 if n <= 1 << 32 else 64
        while True:
            value = scaled(int.from_bytes(self._take(bits >> 3), "little"), n, bits)
            if value is not None:
                return value


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
