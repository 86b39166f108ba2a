"""The operator's side of a Croupier integration: signed calls in, safe answers out. No dependency.

>>> ledger = SqlLedger(sqlite("wallet.db"), PlayerTable("players"))  # doctest: +SKIP
>>> WalletServer(ledger, ["whsec_…"]).handle(method, path, headers, raw_body)  # doctest: +SKIP
Answer(status=200, headers={…}, body=b'{"balance":10000,"currency":"EUR"}')
"""

from croupier_wallet.calls import Call
from croupier_wallet.databases import Database, Sql, mysql, postgresql, sqlite
from croupier_wallet.ledger import SqlLedger
from croupier_wallet.money import Money
from croupier_wallet.players import InsufficientFunds, Player, Players, PlayerTable
from croupier_wallet.secrets import wallet_secrets
from croupier_wallet.server import Answer, WalletServer
from croupier_wallet.signature import NotSigned, sign, verify

__all__ = [
    "Answer",
    "Call",
    "Database",
    "InsufficientFunds",
    "Money",
    "NotSigned",
    "Player",
    "PlayerTable",
    "Players",
    "Sql",
    "SqlLedger",
    "WalletServer",
    "mysql",
    "postgresql",
    "sign",
    "sqlite",
    "verify",
    "wallet_secrets",
]
__version__ = "0.1.0"
