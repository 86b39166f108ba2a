"""Folds the journal into what people query: rounds, transactions and daily counters.

Records arrive in commit order. A seat that is not in memory begins at its last opening record. Whatever cannot be
followed (a gap, an event that its state forbids, an unknown format) stops that one stream, never the others.
"""

import datetime as dt
import uuid
from collections import OrderedDict, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence

import msgspec

from croupier.campaigns.campaign import given_back
from croupier.domain.days import day_of
from croupier.domain.parties import Seat, SeatKey
from croupier.ledger.entries import Entry, entry_of
from croupier.ledger.postings import postings_between, repair_postings
from croupier.rounds.events import Event, SeatCarried
from croupier.rounds.repairs import Repair, changed_by
from croupier.rounds.round import Round, Transaction
from croupier.rounds.seat import SeatState, apply
from croupier.store import formats
from croupier.store.records import Record

SEATS_MAX = 50_000

DailyKey = tuple[str, dt.date, str, str, str]
"""operator, UTC day of closing, game, currency, player."""
Load = Callable[[Sequence[tuple[uuid.UUID, int]]], Awaitable[list[Record]]]
"""Of each (seat, seq): the records below `seq`, from the last opening one on, by seat ascending in `seq`."""
Keys = Callable[[Sequence[uuid.UUID]], Awaitable[dict[uuid.UUID, SeatKey]]]


class Counts(msgspec.Struct):
    """Of closed rounds. Amounts in minor units; `hits`: rounds with a win; `free_cost`: wins of free rounds.

    The squares and products are of rounds that somebody paid for: free rounds say nothing about the return.
    """

    rounds: int = 0
    bets: int = 0
    wins: int = 0
    hits: int = 0
    bets_squared: int = 0
    wins_squared: int = 0
    bets_wins: int = 0
    free_cost: int = 0

    def add(self, bet: int, win: int, *, free: bool = False, later: int = 0, settlement: bool = False) -> None:
        """`later`: what a settlement will pay; in a settlement itself nothing was played."""
        self.rounds += not settlement
        self.bets += bet
        self.wins += win
        self.hits += win + later > 0 and not settlement
        if free:
            self.free_cost += win
            return
        self.bets_squared += bet * bet
        self.wins_squared += win * win
        self.bets_wins += bet * win


class Progress(msgspec.Struct):
    """What became of a player's free rounds in one campaign. `won` in minor units, of closed rounds.

    `paid`: what of it the wallet has taken. `told`: the sum of `summed` free rounds is on its way, or was.
    """

    used: int = 0
    returned: int = 0
    won: int = 0
    paid: int = 0
    told: bool = False


class Change(msgspec.Struct):
    """What some records of one seat changed: the newest value of each round and transaction, and what to count."""

    key: SeatKey
    seq: int = 0
    at: int = 0
    rounds: dict[str, tuple[Round, int]] = {}
    """Round id -> the round, and the seq of the record that changed it last."""
    transactions: dict[str, tuple[Round, Transaction]] = {}
    counts: dict[DailyKey, Counts] = {}
    entries: list[tuple[int, Entry]] = []
    """What each record moved, after that record's `seq`."""
    free: dict[str, Progress] = {}
    """Campaign id -> what this seat's player made of it."""


class Stopped(msgspec.Struct, frozen=True):
    """A stream that cannot be followed from `seq` on."""

    seat_id: uuid.UUID
    seq: int
    at: int
    why: str


class _Live:
    __slots__ = ("seq", "state")

    def __init__(self, state: SeatState, seq: int) -> None:
        self.state = state
        self.seq = seq


