"""Players and game sets: plain rows of an operator."""

import asyncpg
import msgspec

from croupier.domain.parties import Player
from croupier.store.connect import Connection, Pool


class PlayerRow(msgspec.Struct, frozen=True):
    player: Player
    created_at: int
    updated_at: int


class GameSet(msgspec.Struct, frozen=True):
    set_id: str
    name: str
    game_ids: tuple[str, ...]
    updated_at: int


class CurrencyIsFixed(Exception):
    """The player exists with the currency in `args[0]`; nothing was changed."""


PLAYER = "operator_id, player_id, currency, nickname, country, language, enabled, group_id, created_at, updated_at"


async def put_player(db: Connection, player: Player, at: int) -> tuple[PlayerRow, bool]:
    """Creates or updates; True when it is new. CurrencyIsFixed when the player has another currency.

    A field that is None keeps what is stored; `enabled` is always written.
    """
    row = await db.fetchrow(
        f"""INSERT INTO players ({PLAYER}) VALUES ($1, $2, $3, $4, $5, $6, $7, $9, $8, $8)
            ON CONFLICT (operator_id, player_id) DO UPDATE SET
                nickname = coalesce($4, players.nickname), country = coalesce($5, players.country),
                language = coalesce($6, players.language), enabled = $7, updated_at = $8,
                group_id = coalesce(players.group_id, $9)
            WHERE players.currency = $3
            RETURNING {PLAYER}, xmax = 0 AS is_new""",
        player.operator_id,
        player.player_id,
        player.currency,
        player.nickname,
        player.country,
        player.language,
        player.enabled,
        at,
        player.group_id,
    )
    if row is None:
        existing = await get_player(db, player.operator_id, player.player_id)
        raise CurrencyIsFixed(existing.player.currency if existing else "")
    return _row(row), row["is_new"]


async def get_player(db: Connection | Pool, operator_id: str, player_id: str) -> PlayerRow | None:
    row = await db.fetchrow(
        f"SELECT {PLAYER} FROM players WHERE operator_id = $1 AND player_id = $2", operator_id, player_id
    )
    return _row(row) if row else None


async def list_players(db: Pool, operator_id: str, limit: int, before: tuple[int, str] | None) -> list[PlayerRow]:
    """Newest first, those after `before` = (created_at, player_id) of the last one of the page before."""
    at, last = before or (2**62, "")
    rows = await db.fetch(
        f"""SELECT {PLAYER} FROM players
            WHERE operator_id = $1 AND created_at <= $2 AND (created_at < $2 OR player_id > $3)
            ORDER BY created_at DESC, player_id LIMIT $4""",
        operator_id,
        at,
        last,
        limit,
    )
    return [_row(row) for row in rows]


async def put_game_set(db: Connection, operator_id: str, game_set: GameSet) -> bool:
    """Creates or replaces; True when it is new."""
    return bool(
        await db.fetchval(
            """INSERT INTO game_sets VALUES ($1, $2, $3, $4, $5)
               ON CONFLICT (operator_id, set_id) DO UPDATE SET name = $3, game_ids = $4, updated_at = $5
               RETURNING xmax = 0""",
            operator_id,
            game_set.set_id,
            game_set.name,
            list(game_set.game_ids),
            game_set.updated_at,
        )
    )


async def list_game_sets(db: Pool, operator_id: str, limit: int, after: str) -> list[GameSet]:
    """By id, those after `after`."""
    rows = await db.fetch(
        """SELECT set_id, name, game_ids, updated_at FROM game_sets
           WHERE operator_id = $1 AND set_id > $2 ORDER BY set_id LIMIT $3""",
        operator_id,
        after,
        limit,
    )
    return [GameSet(row["set_id"], row["name"], tuple(row["game_ids"]), row["updated_at"]) for row in rows]


async def get_game_set(db: Pool | Connection, operator_id: str, set_id: str) -> GameSet | None:
    row = await db.fetchrow(
        "SELECT set_id, name, game_ids, updated_at FROM game_sets WHERE operator_id = $1 AND set_id = $2",
        operator_id,
        set_id,
    )
    return GameSet(row["set_id"], row["name"], tuple(row["game_ids"]), row["updated_at"]) if row else None


async def delete_game_set(db: Connection, operator_id: str, set_id: str) -> bool:
    """False when there is no such set."""
    deleted = await db.fetchval(
        "DELETE FROM game_sets WHERE operator_id = $1 AND set_id = $2 RETURNING set_id", operator_id, set_id
    )
    return deleted is not None


def _row(row: asyncpg.Record) -> PlayerRow:
    return PlayerRow(Player(*row[:8]), row["created_at"], row["updated_at"])
