"""Sessions, their launch tokens and their play tokens. Tokens are stored as SHA-256 only."""

import uuid
from collections.abc import Sequence

import asyncpg
import msgspec

from croupier.domain.parties import Mode, SeatKey, Session
from croupier.store.connect import Connection, Pool
from croupier.store.registry import digest

IDLE_LIFE_US = 24 * 3600 * 1_000_000
"""A session ends after this long without a call."""
LAUNCH_LIFE_US = 60 * 1_000_000


class LaunchTokenUsed(Exception):
    """Somebody opened the game with this link before."""


class LaunchTokenExpired(Exception):
    """The link is older than 60 seconds, or its session has ended."""


class Subject(msgspec.Struct, frozen=True):
    """What a launch was asked with, beyond what money depends on."""

    device: str | None = None
    ip: str | None = None
    jurisdiction: str | None = None
    start_balance: int | None = None
    home: str | None = None
    """Of a demo session: the worker in whose memory it is."""


class SessionRow(msgspec.Struct, frozen=True):
    operator_id: str
    player_id: str
    game_id: str
    mode: Mode
    seat_id: uuid.UUID
    session: Session
    subject: Subject
    opened_at: int
    seen_at: int
    ended_at: int | None = None
    end_reason: str | None = None

    @property
    def seat_key(self) -> SeatKey:
        return SeatKey(self.operator_id, self.player_id, self.game_id, self.mode)


COLUMNS = "operator_id, player_id, game_id, mode, seat_id, session, subject, opened_at, seen_at, ended_at, end_reason"


async def add_session(db: Connection, row: SessionRow, launch_token: str, launch_expires_at: int) -> None:
    """Stores a new session; the seat's older ones end as ``replaced``."""
    await db.execute(
        """UPDATE sessions SET ended_at = $2, end_reason = 'replaced' WHERE seat_id = $1 AND ended_at IS NULL""",
        row.seat_id,
        row.opened_at,
    )
    await db.execute(
        f"""INSERT INTO sessions (session_id, launch_hash, launch_expires_at, {COLUMNS})
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, NULL, NULL)""",
        row.session.session_id,
        digest(launch_token),
        launch_expires_at,
        row.operator_id,
        row.player_id,
        row.game_id,
        row.mode,
        row.seat_id,
        msgspec.json.encode(row.session).decode(),
        msgspec.json.encode(row.subject).decode(),
        row.opened_at,
        row.seen_at,
    )


class SessionFilter(msgspec.Struct, frozen=True):
    """Times in microseconds, None = any. `idle_since`: who was not heard of since then has ended."""

    opened_from: int | None
    opened_to: int | None
    ended_from: int | None
    ended_to: int | None
    open: bool | None
    player_ids: tuple[str, ...] | None
    group_ids: tuple[str, ...] | None
    idle_since: int


async def launch_again(db: Connection, session_id: str, launch_token: str, launch_expires_at: int) -> None:
    """A new link to an open session; the one before is dead."""
    await db.execute(
        "UPDATE sessions SET launch_hash = $2, launch_expires_at = $3, used_at = NULL WHERE session_id = $1",
        *(session_id, digest(launch_token), launch_expires_at),
    )


async def open_session_of(db: Pool, key: SeatKey) -> SessionRow | None:
    """The newest session of a player at a game that nobody has ended."""
    row = await db.fetchrow(
        f"""SELECT {COLUMNS} FROM sessions WHERE operator_id = $1 AND player_id = $2 AND game_id = $3 AND mode = $4
            AND ended_at IS NULL ORDER BY opened_at DESC LIMIT 1""",
        *(key.operator_id, key.player_id, key.game_id, key.mode),
    )
    return _row(row) if row else None


async def open_sessions(db: Pool, operator_id: str, player_id: str, until: int) -> list[str]:
    """Sessions of a player that nobody has ended, opened at that moment or before."""
    rows = await db.fetch(
        """SELECT session_id FROM sessions
           WHERE operator_id = $1 AND player_id = $2 AND opened_at <= $3 AND ended_at IS NULL""",
        *(operator_id, player_id, until),
    )
    return [row[0] for row in rows]


