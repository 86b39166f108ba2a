"""The projections' tables: reads the journal in commit order, writes what it changed and how far that is, at once."""

import asyncio
import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence

import asyncpg

from croupier.domain.parties import SeatKey
from croupier.ledger.entries import Entry
from croupier.rounds.round import Round, Transaction
from croupier.store.connect import BY_INDEX, Connection, connect
from croupier.store.projections import Change, Counts, Folder, Stopped, add, merged
from croupier.store.records import Record
from croupier.store.wake import CHANNEL

ONE_AT_A_TIME = 0x70726F6A
"""Key of the advisory lock of whoever writes projections."""
RECORDS_MAX = 4000
"""More than one transaction of the journal ever holds, so that a batch has at least one whole."""

_RECORD = "seat_id, seq, at, format, payload, request_id, opening, writer"
_NEXT = f"""
SELECT xid, {_RECORD} FROM journal
WHERE xid >= $1 AND xid < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY xid, seat_id, seq LIMIT $2
"""
_BEFORE = f"""
SELECT {_RECORD} FROM unnest($1::uuid[], $2::bigint[]) AS wanted (seat_id_, seq_)
CROSS JOIN LATERAL (
  SELECT {_RECORD} FROM journal
  WHERE seat_id = seat_id_ AND seq < seq_ AND seq >= coalesce(
    (SELECT seq FROM journal WHERE seat_id = seat_id_ AND seq < seq_ AND opening ORDER BY seq DESC LIMIT 1), 0)
) AS found
ORDER BY seat_id, seq
"""
_SEATS = "SELECT seat_id, operator_id, player_id, game_id, mode FROM seats WHERE seat_id = ANY($1)"

# name -> PostgreSQL type; those that an update changes begin with "*".
_ROUND = {
    "round_id": "text",
    "seat_id": "uuid",
    "*seq": "bigint",
    "operator_id": "text",
    "player_id": "text",
    "game_id": "text",
    "game_version": "text",
    "session_id": "text",
    "bet_mode": "text",
    "*state": "text",
    "*cause": "text",
    "stake": "bigint",
    "*bet": "bigint",
    "*win": "bigint",
    "*paid": "bigint",
    "*pending": "integer",
    "*steps": "integer",
    "currency": "text",
    "opened_at": "bigint",
    "*changed_at": "bigint",
    "*closed_at": "bigint",
    "campaign_id": "text",
}
_TRANSACTION = {
    "transaction_id": "text",
    "round_id": "text",
    "operator_id": "text",
    "player_id": "text",
    "game_id": "text",
    "session_id": "text",
    "kind": "text",
    "*state": "text",
    "*effect": "text",
    "amount": "bigint",
    "currency": "text",
    "reference": "text",
    "*attempts": "integer",
    "first_sent_at": "bigint",
    "*last_sent_at": "bigint",
    "*operator_reference": "text",
    "*why": "text",
    "campaign_id": "text",
}
_LEDGER = (
    *("xid", "seat_id", "seq", "at", "operator_id", "player_id", "game_id", "currency", "round_id"),
    *("bet", "win", "rollback", "wallet", "round_account", "house", "promo"),
)
_SUMS = ("rounds", "bets", "wins", "hits", "bets_squared", "wins_squared", "bets_wins", "free_cost")
_COUNTS = {name: "numeric" if name.endswith(("squared", "bets_wins")) else "bigint" for name in _SUMS}


class _Upsert:
    """Rows go into a temporary table by COPY, which costs a third of passing them as arrays, and from there on."""

    def __init__(self, table: str, columns: dict[str, str], key: str, condition: str = "") -> None:
        self.columns = [name.removeprefix("*") for name in columns]
        self.new = f"new_{table}"
        changed = ", ".join(f"{name[1:]} = excluded.{name[1:]}" for name in columns if name.startswith("*"))
        types = ", ".join(f"{name} {type_}" for name, type_ in zip(self.columns, columns.values(), strict=True))
        self.make = f"CREATE TEMPORARY TABLE {self.new} ({types}) ON COMMIT DELETE ROWS"
        self.move = (
            f"INSERT INTO {table} ({', '.join(self.columns)}) SELECT * FROM {self.new}"
            f" ON CONFLICT ({key}) DO UPDATE SET {changed} {condition}"
        )

    async def put(self, connection: Connection, rows: list[tuple[object, ...]]) -> int:
        """How many rows were inserted or updated."""
        if not rows:
            return 0
        await connection.copy_records_to_table(self.new, records=rows, columns=self.columns)
        return int((await connection.execute(self.move)).split()[-1])


def _counting(table: str, key: dict[str, str]) -> str:
    columns = {**key, **_COUNTS}
    arrays = ", ".join(f"${number}::{type_}[]" for number, type_ in enumerate(columns.values(), 1))
    added = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in _SUMS)
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT * FROM unnest({arrays})"
        f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {added}"
    )


