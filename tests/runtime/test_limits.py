"""Many waits of one length under one timer; and what a turn makes of its end."""

import asyncio

import pytest

from croupier.runtime.limits import Limits
from croupier.runtime.told import Told
from croupier.runtime.turn import Turn
from croupier.store.records import Unavailable

SHORT = 0.08
LATE = SHORT + SHORT / 8 + 0.05


async def test_each_is_over_after_its_own_time():
    over: list[str] = []
    limits = Limits(SHORT)
    limits.begin(lambda: over.append("first"))
    await asyncio.sleep(SHORT / 2)
    limits.begin(lambda: over.append("second"))
    in_time = limits.begin(lambda: over.append("never"))
    limits.end(in_time)
    assert over == []
    await asyncio.sleep(SHORT / 2 + SHORT / 4)
    assert over == ["first"]
    await asyncio.sleep(LATE)
    assert over == ["first", "second"]
    limits.begin(lambda: over.append("after a rest"))
    await asyncio.sleep(LATE)
    assert over[-1] == "after a rest"


async def test_a_turn_that_takes_too_long_is_unavailable_and_gives_the_seat_back():
    lock, limits = asyncio.Lock(), Limits(SHORT)
    with pytest.raises(Unavailable):
        async with Turn(lock, limits):
            await asyncio.sleep(10)
    assert not lock.locked()
    assert not asyncio.current_task().cancelling()


async def test_waiting_for_the_seat_counts_as_well():
    lock, limits = asyncio.Lock(), Limits(SHORT)
    async with lock:
        with pytest.raises(Unavailable):
            async with Turn(lock, limits):
                raise AssertionError("the seat was taken")
    assert not lock.locked()


async def test_a_turn_that_somebody_cancels_is_cancelled():
    lock, limits = asyncio.Lock(), Limits(10)

    async def take() -> None:
        async with Turn(lock, limits):
            await asyncio.sleep(10)

    task = asyncio.create_task(take())
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not lock.locked()


async def test_who_leaves_does_not_disturb_the_others():
    told, limits = Told(), Limits(10)
    waiting = [asyncio.create_task(told.heard(limits)) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.sleep(0)
    assert waiting[0].cancelled()
    told.tell()
    await asyncio.gather(*waiting[1:])
    await told.heard(limits)


async def test_who_waits_too_long_is_told():
    told = Told()
    await told.heard(Limits(SHORT))
    assert told.done