class Folder:
    """Seats in memory, and the streams that stopped."""

    def __init__(self, load: Load, keys: Keys, stopped: Iterable[uuid.UUID] = ()) -> None:
        self._load = load
        self._keys = keys
        self._live: OrderedDict[uuid.UUID, _Live] = OrderedDict()
        self.stopped: set[uuid.UUID] = set(stopped)

    async def fold(self, records: Sequence[Record]) -> tuple[dict[uuid.UUID, Change], list[Stopped]]:
        """What these records change, by seat, and the streams that stop here."""
        stops: list[Stopped] = []
        await self._warm(records, stops)
        changes: dict[uuid.UUID, Change] = {}
        for record in records:
            seat_id = record.seat_id
            if seat_id in self.stopped:
                continue
            live = self._live[seat_id]
            if record.seq <= live.seq:
                continue  # was part of what a cold seat was loaded from
            change = changes.get(seat_id)
            if change is None:
                change = changes[seat_id] = Change(live.state.seat.key)
            try:
                self._apply(live, record, change)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is this stream's
                self.stop(stops, record, f"{type(error).__name__}: {error}")
        self._forget()
        return {seat_id: change for seat_id, change in changes.items() if change.seq}, stops

    def stop(self, stops: list[Stopped], record: Record, why: str) -> None:
        self.stopped.add(record.seat_id)
        self._live.pop(record.seat_id, None)
        stops.append(Stopped(record.seat_id, record.seq, record.at, why))

    def _apply(self, live: _Live, record: Record, change: Change) -> None:
        if record.seq != live.seq + 1:
            raise GapInStream(f"{live.seq} is followed by {record.seq}")
        state = live.state
        moves: list[tuple[Round | None, Round]] = []
        repairs: list[tuple[Repair | None, Repair]] = []
        for event in formats.decode(record.format, record.payload):
            earlier = state
            before = state.round
            state, _ = apply(state, event)
            after = state.round
            if after is not None and after is not before:
                moves.append((before if before is not None and before.round_id == after.round_id else None, after))
            if state.repairs is not earlier.repairs and not isinstance(event, SeatCarried):
                repairs.extend(_repairs_changed(earlier.repairs, state.repairs))
        for before, after in moves:  # only now: a record counts as a whole or not at all
            _note(change, before, after, record.seq)
        _enter(change, moves, record.seq)
        for one, then in repairs:
            _note_repair(change, one, then, record)
        live.state = state
        live.seq = change.seq = record.seq
        change.at = record.at

    async def _warm(self, records: Sequence[Record], stops: list[Stopped]) -> None:
        """Seats that are not in memory, at the place before their first record here."""
        first: dict[uuid.UUID, Record] = {}
        for record in records:
            if record.seat_id in self._live:
                self._live.move_to_end(record.seat_id)
            elif record.seat_id not in self.stopped:
                first.setdefault(record.seat_id, record)
        if not first:
            return
        keys = await self._keys(list(first))
        for seat_id, record in first.items():
            if seat_id in keys:
                self._live[seat_id] = _Live(SeatState(Seat(seat_id, keys[seat_id])), 0)
            else:
                self.stop(stops, record, "no such seat")
        later = [r for r in first.values() if r.seq > 1 and r.seat_id in keys]
        alone = {r.seat_id for r in later if _stands_alone(r)}
        for seat_id in alone:
            self._live[seat_id].seq = first[seat_id].seq - 1
        for record in await self._load([(r.seat_id, r.seq) for r in later if r.seat_id not in alone]):
            if record.seat_id in self.stopped:
                continue
            live = self._live[record.seat_id]
            try:
                events = formats.decode(record.format, record.payload)
                if live.seq == 0:  # the first one loaded
                    events, live.seq = formats.from_carry(events), record.seq - 1
                if record.seq != live.seq + 1:
                    raise GapInStream(f"{live.seq} is followed by {record.seq}")
                for event in events:
                    live.state, _ = apply(live.state, event)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is this stream's
                self.stop(stops, record, f"{type(error).__name__}: {error}")
            else:
                live.seq = record.seq

    def _forget(self) -> None:
        while len(self._live) > SEATS_MAX:
            self._live.popitem(last=False)


