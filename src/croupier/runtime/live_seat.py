"""A seat in this process's memory: its state, its place in the journal, and the one way to move both."""

import asyncio

from croupier.campaigns.claims import Claim, claims_between
from croupier.domain.parties import Seat
from croupier.domain.refusal import Refused
from croupier.rounds.commands import Command, PlayGame
from croupier.rounds.events import (
    AbandonmentDue,
    ActionRequested,
    BetRequested,
    CheckFailed,
    Event,
    FreeRoundsEnded,
    GamePlayed,
    GameUnavailable,
    PlayerReturned,
    Recovered,
    ResolvedByStaff,
    SessionOpened,
    VoidApproved,
    WalletAnswered,
)
from croupier.rounds.round import Round
from croupier.rounds.seat import SeatState, apply, carried
from croupier.rounds.transitions import NotAllowed
from croupier.runtime.game_table import GameTable
from croupier.runtime.told import Told
from croupier.runtime.world import World
from croupier.store import formats
from croupier.store.records import Record, Stale
from croupier.wallet.outcome import Accepted, Declined

Played = GamePlayed | GameUnavailable | CheckFailed
Drawn = tuple[str, int, str, bytes | None]
"""What a draw was for: round, step, action, choice."""

OPENING = (BetRequested, FreeRoundsEnded)
OWNING = frozenset({*OPENING, ActionRequested, AbandonmentDue, VoidApproved, ResolvedByStaff, Recovered})
"""Whoever writes one of these goes on with the round from there. Answers and sessions change no owner."""


BALANCE_US = 5 * 60 * 1_000_000
"""What the wallet said longer ago is not shown to a player who comes back: the casino may have changed it."""


NOTHING_TO_TELL = Told()
NOTHING_TO_TELL.tell()


class LiveSeat:
    """One stream. `lock` is held while a record is made and written: a stream has at most one unconfirmed append."""

    __slots__ = (
        *("at", "balance", "carry", "carry_since", "drawn", "drive", "free_left", "lock", "owner", "seq", "shared"),
        *("state", "told", "unsure", "unwritten", "used_at"),
    )

    def __init__(self, seat: Seat) -> None:
        self.state = SeatState(seat)
        self.seq = 0
        self.at = 0
        self.owner = ""
        """The writer that has to go on with the round, as long as it lives."""
        self.shared = False
        """Other processes serve this player too: they should not have to wait for closing events."""
        self.carry: list[Event] = []
        """Closing events that wait to ride in the stream's next record."""
        self.carry_since = 0
        self.drawn: tuple[Drawn, GamePlayed] | None = None
        self.unsure = False
        """Whoever wrote last did not wait for the result: the record may be there, now or later. See `regain`."""
        self.unwritten = False
        """The store is away, and something that nobody may lose waits for it."""
        self.lock = asyncio.Lock()
        self.balance: int | None = None
        """What the wallet last said, minor units; None while a call about money is unanswered."""
        self.free_left: int | None = None
        """What the wallet last said of the free rounds that it counts itself."""
        self.told = NOTHING_TO_TELL
        self.drive: asyncio.Task[None] | None = None
        self.used_at = 0

    @property
    def round(self) -> Round | None:
        return self.state.round

    @property
    def heard(self) -> bool:
        """The wallet has said all of it that the player is shown."""
        session = self.state.session
        counts = session is not None and session.bonus_id is not None
        return self.balance is not None and not (counts and self.free_left is None)

    @property
    def idle(self) -> bool:
        return self.drive is None and not self.carry and not self.unsure and not self.lock.locked()