_DAILY_KEY = {"operator_id": "text", "day": "date", "game_id": "text", "currency": "text"}
_ROUNDS = _Upsert("rounds", _ROUND, "round_id")
# A transaction of another round with the same id is not touched, and the count of rows tells.
_TRANSACTIONS = _Upsert(
    "transactions", _TRANSACTION, "transaction_id", "WHERE transactions.round_id = excluded.round_id"
)
_ADD_DAILY = _counting("daily", {**_DAILY_KEY, "player_id": "text"})
_ADD_DAILY_GAMES = _counting("daily_games", _DAILY_KEY)

_ADD_PROGRESS = """
INSERT INTO campaign_progress AS p (operator_id, campaign_id, player_id, used, returned, won, paid, told)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (operator_id, campaign_id, player_id) DO UPDATE
SET used = p.used + excluded.used, returned = p.returned + excluded.returned, won = p.won + excluded.won,
    paid = p.paid + excluded.paid, told = p.told OR excluded.told
"""

REFUSED = (asyncpg.IntegrityConstraintViolationError, asyncpg.CardinalityViolationError, asyncpg.DataError)


class AnotherDatabase(Exception):
    """The projections were made from another database or era: `croupier store rebuild` makes them anew."""


class TransactionIdTwice(Exception):
    """Two rounds have a transaction of the same id."""


class Projections:
    """One connection that holds the lock. After any error: throw it away, a new one begins at the stored position."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.records_max = RECORDS_MAX
        self._xids: dict[tuple[uuid.UUID, int], int] = {}
        """(seat, seq) -> transaction, of the records at hand."""
        self.folder: Folder
        self.position = 0
        self.more = False
        """There was more than the last look took."""
        self.wanted_at = 0.0
        """When somebody last began to wait for us, by the loop's clock."""

    @classmethod
    async def open(cls, dsn: str) -> "Projections | None":
        """None while another process writes the projections. AnotherDatabase when they are not of this journal."""
        connection = await connect(dsn, "projector", BY_INDEX)
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", ONE_AT_A_TIME):
            await connection.close()
            return None
        opened = cls(connection)
        try:
            await opened._begin()
        except BaseException:
            connection.terminate()
            raise
        return opened

    async def close(self) -> None:
        await self.connection.close()

    async def _begin(self) -> None:
        made_from = await self.connection.fetchrow("SELECT * FROM projector_position")
        here = await self._identity()
        assert made_from is not None
        if made_from["system_identifier"] is not None and here != (made_from["system_identifier"], made_from["era"]):
            raise AnotherDatabase("the projections belong to another database or era: run `croupier store rebuild`")
        await self.connection.execute("UPDATE projector_position SET system_identifier = $1, era = $2", *here)
        self.position = made_from["xid"]
        for table in (_ROUNDS, _TRANSACTIONS):
            await self.connection.execute(table.make)
        await self.connection.add_listener(CHANNEL, self._wanted)
        stopped = await self.connection.fetch("SELECT seat_id FROM stopped_streams")
        self.folder = Folder(self._before, self._keys, (row[0] for row in stopped))

    def _wanted(self, *_: object) -> None:
        self.wanted_at = asyncio.get_running_loop().time()

    async def _identity(self) -> tuple[int, int]:
        row = await self.connection.fetchrow("SELECT system_identifier, era FROM pg_control_system(), store_state")
        assert row is not None
        return row["system_identifier"], row["era"]

    async def follow(self, now: int) -> int:
        """Takes the next records; returns how many. `now` in microseconds."""
        rows = await self.connection.fetch(_NEXT, self.position, self.records_max)
        full = self.more = len(rows) == self.records_max
        if full:
            last = rows[-1][0]
            rows = [row for row in rows if row[0] != last]
        if not rows:
            return 0
        records = [Record(*row[1:]) for row in map(tuple, rows)]
        changes, stops = await self.folder.fold(records)
        self._xids = {(row[1], row[2]): row[0] for row in rows}
        after = rows[-1][0] + 1
        try:
            await self._write(changes, stops, records, after, None if full else now)
        except (*REFUSED, TransactionIdTwice):
            await self._write_one_by_one(changes, stops, records, after, None if full else now)
        self.position = after
        return len(rows)

    async def idle(self, now: int) -> None:
        """Says that nothing was waiting at `now`."""
        await self.connection.execute("UPDATE projector_position SET caught_up_at = $1", now)

    async def _write(
        self,
        changes: dict[uuid.UUID, Change],
        stops: Sequence[Stopped],
        records: Sequence[Record],
        after: int,
        caught_up_at: int | None,
    ) -> None:
        async with self.connection.transaction():
            await self._put(changes)
            await self._move(stops, records, after, caught_up_at)

    async def _write_one_by_one(
        self,
        changes: dict[uuid.UUID, Change],
        stops: list[Stopped],
        records: Sequence[Record],
        after: int,
        caught_up_at: int | None,
    ) -> None:
        """A guard of the tables refused something: find the stream, stop it, let the others pass."""
        async with self.connection.transaction():
            for seat_id, change in changes.items():
                try:
                    async with self.connection.transaction():
                        await self.connection.execute(f"TRUNCATE {_ROUNDS.new}, {_TRANSACTIONS.new}")
                        await self._put({seat_id: change})
                except (*REFUSED, TransactionIdTwice) as error:
                    first = next(record for record in records if record.seat_id == seat_id)
                    self.folder.stop(stops, first, f"{type(error).__name__}: {error}")
            await self._move(stops, records, after, caught_up_at)

    async def _put(self, changes: dict[uuid.UUID, Change]) -> None:
        rounds = [
            _round_row(seat_id, change.key, r, seq)
            for seat_id, change in changes.items()
            for r, seq in change.rounds.values()
        ]
        await _ROUNDS.put(self.connection, rounds)
        transactions = [
            _transaction_row(change.key, r, t) for change in changes.values() for r, t in change.transactions.values()
        ]
        if await _TRANSACTIONS.put(self.connection, transactions) != len(transactions):
            raise TransactionIdTwice("a transaction id is used by another round as well")
        entries = [
            (self._xids[seat_id, seq], seat_id, seq, *_entry_row(change.key, entry))
            for seat_id, change in changes.items()
            for seq, entry in change.entries
        ]
        if entries:
            await self.connection.copy_records_to_table("ledger", records=entries, columns=_LEDGER)
        daily = merged(changes.values())
        if daily:
            await self.connection.execute(_ADD_DAILY, *_count_columns(daily.items()))
            games: defaultdict[tuple[str, dt.date, str, str], Counts] = defaultdict(Counts)
            for key, counts in daily.items():
                add(games[key[:4]], counts)
            await self.connection.execute(_ADD_DAILY_GAMES, *_count_columns(games.items()))
        progress = [
            (change.key.operator_id, campaign_id, change.key.player_id, p.used, p.returned, p.won, p.paid, p.told)
            for change in changes.values()
            for campaign_id, p in change.free.items()
        ]
        if progress:
            await self.connection.executemany(_ADD_PROGRESS, progress)

    async def _move(
        self, stops: Sequence[Stopped], records: Sequence[Record], after: int, caught_up_at: int | None
    ) -> None:
        for stop in stops:
            await self.connection.execute(
                "INSERT INTO stopped_streams VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                *(stop.seat_id, stop.seq, stop.at, stop.why[:1000]),
            )
        await self.connection.execute(
            """UPDATE projector_position SET xid = $1, at = greatest(at, $2), records = records + $3,
                                             caught_up_at = coalesce($4, caught_up_at)""",
            *(after, max(record.at for record in records), len(records), caught_up_at),
        )

    async def _before(self, wanted: Sequence[tuple[uuid.UUID, int]]) -> list[Record]:
        if not wanted:
            return []
        return [Record(*row) for row in await self.connection.fetch(_BEFORE, *zip(*wanted, strict=True))]

    async def _keys(self, seat_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, SeatKey]:
        return {row[0]: SeatKey(*row[1:]) for row in map(tuple, await self.connection.fetch(_SEATS, seat_ids))}


