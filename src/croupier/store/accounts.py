"""People who sign in to the online account. Passwords are argon2id, cookies are stored as SHA-256."""

import secrets
from typing import Literal

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from croupier.domain.ids import text_of
from croupier.store.audit import PLATFORM, Actor, add_entry
from croupier.store.connect import Pool
from croupier.store.registry import AlreadyExists, digest

Role = Literal["owner", "finance", "support", "read_only", "staff_account_manager", "staff_engineer", "staff_admin"]
"""Those that begin with ``staff`` are the provider's own people, assigned to the operator."""
IDLE_US = 12 * 3600 * 1_000_000
LIFE_US = 7 * 24 * 3600 * 1_000_000

HASHER = PasswordHasher()
NOBODY = HASHER.hash(secrets.token_hex(16))
"""Verified when there is no such account, so that the answer takes as long."""


class User(msgspec.Struct, frozen=True):
    user_id: str
    email: str
    operator_id: str
    role: Role


class SignedIn(msgspec.Struct, frozen=True):
    user: User
    csrf: str


async def add_user(db: Pool, user: User, password: str, at: int, by: Actor = PLATFORM, *, reset: bool) -> None:
    """AlreadyExists when somebody has this e-mail and `reset` is not set. `reset` ends the person's sessions."""
    hashed = HASHER.hash(password)
    async with db.acquire() as connection, connection.transaction():
        if reset:
            had = await connection.fetchval(
                "SELECT role FROM users WHERE lower(email) = lower($1) AND operator_id = $2 FOR UPDATE",
                *(user.email, user.operator_id),
            )
            known = await connection.fetchval(
                """UPDATE users SET password_hash = $2, role = $3, disabled_at = NULL
                   WHERE lower(email) = lower($1) AND operator_id = $4 RETURNING user_id""",
                user.email,
                hashed,
                user.role,
                user.operator_id,
            )
            if known is not None:
                await connection.execute("DELETE FROM user_sessions WHERE user_id = $1", known)
                roles = {"before": {"role": had}, "after": {"role": user.role}}
                await add_entry(connection, at, user.operator_id, "reset_user", known, by, **roles)
                return
        added = await connection.fetchval(
            """INSERT INTO users (user_id, email, operator_id, role, password_hash, created_at)
               VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING user_id""",
            user.user_id,
            user.email,
            user.operator_id,
            user.role,
            hashed,
            at,
        )
        if added is None:
            raise AlreadyExists(user.email)
        roles = {"after": {"role": user.role}}
        await add_entry(connection, at, user.operator_id, "add_user", user.user_id, by, **roles)


async def set_enabled(db: Pool, email: str, at: int, by: Actor = PLATFORM, *, enabled: bool) -> User | None:
    """None when nobody has this e-mail. Whoever is disabled is signed out everywhere with the same commit."""
    async with db.acquire() as connection, connection.transaction():
        row = await connection.fetchrow(
            """SELECT user_id, email, operator_id, role, disabled_at FROM users
               WHERE lower(email) = lower($1) FOR UPDATE""",
            email,
        )
        if row is None:
            return None
        user, was = User(*row[:4]), row["disabled_at"] is None
        if not enabled:
            await connection.execute("DELETE FROM user_sessions WHERE user_id = $1", user.user_id)
        if was is not enabled:
            await connection.execute(
                "UPDATE users SET disabled_at = $2 WHERE user_id = $1", user.user_id, None if enabled else at
            )
            change = {"before": {"enabled": was}, "after": {"enabled": enabled}}
            act = "enable_user" if enabled else "disable_user"
            await add_entry(connection, at, user.operator_id, act, user.user_id, by, **change)
        return user


async def list_users(db: Pool, operator_id: str | None = None) -> list[tuple[User, bool]]:
    """By operator and e-mail; with whether they may sign in."""
    rows = await db.fetch(
        """SELECT user_id, email, operator_id, role, disabled_at IS NULL FROM users
           WHERE $1::text IS NULL OR operator_id = $1 ORDER BY operator_id, lower(email)""",
        operator_id,
    )
    return [(User(*row[:4]), row[4]) for row in rows]


async def password_of(db: Pool, email: str) -> tuple[User | None, str]:
    """The person and the stored hash; a hash that nothing matches when there is no such person."""
    row = await db.fetchrow(
        """SELECT user_id, email, operator_id, role, password_hash FROM users
           WHERE lower(email) = lower($1) AND disabled_at IS NULL""",
        email,
    )
    if row is None:
        return None, NOBODY
    return User(row["user_id"], row["email"], row["operator_id"], row["role"]), row["password_hash"]


def verify(password_hash: str, password: str) -> bool:
    """Some tens of milliseconds of one core: call it in a thread."""
    try:
        return HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


async def sign_in(db: Pool, user: User, at: int) -> str:
    """A new cookie value, returned once."""
    token = text_of(secrets.token_bytes(32))
    await db.execute(
        "INSERT INTO user_sessions VALUES ($1, $2, $3, $4, $4, $5)",
        digest(token),
        user.user_id,
        text_of(secrets.token_bytes(24)),
        at,
        at + LIFE_US,
    )
    await db.execute("DELETE FROM user_sessions WHERE expires_at < $1 OR seen_at < $2", at, at - IDLE_US)
    return token


async def signed_in(db: Pool, token: str, at: int) -> SignedIn | None:
    row = await db.fetchrow(
        """UPDATE user_sessions AS s SET seen_at = $2 FROM users AS u
           WHERE s.token_hash = $1 AND u.user_id = s.user_id AND s.expires_at > $2 AND s.seen_at > $3
             AND u.disabled_at IS NULL
           RETURNING u.user_id, u.email, u.operator_id, u.role, s.csrf""",
        digest(token),
        at,
        at - IDLE_US,
    )
    if row is None:
        return None
    return SignedIn(User(row["user_id"], row["email"], row["operator_id"], row["role"]), row["csrf"])


async def sign_out(db: Pool, token: str) -> None:
    await db.execute("DELETE FROM user_sessions WHERE token_hash = $1", digest(token))
