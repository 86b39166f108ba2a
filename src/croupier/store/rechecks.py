"""Checks that are repeated by themselves: the latest whole one of an operator, every so many days."""

import msgspec

from croupier.domain.days import DAY_US
from croupier.store.certifications import SILENT, Asked
from croupier.store.connect import Connection, Pool

DAYS_MOST = 30
"""A check that is older opens no play (`going_live.GOOD_FOR_US`)."""
BY = "schedule"

_LATEST = """
SELECT DISTINCT ON (c.operator_id) c.operator_id, c.asked, c.asked_at, c.certification_id,
       (o.settings ->> 'recheck_days')::bigint AS days, coalesce((o.settings ->> 'test')::boolean, true) AS test
FROM certifications AS c JOIN operators AS o USING (operator_id)
WHERE (c.asked ->> 'whole')::boolean AND c.state <> 'stopped'
"""
_DUE = f"""
SELECT operator_id, asked, test FROM (
  {_LATEST} AND coalesce((o.settings ->> 'recheck_days')::bigint, 0) > 0
    AND coalesce((o.settings ->> 'enabled')::boolean, true)
  ORDER BY c.operator_id, c.asked_at DESC) AS latest
WHERE asked_at <= $1 - days * {DAY_US} AND NOT EXISTS (
  SELECT FROM certifications AS o WHERE o.operator_id = latest.operator_id
    AND (o.state = 'queued' OR (o.state = 'running' AND o.beat_at >= now() - {SILENT})))
"""


class Due(msgspec.Struct, frozen=True):
    operator_id: str
    asked: Asked
    test: bool


class Repeated(msgspec.Struct, frozen=True):
    """The check that would be repeated, and when it was asked for (microseconds)."""

    certification_id: str
    asked_at: int


async def repeated(db: Pool | Connection, operator_id: str) -> Repeated | None:
    """None while no whole check was made: nobody has said which players to play with."""
    row = await db.fetchrow(f"{_LATEST} AND c.operator_id = $1 ORDER BY c.operator_id, c.asked_at DESC", operator_id)
    return Repeated(row["certification_id"], row["asked_at"]) if row is not None else None


async def due(pool: Pool, now: int) -> list[Due]:
    """What is to be repeated now. One that was asked for by hand meanwhile counts as well."""
    rows = await pool.fetch(_DUE, now)
    return [Due(row["operator_id"], msgspec.json.decode(row["asked"], type=Asked), row["test"]) for row in rows]
