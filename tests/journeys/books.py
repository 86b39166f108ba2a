"""Compares two books: the casino's SQLite ledger, and our journal read record by record without the state machine."""

import asyncio
import sqlite3
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from croupier.domain.ids import rollback_id
from croupier.rounds.events import ActionRequested, BetRequested, FreeRound, FreeRoundsEnded, GamePlayed, WalletAnswered
from croupier.store import formats
from croupier.store.embedded import dsn_of_running
from croupier.wallet.outcome import Accepted

CLOSING_S = 5.0


@dataclass
class Line:
    bets: int = 0
    wins: int = 0
    rolled_back: int = 0

    @property
    def net(self) -> int:
        return self.wins - self.bets


@dataclass
class Book:
    """Player -> what moved for good, minor units; `pending`: transactions that no answer has ended."""

    players: dict[str, Line] = field(default_factory=lambda: defaultdict(Line))
    pending: int = 0


async def read_journal(data: Path, prefix: str) -> Book:
    """As `journal_of`, in the database that runs for this data folder."""
    dsn = dsn_of_running(data)
    assert dsn is not None, "the database runs"
    return await journal_of(dsn, prefix)


async def journal_of(dsn: str, prefix: str) -> Book:
    """Every event of every stream of these players, in order; a bet counts when the wallet accepted and kept it."""
    connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch(
            """SELECT s.player_id, j.format, j.payload FROM journal j JOIN seats s USING (seat_id)
               WHERE s.mode = 'real' AND s.player_id LIKE $1 ORDER BY j.seat_id, j.seq""",
            prefix + "%",
        )
    finally:
        await connection.close()
    book = Book()
    asked: dict[str, tuple[str, str, int]] = {}
    accepted: set[str] = set()
    ended: set[str] = set()
    for player_id, number, payload in rows:
        for event in formats.decode(number, payload):
            match event:
                case BetRequested(free_round=FreeRound(local=True)):
                    pass  # no wallet is asked for it
                case BetRequested():
                    asked[event.transaction_id] = (player_id, "bet", event.amount)
                case ActionRequested(transaction_id=str() as bet):
                    asked[bet] = (player_id, "bet", event.cost)
                case GamePlayed(win_id=str() as win):
                    asked[win] = (player_id, "win", event.win)
                case FreeRoundsEnded():
                    asked[event.win_id] = (player_id, "win", event.free_round.won)
                case WalletAnswered(outcome=Accepted() as told):
                    if told.free_round_charged:
                        asked[event.transaction_id] = (player_id, "bet", 0)
                    accepted.add(event.transaction_id)
                    ended.add(event.transaction_id)
                case WalletAnswered():
                    ended.add(event.transaction_id)
                case _:
                    pass
    for transaction_id, (player_id, kind, amount) in asked.items():
        line = book.players[player_id]
        if kind == "win":
            line.wins += amount if transaction_id in accepted else 0
            book.pending += transaction_id not in accepted
        elif rollback_id(transaction_id) in accepted:
            line.rolled_back += amount
        elif transaction_id in accepted:
            line.bets += amount
        else:
            book.pending += transaction_id not in ended
    return book


def casino_of(file: Path, prefix: str) -> tuple[Book, dict[str, int]]:
    """The casino's own book, and each player's balance less what it was opened with."""
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
        moved = database.execute(
            "select player_id, kind, state, amount from transactions where player_id like ?", (prefix + "%",)
        ).fetchall()
        balances = database.execute(
            "select player_id, balance - opened_with from players where player_id like ?", (prefix + "%",)
        ).fetchall()
    book = Book()
    for player_id, kind, state, amount in moved:
        line = book.players[player_id]
        if kind == "bet" and state == "taken":
            line.bets += amount
        elif kind == "win" and state == "done":
            line.wins += amount
    return book, dict(balances)


async def differences(data: Path, prefix: str) -> list[str]:
    """A sentence for each player whose two books differ, to the minor unit.

    The record that closes a round may wait a second for company, so the journal is read until nothing is pending.
    """
    until = time.monotonic() + CLOSING_S
    ours = await read_journal(data, prefix)
    while ours.pending and time.monotonic() < until:
        await asyncio.sleep(0.2)
        ours = await read_journal(data, prefix)
    return compared(ours, *casino_of(data / "casino" / "casino.sqlite3", prefix))


def compared(ours: Book, theirs: Book, balances: dict[str, int]) -> list[str]:
    """A sentence for each player whose two books differ, to the minor unit."""
    found = [f"{ours.pending} transactions of ours have no end"] if ours.pending else []
    for player_id in sorted(balances):
        us, them = ours.players[player_id], theirs.players[player_id]
        if (us.bets, us.wins) != (them.bets, them.wins) or us.net != balances[player_id]:
            found.append(
                f"{player_id}: we hold bets {us.bets} wins {us.wins}, "
                f"the casino bets {them.bets} wins {them.wins} and a balance changed by {balances[player_id]}"
            )
    return found
