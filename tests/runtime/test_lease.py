"""The rules of leases, second by second: who is dead for whom, who may bet, who comes back under another name.

A column is a second. The peer beats at its begin, we beat half a second later, and at its end we are asked.
`x` beat, `.` none (dead, paused, or no way to the store); `y` yes, `n` no. `writes`: whether the journal may.
"""

import asyncio
from types import SimpleNamespace

import pytest

from croupier.runtime.lease import Lease
from croupier.store.leases import MemoryLeases
from croupier.store.records import Unavailable

WALL = 1_800_000_000_000_000
TABLE = {
    "a peer that stops is dead five seconds later": """
        ours   xxxxxxxxxx
        theirs xx........
        alive  yyyyyynnnn
        bet    yyyyyyyyyy
    """,
    "a peer that misses some beats lives": """
        ours   xxxxxxxxxxxx
        theirs x....x....x.
        alive  yyyyyyyyyyyy
    """,
    "it stays dead: it comes back under another name": """
        ours   xxxxxxxxxxx
        theirs x......xxxx
        alive  yyyyynnnnnn
    """,
    "a database outage kills nobody": """
        ours   xx.........xxxxxxx
        theirs xx.........xxxxxxx
        alive  yyyyyyyyyyyyyyyyyy
        bet    yyyynnnnnnnyyyyyyy
        name   aaaaaaabbbbbbbbbbb
    """,
    "who died in an outage is dead five seconds after its end": """
        ours   xx......xxxxxxx
        theirs xx.............
        alive  yyyyyyyyyyyyynn
    """,
    "an interruption of our own stops the count": """
        ours   xxxxx....xxxxxxx
        theirs x...............
        alive  yyyyyyyyyyyyyynn
    """,
    "one lost heartbeat of ours does not": """
        ours   xxx.xxxxxx
        theirs xx........
        alive  yyyyyynnnn
        bet    yyyyyyyyyy
    """,
    "after three seconds no bets, after the next heartbeat again": """
        ours   xx....xx
        theirs xxxxxxxx
        bet    yyyynnyy
        name   aaaaaaaa
    """,
    "after more than five seconds another name": """
        ours   xx......xx
        theirs xxxxxxxxxx
        alive  yyyyyyyyyy
        bet    yyyynnnnyy
        name   aaaaaaabbb
        writes yyyyyyynyy
    """,
    "under another name nothing is written before a heartbeat has shown it": """
        ours   xx.........xxxxxxx
        theirs xxxxxxxxxxxxxxxxxx
        name   aaaaaaabbbbbbbbbbb
        writes yyyyyyynnnnyyyyyyy
    """,
    "a name that was never heard is given up like any other": """
        ours   xx..............xx
        theirs xxxxxxxxxxxxxxxxxx
        name   aaaaaaabbbbbbccccc
        writes yyyyyyynnnnnnnnnyy
    """,
}


class Machine:
    """Boot time that a test moves; the wall clock of this machine is `wrong` by so much."""

    def __init__(self) -> None:
        self.at = 100_000_000
        self.wrong = 0

    def boot(self) -> int:
        return self.at

    def now(self) -> int:
        return WALL + self.at + self.wrong

    async def sleep(self, seconds: float) -> None:
        self.at += int(seconds * 1_000_000)


class Journal:
    def __init__(self) -> None:
        self.writer = "a"

        self.writes = True

    def renew(self) -> None:
        self.writer = chr(ord(self.writer) + 1)
        self.writes = False

    def heard(self) -> None:
        self.writes = True


class Store(MemoryLeases):
    """A store that can be away."""

    away = False

    async def beat(self, writer, applied):
        if self.away:
            raise Unavailable
        return await super().beat(writer, applied)


def process() -> tuple[Lease, Machine, Store]:
    machine = Machine()
    store = Store(at=lambda: WALL + machine.at)
    return Lease(SimpleNamespace(clock=machine, journal=Journal()), store), machine, store


async def beat(lease: Lease, store: Store, succeeds: bool) -> None:
    store.away = not succeeds
    try:
        await lease.beat()
    except Unavailable:
        assert not succeeds
    store.away = False


@pytest.mark.parametrize("story", TABLE)
async def test_second_by_second(story):
    rows = dict(line.split() for line in TABLE[story].strip().splitlines())
    lease, machine, store = process()
    seen = {"alive": "", "bet": "", "name": "", "writes": ""}
    for second, (ours, theirs) in enumerate(zip(rows["ours"], rows["theirs"], strict=True)):
        machine.at = 1_000_000 * (100 + second)
        if theirs == "x":
            await store.beat("peer", 0)
        machine.at += 500_000
        await beat(lease, store, ours == "x")
        machine.at += 400_000
        seen["alive"] += "y" if lease.alive("peer") else "n"
        seen["bet"] += "y" if lease.may_bet else "n"
        seen["name"] += lease.world.journal.writer
        seen["writes"] += "y" if lease.world.journal.writes else "n"
    assert {name: line for name, line in seen.items() if name in rows} == {
        name: line for name, line in rows.items() if name in seen
    }


