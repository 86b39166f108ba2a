"""After a restore from a backup: rounds that the lost time may have ended in any way stop, and wait for people."""

import uuid

import msgspec

from croupier.domain.parties import SeatKey
from croupier.domain.refusal import Refused
from croupier.rounds.events import SuspendedByStaff
from croupier.runtime.live_seat import LiveSeat, UnreadableStream
from croupier.runtime.round_runner import RoundRunner

REASON = "restored from a backup"


class Unread(msgspec.Struct, frozen=True):
    """A seat whose stream cannot be followed: nobody plays there. `key` is None where there is no such seat."""

    seat_id: uuid.UUID
    key: SeatKey | None
    why: str


class Stopped(msgspec.Struct, frozen=True):
    """`rounds`: ids of those that wait for two people now. What is `unread` is stopped by whoever can read it first."""

    rounds: tuple[str, ...]
    unread: tuple[Unread, ...]


async def stop_open_rounds(runner: RoundRunner, by: str) -> Stopped:
    """All of them, before the first start after a restore. `by`: who is named as having suspended them."""
    rounds, unread = [], []
    for seat_id in await runner.world.journal.unfinished():
        try:
            stopped = await stop(runner, await runner.seats.live(seat_id), by)
        except (Refused, UnreadableStream, LookupError) as error:
            seat = await runner.world.journal.seat_by_id(seat_id)
            unread.append(Unread(seat_id, seat.key if seat is not None else None, str(error)))
            continue
        if stopped is not None:
            rounds.append(stopped)
    return Stopped(tuple(rounds), tuple(unread))


async def stop(runner: RoundRunner, live: LiveSeat, by: str) -> str | None:
    """The round's id when it had to be stopped."""
    r = live.state.open_round
    if r is None or r.state == "suspended" or r.only_owed:
        return None
    await runner.system_event(
        live.state.seat.seat_id, SuspendedByStaff(runner.world.clock.now(), by, REASON, r.round_id)
    )
    return r.round_id


def overlooked(runner: RoundRunner, live: LiveSeat) -> bool:
    """Nothing was recorded here since the restore: the stream could not be read then, and now it can."""
    return live.at < runner.world.restored_at
