"""The operator's book in SQLite: the rules are `wallet.book`, this is the paper."""

import sqlite3
from pathlib import Path
from typing import Any

import msgspec

from croupier.wallet.book import Account, Entry
from croupier.wallet.outcome import Accepted, Declined

_SCHEMA = """
create table if not exists players (
  player_id text primary key, currency text not null, balance integer not null check (balance >= 0),
  blocked integer not null, opened_with integer not null, opened_at integer not null,
  free_rounds integer not null default 0, limited integer not null default 0, token text
) without rowid;
create table if not exists transactions (
  transaction_id text primary key, kind text not null, player_id text not null, currency text not null,
  round_id text not null, amount integer not null check (amount >= 0), reference text not null, state text not null,
  settled integer not null, outcome blob not null, at integer not null, campaign_id text
) without rowid;
create index if not exists transactions_of_player on transactions (player_id, at);
create table if not exists gifts (
  player_id text not null, game_id text not null, campaign_id text not null, primary key (player_id, game_id)
) without rowid;
create table if not exists issues (campaign_id text primary key, player_id text not null) without rowid;
create index if not exists transactions_of_round on transactions (round_id);
create table if not exists visitors (
  visitor text primary key, player_id text not null, currency text not null, language text not null
) without rowid;
"""

_LATER_COLUMNS = {
    "free_rounds": "integer not null default 0",
    "limited": "integer not null default 0",
    "token": "text",
}
"""Of players, in files of releases before."""

_REOPEN_BETS = """
update transactions set state = 'taken' where state = 'reversed'
and transaction_id in (select reference from transactions where kind = 'rollback' and at > ?)
"""
_UNSETTLE_BETS = """
update transactions set settled = 0
where transaction_id in (select reference from transactions where kind = 'win' and at > ?)
"""
_FORGET = "delete from transactions where at > ?"
_COUNT_ANEW = """
update players set balance = opened_with + (
  select coalesce(sum(case when kind = 'win' and state = 'reversed' then 0 when kind <> 'bet' then amount
    when state in ('taken', 'reversed') then -amount end), 0)
  from transactions where transactions.player_id = players.player_id)
"""

_outcome = msgspec.json.Decoder(Accepted | Declined)


class Totals(msgspec.Struct, frozen=True):
    """Sums over a player's transactions, minor units: ``balance = opened_with - bets + wins + rollbacks``.

    `bets` holds those that were rolled back as well; `rollbacks` is what they gave back.
    """

    opened_with: int
    bets: int
    wins: int
    rollbacks: int


class Line(msgspec.Struct, frozen=True):
    """One transaction as the operator's statement shows it. `state` as in `wallet.book.Entry`."""

    transaction_id: str
    kind: str
    player_id: str
    round_id: str
    amount: int
    currency: str
    reference: str
    state: str
    settled: bool
    at: int
    campaign_id: str | None = None


class Visitor(msgspec.Struct, frozen=True):
    """Who sits before the browser and which of their players they are now. `visitor`: a hash of the cookie."""

    visitor: str
    player_id: str
    currency: str
    language: str


