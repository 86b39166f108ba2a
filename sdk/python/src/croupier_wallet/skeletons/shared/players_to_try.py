"""Three players in a file, to try the wallet with. Delete this when the ledger stands on your own table."""

import sqlite3

ROWS = [("p-1", 100_000, "EUR", 0), ("p-2", 100_000, "EUR", 0), ("p-blocked", 100_000, "EUR", 1)]


def make(path: str) -> str:
    """A table of players, 1,000.00 EUR each, unless it is there."""
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS players "
            "(id text PRIMARY KEY, balance integer NOT NULL, currency text NOT NULL, blocked integer NOT NULL)"
        )
        connection.executemany("INSERT OR IGNORE INTO players VALUES (?, ?, ?, ?)", ROWS)
    connection.close()
    return path
