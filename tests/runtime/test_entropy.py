"""Sources of randomness: every byte once, to one process; a seed gives the same stream for ever."""

import os
import threading
from collections import Counter

import pytest

from croupier.games.rng import Rng
from croupier.runtime.entropy import (
    BUFFER,
    RandomnessFailed,
    Seeded,
    SeededBytes,
    SeededIds,
    SystemBytes,
    SystemIds,
    SystemRng,
)


class Numbered:
    """A source whose every block is new and tells its place."""

    def __init__(self):
        self.blocks = 0

    def __call__(self, count):
        self.blocks += 1
        return b"".join((self.blocks * BUFFER + i).to_bytes(8, "little") for i in range(count // 8))


def test_bytes_are_handed_out_in_order_and_once():
    # A source of 8-byte numbers, read 8 at a time over several refills: no gap, no repetition.
    bytes_ = SystemBytes(Numbered())
    seen = [int.from_bytes(bytes_.take(8), "little") for _ in range(BUFFER)]
    assert len(set(seen)) == BUFFER
    assert seen == sorted(seen)


def test_used_bytes_are_forgotten():
    bytes_ = SystemBytes()
    first = bytes_.take(16)
    assert bytes_._buffer[:16] == bytes(16)
    assert first != bytes(16)
    assert bytes_._buffer[16:32] != bytes(16)


def test_more_than_a_buffer_at_once():
    assert len(set(SystemBytes().take(2 * BUFFER))) == 256


def test_a_source_that_repeats_itself_stops_the_games():
    bytes_ = SystemBytes(lambda count: b"\x07" * count)
    bytes_.take(BUFFER)
    with pytest.raises(RandomnessFailed):
        bytes_.take(1)
    # And it stays so: nothing of the refused block is handed out later.
    with pytest.raises(RandomnessFailed):
        bytes_.take(1)


def test_a_source_that_gives_too_little_stops_the_games():
    with pytest.raises(RandomnessFailed):
        SystemRng(lambda _count: b"short").below(6)


def next_bytes_in_a_child(bytes_):
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.write(writer, bytes_.take(32))
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        return pipe.read()


def test_parent_and_child_never_share_a_byte():
    bytes_ = SystemBytes()
    bytes_.take(1)
    children = [next_bytes_in_a_child(bytes_) for _ in range(3)]
    assert len({*children, bytes_.take(32)}) == 4
    assert {len(taken) for taken in children} == {32}


def test_a_process_cloned_behind_pythons_back_starts_empty_too(monkeypatch):
    bytes_ = SystemBytes()
    bytes_.take(1)
    rest = bytes(bytes_._buffer[1:33])
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert bytes_.take(32) != rest


def test_a_lock_held_at_the_fork_does_not_stop_the_child():
    bytes_ = SystemBytes()
    bytes_.take(1)
    with bytes_._lock:
        assert len(next_bytes_in_a_child(bytes_)) == 32


def test_threads_never_get_the_same_bytes():
    bytes_, taken = SystemBytes(), []

    def draw():
        taken.extend(bytes_.take(8) for _ in range(2000))

    threads = [threading.Thread(target=draw) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(taken)) == 8000


@pytest.mark.parametrize("n", [2, 6, 37, 312])
def test_seeded_draws_are_spread_evenly(n):
    """Pearson's chi-square against its 99.9 % point by Wilson and Hilferty's formula, in whole numbers x 1000."""
    draws, rng = 100_000, Seeded(f"even {n}")
    counts = Counter(rng.below(n) for _ in range(draws))
    square = sum((counts[i] * n - draws) ** 2 for i in range(n)) / (n * draws)
    limit = (n - 1) * (1 - 2 / (9 * (n - 1)) + 3.0902 * (2 / (9 * (n - 1))) ** 0.5) ** 3
    assert set(counts) == set(range(n))
    assert square < limit


def test_a_crooked_source_is_not_spread_evenly():
    """The control to the test above: one number in a hundred is moved."""
    rng, turned = Seeded("even 6"), Seeded("crooked")
    counts = Counter(5 if turned.below(100) == 0 else rng.below(6) for _ in range(100_000))
    assert sum((counts[i] * 6 - 100_000) ** 2 for i in range(6)) / 600_000 > 20.5


def test_a_seed_is_a_stream_for_ever():
    """Fixed values: demo data and every recorded seed depend on them."""
    rng = Seeded(1)
    assert [rng.below(1000) for _ in range(6)] == [137, 283, 828, 566, 269, 225]
    assert Seeded("1").below(2**40) == Seeded(1).below(2**40)


def test_streams_have_nothing_in_common():
    streams = [SeededBytes(1), SeededBytes(2), SeededBytes(1, "block 1"), SeededBytes(11)]
    assert len({stream.take(32) for stream in streams}) == 4


def test_a_seeded_stream_does_not_depend_on_how_it_is_cut():
    whole = SeededBytes(5).take(3 * BUFFER + 5)
    stream, pieces = SeededBytes(5), b""
    for size in (1, 4, 8, BUFFER - 20, 11, BUFFER, BUFFER + 1):
        pieces += stream.take(size)
    assert whole.startswith(pieces)


def test_ids_are_of_the_length_asked_for():
    assert {len(ids.random(16)) for ids in (SystemIds(), SeededIds(1))} == {16}
    assert SeededIds(1).random(16) == SeededIds(1).random(16) != SeededIds(2).random(16)
    # Ids and outcomes of one seed are separate: a retry's jitter never changes a game.
    assert SeededIds(1).random(16) != SeededBytes(1).take(16)


@pytest.mark.parametrize("make", [SystemRng, lambda: Seeded(3)])
def test_a_source_is_an_rng(make):
    rng: Rng = make()
    assert {rng.below(3) for _ in range(200)} == {0, 1, 2}
