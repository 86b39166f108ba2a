"""Players in a file, to try the wallet with. Delete this when the ledger stands on your own table.

``python3 players_to_try.py EUR 100000`` adds one with 1,000.00 EUR and prints the id; `croupier certify` asks it to.
"""

import sqlite3
import sys
import uuid

ROWS = [("p-1", 100_000, "EUR", 0), ("p-2", 100_000, "EUR", 0), ("p-blocked", 100_000, "EUR", 1)]


def make(path: str) -> str:
    """A table of players, 1,000.00 EUR each, unless it is there."""
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS players "
            "(id text PRIMARY KEY, balance integer NOT NULL, currency text NOT NULL, blocked integer NOT NULL)"
        )
        connection.executemany(
            "INSERT OR IGNORE INTO players (id, balance, currency, blocked) VALUES (?, ?, ?, ?)", ROWS
        )
    connection.close()
    return path


if __name__ == "__main__":
    player = f"try-{uuid.uuid4().hex[:12]}"
    connection = sqlite3.connect("wallet.db", timeout=4)
    with connection:
        values = (player, int(sys.argv[2]), sys.argv[1], False)
        connection.execute("INSERT INTO players (id, balance, currency, blocked) VALUES (?, ?, ?, ?)", values)
    connection.close()
    print(player)
