"""Idempotency-Key: the first request does the work, its repetitions get its answer for 24 hours.

The claim is a row of its own, made before the work; the reply is written in the transaction of the effect. So a process
that dies in between leaves no effect and a claim that may be taken over when it is old.
"""

import secrets

import msgspec

from croupier.store.connect import Connection, Pool

KEPT_US = 24 * 3600 * 1_000_000
CLAIM_US = 60 * 1_000_000
"""A running request is never older than this: every call of ours is bounded far below."""


class KeyReused(Exception):
    """The key belongs to another request."""


class InFlight(Exception):
    """The first request with this key is still running."""


class Claim(msgspec.Struct, frozen=True):
    operator_id: str
    key: str
    token: bytes


class Reply(msgspec.Struct, frozen=True):
    status: int
    body: bytes


async def claim(db: Pool, operator_id: str, key: str, body_hash: bytes, at: int) -> Claim | Reply:
    """A claim to do the work, or the reply of the request that did it. KeyReused, InFlight."""
    token = secrets.token_bytes(16)
    won = await db.fetchval(
        """INSERT INTO idempotency_keys AS k (operator_id, key, body_hash, claim, claimed_at)
           VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (operator_id, key) DO UPDATE
           SET body_hash = $3, claim = $4, claimed_at = $5, status = NULL, reply = NULL
           WHERE k.claimed_at < $6 OR (k.status IS NULL AND k.claimed_at < $7)
           RETURNING true""",
        operator_id,
        key,
        body_hash,
        token,
        at,
        at - KEPT_US,
        at - CLAIM_US,
    )
    if won:
        return Claim(operator_id, key, token)
    row = await db.fetchrow(
        "SELECT body_hash, status, reply FROM idempotency_keys WHERE operator_id = $1 AND key = $2", operator_id, key
    )
    if row is None or (row["body_hash"] == body_hash and row["status"] is None):
        raise InFlight
    if row["body_hash"] != body_hash:
        raise KeyReused
    return Reply(row["status"], row["reply"])


async def keep(db: Connection, claim: Claim, reply: Reply) -> None:
    """Writes the reply within the effect's transaction. InFlight when somebody took the claim over: roll back."""
    kept = await db.fetchval(
        """UPDATE idempotency_keys SET status = $4, reply = $5
           WHERE operator_id = $1 AND key = $2 AND claim = $3 RETURNING true""",
        claim.operator_id,
        claim.key,
        claim.token,
        reply.status,
        reply.body,
    )
    if not kept:
        raise InFlight


async def release(db: Pool, claim: Claim) -> None:
    """Nothing was done: the key is free again."""
    await db.execute(
        "DELETE FROM idempotency_keys WHERE operator_id = $1 AND key = $2 AND claim = $3 AND status IS NULL",
        claim.operator_id,
        claim.key,
        claim.token,
    )


async def forget_old(db: Pool, at: int) -> None:
    await db.execute("DELETE FROM idempotency_keys WHERE claimed_at < $1", at - KEPT_US)
