"""What the journal keeps, and how an append can end. The same contract holds in memory and on PostgreSQL."""

import uuid
from typing import Protocol

import msgspec

from croupier.campaigns.claims import Claim
from croupier.domain.parties import Seat, SeatKey


class Record(msgspec.Struct, frozen=True, gc=False):
    """One transition of one stream. `at` in microseconds, never running back within a stream.

    `opening`: this record opens a round and carries what a reader needs of the stream before it.
    `payload`: the list of events, encoded as `format` says.
    `claims`: what this record claims across streams; written with it or not at all, never read back with it.
    """

    seat_id: uuid.UUID
    seq: int
    at: int
    format: int
    payload: bytes
    request_id: str | None = None
    opening: bool = False
    writer: str = ""
    claims: tuple[Claim, ...] = ()


class Stale(Exception):
    """Another record has this place in the stream: nothing was written, reload before you go on."""


class RequestRepeated(Exception):
    """This seat has a record with the same request id: nothing was written. `seq` is that record's."""

    def __init__(self, seq: int) -> None:
        super().__init__(f"request already recorded at {seq}")
        self.seq = seq


class Claimed(Exception):
    """Another record, of this stream or another, has claimed the same: nothing was written."""


class LastClaim(msgspec.Struct, frozen=True, gc=False):
    """A claim and the record that holds it."""

    key: str
    seat_id: uuid.UUID
    seq: int


class Unavailable(Exception):
    """The store cannot be reached; certainly nothing was written."""


class Unheard(Unavailable):
    """The other processes have not heard of this writer id yet. Certainly nothing was written."""

    def __init__(self) -> None:
        super().__init__("the other processes have not heard of this writer yet")


class Journal(Protocol):
    writer: str
    """Id of this process, new at every start, and whenever it was away for longer than its lease."""

    def renew(self) -> None:
        """Take a new writer id. What is on its way under the old one is settled as ever.

        Nothing is written under the new one before `heard`: appends raise Unheard.
        """
        ...

    def heard(self) -> None:
        """The others know of this writer id: it may write."""
        ...

    async def append(self, record: Record) -> None:
        """Durable when it returns, with its claims. Raises Stale, RequestRepeated, Claimed or Unavailable: not written.

        An append whose result is unknown is settled inside before this returns (however long that takes):
        by winning the record's `seq` over a new connection, never by reading alone.
        """
        ...

    async def load(self, seat_id: uuid.UUID) -> list[Record]:
        """The stream's last opening record and all that follow, or the whole stream when it has none."""
        ...

    async def read(self, seat_id: uuid.UUID, from_seq: int, limit: int = 200) -> list[Record]:
        """Records from `from_seq` on, ascending."""
        ...

    async def find_request(self, seat_id: uuid.UUID, request_id: str) -> int | None:
        """`seq` of the record with this request id."""
        ...

    async def last_claim(self, kind: str, prefix: str) -> LastClaim | None:
        """Of the claims whose key begins so, the one that sorts last (by bytes)."""
        ...

    async def seat(self, key: SeatKey) -> Seat:
        """The seat of this player at this game in this mode; made when it does not exist."""
        ...

    async def rotate(self, closing: Record, first: Record, seat: Seat) -> None:
        """In one transaction: the old stream's last record, and a new current seat with its first one.

        Raises Stale: nothing was written. Unavailable: perhaps it was; `seat` and a reload tell.
        """
        ...

    async def seat_by_id(self, seat_id: uuid.UUID) -> Seat | None: ...

    async def unfinished(self) -> list[uuid.UUID]:
        """Seats whose last round may be unfinished: the projection's plus those in the journal's tail.

        Those that wait for a wallet first; of hands that wait for their player there may be many.
        """
        ...
