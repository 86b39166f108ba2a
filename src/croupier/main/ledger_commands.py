"""`croupier ledger check` and `croupier statement`: what the books say, at a named position."""

import asyncio
import datetime as dt
import json
import sys
from typing import Annotated, Any

import msgspec
import typer

from croupier.ledger.asked import CannotAsk, day_named, known_currency
from croupier.main.plainly import settings, told_plainly
from croupier.main.settings import Settings
from croupier.main.terminal import FINDINGS, AsJson, Data, fail, show, voice
from croupier.store.ledger import LedgerCheck, NotReached, Position, StatementRow, check_ledger, statement_of

ledger = typer.Typer(no_args_is_help=True, help="The ledger: what moved between wallets, rounds and the house.")

CATCH_UP_S = 60.0


@ledger.command("check")
def check(data: Data = None, as_json: AsJson = False) -> None:
    """Balance the ledger. Exit code 1 when an entry does not sum to zero or an account differs from its rounds."""
    with told_plainly():
        checked = asyncio.run(_check(settings(data=data)))
    if as_json:
        fields = msgspec.to_builtins(checked) | {"balanced": not checked.differences, "position": str(checked.position)}
        print(json.dumps(fields), flush=True)
    else:
        rows = [msgspec.to_builtins(one) for one in checked.differences]
        columns = ("what", "round_id", "operator_id", "currency", "ledger", "expected")
        good = f"[green]The ledger balances[/green]: {checked.entries:,} entries, {checked.rounds:,} rounds"
        show(rows, columns, as_json=False, empty=f"{good}, at position {checked.position}.")
    raise typer.Exit(FINDINGS if checked.differences else 0)


async def _check(chosen: Settings) -> LedgerCheck:
    from croupier.main.database import caught_up

    async with caught_up(chosen, CATCH_UP_S) as known:
        return await check_ledger(known.pool)


def statement(
    operator: Annotated[str, typer.Option(help="Whose day.")],
    date: Annotated[str, typer.Option(help="UTC day, for example 2026-11-22.")],
    currency: Annotated[str | None, typer.Option(help="This currency only.")] = None,
    position: Annotated[str | None, typer.Option(help="Repeat a statement: the position that it named.")] = None,
    entries: Annotated[bool, typer.Option("--entries", help="Every entry instead of the sums by game.")] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Print an operator's day from the ledger as CSV. The same position gives the same bytes for ever."""
    at = None
    try:
        day, known = day_named(date), known_currency(currency)
        at = Position.parse(position) if position else None
    except CannotAsk as wrong:
        fail(f"--{wrong}")
    except ValueError as error:
        fail(str(error))
    with told_plainly():
        try:
            asyncio.run(_statement(settings(data=data), operator, day, known, at, entries=entries, as_json=as_json))
        except NotReached as error:
            fail(str(error))


async def _statement(
    chosen: Settings,
    operator: str,
    day: dt.date,
    currency: str | None,
    position: Position | None,
    *,
    entries: bool,
    as_json: bool,
) -> None:
    from croupier.main.database import caught_up
    from croupier.store.statements import entries_csv, rows_csv

    async with caught_up(chosen, CATCH_UP_S) as known:
        if await known.operator(operator) is None:
            fail(f"there is no operator {operator!r}; croupier operator list shows all")
        asked, rows = await statement_of(known.pool, operator, day, currency, position)
        if as_json:
            print(json.dumps(_document(operator, day, asked, rows)), flush=True)
        elif entries:
            async for text in entries_csv(known.pool, operator, day, currency, asked):
                sys.stdout.write(text)
        else:
            sys.stdout.write(rows_csv(operator, day, asked, rows))
            voice.print(f"position {asked}: --position {asked} prints the same bytes again")


def _document(operator: str, day: dt.date, position: Position, rows: list[StatementRow]) -> dict[str, Any]:
    lines = [msgspec.to_builtins(row) for row in rows]
    return {"operator_id": operator, "date": day.isoformat(), "position": str(position), "rows": lines}
