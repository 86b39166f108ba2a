"""Checks of operators' wallets: who asked for which, how far each is, and what it found."""

from collections.abc import Sequence
from typing import Any, Literal, get_args

import asyncpg
import msgspec
import zstandard

from croupier.store.connect import Connection, Pool

State = Literal["queued", "running", "finished", "stopped", "cut_off"]
"""``finished``: all is judged. ``stopped``: by a person. ``cut_off``: whoever ran it died, or ran out of time."""
Format = Literal["json", "html", "junit", "markdown"]
FORMATS: tuple[Format, ...] = get_args(Format)

EVIDENCE = ("evidence", "calls")

AT_ONCE = 2
"""So many run at the same time, of all operators together. One that runs for LONG mostly waits for a wallet that meets
its time limits: it gives its place to the next one, up to MOST processes.
"""
LONG = "interval '2 minutes'"
MOST = 8
KEPT = 200
"""The newest of each operator; and, however old, the one that opened its play and the last one of all rules."""
SENT_KEPT_DAYS = 400
"""What checks have sent is known for so long: statements are compared by the day, books are closed by the year."""
TAKING = 0x63657274
"""Key of the advisory lock of whoever takes the next one: two that count at once would both find room."""
SILENT = "interval '30 seconds'"
"""A check that is not heard of for so long has died with its process."""
DIED = "The platform was stopped or restarted during the check. What had been judged by then stands; run it again."
AN_HOUR_US = 3_600_000_000


class AlreadyRunning(Exception):
    """This operator's wallet is being checked."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """`rules`: ids in their order; `whole`: all of the level. `players`: ids; or `players_url`, which makes them.

    `hooks_url`: what happens to players, and to the wallet, when a rule wants it. `second_currency`: one that every
    player holds as well.
    """

    rules: tuple[str, ...]
    level: str
    whole: bool
    currency: str
    players: tuple[str, ...] = ()
    players_url: str = ""
    has: tuple[str, ...] = ()
    hooks_url: str = ""
    second_currency: str = ""


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What was checked, as it was when the check began."""

    dialect: str
    wallet_url: str
    currency: str
    rule_set: str
    rules_hash: str
    version: str


class Certification(msgspec.Struct, frozen=True, kw_only=True):
    """Times in microseconds. `verdicts`: rule -> verdict, of those that are judged, in their order. `ahead`: while it
    is queued, how many wait before it.
    """

    certification_id: str
    operator_id: str
    state: State
    asked: Asked
    asked_by: str
    asked_at: int
    wallet: Tried | None
    began_at: int | None
    ended_at: int | None
    why: str
    fix_first: str
    verdicts: dict[str, str]
    ahead: int = 0

    @property
    def green(self) -> bool:
        """Every rule of it was judged, and none stands in the way."""
        whole = self.state == "finished" and len(self.verdicts) == len(self.asked.rules)
        return whole and not {"FAIL", "BLOCKED", "ERROR"} & set(self.verdicts.values())


_SELECT = f"""
SELECT certification_id, operator_id,
       CASE WHEN state = 'running' AND beat_at < now() - {SILENT} THEN 'cut_off' ELSE state END,
       asked, asked_by, asked_at, wallet, began_at, ended_at,
       CASE WHEN state = 'running' AND beat_at < now() - {SILENT} THEN $2 ELSE why END, fix_first,
       (SELECT coalesce(json_agg(json_build_array(rule_id, verdict) ORDER BY place), '[]')
        FROM certification_results AS r WHERE r.certification_id = c.certification_id),
       CASE WHEN state <> 'queued' THEN 0 ELSE
         (SELECT count(*) FROM certifications AS o WHERE o.state = 'queued' AND o.asked_at < c.asked_at) END
FROM certifications AS c WHERE operator_id = $1
"""


async def ask_for(db: Connection, certification: Certification) -> None:
    """AlreadyRunning when one of this operator is not over."""
    await end_silent(db)
    try:
        await db.execute(
            """INSERT INTO certifications (certification_id, operator_id, state, asked, asked_by, asked_at)
               VALUES ($1, $2, 'queued', $3, $4, $5)""",
            *(certification.certification_id, certification.operator_id),
            *(msgspec.json.encode(certification.asked).decode(), certification.asked_by, certification.asked_at),
        )
    except asyncpg.UniqueViolationError:
        raise AlreadyRunning from None


async def asked_lately(db: Connection, operator_id: str, now: int) -> int:
    """How many of this operator were asked for within an hour."""
    since = now - AN_HOUR_US
    query = "SELECT count(*) FROM certifications WHERE operator_id = $1 AND asked_at > $2"
    return int(await db.fetchval(query, operator_id, since))