async def test_a_writer_nobody_has_heard_of_lives_until_the_next_heartbeat_does_not_show_it():
    lease, machine, _ = process()
    await lease.beat()
    machine.at += 1
    assert lease.alive("stranger"), "it may have begun a moment ago"
    assert not lease.deaths()
    await lease.look()
    assert not lease.alive("stranger")
    assert lease.deaths()
    assert not lease.deaths(), "told once"


async def test_a_writer_that_the_next_heartbeat_shows_lives():
    lease, machine, store = process()
    await lease.beat()
    await store.beat("newcomer", 0)
    assert lease.alive("newcomer")
    machine.at += 1
    await lease.look()
    assert lease.alive("newcomer")
    assert lease.peers == 1


async def test_a_peer_that_leaves_is_gone_at_once():
    lease, machine, store = process()
    await store.beat("peer", 0)
    await lease.beat()
    await store.leave("peer")
    machine.at += 1_000_000
    await lease.beat()
    assert not lease.alive("peer")
    assert lease.deaths()


async def test_memory_is_doubted_when_the_lease_was_lost():
    lease, machine, _ = process()
    doubts = []
    lease.lost = lambda: doubts.append(lease.world.journal.writer)
    await lease.beat()
    machine.at += 5_000_000
    await lease.beat()
    assert doubts == []
    machine.at += 5_000_001
    await lease.beat()
    assert doubts == ["b"], "after the new name was taken"
    assert not lease.alive("a"), "our former self writes nothing any more"


@pytest.mark.parametrize(
    ("wrong_us", "may_bet"),
    [(0, True), (2_000_000, True), (2_000_001, False), (-2_000_000, True), (-2_000_001, False)],
)
async def test_a_clock_that_differs_from_the_stores_takes_no_bets(wrong_us, may_bet):
    lease, machine, _ = process()
    machine.wrong = wrong_us
    await lease.beat()
    assert lease.may_bet is may_bet
    machine.wrong = 0
    await lease.beat()
    assert lease.may_bet


async def test_a_slow_heartbeat_does_not_look_like_a_wrong_clock():
    lease, machine, store = process()

    async def slow(writer, applied):
        machine.at += 1_500_000
        heard = await MemoryLeases.beat(store, writer, applied)
        machine.at += 1_400_000
        return heard

    store.beat = slow
    await lease.beat()
    assert lease.clock_differs_us == 0


async def test_a_heartbeat_that_comes_after_five_silent_seconds_does_not_save_its_name():
    """A peer may have counted them, and buries for ever."""
    lease, machine, store = process()
    await lease.beat()
    delays = [200_001, 0]

    async def late(writer, applied):
        machine.at += delays.pop(0)
        return await MemoryLeases.beat(store, writer, applied)

    store.beat = late
    machine.at += 4_800_000
    await lease.beat()
    assert lease.world.journal.writer == "b"
    assert store.beats["b"], "told at once under the new name"
    assert lease.world.journal.writes


async def test_a_heartbeat_under_the_name_before_does_not_make_the_new_one_known():
    lease, machine, store = process()
    await lease.beat()
    landed = asyncio.Event()

    async def slow(writer, applied):
        heard = await MemoryLeases.beat(store, writer, applied)
        if writer == "a":
            await landed.wait()
        elif landed.is_set():
            return heard
        raise Unavailable

    store.beat = slow
    machine.at += 5_000_000
    first = asyncio.ensure_future(lease.beat())
    await asyncio.sleep(0)
    machine.at += 1
    await beat(lease, store, succeeds=False)
    assert (lease.world.journal.writer, lease.world.journal.writes) == ("b", False)
    landed.set()
    with pytest.raises(Unavailable):
        await first
    assert not lease.may_bet
    await lease.beat()
    assert lease.world.journal.writes


async def test_new_settings_are_applied_and_told_at_once():
    lease, _, store = process()

    class Settings:
        async def apply(self, version, read_at):
            assert read_at == lease.beat_at
            return version

    lease.settings = Settings()
    store.version = 7
    await lease.beat()
    assert store.applied == {"a": 7}


async def test_one_of_all_is_the_first():
    lease, machine, store = process()
    assert lease.first
    await store.beat("b", 0)
    await lease.beat()
    assert lease.first
    await store.beat("A", 0)
    machine.at += 1
    await lease.beat()
    assert not lease.first
