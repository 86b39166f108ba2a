"""Records of the journal with damaged bytes: one kind of error, and only their own stream stops."""

import asyncio
import random
import uuid
from functools import cache
from pathlib import Path

import msgspec

from croupier.domain.parties import SeatKey
from croupier.store import formats
from croupier.store.projections import Folder
from croupier.store.records import Record
from fuzz.target import Seed, Target
from rounds.kept import STORIES
from rounds.story import KEY, START, Conversation, read

DAMAGED, SOUND = uuid.UUID(int=7), uuid.UUID(int=8)


@cache
def told(path: Path) -> list[bytes]:
    """A story's events, a record each; read over and over."""
    story = Conversation()
    story.tell(read(path))
    return [formats.encode([event]) for event in story.events]


def seeds() -> list[Seed]:
    """Of each story one record in four, with the stream that it stands in."""
    return [
        Seed(f"{path.stem}/{at}", payload, (told(path), at), "msgpack")
        for path in STORIES
        for at, payload in enumerate(told(path))
        if at % 4 == len(path.stem) % 4
    ]


def record(seat: uuid.UUID, seq: int, payload: bytes) -> Record:
    return Record(seat, seq, START + seq, formats.CURRENT, payload)


def judge(seed: Seed, data: bytes, rng: random.Random) -> str:
    stream, at = seed.about
    try:
        events = formats.decode(formats.CURRENT, data)
    except msgspec.DecodeError:
        events = None
    else:
        again = formats.encode(events)
        assert formats.decode(formats.CURRENT, again) == events
    changed = [*stream[:at], data, *stream[at + 1 :]]
    mixed = [
        record(seat, seq, payload)
        for seq, both in enumerate(zip(changed, stream, strict=True), 1)
        for seat, payload in zip((DAMAGED, SOUND), both, strict=True)
    ]
    changes, stops = asyncio.run(folded(mixed))
    assert changes[SOUND] == whole(tuple(stream)), "a stream that is sound was folded otherwise"
    assert {stop.seat_id for stop in stops} <= {DAMAGED}
    if events is None:
        assert [(stop.seq, stop.seat_id) for stop in stops] == [(at + 1, DAMAGED)]
        return "damaged"
    return "stopped" if stops else "followed"


async def folded(records: list[Record]):
    async def load(_):
        return []

    async def keys(seats) -> dict[uuid.UUID, SeatKey]:
        return dict.fromkeys(seats, KEY)

    return await Folder(load, keys).fold(records)


@cache
def whole(stream: tuple[bytes, ...]):
    changes, stops = asyncio.run(folded([record(SOUND, seq, one) for seq, one in enumerate(stream, 1)]))
    assert not stops
    return changes[SOUND]


TARGETS = [Target("journal", seeds, judge, frozenset({"damaged", "stopped", "followed"}))]
