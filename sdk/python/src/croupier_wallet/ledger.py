"""The wallet's ledger in the operator's own database: every call once, whatever is repeated, lost or overtaken."""

import hashlib
import json
import uuid
from typing import NamedTuple

from croupier_wallet.calls import Call
from croupier_wallet.databases import Database, Sql, Withdrawn
from croupier_wallet.players import InsufficientFunds, Player, Players
from croupier_wallet.schema import statements

CLOCK_DIFFERENCE_S = 30
"""A bet is taken this long after its `expires_at`: the two clocks need not agree."""
TRIES = 3
_TOMBSTONE = "-"
_PASSING = {"IntegrityError", "OperationalError"}


class Busy(Exception):
    """The database could not do it now; the platform asks again."""


class Refused(Withdrawn):
    """An answer that leaves no trace."""

    def __init__(self, code: str, balance: int | None = None) -> None:
        super().__init__(code)
        self.code, self.balance = code, balance


class Entry(NamedTuple):
    """What is remembered of a transaction id. `amount`: what it moved."""

    kind: str
    status: str
    player_id: str
    amount: int
    body_hash: str
    response: str


_COLUMNS = ", ".join(Entry._fields)


class SqlLedger:
    """One table, one database transaction per call, with the change of the balance inside it."""

    def __init__(self, database: Database, players: Players, *, provider: str = "croupier") -> None:
        """`provider`: keeps ids of several platforms apart in one table."""
        self._database, self._players, self._provider = database, players, provider

    def create_tables(self) -> None:
        """What is missing of `schema.statements`; or put these into a migration."""
        for statement in statements(self._database.kind):
            with self._database.transaction() as sql:
                sql.execute(statement)

    def answer(self, call: Call, now: float) -> str:
        """The answer's JSON, durable; `now`: when the call arrived, seconds since 1970. Busy: nothing was done."""
        for _ in range(TRIES):
            try:
                with self._database.transaction() as sql:
                    return _Booking(sql, self._players, self._provider, call, now).answer()
            except Refused as refused:
                return refusal(refused.code, refused.balance)
            except Exception as error:
                # A deadlock, a lost connection, or an id that another call used at this very moment. All of the call is
                # undone, or else its answer is stored: either way it may simply be asked again.
                if not _passes(error):
                    raise
                reason = error
        raise Busy(str(reason)) from reason