class Recorder:
    """Events in; durable; commands out. Nothing is visible before it is in the journal."""

    def __init__(self, world: World, table: GameTable) -> None:
        self.world = world
        self.table = table

    async def record(self, live: LiveSeat, event: Event, request_id: str | None = None) -> list[Command]:
        """Apply one event and what follows from it locally, write one record, return what is to be done now.

        The caller holds `live.lock`. Raises Refused and NotAllowed (nothing changed), and the journal's
        Stale, RequestRepeated, Claimed and Unavailable (nothing written, memory unchanged).
        """
        if live.unsure:
            await self.regain(live)
        now = max(self.world.clock.now(), live.at)
        move = _Move(live.state)
        self._follow(live, move, event, now)
        if not move.events:
            return move.commands
        claims = claims_between(live.state.seat.key, live.round, move.state.round)
        if not claims and not live.shared and _may_ride(live.state, move):
            live.carry.extend(move.events)
            live.carry_since = live.carry_since or now
        else:
            opening = isinstance(event, OPENING)
            head = [*live.carry, carried(live.state)] if opening else live.carry
            writer = await self._append(live, [*head, *move.events], now, request_id, claims, opening=opening)
            if type(event) in OWNING:
                live.owner = writer
        live.state = move.state
        return move.commands

    def _follow(self, live: LiveSeat, move: "_Move", event: Event, now: int) -> None:
        """The event, and the game's play where the event leads to one: a draw shares the record that allowed it."""
        before = move.state
        move.state, commands = apply(before, event)
        # An answer that changes nothing and asks for nothing came late: it is kept all the same (T-14, Q-24).
        late = type(event) is WalletAnswered and not commands
        if move.state is not before or late or isinstance(event, PlayerReturned | Recovered):
            move.events.append(event)
        for command in commands:
            if type(command) is PlayGame:
                r = move.state.round
                assert r is not None, "only a round is played"
                self._follow(live, move, self.drawn_once(live, r, now), now)
            else:
                move.commands.append(command)

    def drawn_once(self, live: LiveSeat, r: Round, now: int) -> Played:
        """A draw whose record was not written is kept for the next try: an action is never drawn twice by one process.

        Another action instead of it is drawn anew; nobody has seen what the first would have shown.
        """
        assert r.pending is not None, "only a pending action is played"
        step = (r.round_id, len(r.steps), r.pending.action, r.pending.choice)
        if live.drawn is not None and live.drawn[0] == step:
            return live.drawn[1]
        played = self.table.play(live.state.seat.key.game_id, r, now)
        # A failure is not kept: once people have seen to it, the next try may succeed.
        live.drawn = (step, played) if isinstance(played, GamePlayed) else None
        return played

    async def write_carry(self, live: LiveSeat) -> None:
        """The closing events alone, when no next record came in time. The caller holds `live.lock`."""
        await self.regain(live)
        if live.carry:
            await self._append(live, list(live.carry), max(self.world.clock.now(), live.at), None, (), opening=False)

    async def regain(self, live: LiveSeat) -> None:
        """After a record with unknown result: take its place in the stream, or learn that it is there.

        Reading alone proves nothing, the record may appear later. Afterwards nothing is in doubt: what is decided next
        is decided by what is there. The caller holds `live.lock`.
        """
        while live.unsure:  # again when the lease was lost while it was written
            taken = [*live.carry, Recovered(self.world.journal.writer)]
            try:
                at = max(self.world.clock.now(), live.at)
                live.owner = await self._append(live, taken, at, None, (), opening=False)
            except Stale:
                await self.load(live)

    async def _append(
        self,
        live: LiveSeat,
        events: list[Event],
        at: int,
        request_id: str | None,
        claims: tuple[Claim, ...],
        *,
        opening: bool,
    ) -> str:
        """Answers the writer under whose name it was written."""
        record = Record(
            seat_id=live.state.seat.seat_id,
            seq=live.seq + 1,
            at=at,
            format=formats.CURRENT,
            payload=formats.encode(events),
            request_id=request_id,
            opening=opening,
            writer=self.world.journal.writer,
            claims=claims,
        )
        try:
            await self.world.journal.append(record)
        except asyncio.CancelledError:
            live.unsure = True
            raise
        # Our lease may have run out meanwhile: others take what was written under the old name for a dead one's.
        live.unsure = record.writer != self.world.journal.writer
        live.seq += 1
        live.at = at
        live.carry.clear()
        live.carry_since = 0
        return record.writer

    async def catch_up(self, live: LiveSeat) -> bool:
        """Load what others wrote since; False when there is nothing. The caller holds `live.lock`."""
        if not await self.world.journal.read(live.state.seat.seat_id, live.seq + 1, 1):
            return False
        doubtful = live.unsure
        await self.load(live)
        # What was in doubt may be there now, but nobody goes on with it yet: that is for whoever regains the stream.
        # Where another began something since, its place is taken, and that other goes on with it.
        live.unsure = doubtful and live.owner == self.world.journal.writer
        return True

    async def load(self, live: LiveSeat) -> None:
        """The seat as the journal has it. Closing events that waited are applied to what is there now.

        Whatever else memory held beyond the journal is forgotten; the wallet is asked again.
        Raises UnreadableStream, and Refused ``upgrading`` for a record of a newer release.
        """
        seat_id = live.state.seat.seat_id
        records = await self.world.journal.load(seat_id)
        if not records and live.seq and await self.world.journal.seat_by_id(seat_id) is None:
            raise LookupError(f"no seat {seat_id}")  # a store of demo sessions forgets those that were idle longest
        state, owner, balance = _folded(live.state.seat, records)
        seq, at = (records[-1].seq, records[-1].at) if records else (0, 0)
        live.shared |= 0 < live.seq < seq and records[-1].writer != self.world.journal.writer
        live.state, live.seq, live.at, live.owner = state, seq, at, owner
        live.balance = balance if self.world.clock.now() - at < BALANCE_US else None
        live.unsure = False
        self._carry_again(live)
        r = live.state.open_round
        if r is not None and r.in_motion:
            live.balance = None

    def _carry_again(self, live: LiveSeat) -> None:
        """An answer that we hold counts for the newer state as well: nothing is sent a second time for it."""
        held, live.carry = live.carry, []
        for event in held:
            try:
                state, _ = apply(live.state, event)
            except (NotAllowed, Refused):
                continue
            if state is not live.state and not claims_between(live.state.seat.key, live.round, state.round):
                live.state = state
                live.carry.append(event)
                live.balance = _balance_after(event, live.balance)
        if not live.carry:
            live.carry_since = 0


