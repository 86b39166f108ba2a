"""How commands speak: data on stdout, everything else on stderr, exit code 0, 1 (findings) or 2 (could not run)."""

import json
import time
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

FINDINGS = 1
COULD_NOT_RUN = 2

voice = Console(stderr=True)
paper = Console()

AsJson = Annotated[bool, typer.Option("--json", help="Print data as JSON on stdout.")]
Data = Annotated[str | None, typer.Option("--data", help="Data folder; default .croupier, or CROUPIER_DATA.")]


def now() -> int:
    """Microseconds since 1970, UTC."""
    return time.time_ns() // 1000


def fail(text: str, code: int = COULD_NOT_RUN) -> None:
    voice.print(f"[bold red]croupier:[/bold red] {escape(text)}", highlight=False)
    raise typer.Exit(code)


def show(rows: Sequence[dict[str, Any]], columns: Sequence[str], *, as_json: bool, empty: str) -> None:
    """A table for people, or the same as JSON. `empty` says what to do when there is nothing."""
    if as_json:
        print(json.dumps(list(rows)), flush=True)
        return
    if not rows:
        voice.print(empty)
        return
    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(str(row.get(column, "")) for column in columns))
    paper.print(table)


def show_one(fields: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(fields), flush=True)
        return
    flat: dict[str, Any] = {}
    for name, value in fields.items():
        # What belongs together in JSON stands below each other here.
        flat |= {f"{name}.{inner}": one for inner, one in value.items()} if isinstance(value, dict) else {name: value}
    width = max(map(len, flat))
    for name, value in flat.items():
        paper.print(f"[bold]{name.ljust(width)}[/bold]  {value}", highlight=False, soft_wrap=True)
