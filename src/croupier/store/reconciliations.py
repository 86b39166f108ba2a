"""Runs a reconciliation on the projections at one position, and keeps its result as a document."""

import asyncio
import datetime as dt
import hashlib
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import msgspec

from croupier.domain.days import day_range
from croupier.domain.ids import locate_round
from croupier.ledger.asked import Asked
from croupier.ledger.differences import AUTOMATIC
from croupier.ledger.operator_statement import Line, as_sum, read_statement
from croupier.ledger.reconciliation import (
    Comparison,
    Ours,
    Report,
    Scope,
    left_by,
    reversals_in,
)
from croupier.store.certifications import sent_by_checks
from croupier.store.connect import Connection, Pool
from croupier.store.ledger import snapshot
from croupier.store.repairs import Act, RepairOrder, ask_for, repair_id

BATCH = 500
"""Lines compared at once: some milliseconds, so that a big statement does not hold up the rounds beside it."""
TRANSACTIONS_BATCH = 2000

Chunks = Callable[[], Iterable[bytes]]
"""Gives the statement's bytes anew each time it is called: it is read twice."""


class Document(msgspec.Struct, frozen=True):
    """The result: the same statement at the same position gives the same bytes. `previous`: the day before's."""

    format: int
    operator_id: str
    date: str
    currency: str | None
    complete: bool
    clocks_differ_s: int
    position: str
    previous: str | None
    statement_sha256: str
    report: Report


class Reconciled(msgspec.Struct, frozen=True):
    """A stored result. `document`: its bytes, of which the id is made."""

    reconciliation_id: str
    document: bytes
    created_at: int
    created_by: str

    @property
    def content(self) -> Document:
        return msgspec.json.decode(self.document, type=Document)


class Summary(msgspec.Struct, frozen=True):
    reconciliation_id: str
    day: dt.date
    currency: str | None
    complete: bool
    differences: int
    automatic: int
    created_at: int
    created_by: str


async def reconcile(db: Pool, asked: Asked, chunks: Chunks, now: int) -> tuple[str, bytes]:
    """Compares; changes nothing. The document's id and bytes. BadStatement when the file cannot be used.

    The projections must hold everything up to now (`catch_up`): what they lack would look like a difference.
    """
    operator_id, day, currency = asked.operator_id, asked.day, asked.currency
    start, end = day_range(day)
    digest = hashlib.sha256()
    every = _every(read_statement(_digested(chunks(), digest), asked))
    reversals = reversals_in([line async for line in every if line.kind == "rollback"])
    async with snapshot(db) as (connection, position):
        await connection.execute("SET LOCAL statement_timeout = 0")
        complete = now >= end + 2 * asked.clocks_differ
        yesterday = day - dt.timedelta(days=1)
        before = await _of_day(connection, operator_id, yesterday, currency) if complete else None
        left = None
        if before is not None:
            document = before.content
            left = left_by(document.report, day_range(yesterday)[0], document.clocks_differ_s * 1_000_000)
        scope = Scope(start, end, complete, left, asked.clocks_differ)
        comparison = Comparison(scope, reversals)
        lines = read_statement(chunks(), asked)
        while batch := list(islice(lines, BATCH)):
            known = await _ours(connection, operator_id, [line.transaction_id for line in batch])
            sums = {
                line.number: as_sum(line, operator_id)
                for line in batch
                if line.kind == "win" and line.transaction_id not in known
            }
            known |= await _ours(connection, operator_id, [one.transaction_id for one in sums.values()]) if sums else {}
            batch = [one if (one := sums.get(line.number, line)).transaction_id in known else line for line in batch]
            strange = [line.transaction_id for line in batch if line.transaction_id not in known]
            checks = await sent_by_checks(connection, operator_id, strange) if strange else ()
            for line in batch:
                if line.transaction_id in checks:
                    continue  # a check of the wallet: money of test players, and no round of ours
                comparison.line(line, known.get(line.transaction_id))
        async for ours in _candidates(connection, operator_id, scope, currency):
            comparison.transaction(ours)
    result = Document(
        format=1,
        operator_id=operator_id,
        date=day.isoformat(),
        currency=currency,
        complete=complete,
        clocks_differ_s=asked.clocks_differ // 1_000_000,
        position=str(position),
        previous=before.reconciliation_id if before is not None else None,
        statement_sha256=digest.hexdigest(),
        report=comparison.report(),
    )
    encoded = msgspec.json.encode(result)
    return "rec_" + hashlib.sha256(encoded).hexdigest()[:40], encoded


async def keep(db: Connection, reconciliation_id: str, document: bytes, by: str, now: int) -> int:
    """Stores the result and orders what rules allow to be done at once. How many orders are new."""
    content = msgspec.json.decode(document, type=Document)
    automatic = [d for d in content.report.differences if d.action in AUTOMATIC and d.ours is not None]
    await db.execute(
        "INSERT INTO reconciliations VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
        *(reconciliation_id, content.operator_id, dt.date.fromisoformat(content.date), content.currency),
        *(content.complete, document, sum(content.report.counts.values()), len(automatic), now, by),
    )
    orders = []
    for d in automatic:
        assert d.ours is not None
        place = locate_round(d.ours.round_id)
        assert place is not None, "ours are real rounds"
        act: Act = "suspend" if d.action == "suspend" else "roll_back"
        orders.append(
            RepairOrder(
                repair_id(reconciliation_id, d.transaction_id),
                content.operator_id,
                place[0],
                d.ours.round_id,
                d.transaction_id,
                act,
                reconciliation_id,
                now,
            )
        )
    return await ask_for(db, orders) if orders else 0