class UnreadableStream(Exception):
    """A record is missing, damaged or impossible: this seat stops, the process goes on."""


def _folded(seat: Seat, records: list[Record]) -> tuple[SeatState, str, int | None]:
    """The seat after these records, the writer that goes on with its round, and what the wallet last said."""
    state, owner, balance = SeatState(seat), "", None
    seq = 0
    for index, record in enumerate(records):
        try:
            if index and record.seq != seq + 1:
                raise UnreadableStream(f"{seq} is followed by {record.seq}")
            events = formats.decode(record.format, record.payload)
            for event in formats.from_carry(events) if not index else events:
                state, _ = apply(state, event)
                if type(event) in OWNING:
                    owner = record.writer
                balance = _balance_after(event, balance)
        except formats.UnknownFormat as error:
            raise Refused("upgrading", f"This seat was written by a newer release: {error}.") from error
        except Exception as error:  # whatever it is, it is this stream's
            why = str(error) if isinstance(error, UnreadableStream) else f"{type(error).__name__}: {error}"
            raise UnreadableStream(f"{seat.seat_id} cannot be read at {record.seq}: {why}") from error
        seq = record.seq
    return state, owner, balance


class _Move:
    """One transition under way: the state it led to, what is to be recorded, and what is to be done then."""

    __slots__ = ("commands", "events", "state")

    def __init__(self, state: SeatState) -> None:
        self.state = state
        self.events: list[Event] = []
        self.commands: list[Command] = []


def _balance_after(event: Event, known: int | None) -> int | None:
    """What the wallet last said, minor units; unknown at the begin of a session: the casino may have changed it."""
    match event:
        case SessionOpened():
            return None
        case WalletAnswered(outcome=Accepted() | Declined() as outcome) if outcome.balance is not None:
            return outcome.balance
        case _:
            return known


def _may_ride(before: SeatState, move: _Move) -> bool:
    """Whether nobody has to wait for these events: the wallet took what we owed and the round is over.

    Lost in a crash, the same idempotent call is sent again and answered as before.
    """
    was, is_now = before.round, move.state.round
    if len(move.events) != 1 or not isinstance(move.events[0], WalletAnswered) or was is None or is_now is None:
        return False
    return was.finished or (was.state in ("paying", "rolling_back") and is_now.finished)
