"""After a restore from a backup: rounds that the lost time may have ended in any way stop, and wait for people."""

import uuid
from collections.abc import Mapping

import msgspec

from croupier.domain.exchange import Exchange, HttpRequest, HttpResponse, NoAnswer
from croupier.domain.parties import SeatKey
from croupier.domain.refusal import Refused
from croupier.games.game import Game
from croupier.rounds.events import SuspendedByStaff
from croupier.runtime.live_seat import LiveSeat, UnreadableStream
from croupier.runtime.operators import Operators
from croupier.runtime.round_runner import RoundRunner
from croupier.runtime.world import Clock, Ids, World
from croupier.store.records import Journal, Stale
from croupier.wallet.dialect import Dialect

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


class _Nothing:
    """The random source, the network and the log of a command that only writes down."""

    def below(self, n: int) -> int:
        raise AssertionError(f"nothing is drawn here: below {n}")

    async def send(
        self,
        request: HttpRequest,
        *,
        private: bool,  # noqa: ARG002 - as Network says
        operator_id: str = "",  # noqa: ARG002
        owed: bool = False,  # noqa: ARG002
    ) -> HttpResponse | NoAnswer:
        raise AssertionError(f"nothing is sent here: {request.url}")

    def add(self, exchange: Exchange) -> None:
        raise AssertionError(f"nothing is exchanged here: {exchange}")


def writing_only(
    clock: Clock,
    ids: Ids,
    journal: Journal,
    *,
    operators: Operators,
    games: Mapping[str, Game],
    dialects: Mapping[str, Dialect],
) -> RoundRunner:
    """Knows the rules of rounds, and neither draws nor calls a wallet."""
    nothing = _Nothing()
    return RoundRunner(World(clock, nothing, ids, nothing, journal, nothing), operators, games, dialects)


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
    """The round's id when it had to be stopped. Raises Unavailable: perhaps it was.

    Whatever the journal answers, nobody goes on with the round meanwhile, as after any other stale record.
    """
    async with live.lock:
        while True:
            await runner.recorder.regain(live)
            r = live.state.open_round
            if r is None or r.state == "suspended" or r.only_owed:
                return None
            try:
                await runner.recorder.record(live, SuspendedByStaff(runner.world.clock.now(), by, REASON, r.round_id))
            except Stale:
                await runner.recorder.load(live)
            else:
                return r.round_id


def overlooked(runner: RoundRunner, live: LiveSeat) -> bool:
    """Nothing has happened in the round since the restore: the stream could not be read then, and now it can."""
    r = live.state.open_round
    return r is not None and r.changed_at < runner.world.restored_at