async def certification_of(db: Pool | Connection, operator_id: str, certification_id: str) -> Certification | None:
    row = await db.fetchrow(f"{_SELECT} AND certification_id = $3", operator_id, DIED, certification_id)
    return _certification(row) if row is not None else None


async def certifications(
    db: Pool, operator_id: str, limit: int, before: tuple[int, str] | None = None
) -> list[Certification]:
    """Newest first; `before` is ``(asked_at, certification_id)`` of the last one of the page before."""
    at, last_id = before or (None, None)
    rows = await db.fetch(
        f"""{_SELECT} AND ($3::bigint IS NULL OR asked_at < $3 OR (asked_at = $3 AND certification_id > $4))
            ORDER BY asked_at DESC, certification_id LIMIT $5""",
        *(operator_id, DIED, at, last_id, limit),
    )
    return [_certification(row) for row in rows]


async def latest_whole(db: Pool | Connection, operator_id: str, levels: Sequence[str]) -> Certification | None:
    """The newest that judged all rules of one of these levels, however many single rules were tried since."""
    row = await db.fetchrow(
        f"""{_SELECT} AND state = 'finished' AND (asked ->> 'whole')::boolean AND asked ->> 'level' = ANY($3)
            ORDER BY asked_at DESC, certification_id LIMIT 1""",
        *(operator_id, DIED, list(levels)),
    )
    return _certification(row) if row is not None else None


async def stop(db: Connection, operator_id: str, certification_id: str, why: str, now: int) -> None:
    """Whoever runs it sees that within seconds. Nothing when it is over."""
    await db.execute(
        """UPDATE certifications SET state = 'stopped', why = $3, ended_at = $4
           WHERE operator_id = $1 AND certification_id = $2 AND state IN ('queued', 'running')""",
        *(operator_id, certification_id, why, now),
    )


# ── for whoever runs them ────────────────────────────────────────────────────────────────────────────────────────────


async def end_silent(db: Pool | Connection) -> None:
    """Those whose process has died say so from now on."""
    await db.execute(
        f"""UPDATE certifications SET state = 'cut_off', why = $1,
                   ended_at = (extract(epoch FROM beat_at) * 1000000)::bigint
            WHERE state = 'running' AND beat_at < now() - {SILENT}""",
        DIED,
    )


async def take_next(db: Pool) -> str | None:
    """The certification that waits longest, which now counts as running; None when there is none, or no room."""
    async with db.acquire() as connection, connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", TAKING)
        found = await connection.fetchval(
            f"""UPDATE certifications SET state = 'running', beat_at = now(), taken_at = now()
                WHERE certification_id = (
                  SELECT certification_id FROM certifications
                  WHERE state = 'queued'
                    AND {MOST} > (SELECT count(*) FROM certifications WHERE state = 'running')
                    AND {AT_ONCE} > (SELECT count(*) FROM certifications
                                     WHERE state = 'running' AND taken_at > now() - {LONG})
                  ORDER BY asked_at LIMIT 1 FOR UPDATE)
                RETURNING certification_id"""
        )
    return str(found) if found is not None else None


async def taken(db: Pool, certification_id: str) -> tuple[str, Asked] | None:
    """Whose it is and what is asked; None when it is over already."""
    row = await db.fetchrow(
        "SELECT operator_id, asked FROM certifications WHERE certification_id = $1 AND state = 'running'",
        certification_id,
    )
    return (row["operator_id"], msgspec.json.decode(row["asked"], type=Asked)) if row is not None else None


async def begin(db: Pool, certification_id: str, wallet: Tried, now: int) -> None:
    await db.execute(
        "UPDATE certifications SET wallet = $2, began_at = $3, beat_at = now() WHERE certification_id = $1",
        *(certification_id, msgspec.json.encode(wallet).decode(), now),
    )


async def beat(db: Pool, certification_id: str) -> bool:
    """Still alive. False when it must end: somebody stopped it, or it was given up as dead."""
    query = "UPDATE certifications SET beat_at = now() WHERE certification_id = $1 AND state = 'running' RETURNING true"
    return bool(await db.fetchval(query, certification_id))


async def keep_result(db: Pool, certification_id: str, place: int, result: dict[str, Any]) -> None:
    """`result`: with ``id``, ``verdict`` and what was said on the wire, ``evidence`` and ``calls``."""
    apart = {name: result[name] for name in EVIDENCE}
    told = {name: value for name, value in result.items() if name not in EVIDENCE}
    await db.execute(
        "INSERT INTO certification_results VALUES ($1, $2, $3, $4, $5, $6)",
        *(certification_id, place, result["id"], result["verdict"]),
        *(_packed(msgspec.json.encode(told)), _packed(msgspec.json.encode(apart))),
    )


