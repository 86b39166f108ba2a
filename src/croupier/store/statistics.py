"""Sums over the projector's daily counters."""

import datetime as dt

import msgspec

from croupier.store.connect import Pool


class DailyFilter(msgspec.Struct, frozen=True):
    """Days are UTC and inclusive. None = any."""

    first: dt.date
    last: dt.date
    game_ids: tuple[str, ...] | None = None
    currency: str | None = None
    player_id: str | None = None


class Sums(msgspec.Struct, frozen=True, array_like=True):
    """Of closed rounds. `day` and `player_id` are None unless asked for. Amounts are minor units."""

    day: dt.date | None
    game_id: str
    currency: str
    player_id: str | None
    rounds: int
    bets: int
    wins: int
    hits: int
    free_cost: int
    bets_squared: int


async def daily_sums(db: Pool, operator_id: str, f: DailyFilter, *, by_day: bool, by_player: bool) -> list[Sums]:
    """By game and currency, and by what is asked for. A report without players reads the smaller table."""
    with_players = by_player or f.player_id is not None
    columns = ("day" if by_day else "NULL::date", "game_id", "currency", "player_id" if by_player else "NULL::text")
    groups = [column for column in columns if not column.startswith("NULL")]
    rows = await db.fetch(
        f"""SELECT {", ".join(columns)},
                   sum(rounds)::bigint, sum(bets)::bigint, sum(wins)::bigint, sum(hits)::bigint,
                   sum(free_cost)::bigint, sum(bets_squared)::numeric(60)
            FROM {"daily" if with_players else "daily_games"}
            WHERE operator_id = $1 AND day BETWEEN $2 AND $3
              AND ($4::text[] IS NULL OR game_id = ANY($4)) AND ($5::text IS NULL OR currency = $5)
              {"AND ($6::text IS NULL OR player_id = $6)" if with_players else ""}
            GROUP BY {", ".join(groups)} ORDER BY {", ".join(groups)}""",
        operator_id,
        f.first,
        f.last,
        None if f.game_ids is None else list(f.game_ids),
        f.currency,
        *((f.player_id,) if with_players else ()),
    )
    return [msgspec.convert([*row[:-1], int(row[-1])], Sums) for row in rows]
