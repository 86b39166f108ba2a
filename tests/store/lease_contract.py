"""What every store of leases promises. One suite, run on memory and on PostgreSQL.

Whoever runs it gives `leases`, and `others`: the same store as a second process sees it.
"""

import asyncio
import uuid

from croupier.store.leases import Leases

SEAT = uuid.UUID(int=7)


def unheard(seat_id: uuid.UUID) -> None:
    raise AssertionError(f"nobody asked for {seat_id}")


class LeaseContract:
    async def test_a_process_hears_all_counters_the_version_and_the_time(self, leases: Leases, others: Leases) -> None:
        await leases.enter("a", "", unheard)
        await others.enter("b", "", unheard)
        before = (await leases.beat("a", 0)).beats["a"]
        await leases.beat("a", 0)
        first = await others.beat("b", 0)
        await leases.beat("a", 0)
        second = await others.beat("b", 0)
        assert {"a", "b"} <= set(second.beats)
        assert second.beats["a"] == first.beats["a"] + 1 > before
        assert second.version == first.version
        assert second.at >= first.at > 0

    async def test_who_begins_at_a_place_outlived_whoever_was_there(self, leases: Leases, others: Leases) -> None:
        await leases.enter("a", "server/1", unheard)
        await others.enter("b", "server/2", unheard)
        await leases.enter("c", "server/1", unheard)
        heard = await others.beat("b", 0)
        assert "a" not in heard.beats
        assert "c" in heard.beats

    async def test_no_place_is_nobodys(self, leases: Leases, others: Leases) -> None:
        await leases.enter("a", "", unheard)
        await others.enter("b", "", unheard)
        assert "a" in (await others.beat("b", 0)).beats

    async def test_who_leaves_is_not_heard_any_more(self, leases: Leases, others: Leases) -> None:
        await leases.enter("a", "", unheard)
        await others.enter("b", "", unheard)
        await leases.leave("a")
        assert "a" not in (await others.beat("b", 0)).beats

    async def test_a_process_that_took_another_name_is_heard_under_both(self, leases: Leases, others: Leases) -> None:
        await leases.enter("a", "server/1", unheard)
        await leases.beat("a2", 0)
        await others.enter("b", "", unheard)
        assert {"a", "a2"} <= set((await others.beat("b", 0)).beats)

    async def test_a_writer_can_be_asked_to_hurry(self, leases: Leases, others: Leases) -> None:
        asked: asyncio.Queue[uuid.UUID] = asyncio.Queue()
        await leases.enter("a", "", asked.put_nowait)
        await others.enter("b", "", unheard)
        await others.ask("a", SEAT)
        await others.ask("nobody", SEAT)
        assert await asyncio.wait_for(asked.get(), 5) == SEAT
        assert asked.empty()