async def list_sessions(db: Pool, operator_id: str, f: SessionFilter, limit: int = 1000) -> list[SessionRow]:
    """Newest first."""
    rows = await db.fetch(
        f"""SELECT {COLUMNS} FROM sessions s WHERE operator_id = $1
              AND ($2::bigint IS NULL OR opened_at >= $2) AND ($3::bigint IS NULL OR opened_at <= $3)
              AND ($4::bigint IS NULL OR ended_at >= $4) AND ($5::bigint IS NULL OR ended_at <= $5)
              AND ($6::boolean IS NULL OR $6 = (ended_at IS NULL AND seen_at >= $9))
              AND ($7::text[] IS NULL OR player_id = ANY($7))
              AND ($8::text[] IS NULL OR EXISTS (SELECT FROM players p
                   WHERE p.operator_id = s.operator_id AND p.player_id = s.player_id AND p.group_id = ANY($8)))
            ORDER BY opened_at DESC, session_id LIMIT $10""",
        *(operator_id, f.opened_from, f.opened_to, f.ended_from, f.ended_to, f.open, f.player_ids, f.group_ids),
        *(f.idle_since, limit),
    )
    return [_row(row) for row in rows]


async def who_played(db: Pool, operator_id: str, player_ids: Sequence[str]) -> str | None:
    """One of these players who has opened a game for money; None when nobody has."""
    found = await db.fetchval(
        "SELECT player_id FROM sessions WHERE operator_id = $1 AND player_id = ANY($2) AND mode = 'real' LIMIT 1",
        *(operator_id, list(player_ids)),
    )
    return str(found) if found is not None else None


async def use_launch_token(db: Pool, token: str, play_token: str, at: int) -> SessionRow | None:
    """Exchanges a launch token for this play token, once. None when it is not one of ours."""
    hashed = digest(token)
    row = await db.fetchrow(
        f"""UPDATE sessions SET used_at = $3, play_hash = $2, seen_at = $3
            WHERE launch_hash = $1 AND used_at IS NULL AND launch_expires_at > $3 AND ended_at IS NULL
            RETURNING {COLUMNS}""",
        hashed,
        digest(play_token),
        at,
    )
    if row is not None:
        return _row(row)
    found = await db.fetchrow("SELECT used_at FROM sessions WHERE launch_hash = $1", hashed)
    if found is None:
        return None
    raise LaunchTokenUsed if found["used_at"] is not None else LaunchTokenExpired


async def operator_of_launch_token(db: Pool, token: str) -> str | None:
    """Whose link this is, used or not: decides which pages may frame the game."""
    owner: str | None = await db.fetchval("SELECT operator_id FROM sessions WHERE launch_hash = $1", digest(token))
    return owner


async def operator_of_session(db: Pool, session_id: str) -> str | None:
    """Whose session this is; for a reloaded game, which no longer has its launch token."""
    owner: str | None = await db.fetchval("SELECT operator_id FROM sessions WHERE session_id = $1", session_id)
    return owner


async def session_of_play_token(db: Pool, token: str) -> SessionRow | None:
    row = await db.fetchrow(f"SELECT {COLUMNS} FROM sessions WHERE play_hash = $1", digest(token))
    return _row(row) if row else None


async def get_session(db: Connection | Pool, operator_id: str, session_id: str) -> SessionRow | None:
    row = await db.fetchrow(
        f"SELECT {COLUMNS} FROM sessions WHERE operator_id = $1 AND session_id = $2", operator_id, session_id
    )
    return _row(row) if row else None


async def end_session(db: Connection, session_id: str, at: int, reason: str) -> bool:
    """False when it had ended before."""
    ended = await db.fetchval(
        """UPDATE sessions SET ended_at = $2, end_reason = $3
           WHERE session_id = $1 AND ended_at IS NULL RETURNING session_id""",
        session_id,
        at,
        reason,
    )
    return ended is not None


async def touch_sessions(db: Pool, seen: dict[str, int]) -> None:
    """Notes when sessions were last heard of; `seen`: session id -> microseconds."""
    await db.execute(
        """UPDATE sessions SET seen_at = greatest(seen_at, given.at)
           FROM unnest($1::text[], $2::bigint[]) AS given (id, at) WHERE session_id = given.id""",
        list(seen),
        list(seen.values()),
    )


def _row(row: asyncpg.Record) -> SessionRow:
    return SessionRow(
        operator_id=row["operator_id"],
        player_id=row["player_id"],
        game_id=row["game_id"],
        mode=row["mode"],
        seat_id=row["seat_id"],
        session=msgspec.json.decode(row["session"], type=Session),
        subject=msgspec.json.decode(row["subject"], type=Subject),
        opened_at=row["opened_at"],
        seen_at=row["seen_at"],
        ended_at=row["ended_at"],
        end_reason=row["end_reason"],
    )
