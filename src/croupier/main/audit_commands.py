"""`croupier audit …`: the log of what staff have changed, and whether it is what was written."""

import asyncio
import json
from typing import Annotated, Any

import msgspec
import typer

from croupier.main.database import registry
from croupier.main.operator_commands import known_operator
from croupier.main.plainly import settings, told_plainly
from croupier.main.settings import Settings
from croupier.main.terminal import FINDINGS, AsJson, Data, show, voice
from croupier.store.audit import AuditCheck, AuditEntry, audit_entries, check_audit

audit = typer.Typer(no_args_is_help=True, help="The audit log: what staff have changed, and who.")


@audit.command("check")
def check(data: Data = None, as_json: AsJson = False) -> None:
    """Check that no entry was changed, lost or moved. Exit code 1 when one was.

    Keep the printed hash elsewhere: it changes whenever anything before it does.
    """
    with told_plainly():
        checked = asyncio.run(_check(settings(data=data)))
    whole = checked.broken_at is None
    if as_json:
        print(json.dumps(msgspec.to_builtins(checked) | {"whole": whole}), flush=True)
    elif whole:
        voice.print(f"[green]The audit log is whole[/green]: {checked.entries:,} entries, the last is {checked.head}.")
    else:
        voice.print(f"[bold red]Entry {checked.broken_at} is not what was written[/bold red], or is missing.")
    raise typer.Exit(0 if whole else FINDINGS)


async def _check(chosen: Settings) -> AuditCheck:
    async with registry(chosen) as known:
        return await check_audit(known.pool)


@audit.command("list")
def list_entries(
    operator: Annotated[str | None, typer.Option(help="Of this operator only.")] = None,
    last: Annotated[int, typer.Option(min=1, max=100_000, help="So many, the newest last.")] = 50,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """List the newest entries: who changed what, when and why."""
    chosen = settings(data=data)
    if operator is not None:
        known_operator(chosen, operator)
    with told_plainly():
        entries = asyncio.run(_entries(chosen, operator, last))
    rows = [{"number": one.number, **json.loads(one.entry), "hash": one.hash.hex()} for one in entries]
    columns = ("number", "at", "actor", "act", "operator", "object", "reason")
    show(rows if as_json else [_plain(row) for row in rows], columns, as_json=as_json, empty="Nothing was changed yet.")


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Without what a terminal would obey, in words that people have written."""
    return {name: "".join(c if c.isprintable() else "?" for c in str(value)) for name, value in row.items()}


async def _entries(chosen: Settings, operator: str | None, last: int) -> list[AuditEntry]:
    async with registry(chosen) as known:
        return await audit_entries(known.pool, operator, last)
