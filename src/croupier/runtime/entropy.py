"""Where random numbers come from: the operating system for play, a seed for tests, simulation and demo data."""

import hashlib
import os
import threading
import weakref
from collections.abc import Callable

from croupier.games.rng import Lemire

BUFFER = 4096
"""Bytes fetched at once. They are outcomes of the future, so there are few of them."""


class RandomnessFailed(Exception):
    """The source gave the same block twice: nothing may be drawn, no round may be played."""


class SystemBytes:
    """Bytes of the system's CSPRNG through a small buffer. Each is handed out once, to one caller, in one process.

    Used bytes are zeroed. After a fork the child starts with an empty buffer: parent and child never share a byte.
    """

    def __init__(self, source: Callable[[int], bytes] = os.urandom) -> None:
        self._source = source
        self._last_digest = b""
        self.forget()
        _SOURCES.add(self)

    def forget(self) -> None:
        """Drop what is buffered, as in a process that has just begun."""
        self._lock = threading.Lock()  # the parent's may be held by a thread that does not exist in the child
        self._buffer = bytearray()
        self._position = 0
        self._pid = os.getpid()

    def take(self, count: int) -> bytes:
        # The hook below covers os.fork(); the comparison covers a process cloned behind Python's back.
        if self._pid != os.getpid():
            self.forget()
        with self._lock:
            start, end = self._position, self._position + count
            if end > len(self._buffer):
                self._refill(max(BUFFER, count))
                start, end = 0, count
            taken = bytes(self._buffer[start:end])
            self._buffer[start:end] = bytes(count)
            self._position = end
            return taken

    def _refill(self, count: int) -> None:
        self._buffer = bytearray()
        fresh = self._source(count)
        digest = hashlib.sha256(fresh).digest()
        if len(fresh) != count or digest == self._last_digest:
            raise RandomnessFailed("the system's random source repeats itself or gives too few bytes")
        self._last_digest = digest
        self._buffer = bytearray(fresh)


_SOURCES: "weakref.WeakSet[SystemBytes | SystemIds]" = weakref.WeakSet()


def _forget_after_fork() -> None:
    for source in _SOURCES:
        source.forget()


os.register_at_fork(after_in_child=_forget_after_fork)


class SystemRng(Lemire):
    """Outcomes in production."""

    def __init__(self, source: Callable[[int], bytes] = os.urandom) -> None:
        super().__init__(SystemBytes(source).take)


class SystemIds:
    """Random bytes for ids and jitter; never the stream that games draw from. For one thread, the event loop's."""

    def __init__(self) -> None:
        self.forget()
        _SOURCES.add(self)

    def forget(self) -> None:
        self._buffer = b""
        self._position = 0

    def random(self, count: int) -> bytes:
        start, end = self._position, self._position + count
        if end > len(self._buffer):
            self._buffer = os.urandom(max(BUFFER, count))
            start, end = 0, count
        self._position = end
        return self._buffer[start:end]


class SeededBytes:
    """A reproducible stream: SHAKE-128 of seed and block number, block after block. Not for play with money."""

    def __init__(self, seed: int | str, stream: str = "outcomes") -> None:
        self._prefix = f"{stream}\0{seed}\0".encode()
        self._block = 0
        self._buffer = b""
        self._position = 0

    def take(self, count: int) -> bytes:
        position = self._position
        taken = self._buffer[position : position + count]
        self._position = position + count
        while len(taken) < count:
            block = self._prefix + self._block.to_bytes(8, "little")
            self._block += 1
            self._buffer = hashlib.shake_128(block).digest(BUFFER)
            self._position = count - len(taken)
            taken += self._buffer[: self._position]
        return taken


class Seeded(Lemire):
    """Outcomes by seed. Streams of different names, or of different seeds, have nothing in common."""

    def __init__(self, seed: int | str, stream: str = "outcomes") -> None:
        super().__init__(SeededBytes(seed, stream).take)


class SeededIds:
    """Ids by seed, for simulation and demo data."""

    def __init__(self, seed: int | str) -> None:
        self._bytes = SeededBytes(seed, "ids")

    def random(self, count: int) -> bytes:
        return self._bytes.take(count)
