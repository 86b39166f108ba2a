"""`croupier reconcile`: an operator's statement against our journal, and what follows from it by rule."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.progress import Progress

from croupier.ledger.asked import Asked, CannotAsk, asked
from croupier.ledger.differences import MEANINGS
from croupier.ledger.operator_statement import BadStatement
from croupier.main.by_hand import by_hand
from croupier.main.ledger_commands import CATCH_UP_S
from croupier.main.plainly import settings, told_plainly
from croupier.main.settings import Settings
from croupier.main.terminal import FINDINGS, AsJson, Data, fail, now, show, voice
from croupier.store.audit import add_entry
from croupier.store.connect import Pool
from croupier.store.reconciliations import Document, keep, reconcile
from croupier.store.registry import Registry
from croupier.store.repairs import RepairOrder, repairs_of

CHUNK = 1 << 20
SHOWN_MAX = 50


def reconcile_statement(
    operator: Annotated[str, typer.Option(help="Whose statement it is.")],
    date: Annotated[str, typer.Option(help="UTC day of the statement, for example 2026-11-22.")],
    statement: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="CSV file from the operator.")],
    currency: Annotated[str | None, typer.Option(help="The statement holds this currency only.")] = None,
    clocks_differ: Annotated[
        int, typer.Option(min=0, max=3600, help="Seconds by which the operator's clock may differ from ours.")
    ] = 300,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Compare only: nothing is stored or sent.")] = False,
    wait: Annotated[int, typer.Option(min=0, help="Seconds to wait for rollbacks to be answered.")] = 30,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Compare an operator's statement with our journal. Exit code 1 when the two sides differ.

    A bet that the operator holds and we do not count is rolled back; everything else is for people.
    """
    with told_plainly():
        try:
            claim = asked(operator, date, currency, clocks_differ, now())
            name, document, repairs = asyncio.run(
                _run(settings(data=data), claim, statement, dry_run=dry_run, wait=wait)
            )
        except BadStatement as bad:
            for mistake in bad.mistakes:
                voice.print(f"{statement.name}, {mistake}", highlight=False, markup=False)
            fail("the statement cannot be used; nothing was compared")
            raise AssertionError from bad
        except CannotAsk as wrong:
            fail(f"--{wrong}")
            raise AssertionError from wrong
    if as_json:
        fields = {"reconciliation_id": None if dry_run else name, **msgspec.to_builtins(document)}
        print(json.dumps(fields | {"repairs": [_order(one) for one in repairs]}), flush=True)
    else:
        _tell(name, document, repairs)
    differ = any(count for action, count in document.report.counts.items() if action != "wait")
    raise typer.Exit(FINDINGS if differ else 0)


async def _run(
    chosen: Settings, claim: Asked, statement: Path, *, dry_run: bool, wait: int
) -> tuple[str, Document, list[RepairOrder]]:
    from croupier.main.database import caught_up

    async with caught_up(chosen, CATCH_UP_S) as known:
        if await known.operator(claim.operator_id) is None:
            fail(f"there is no operator {claim.operator_id!r}; croupier operator list shows all")
        name, document = await reconcile(known.pool, claim, lambda: _chunks(statement), now())
        content = msgspec.json.decode(document, type=Document)
        if dry_run:
            return name, content, []
        async with known.pool.acquire() as db, db.transaction():
            orders = await keep(db, name, document, "command line", now())
            told = {"reconciliation": name, "date": content.date, "orders": orders}
            await add_entry(db, now(), claim.operator_id, "money", name, by_hand(), **told)
        return name, content, await _waited(known, claim.operator_id, name, wait)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


async def _waited(known: Registry, operator_id: str, name: str, seconds: int) -> list[RepairOrder]:
    """The repairs as they are when all are done, or when nobody can wait any longer."""
    repairs = await _repairs(known.pool, operator_id, name)
    if all(one.done_at for one in repairs):
        return repairs
    if not await known.any_worker():
        voice.print("The platform is not running: what is to be rolled back is sent when it starts.")
        return repairs
    with Progress(console=voice, transient=True) as progress:
        task = progress.add_task("rollbacks answered", total=len(repairs))
        for _ in range(seconds * 5):
            repairs = await _repairs(known.pool, operator_id, name)
            progress.update(task, completed=sum(one.done_at is not None for one in repairs))
            if all(one.done_at for one in repairs):
                break
            await asyncio.sleep(0.2)
    return repairs


async def _repairs(pool: Pool, operator_id: str, name: str) -> list[RepairOrder]:
    return await repairs_of(pool, operator_id, reconciliation_id=name)


def _order(one: RepairOrder) -> dict[str, Any]:
    return {
        "repair_id": one.repair_id,
        "transaction_id": one.transaction_id,
        "round_id": one.round_id,
        "act": one.act,
        "result": one.result,
        "detail": one.detail,
    }


def _tell(name: str, document: Document, repairs: list[RepairOrder]) -> None:
    report = document.report
    results = {one.transaction_id: one.result or "on its way" for one in repairs}
    rows = [
        {
            "difference": d.code,
            "what to do": results.get(d.transaction_id, d.action),
            "transaction": d.transaction_id,
            "ours": f"{d.ours.state} {d.ours.amount} {d.ours.currency}" if d.ours else "nothing",
            "theirs": f"{d.theirs.state} {d.theirs.amount} {d.theirs.currency}" if d.theirs else "nothing",
            "line": d.theirs.line if d.theirs else "",
        }
        for d in report.differences[:SHOWN_MAX]
    ]
    good = f"[green]Both sides agree[/green]: {report.agree:,} transactions."
    show(rows, tuple(rows[0]) if rows else (), as_json=False, empty=good)
    total = sum(report.counts.values())
    if total > len(rows):
        voice.print(f"… and {total - len(rows):,} more; --json prints them.")
    for code, count in Counter(d.code for d in report.differences).items():
        meaning = MEANINGS[code]
        voice.print(f"[bold]{count} x {code}[/bold]: {meaning.title}. {meaning.advice}", highlight=False)
    for sums in report.totals:
        voice.print(
            f"{sums.currency}: bets {sums.bets_ours} here, {sums.bets_theirs} there;"
            f" wins {sums.wins_ours} here, {sums.wins_theirs} there"
        )
    if not document.complete:
        voice.print("The day is not over: transactions after the statement's last line were not looked for.")
    if report.undecided:
        voice.print(f"{report.undecided} transactions of the first minutes: only the day before can tell of them.")
    voice.print(f"{report.lines:,} lines compared at position {document.position}; {name}", highlight=False)
