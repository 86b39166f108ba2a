"""The wallet that Croupier calls: POST /wallet/balance, /bet, /win and /rollback.

uvicorn wallet:app --port {port}
"""

import players_to_try
from fastapi import FastAPI

from croupier_wallet import PlayerTable, SqlLedger, WalletServer, sqlite, wallet_secrets
from croupier_wallet.fastapi import wallet_router

# Your database: postgresql(lambda: psycopg.connect("dbname=casino")), or mysql(lambda: pymysql.connect(…)).
database = sqlite(players_to_try.make("wallet.db"))

# Your table of players, and its columns. Is it not that simple? Write the two functions of croupier_wallet.Players.
players = PlayerTable("players", id="id", balance="balance", currency="currency", blocked="blocked")

ledger = SqlLedger(database, players)
ledger.create_tables()

# In an application of yours: from wallet import router; app.include_router(router, prefix="/wallet")
router = wallet_router(WalletServer(ledger, wallet_secrets()))

app = FastAPI()
app.include_router(router, prefix="/wallet")