class _Booking:
    """One call, within one transaction."""

    def __init__(self, sql: Sql, players: Players, provider: str, call: Call, now: float) -> None:
        self._sql, self._players, self._provider, self._call, self._now = sql, players, provider, call, now
        # What a repeat must have in common with the first; of a rollback only whose bet it names.
        round_id = "" if call.kind == "rollback" else call.round_id
        meaning = (call.kind, call.player_id, call.currency, round_id, call.amount)
        named = (call.bet_transaction_id, call.campaign_id)
        self._hash = hashlib.sha256(json.dumps((*meaning, *named)).encode()).hexdigest()

    def answer(self) -> str:
        call = self._call
        if call.kind != "balance":
            self._lock()
        player = self._players.get_player(self._sql, call)
        if player is None:
            raise Refused("unknown_player")
        if player.currency != call.currency:
            raise Refused("currency_mismatch")
        if call.kind == "balance":
            return done(player.balance, call.currency)
        seen = self._entry(call.transaction_id)
        if call.kind == "bet":
            return self._bet(seen, player)
        if seen is not None:
            return self._again(seen)
        return self._win(player) if call.kind == "win" else self._rollback(player)

    def _bet(self, seen: Entry | None, player: Player) -> str:
        call = self._call
        # Whether the id is known comes before funds and expiry: a repeat of the last-money bet is not a new bet.
        if seen is not None:
            if seen.body_hash == _TOMBSTONE and seen.player_id == call.player_id:
                raise Refused("already_rolled_back", player.balance)
            stored = self._again(seen)
            if seen.status == "cancelled":
                raise Refused("already_rolled_back", player.balance)
            return stored
        takes = 0 if call.campaign_id is not None else call.amount
        code = self._refusal(player, takes)
        if code is None:
            try:
                return self._store("applied", takes, self._move(player, -takes))
            except InsufficientFunds:
                code = "insufficient_funds"
        # Remembered too, or a late copy would be taken after the player's next deposit.
        return self._store("declined", takes, refusal(code, player.balance))

    def _refusal(self, player: Player, takes: int) -> str | None:
        if self._now > self._call.expires_at + CLOCK_DIFFERENCE_S:
            return "expired"
        if player.refuses_bets is not None:
            return player.refuses_bets
        return "insufficient_funds" if takes > 0 and takes > player.balance else None

    def _win(self, player: Player) -> str:
        call = self._call
        bet = self._entry(call.bet_transaction_id)
        if bet is None and call.amount > 0:
            # It may have overtaken its bet: refused without a trace, so that the repeat is paid.
            raise Refused("unknown_transaction", player.balance)
        if bet is not None:
            if (bet.kind, bet.player_id) != ("bet", call.player_id) or bet.status not in ("applied", "settled"):
                raise Refused("transaction_conflict")
            self._mark(call.bet_transaction_id, "settled")
        return self._store("applied", call.amount, self._move(player, call.amount))

    def _rollback(self, player: Player) -> str:
        call = self._call
        bet = self._entry(call.bet_transaction_id)
        back = 0
        if bet is None:
            # Should the bet arrive later, it is refused. A rollback under the bet's own id stands in its way itself.
            if call.bet_transaction_id != call.transaction_id:
                tombstone = Entry("bet", "cancelled", call.player_id, 0, _TOMBSTONE, "")
                self._insert(call.bet_transaction_id, tombstone, None)
        elif (bet.kind, bet.player_id) != ("bet", call.player_id) or bet.status == "settled":
            raise Refused("transaction_conflict")
        elif bet.status == "applied":
            back = bet.amount
            self._mark(call.bet_transaction_id, "cancelled")
        return self._store("applied", back, self._move(player, back))

    def _again(self, seen: Entry) -> str:
        """The first answer, when this is the same call."""
        if seen.body_hash != self._hash:
            raise Refused("transaction_conflict")
        return seen.response

    def _move(self, player: Player, delta: int) -> str:
        """Change the balance and read it back."""
        moved: Player | None = player
        if delta:
            self._players.change_balance(self._sql, player, delta, self._call)
            moved = self._players.get_player(self._sql, self._call)
        if moved is None:
            raise LookupError("change_balance made the player disappear")
        return done(moved.balance, moved.currency, uuid.uuid4().hex)

    def _lock(self) -> None:
        """One call of a player at a time. First of all, and a write, so that SQLite waits here and not later."""
        again = {"mysql": "ON DUPLICATE KEY UPDATE player_id = player_id"}.get(
            self._sql.kind, "ON CONFLICT (player_id) DO UPDATE SET player_id = excluded.player_id"
        )
        self._sql.execute(f"INSERT INTO croupier_lock (player_id) VALUES (?) {again}", self._call.player_id)

    def _entry(self, transaction_id: str) -> Entry | None:
        row = self._sql.one(
            f"SELECT {_COLUMNS} FROM croupier_tx WHERE provider = ? AND tx_id = ?",
            *(self._provider, transaction_id),
        )
        return None if row is None else Entry(*row)

    def _store(self, status: str, amount: int, response: str) -> str:
        call = self._call
        entry = Entry(call.kind, status, call.player_id, amount, self._hash, response)
        self._insert(call.transaction_id, entry, call.bet_transaction_id or None)
        return response

    def _insert(self, transaction_id: str, entry: Entry, names: str | None) -> None:
        self._sql.execute(
            f"INSERT INTO croupier_tx (provider, tx_id, round_id, ref_tx_id, currency, {_COLUMNS}) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(self._provider, transaction_id, self._call.round_id, names, self._call.currency, *entry),
        )

    def _mark(self, transaction_id: str, status: str) -> None:
        self._sql.execute(
            "UPDATE croupier_tx SET status = ? WHERE provider = ? AND tx_id = ?",
            *(status, self._provider, transaction_id),
        )


def _passes(error: BaseException) -> bool:
    """PEP 249 names what every driver raises; a framework may wrap it under the same name."""
    return any(kind.__name__ in _PASSING for kind in type(error).__mro__)


def done(balance: int, currency: str, reference: str | None = None) -> str:
    members = {"balance": balance, "currency": currency}
    return compact(members if reference is None else {**members, "transaction_id": reference})


def refusal(code: str, balance: int | None = None) -> str:
    error = {"code": code, "message": code.replace("_", " ")}
    return compact({"error": error} if balance is None else {"balance": balance, "error": error})


def compact(members: dict[str, object]) -> str:
    """JSON that survives being parsed and written again: sorted, ASCII, no blanks."""
    return json.dumps(members, sort_keys=True, separators=(",", ":"))
