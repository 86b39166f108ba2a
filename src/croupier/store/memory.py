"""The journal in memory: for demo sessions, which may be forgotten, and for the simulation, which wraps it with faults.

`Streams` is the disk, `MemoryJournal` one process that writes to it. Deterministic: no clock, no chance of its own.
"""

import uuid
from collections import OrderedDict
from collections.abc import Callable, Sequence

import msgspec

from croupier.campaigns.claims import Claim
from croupier.domain.ids import text_of, uuid7
from croupier.domain.parties import Seat, SeatKey
from croupier.rounds.events import Recovered
from croupier.store import formats
from croupier.store.records import Claimed, LastClaim, Record, RequestRepeated, Stale, Unheard


class ResultUnknown(Exception):
    """For a simulated store: the append may be written, now or later. The journal then settles it."""


class Stream:
    __slots__ = ("opening", "records", "requests", "seat")

    def __init__(self, seat: Seat) -> None:
        self.seat = seat
        self.records: list[Record] = []
        self.requests: dict[str, int] = {}
        self.opening = 0
        """Index of the last opening record."""


class Streams:
    """What is durable. At most `seats_max` seats: the one that was idle longest is dropped, None = all are kept."""

    def __init__(self, seats_max: int | None = None) -> None:
        self.seats_max = seats_max
        self.by_id: OrderedDict[uuid.UUID, Stream] = OrderedDict()
        self.by_key: dict[SeatKey, uuid.UUID] = {}
        self.claims: dict[Claim, LastClaim] = {}

    def put(self, record: Record) -> None:
        """Raises Stale, RequestRepeated and Claimed as an append does. The record must follow the stream's last one."""
        stream = self.by_id.get(record.seat_id)
        if stream is None:
            raise Stale  # dropped: whoever reloads finds no seat
        self.by_id.move_to_end(record.seat_id)
        if record.request_id is not None and record.request_id in stream.requests:
            raise RequestRepeated(stream.requests[record.request_id])
        if record.seq <= len(stream.records):
            raise Stale
        assert record.seq == len(stream.records) + 1, f"a gap before {record.seq} in {record.seat_id}"
        if any(claim in self.claims for claim in record.claims):
            raise Claimed
        for claim in record.claims:
            self.claims[claim] = LastClaim(claim.key, record.seat_id, record.seq)
        if record.opening:
            stream.opening = len(stream.records)
        if record.request_id is not None:
            stream.requests[record.request_id] = record.seq
        stream.records.append(record)

    def add(self, seat: Seat) -> None:
        self.by_key[seat.key] = seat.seat_id
        self.by_id[seat.seat_id] = Stream(seat)
        while self.seats_max is not None and len(self.by_id) > self.seats_max:
            _, idle = self.by_id.popitem(last=False)
            if self.by_key.get(idle.seat.key) == idle.seat.seat_id:  # unless a newer seat took its place
                del self.by_key[idle.seat.key]


class MemoryJournal:
    """See `records.Journal`. A simulated store overrides `commit`."""

    def __init__(self, streams: Streams, *, now: Callable[[], int], random: Callable[[int], bytes]) -> None:
        self.streams = streams
        self.now = now
        self.random = random
        self.writer = text_of(random(12))
        self._heard = True
        self._unconfirmed: set[uuid.UUID] = set()

    async def commit(self, records: Sequence[Record]) -> list[Exception | None]:
        """Makes records durable together. How each ended: None = written, else the exception, also ResultUnknown."""
        return [self.put(record) for record in records]

    def renew(self) -> None:
        self.writer = text_of(self.random(12))
        self._heard = False

    def heard(self) -> None:
        self._heard = True

    def put(self, record: Record) -> Exception | None:
        try:
            self.streams.put(record)
        except (Stale, RequestRepeated, Claimed) as failed:
            return failed
        return None

    async def append(self, record: Record) -> None:
        assert record.seat_id not in self._unconfirmed, "a stream has at most one unconfirmed append"
        if not self._heard:
            raise Unheard
        self._unconfirmed.add(record.seat_id)
        record = msgspec.structs.replace(record, writer=self.writer)
        try:
            (failed,) = await self.commit([record])
            if isinstance(failed, ResultUnknown):
                failed = await self._settle(record)
        finally:
            self._unconfirmed.remove(record.seat_id)
        if failed is not None:
            raise failed

    async def _settle(self, record: Record) -> Exception | None:
        """As on PostgreSQL: by winning the place of the record that may be lost, never by reading alone."""
        recovered = Record(
            record.seat_id,
            record.seq,
            record.at,
            formats.CURRENT,
            formats.encode([Recovered(record.writer)]),
            writer=record.writer,
        )
        while True:
            (failed,) = await self.commit([recovered])
            if failed is None:
                return Stale()
            if isinstance(failed, Stale):
                there = self.streams.by_id.get(record.seat_id)
                written = there is not None and there.records[record.seq - 1] == record
                return None if written else Stale()

    async def load(self, seat_id: uuid.UUID) -> list[Record]:
        stream = self._stream(seat_id)
        return stream.records[stream.opening :] if stream is not None else []

    async def read(self, seat_id: uuid.UUID, from_seq: int, limit: int = 200) -> list[Record]:
        stream = self._stream(seat_id)
        first = max(from_seq, 1) - 1
        return stream.records[first : first + limit] if stream is not None else []

    async def find_request(self, seat_id: uuid.UUID, request_id: str) -> int | None:
        stream = self._stream(seat_id)
        return stream.requests.get(request_id) if stream is not None else None

    async def last_claim(self, kind: str, prefix: str) -> LastClaim | None:
        held = self.streams.claims
        found = [claim for claim in held if claim.kind == kind and claim.key.startswith(prefix)]
        return held[max(found, key=lambda claim: claim.key)] if found else None

    async def seat(self, key: SeatKey) -> Seat:
        seat_id = self.streams.by_key.get(key)
        if seat_id is None:
            seat_id = uuid7(self.now(), self.random(10))
            self.streams.add(Seat(seat_id, key))
        return Seat(seat_id, key)

    async def rotate(self, closing: Record, first: Record, seat: Seat) -> None:
        if not self._heard:
            raise Unheard
        self.streams.put(closing)
        self.streams.add(seat)
        self.streams.put(first)

    async def seat_by_id(self, seat_id: uuid.UUID) -> Seat | None:
        stream = self._stream(seat_id)
        return stream.seat if stream is not None else None

    async def unfinished(self) -> list[uuid.UUID]:
        return [seat_id for seat_id, stream in self.streams.by_id.items() if stream.records]

    def oldest_waiting_ms(self) -> int:
        return 0

    def _stream(self, seat_id: uuid.UUID) -> Stream | None:
        stream = self.streams.by_id.get(seat_id)
        if stream is not None:
            self.streams.by_id.move_to_end(seat_id)
        return stream