class GapInStream(Exception):
    """A record is missing."""


def _stands_alone(record: Record) -> bool:
    """Whether the record opens a round and says nothing about the one before: then nothing else is needed."""
    if not record.opening:
        return False
    try:
        events: list[Event] = formats.decode(record.format, record.payload)
    except (formats.UnknownFormat, msgspec.MsgspecError):
        return False
    return bool(events) and isinstance(events[0], SeatCarried)


def _note(change: Change, before: Round | None, after: Round, seq: int) -> None:
    change.rounds[after.round_id] = (after, seq)
    known = before.transactions if before is not None else ()
    for index, transaction in enumerate(after.transactions):
        # `step` keeps what it does not change, so that identity tells.
        if index >= len(known) or known[index] is not transaction:
            change.transactions[transaction.transaction_id] = (after, transaction)
    if after.free_round is not None:
        _note_free(change.free.setdefault(after.free_round.campaign_id, Progress()), before, after)
    if after.state == "closed" and (before is None or before.state != "closed"):
        assert after.closed_at is not None
        assert after.session is not None
        day = day_of(after.closed_at)
        key = change.key
        daily = (key.operator_id, day, key.game_id, after.session.currency, key.player_id)
        counts = change.counts.get(daily)
        if counts is None:
            counts = change.counts[daily] = Counts()
        free = after.free_round is not None
        counts.add(after.staked, after.paid, free=free, later=after.told_later, settlement=after.settlement)


def _note_free(progress: Progress, before: Round | None, after: Round) -> None:
    settlement = after.settlement
    progress.told |= settlement
    progress.used += not settlement and (before is None or before.free_round is None)
    progress.returned += given_back(after) and not (before is not None and given_back(before))
    if after.state == "closed" and (before is None or before.state != "closed"):
        # Of a settlement only what people have struck out: its rounds have counted what they won.
        progress.won += after.paid - after.win if settlement else after.paid + after.told_later
        progress.paid += after.paid


def _enter(change: Change, moves: list[tuple[Round | None, Round]], seq: int) -> None:
    """One entry for each round that the record moved money in: from its first move to its last."""
    index = 0
    while index < len(moves):
        before, last = moves[index]
        while index + 1 < len(moves) and moves[index + 1][1].round_id == last.round_id:
            index += 1
            last = moves[index][1]
        index += 1
        was = before if before is not None else Round()
        if last.transactions is was.transactions and last.state == was.state:
            continue
        assert last.session is not None
        entry = entry_of(last.round_id, last.changed_at, last.session.currency, postings_between(change.key, was, last))
        if entry is not None:
            change.entries.append((seq, entry))


def _repairs_changed(before: tuple[Repair, ...], after: tuple[Repair, ...]) -> Iterable[tuple[Repair | None, Repair]]:
    was = {one.repair_id: one for one in before}
    return [(was.get(one.repair_id), one) for one in after if was.get(one.repair_id) is not one]


def _note_repair(change: Change, before: Repair | None, after: Repair, record: Record) -> None:
    """The round's row stays as it is: it has ended long ago. Its transactions and the ledger go on."""
    of = Round(round_id=after.round_id, session=after.session)
    for transaction in changed_by(before, after):
        change.transactions[transaction.transaction_id] = (of, transaction)
    postings = repair_postings(change.key, before, after)
    entry = entry_of(after.round_id, record.at, after.session.currency, postings)
    if entry is not None:
        change.entries.append((record.seq, entry))


def merged(changes: Iterable[Change]) -> dict[DailyKey, Counts]:
    """The counts of several seats together."""
    total: defaultdict[DailyKey, Counts] = defaultdict(Counts)
    for change in changes:
        for key, counts in change.counts.items():
            add(total[key], counts)
    return total


def add(total: Counts, more: Counts) -> None:
    for name in Counts.__struct_fields__:
        setattr(total, name, getattr(total, name) + getattr(more, name))