async def keep_transactions(db: Pool, operator_id: str, ids: list[str]) -> None:
    """Of what was sent: so that reconciliation knows whose they are."""
    await db.execute(
        """INSERT INTO certification_transactions (operator_id, transaction_id) SELECT $1, unnest($2::text[])
           ON CONFLICT DO NOTHING""",
        *(operator_id, [one for one in ids if "\0" not in one]),
    )


async def end(
    db: Pool, certification_id: str, state: State, now: int, *, why: str = "", fix_first: str = "",
    reports: dict[Format, str] | None = None,
) -> None:  # fmt: skip
    """Once: a check that was stopped meanwhile stays so."""
    async with db.acquire() as connection, connection.transaction():
        await connection.execute(
            """UPDATE certifications SET state = $2, why = $3, fix_first = $4, ended_at = $5
               WHERE certification_id = $1 AND state = 'running'""",
            *(certification_id, state, why, fix_first, now),
        )
        for name, document in (reports or {}).items():
            await connection.execute(
                "INSERT INTO certification_reports VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                *(certification_id, name, _packed(document.encode())),
            )


async def forget_certifications(db: Pool, kept: int = KEPT) -> None:
    """The older ones, with all that they found: sixty an hour may be asked for, and a wallet may answer at length."""
    await db.execute(
        """WITH old AS (
             SELECT certification_id FROM (
               SELECT certification_id, row_number() OVER (PARTITION BY operator_id ORDER BY asked_at DESC) AS place
               FROM certifications) AS placed
             WHERE place > $1 AND certification_id NOT IN (
               SELECT settings ->> 'went_live' FROM operators WHERE settings ? 'went_live')
             AND certification_id NOT IN (
               SELECT DISTINCT ON (operator_id) certification_id FROM certifications
               WHERE state = 'finished' AND (asked ->> 'whole')::boolean ORDER BY operator_id, asked_at DESC)),
           found AS (DELETE FROM certification_results WHERE certification_id IN (SELECT * FROM old)),
           written AS (DELETE FROM certification_reports WHERE certification_id IN (SELECT * FROM old))
           DELETE FROM certifications WHERE certification_id IN (SELECT * FROM old)""",
        kept,
    )
    await db.execute("DELETE FROM certification_transactions WHERE sent_on < current_date - $1::int", SENT_KEPT_DAYS)


# ── what was found ───────────────────────────────────────────────────────────────────────────────────────────────────


async def results_of(db: Pool | Connection, certification_id: str) -> list[dict[str, Any]]:
    """All that is judged so far, in order, without what was said. Whoever asks has looked whose it is."""
    rows = await db.fetch(
        "SELECT result FROM certification_results WHERE certification_id = $1 ORDER BY place", certification_id
    )
    return [msgspec.json.decode(_opened(row["result"])) for row in rows]


async def result_of(db: Pool, certification_id: str, rule_id: str) -> dict[str, Any] | None:
    """One with what was said on the wire."""
    row = await db.fetchrow(
        "SELECT result, evidence FROM certification_results WHERE certification_id = $1 AND rule_id = $2",
        *(certification_id, rule_id),
    )
    if row is None:
        return None
    return {**msgspec.json.decode(_opened(row["result"])), **msgspec.json.decode(_opened(row["evidence"]))}


async def sent_by_checks(db: Connection, operator_id: str, ids: list[str]) -> frozenset[str]:
    """Which of these transactions checks have sent."""
    rows = await db.fetch(
        "SELECT transaction_id FROM certification_transactions WHERE operator_id = $1 AND transaction_id = ANY($2)",
        *(operator_id, ids),
    )
    return frozenset(row[0] for row in rows)


async def report_of(db: Pool, certification_id: str, name: Format) -> bytes | None:
    found = await db.fetchval(
        "SELECT document FROM certification_reports WHERE certification_id = $1 AND format = $2",
        *(certification_id, name),
    )
    return _opened(found) if found is not None else None


def _packed(text: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=6).compress(text)


def _opened(data: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompress(data)


def _certification(row: Any) -> Certification:
    fields = dict(zip(Certification.__struct_fields__, row, strict=True))
    fields["asked"] = msgspec.json.decode(fields["asked"], type=Asked)
    fields["wallet"] = msgspec.json.decode(fields["wallet"], type=Tried) if fields["wallet"] else None
    fields["verdicts"] = dict(msgspec.json.decode(fields["verdicts"]))
    return Certification(**fields)
