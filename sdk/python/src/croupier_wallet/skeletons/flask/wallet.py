"""The wallet that Croupier calls: POST /wallet/balance, /bet, /win and /rollback.

waitress-serve --listen=127.0.0.1:{port} --threads=16 wallet:app
"""

import players_to_try
from flask import Flask

from croupier_wallet import PlayerTable, SqlLedger, WalletServer, sqlite, wallet_secrets
from croupier_wallet.flask import wallet_blueprint

# Your database: postgresql(lambda: psycopg.connect("dbname=casino")), or mysql(lambda: pymysql.connect(…)).
database = sqlite(players_to_try.make("wallet.db"))

# Your table of players, and its columns. Is it not that simple? Write the two functions of croupier_wallet.Players.
players = PlayerTable("players", id="id", balance="balance", currency="currency", blocked="blocked")

ledger = SqlLedger(database, players)
ledger.create_tables()

# In an application of yours: from wallet import blueprint; app.register_blueprint(blueprint, url_prefix="/wallet")
blueprint = wallet_blueprint(WalletServer(ledger, wallet_secrets()))

app = Flask(__name__)
app.register_blueprint(blueprint, url_prefix="/wallet")
