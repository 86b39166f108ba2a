"""A small casino with the wallet SDK on its own database, and the platform's side that calls it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from croupier.dialects.native.wallet import Native
from croupier.domain.exchange import HttpResponse
from croupier.domain.parties import Operator
from croupier.wallet.calls import WalletCall
from croupier.wallet.outcome import Accepted, Outcome
from croupier.wallet.signature import secret_of
from croupier_wallet import SqlLedger, WalletServer
from croupier_wallet.databases import Sql
from wallet_sdk.places import PLAYERS, TABLE, connect, database_at

SECRET = secret_of(bytes(range(32)))
SECRET = secret_of(bytes(range(32)))
OPERATOR = Operator("casino", "native", "https://casino.example/wallet", (SECRET,), ("EUR",))


@dataclass
class House:
    """`now`: its clock, seconds since 1970. `place`: where `database_at` finds its database."""

    kind: str
    place: str
    players: Any = PLAYERS
    now: float = field(default_factory=time.time)

    def __post_init__(self) -> None:
        self.database = database_at(self.kind, self.place)
        self.ledger = SqlLedger(self.database, self.players)
        self.server = WalletServer(self.ledger, [SECRET], clock=lambda: self.now)

    def build(self) -> "House":
        self.sql(lambda sql: sql.execute(TABLE[self.kind]))
        self.ledger.create_tables()
        return self

    def open(self, player_id: str, balance: int, *, currency: str = "EUR", blocked: bool = False) -> None:
        values = (player_id, balance, currency, blocked)
        self.sql(lambda sql: sql.execute(f"INSERT INTO {sql.name('user')} VALUES (?, ?, ?, ?)", *values))

    def balance(self, player_id: str) -> int:
        row = self.sql(lambda sql: sql.one(f"SELECT money FROM {sql.name('user')} WHERE name = ?", player_id))
        return row[0]

    def entries(self, player_id: str) -> int:
        return self.sql(lambda sql: sql.one("SELECT count(*) FROM croupier_tx WHERE player_id = ?", player_id))[0]

    def stranger(self):
        """A connection past the SDK."""
        return connect(self.kind, self.place)

    def idle(self) -> list:
        """The SDK's own open connections."""
        return self.database._transaction.__self__._idle

    def sql(self, work: Callable[[Sql], Any]) -> Any:
        with self.database.transaction() as sql:
            return work(sql)

    def say(self, call: WalletCall, at: int | None = None) -> Outcome:
        """Through the bytes that the platform would send and read; `at`: microseconds, else now."""
        at = int(self.now * 1_000_000) if at is None else at
        request = Native().request(call, OPERATOR, at)
        answer = self.server.handle(request.method, request.url, dict(request.headers), request.body)
        return Native().outcome(call, OPERATOR, HttpResponse(answer.status, (), answer.body), at)


def accepted(outcome: Outcome) -> bool:
    return isinstance(outcome, Accepted)
