"""The operator's side of the ledger: who the player is, and where the balance lies."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol

from croupier_wallet.calls import Call
from croupier_wallet.databases import Sql
from croupier_wallet.money import Money

REFUSALS = ("limit_reached", "player_blocked", "session_expired")


class InsufficientFunds(Exception):
    """Raised by `change_balance` when the player has less than it should take: the bet is declined."""


@dataclass(frozen=True, slots=True)
class Player:
    """`balance`: minor units of `currency`.

    `refuses_bets`: ``player_blocked``, ``session_expired`` or ``limit_reached`` when bets are to be declined; wins and
    rollbacks are never asked.
    """

    currency: str
    balance: int
    refuses_bets: str | None = None

    def __post_init__(self) -> None:
        if type(self.balance) is not int:
            raise TypeError(f"a balance is an integer of minor units, not {type(self.balance).__name__}")
        if self.refuses_bets not in (None, *REFUSALS):
            raise ValueError(f"bets are refused with {', '.join(REFUSALS)}, not {self.refuses_bets!r}")


class Players(Protocol):
    """The two functions that an operator writes, when the balance is not simply a column (`PlayerTable`).

    Both run within the ledger's transaction: they must do all they do through `sql` (or its `connection`), and neither
    commit nor call anybody else.
    """

    def get_player(self, sql: Sql, call: Call) -> Player | None:
        """The player of `call.player_id` as it stands now, or None when there is none.

        On a bet: `refuses_bets` when `call.operator_token` is not a session of this player, and so on.
        """
        ...

    def change_balance(self, sql: Sql, player: Player, delta: int, call: Call) -> None:
        """Add `delta` minor units (negative: take), as ``balance = balance + ?``, never as a number read before.

        `call` says what for; a rollback names the bet that is given back, `call.bet_transaction_id`.
        """
        ...


@dataclass(frozen=True, slots=True)
class PlayerTable:
    """`Players` for those who have the balance in a column: name table and columns, write no function.

    `unit`: ``minor`` for an integer column (1050 is 10.50 EUR), ``main`` for NUMERIC or DECIMAL (10.50 is 10.50 EUR).
    `blocked`: a column that is true for players who may not bet.
    """

    table: str
    id: str = "id"
    balance: str = "balance"
    currency: str = "currency"
    blocked: str | None = None
    unit: Literal["minor", "main"] = "minor"

    def get_player(self, sql: Sql, call: Call) -> Player | None:
        columns = [self.currency, self.balance, *([self.blocked] if self.blocked else [])]
        row = sql.one(
            f"SELECT {', '.join(map(sql.name, columns))} FROM {sql.name(self.table)} WHERE {sql.name(self.id)} = ?",
            call.player_id,
        )
        if row is None:
            return None
        balance = Money.of(row[1], row[0]).minor if self.unit == "main" else row[1]
        if isinstance(balance, Decimal) and balance == balance.to_integral_value():
            balance = int(balance)  # a NUMERIC column of whole minor units
        return Player(row[0], balance, "player_blocked" if self.blocked and row[2] else None)

    def change_balance(self, sql: Sql, player: Player, delta: int, call: Call) -> None:
        balance = sql.name(self.balance)
        change: object = Money(delta, player.currency).decimal if self.unit == "main" else delta
        # Whoever else changes balances may do so at this moment: the database adds, and checks as it adds.
        enough, more = (f" AND {balance} + ? >= 0", [change]) if delta < 0 else ("", [])
        changed = sql.execute(
            f"UPDATE {sql.name(self.table)} SET {balance} = {balance} + ? WHERE {sql.name(self.id)} = ?{enough}",
            *(change, call.player_id, *more),
        )
        if changed == 0 and delta < 0:
            raise InsufficientFunds
        if changed != 1:
            raise LookupError(f"{changed} rows of {self.table} have this player's id; it must be one")
