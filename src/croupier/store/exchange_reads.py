"""Finding exchanges again: by id, by round, and as a list of what was worth an index row."""

import msgspec

from croupier.domain.exchange import Exchange
from croupier.domain.ids import exchange_at
from croupier.store.connect import Pool
from croupier.store.exchanges import ExchangeWriter, opened

NEAR_US = 300_000
"""An attempt's exchange begins so shortly after its stamp."""
CHUNKS_MAX = 60


class ExchangeRow(msgspec.Struct, frozen=True):
    exchange_id: str
    at: int
    direction: str
    call: str
    method: str
    path: str
    status: int | None
    verdict: str
    why: str
    total_ms: int
    round_id: str | None
    transaction_id: str | None
    player_id: str | None
    finding: str | None
    side: str | None


class ExchangeFilter(msgspec.Struct, frozen=True):
    """None = any; `to_at` is not included. `finding`: a code, or ``unexplained`` for failures without one."""

    verdict: str | None = None
    path: str | None = None
    round_id: str | None = None
    transaction_id: str | None = None
    player_id: str | None = None
    finding: str | None = None
    side: str | None = None
    from_at: int | None = None
    to_at: int | None = None


class Group(msgspec.Struct, frozen=True):
    """Failures with one cause at one endpoint. `finding` None: unexplained, `why` tells them apart. Times: µs."""

    finding: str | None
    side: str | None
    why: str
    direction: str
    method: str
    endpoint: str
    exchanges: int
    rounds: int
    first_at: int
    last_at: int
    last_exchange_id: str


FAILED = "verdict IN ('unknown', 'conflict', 'error')"
GROUPS_MAX = 200
_COLUMNS = ", ".join(ExchangeRow.__struct_fields__)
_LIST = f"""
SELECT {_COLUMNS} FROM exchange_index
WHERE operator_id = $1
  AND ($2::text IS NULL OR verdict = $2) AND ($3::text IS NULL OR path LIKE '%' || $3 || '%')
  AND ($4::text IS NULL OR round_id = $4) AND ($5::text IS NULL OR transaction_id = $5)
  AND ($6::text IS NULL OR player_id = $6) AND ($7::text IS NULL OR side = $7)
  AND ($8::text IS NULL OR finding = $8 OR ($8 = 'unexplained' AND finding IS NULL AND {FAILED}))
  AND at >= coalesce($9::bigint, 0) AND ($10::bigint IS NULL OR at < $10)
  AND ($11::bigint IS NULL OR (at, exchange_id) < ($11, $12))
ORDER BY at DESC, exchange_id DESC LIMIT $13
"""
_GROUPS = f"""
SELECT finding, side, why, direction, method, endpoint, count(*) AS exchanges,
  count(DISTINCT round_id) AS rounds, min(at) AS first_at, max(at) AS last_at,
  (array_agg(exchange_id ORDER BY at DESC))[1] AS last_exchange_id
FROM (
  SELECT finding, side, CASE WHEN finding IS NULL THEN split_part(why, ':', 1) ELSE '' END AS why,
    direction, method, at, exchange_id, round_id,
    CASE WHEN direction = 'in' AND path LIKE '/api/v1/%' THEN '/api/v1/' || call ELSE path END AS endpoint
  FROM exchange_index
  WHERE operator_id = $1 AND (finding IS NOT NULL OR {FAILED})
    AND at >= coalesce($2::bigint, 0) AND ($3::bigint IS NULL OR at < $3)
) AS failures
GROUP BY finding, side, why, direction, method, endpoint
ORDER BY last_at DESC, exchanges DESC LIMIT $4
"""
_CHUNKS = f"""
SELECT DISTINCT chunk_id, data FROM exchange_chunks, unnest($2::bigint[]) AS moment
WHERE operator_id = $1 AND last_at >= moment AND first_at <= moment + $3
LIMIT {CHUNKS_MAX}
"""
_OF_ROUND = "SELECT c.chunk_id, c.data FROM exchange_chunks c WHERE c.chunk_id = ANY($1::bigint[])"


async def listed(
    pool: Pool, operator_id: str, chosen: ExchangeFilter, limit: int, before: tuple[int, str] | None = None
) -> list[ExchangeRow]:
    """Newest first; `before` is ``(at, exchange_id)`` of the last row of the page before."""
    at, last_id = before or (None, None)
    rows = await pool.fetch(
        _LIST,
        *(operator_id, chosen.verdict, chosen.path, chosen.round_id, chosen.transaction_id, chosen.player_id),
        *(chosen.side, chosen.finding, chosen.from_at, chosen.to_at, at, last_id, limit),
    )
    return [ExchangeRow(*row) for row in rows]


async def grouped(pool: Pool, operator_id: str, from_at: int | None, to_at: int | None) -> list[Group]:
    """By cause and endpoint, the latest first; at most `GROUPS_MAX`."""
    rows = await pool.fetch(_GROUPS, operator_id, from_at, to_at, GROUPS_MAX)
    return [Group(*row) for row in rows]


async def found(pool: Pool, writer: ExchangeWriter | None, operator_id: str, exchange_id: str) -> Exchange | None:
    """One exchange with its bytes; None when it is unknown, another operator's, or past its retention."""
    at = exchange_at(exchange_id)
    if at is None:
        return None
    for one in reversed(_waiting(writer, operator_id)):
        if one.exchange_id == exchange_id:
            return one
    chunks = await pool.fetch(_CHUNKS, operator_id, [at], 0)
    return next((e for row in chunks for e in opened(row["data"]) if e.exchange_id == exchange_id), None)


async def stored(pool: Pool, exchange_id: str) -> Exchange | None:
    """One exchange of any operator, for whoever may read the whole database."""
    at = exchange_at(exchange_id)
    if at is None:
        return None
    query = "SELECT data FROM exchange_chunks WHERE last_at >= $1 AND first_at <= $1"
    chunks = await pool.fetch(query, at)
    return next((e for row in chunks for e in opened(row["data"]) if e.exchange_id == exchange_id), None)


async def of_round(
    pool: Pool, writer: ExchangeWriter | None, operator_id: str, round_id: str, moments: list[int]
) -> list[Exchange]:
    """All that was said about a round, oldest first. `moments`: when its transactions were sent (microseconds)."""
    indexed = await pool.fetch(
        "SELECT DISTINCT chunk_id FROM exchange_index WHERE operator_id = $1 AND round_id = $2", operator_id, round_id
    )
    chunks = {r["chunk_id"]: r["data"] for r in await pool.fetch(_CHUNKS, operator_id, moments, NEAR_US)}
    missing = [r["chunk_id"] for r in indexed if r["chunk_id"] not in chunks]
    chunks |= {r["chunk_id"]: r["data"] for r in await pool.fetch(_OF_ROUND, missing)}
    known = {e.exchange_id: e for e in _waiting(writer, operator_id) if e.round_id == round_id}
    for data in chunks.values():
        known |= {e.exchange_id: e for e in opened(data) if e.round_id == round_id}
    return sorted(known.values(), key=lambda e: (e.at, e.attempt))


def _waiting(writer: ExchangeWriter | None, operator_id: str) -> list[Exchange]:
    """What this process has not written yet."""
    return list(writer.waiting.get(operator_id, ())) if writer is not None else []
