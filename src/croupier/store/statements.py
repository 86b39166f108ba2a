"""An operator's daily statement as CSV: the same position gives the same bytes for ever."""

import csv
import datetime as dt
import io
from collections.abc import AsyncIterator, Iterable

from croupier.domain.instants import rfc3339
from croupier.store.connect import Pool
from croupier.store.ledger import Position, StatementRow, statement_entries

ROW_COLUMNS = (
    *("position", "operator_id", "date", "currency", "game_id", "entries", "bets", "wins", "rollbacks"),
    *("house", "promo", "in_open_rounds"),
)
ENTRY_COLUMNS = (
    *("position", "operator_id", "at", "currency", "game_id", "player_id", "round_id", "bet", "win", "rollback"),
)


def rows_csv(operator_id: str, day: dt.date, position: Position, rows: Iterable[StatementRow]) -> str:
    """One line a currency and game. Amounts are minor units; all columns but the last three are sums of movements."""
    return _csv(
        ROW_COLUMNS,
        (
            (
                *(position, operator_id, day, r.currency, r.game_id, r.entries, r.bets, r.wins, r.rollbacks),
                *(r.house, r.promo, r.in_open_rounds),
            )
            for r in rows
        ),
    )


async def entries_csv(
    db: Pool, operator_id: str, day: dt.date, currency: str | None, position: Position
) -> AsyncIterator[str]:
    """One line an entry, in the journal's order."""
    yield _csv(ENTRY_COLUMNS, ())
    async for entries in statement_entries(db, operator_id, day, currency, position):
        yield _csv(
            (),
            (
                (
                    *(position, operator_id, rfc3339(e.at), e.currency, e.game_id, e.player_id, e.round_id),
                    *(e.bet, e.win, e.rollback),
                )
                for e in entries
            ),
        )


def _csv(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    if head:
        writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue()