def _round_row(seat_id: uuid.UUID, key: SeatKey, r: Round, seq: int) -> tuple[object, ...]:
    assert r.session is not None
    return (
        *(r.round_id, seat_id, seq, key.operator_id, key.player_id, key.game_id, r.game_version),
        *(r.session.session_id, r.mode, r.state, r.cause, r.stake, r.staked, r.win, r.paid, len(r.owed), len(r.steps)),
        *(r.session.currency, r.opened_at, r.changed_at, r.closed_at),
        r.free_round.campaign_id if r.free_round is not None else None,
    )


def _transaction_row(key: SeatKey, r: Round, t: Transaction) -> tuple[object, ...]:
    assert r.session is not None
    return (
        *(t.transaction_id, r.round_id, key.operator_id, key.player_id, key.game_id, t.session_id, t.kind, t.state),
        *(t.effect, t.amount, r.session.currency, t.reference, t.attempts, t.first_sent_at, t.last_sent_at),
        *(t.operator_reference, t.why),
        r.free_round.campaign_id if r.free_round is not None and t.kind != "rollback" else None,
    )


def _entry_row(key: SeatKey, e: Entry) -> tuple[object, ...]:
    return (
        *(e.at, key.operator_id, key.player_id, key.game_id, e.currency, e.round_id),
        *(e.bet, e.win, e.rollback, e.wallet, e.round_account, e.house, e.promo),
    )


def _count_columns(counted: Iterable[tuple[tuple[object, ...], Counts]]) -> list[tuple[object, ...]]:
    rows = [(*key, *(getattr(counts, name) for name in _SUMS)) for key, counts in counted]
    return list(zip(*rows, strict=True))
