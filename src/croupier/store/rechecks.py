"""Checks that are repeated by themselves, every so many days: the latest whole one that is as strict as what opened
play, or would open it; before there is one, the latest of any level.
"""

import msgspec

from croupier.domain.days import DAY_US
from croupier.store.certifications import SILENT, Asked
from croupier.store.connect import Connection, Pool
from croupier.store.going_live import LEVELS

DAYS_MOST = 30
"""A check that is older opens no play (`going_live.GOOD_FOR_US`)."""
BY = "schedule"

_STRICT = f"array_position(ARRAY{list(LEVELS)}, {{}}.asked ->> 'level')"
_LATEST = """
SELECT DISTINCT ON (c.operator_id) c.operator_id, c.asked, c.asked_at, c.certification_id,
       (o.settings ->> 'recheck_days')::bigint AS days, coalesce((o.settings ->> 'test')::boolean, true) AS test
FROM certifications AS c JOIN operators AS o USING (operator_id)
LEFT JOIN certifications AS gate
  ON gate.operator_id = o.operator_id AND gate.certification_id = o.settings ->> 'went_live'
WHERE (c.asked ->> 'whole')::boolean AND c.state <> 'stopped'
"""
_ORDER = f"""
ORDER BY c.operator_id,
  coalesce({_STRICT.format("c")}, 0) >= greatest(coalesce({_STRICT.format("gate")}, 0), 1) DESC, c.asked_at DESC
"""
_DUE = f"""
SELECT operator_id, asked, test FROM (
  {_LATEST} AND coalesce((o.settings ->> 'recheck_days')::bigint, 0) > 0
    AND coalesce((o.settings ->> 'enabled')::boolean, true)
  {_ORDER}) AS latest
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
    row = await db.fetchrow(f"{_LATEST} AND c.operator_id = $1 {_ORDER}", operator_id)
    return Repeated(row["certification_id"], row["asked_at"]) if row is not None else None


async def due(pool: Pool, now: int) -> list[Due]:
    """What is to be repeated now. One that was asked for by hand meanwhile counts as well."""
    rows = await pool.fetch(_DUE, now)
    return [Due(row["operator_id"], msgspec.json.decode(row["asked"], type=Asked), row["test"]) for row in rows]