class SqlitePages:
    """One connection, used by one thread at a time. What is written between `begin` and `commit` is one whole."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._database.execute("pragma journal_mode = wal")
        # FULL, because money that was confirmed must still be there after a power cut; batches share the price.
        self._database.execute("pragma synchronous = full")
        self._database.executescript(_SCHEMA)
        columns = [row[1] for row in self._database.execute("pragma table_info(transactions)")]
        if "campaign_id" not in columns:  # a file of a release without free rounds
            self._database.execute("alter table transactions add column campaign_id text")
        players = [row[1] for row in self._database.execute("pragma table_info(players)")]
        for name, kind in _LATER_COLUMNS.items():
            if name not in players:
                self._database.execute(f"alter table players add column {name} {kind}")
        # Every reference belongs to a stored transaction, so the number of those was never given out.
        (self._references,) = self._database.execute("select count(*) from transactions").fetchone()
        self._references_before = self._references
        self.at = 0

    def begin(self) -> None:
        self._references_before = self._references
        self._database.execute("begin immediate")

    def commit(self) -> None:
        self._database.execute("commit")

    def rollback(self) -> None:
        if self._database.in_transaction:
            self._database.execute("rollback")
        self._references = self._references_before

    def close(self) -> None:
        self._database.close()

    # ── wallet.book.Pages ────────────────────────────────────────────────────────────────────────────────────────

    def account(self, player_id: str) -> Account | None:
        row = self._database.execute(
            "select player_id, currency, balance, blocked, free_rounds, limited, token from players"
            " where player_id = ?",
            (player_id,),
        ).fetchone()
        return Account(row[0], row[1], row[2], bool(row[3]), row[4], bool(row[5]), row[6]) if row else None

    def put_account(self, account: Account) -> None:
        self._database.execute(
            "insert into players (player_id, currency, balance, blocked, opened_with, opened_at, free_rounds, limited,"
            " token) values (?1, ?2, ?3, ?4, ?3, ?5, ?6, ?7, ?8)"
            " on conflict (player_id) do update set balance = ?3, blocked = ?4, free_rounds = ?6, limited = ?7,"
            " token = ?8",
            (
                *(account.player_id, account.currency, account.balance, account.blocked, self.at),
                *(account.free_rounds, account.limited, account.token),
            ),
        )

    def entry(self, transaction_id: str) -> Entry | None:
        return self._entry("transaction_id = ?", transaction_id)

    def bet_of_round(self, player_id: str, round_id: str) -> Entry | None:
        return self._entry("round_id = ? and player_id = ? and kind = 'bet' and state = 'taken'", round_id, player_id)

    def issued_to(self, campaign_id: str) -> str | None:
        row = self._database.execute("select player_id from issues where campaign_id = ?", (campaign_id,)).fetchone()
        return row[0] if row else None

    def put_issue(self, campaign_id: str, player_id: str) -> None:
        """Free rounds that the casino gives to this player. The first word counts."""
        self._database.execute("insert or ignore into issues values (?, ?)", (campaign_id, player_id))

    def _entry(self, where: str, *values: str) -> Entry | None:
        row = self._database.execute(
            "select outcome, settled, campaign_id,"  # noqa: S608 - `where` is a constant of this class
            " transaction_id, kind, player_id, currency, round_id, amount, reference, state"
            f" from transactions where {where} order by at limit 1",
            values,
        ).fetchone()
        if row is None:
            return None
        members: Any = (*row[3:], _outcome.decode(row[0]), bool(row[1]), row[2])
        return Entry(*members)

    def put_entry(self, entry: Entry) -> None:
        self._database.execute(
            "insert into transactions values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
            " on conflict (transaction_id) do update set state = ?8, settled = ?9",
            (
                *(entry.transaction_id, entry.kind, entry.player_id, entry.currency, entry.round_id, entry.amount),
                *(entry.reference, entry.state, entry.settled, msgspec.json.encode(entry.outcome), self.at),
                entry.campaign_id,
            ),
        )

    def booked_at(self, transaction_id: str) -> int | None:
        """Microseconds, or None for an id that is not here."""
        row = self._database.execute("select at from transactions where transaction_id = ?", (transaction_id,))
        found = row.fetchone()
        return found[0] if found else None

    def player_of(self, token: str) -> str | None:
        """Who has this session; None for one that nobody has."""
        row = self._database.execute("select player_id from players where token = ? and token <> ''", (token,))
        found = row.fetchone()
        return found[0] if found else None

    def forget(self, what: str) -> None:
        """``ids`` and ``rollbacks``: as after a restart of a wallet that keeps them in memory. ``300``: see below."""
        if what.isdigit():
            self.forget_last(int(what))
        else:
            sign = "=" if what == "rollbacks" else "<>"
            self._database.execute(f"delete from transactions where state {sign} 'tombstone'")  # noqa: S608 - no input

    def forget_last(self, seconds: int) -> None:
        """The book as it was so long before its last line: as after a restart from a backup."""
        (last,) = self._database.execute("select coalesce(max(at), 0) from transactions").fetchone()
        at = last - seconds * 1_000_000
        for change in (_REOPEN_BETS, _UNSETTLE_BETS, _FORGET):
            self._database.execute(change, (at,))
        self._database.execute(_COUNT_ANEW)

    def new_reference(self) -> str:
        self._references += 1
        return f"casino-{self._references}"

    # ── what else the casino writes and reads ────────────────────────────────────────────────────────────────────

    def totals(self, player_id: str) -> Totals | None:
        row = self._database.execute("select opened_with from players where player_id = ?", (player_id,)).fetchone()
        if row is None:
            return None
        sums = dict(
            self._database.execute(
                "select kind, sum(amount) from transactions"
                " where player_id = ? and state in ('taken', 'reversed', 'done')"
                " and not (kind = 'win' and state = 'reversed') group by kind",
                (player_id,),
            ).fetchall()
        )
        return Totals(row[0], sums.get("bet", 0), sums.get("win", 0), sums.get("rollback", 0))

    def lines(self, player_id: str | None, limit: int) -> list[Line]:
        """The last transactions, newest first; of all players when `player_id` is None."""
        rows = self._database.execute(
            "select campaign_id, at, settled,"
            " transaction_id, kind, player_id, round_id, amount, currency, reference, state"
            " from transactions where ?1 is null or player_id = ?1 order by at desc, transaction_id limit ?2",
            (player_id, limit),
        )
        members: list[Any] = [(*row[3:], bool(row[2]), row[1], row[0]) for row in rows]
        return [Line(*member) for member in members]

    def lines_between(self, start: int, end: int) -> list[Line]:
        """All transactions that arrived from `start` to before `end` (microseconds), in their order."""
        rows = self._database.execute(
            "select at, settled, transaction_id, kind, player_id, round_id, amount, currency, reference, state"
            " from transactions where at >= ?1 and at < ?2 order by at, transaction_id",
            (start, end),
        )
        members: list[Any] = [(*row[2:], bool(row[1]), row[0]) for row in rows]
        return [Line(*member) for member in members]

    def visitor(self, visitor: str) -> Visitor | None:
        row = self._database.execute("select * from visitors where visitor = ?", (visitor,)).fetchone()
        return Visitor(*row) if row else None

    def put_visitor(self, visitor: Visitor) -> None:
        self._database.execute("insert or replace into visitors values (?, ?, ?, ?)", msgspec.structs.astuple(visitor))

    def gift(self, player_id: str, game_id: str) -> str | None:
        """The campaign of the free rounds that this player was given last in this game."""
        row = self._database.execute(
            "select campaign_id from gifts where player_id = ? and game_id = ?", (player_id, game_id)
        ).fetchone()
        return row[0] if row else None

    def put_gift(self, player_id: str, game_id: str, campaign_id: str | None) -> None:
        if campaign_id is None:
            self._database.execute("delete from gifts where player_id = ? and game_id = ?", (player_id, game_id))
        else:
            self._database.execute("insert or replace into gifts values (?, ?, ?)", (player_id, game_id, campaign_id))
