"""How long exchanges are kept: each operator says it for itself, within bounds and its share of bytes."""

import msgspec

from croupier.domain.days import DAY_US
from croupier.domain.parties import Operator
from croupier.store.connect import Pool

DAYS_MOST = 400
"""Books are closed by the year; beyond that raw bytes are a burden, and the journal keeps what matters."""
FAILED_DAYS_LEAST = 7
"""What went wrong must outlive the weekend and whoever is on leave."""
BYTES_MAX = 2 * 1024**3
"""Of one operator, whatever it says; the oldest chunks go first."""

_USUAL = Operator("", "", "", (), ())
_EXPIRED = f"""
DELETE FROM exchange_chunks AS c USING (
  SELECT operator_id, coalesce((settings ->> 'keep_exchanges_days')::bigint, {_USUAL.keep_exchanges_days}) AS plain,
         coalesce((settings ->> 'keep_failed_days')::bigint, {_USUAL.keep_failed_days}) AS failed
  FROM operators
  UNION ALL
  SELECT chunks.operator_id, {_USUAL.keep_exchanges_days}, {_USUAL.keep_failed_days}
  FROM (SELECT DISTINCT operator_id FROM exchange_chunks) AS chunks
  WHERE NOT EXISTS (SELECT FROM operators AS o WHERE o.operator_id = chunks.operator_id)) AS wish
WHERE c.operator_id = wish.operator_id
  AND c.last_at < $1 - {DAY_US} * CASE WHEN c.keep THEN wish.failed ELSE wish.plain END
"""
_OVER = """
DELETE FROM exchange_chunks WHERE chunk_id IN (
  SELECT chunk_id FROM (
    SELECT chunk_id, sum(bytes) OVER (PARTITION BY operator_id ORDER BY last_at DESC, chunk_id DESC) AS until_here
    FROM exchange_chunks) AS sums
  WHERE until_here > $1)
"""


class Kept(msgspec.Struct, frozen=True):
    """`since`: of the oldest exchange that is there, microseconds; None: there is none. `bytes`: compressed."""

    exchanges: int
    bytes: int
    since: int | None


def retention_fault(plain_days: int, failed_days: int) -> str | None:
    """Why exchanges cannot be kept so; None when they can. Whoever sets it, by whatever road, is told this."""
    if not 1 <= plain_days <= DAYS_MOST:
        return f"Exchanges are kept for 1 to {DAYS_MOST} days."
    if not FAILED_DAYS_LEAST <= failed_days <= DAYS_MOST:
        return f"Failed exchanges are kept for {FAILED_DAYS_LEAST} to {DAYS_MOST} days."
    if failed_days < plain_days:
        return "Failed exchanges are kept as long as the others, or longer."
    return None


async def kept_of(pool: Pool, operator_id: str) -> Kept:
    row = await pool.fetchrow(
        """SELECT coalesce(sum(exchanges), 0)::bigint, coalesce(sum(bytes), 0)::bigint, min(first_at)
           FROM exchange_chunks WHERE operator_id = $1""",
        operator_id,
    )
    assert row is not None, "an aggregate has a row"
    return Kept(*row)


async def forget_exchanges(pool: Pool, at: int) -> None:
    """What is past its operator's retention or above its share of bytes, with its index rows."""
    await pool.execute(_EXPIRED, at)
    await pool.execute(_OVER, BYTES_MAX)