async def kept(db: Pool, operator_id: str, reconciliation_id: str) -> Reconciled | None:
    row = await db.fetchrow(
        """SELECT reconciliation_id, document, created_at, created_by FROM reconciliations
           WHERE operator_id = $1 AND reconciliation_id = $2""",
        *(operator_id, reconciliation_id),
    )
    return Reconciled(*row) if row is not None else None


async def list_kept(db: Pool, operator_id: str, limit: int, before: tuple[int, str] | None) -> list[Summary]:
    """Newest first."""
    at, last = before or (2**62, "")
    rows = await db.fetch(
        f"""SELECT {", ".join(Summary.__struct_fields__)} FROM reconciliations
            WHERE operator_id = $1 AND (created_at, reconciliation_id) < ($2, $3)
            ORDER BY created_at DESC, reconciliation_id DESC LIMIT $4""",
        *(operator_id, at, last, limit),
    )
    return [Summary(*row) for row in map(tuple, rows)]


async def _of_day(connection: Connection, operator_id: str, day: dt.date, currency: str | None) -> Reconciled | None:
    """The newest complete one of a day."""
    row = await connection.fetchrow(
        """SELECT reconciliation_id, document, created_at, created_by FROM reconciliations
           WHERE operator_id = $1 AND day = $2 AND complete AND currency IS NOT DISTINCT FROM $3
           ORDER BY created_at DESC, reconciliation_id LIMIT 1""",
        *(operator_id, day, currency),
    )
    return Reconciled(*row) if row is not None else None


_OURS = """
SELECT t.transaction_id, t.kind, t.state, t.effect, t.amount, t.currency, t.player_id, t.round_id, r.state,
       t.first_sent_at, t.last_sent_at,
       CASE WHEN t.kind = 'bet' AND t.state <> 'accepted' THEN ARRAY(
         SELECT ARRAY[b.transaction_id, b.state, b.effect] FROM transactions AS b
         WHERE b.round_id = t.round_id AND b.kind = 'rollback' AND b.reference = t.transaction_id
         ORDER BY b.transaction_id) END AS rollbacks
FROM transactions AS t JOIN rounds AS r USING (round_id)
WHERE t.operator_id = $1 AND
"""
_MUST_BE_THERE = "t.kind IN ('bet', 'win') AND t.state IN ('accepted', 'pending', 'sending', 'conflict')"


async def _ours(connection: Connection, operator_id: str, ids: Sequence[str]) -> dict[str, Ours]:
    rows = await connection.fetch(f"{_OURS} t.transaction_id = ANY($2)", operator_id, ids)
    return {row["transaction_id"]: _one(row) for row in rows}


async def _candidates(
    connection: Connection, operator_id: str, scope: Scope, currency: str | None
) -> AsyncIterator[Ours]:
    """Those that may belong to the day: sent about then, or carried over from the day before."""
    carried = sorted(scope.before.carried) if scope.before is not None else []
    for start in range(0, len(carried), TRANSACTIONS_BATCH):
        batch = carried[start : start + TRANSACTIONS_BATCH]
        for row in await connection.fetch(
            f"{_OURS} {_MUST_BE_THERE} AND t.transaction_id = ANY($2) ORDER BY 1", operator_id, batch
        ):
            yield _one(row)
    known = frozenset(carried)
    after: tuple[int, str] = (scope.start - scope.clocks_differ, "")
    while True:
        rows = await connection.fetch(
            f"""{_OURS} {_MUST_BE_THERE} AND (t.first_sent_at, t.transaction_id) > ($2, $3) AND t.first_sent_at < $4
                AND ($5::text IS NULL OR t.currency = $5)
                ORDER BY t.first_sent_at, t.transaction_id LIMIT {TRANSACTIONS_BATCH}""",
            *(operator_id, *after, scope.end + scope.clocks_differ, currency),
        )
        for row in rows:
            if row["transaction_id"] not in known:
                yield _one(row)
        if len(rows) < TRANSACTIONS_BATCH:
            return
        after = (rows[-1]["first_sent_at"], rows[-1]["transaction_id"])


def _one(row: Any) -> Ours:
    ours = Ours(*row[:-1])
    rollbacks = tuple(tuple(one) for one in row[-1] or ())
    return msgspec.structs.replace(ours, rollbacks=rollbacks) if rollbacks else ours


def _digested(chunks: Iterable[bytes], digest: "hashlib._Hash") -> Iterator[bytes]:
    for chunk in chunks:
        digest.update(chunk)
        yield chunk


async def _every(lines: Iterable[Line]) -> AsyncIterator[Line]:
    """The lines, leaving the event loop to others now and then."""
    for number, line in enumerate(lines):
        if number % BATCH == 0:
            await asyncio.sleep(0)
        yield line
