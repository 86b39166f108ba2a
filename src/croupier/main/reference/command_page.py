"""docs/reference/command-line.md: every command with its options, as `--help` tells them."""

from collections.abc import Iterator
from typing import Any

import typer.main
from typer.core import TyperArgument, TyperCommand, TyperGroup

from croupier.main.cli import app

HEAD = """\
# Command line

Every command has `--help`. Data goes to stdout (as JSON with `--json`), everything else to stderr. The exit code is 0,
1 when a check found something, 2 when the command could not run.

"""


def page() -> str:
    return HEAD + "".join(section(name, command) for name, command in leaves(typer.main.get_command(app), "croupier"))


def leaves(command: object, name: str) -> Iterator[tuple[str, TyperCommand]]:
    """``(full name, command)`` of everything that can be run, in the order in which it was declared."""
    if isinstance(command, TyperGroup):
        for child_name, child in command.commands.items():
            yield from leaves(child, f"{name} {child_name}")
    elif isinstance(command, TyperCommand):
        yield name, command


def section(name: str, command: TyperCommand) -> str:
    text = " ".join((command.help or "").split())
    rows = "".join(f"| {spelling(option)} | {told(option)} |\n" for option in command.params if option.name != "help")
    table = f"| | |\n|---|---|\n{rows}\n" if rows else ""
    return f"## {name}\n\n{text}\n\n{table}"


def spelling(option: Any) -> str:
    if isinstance(option, TyperArgument):
        return f"`{(option.name or '').upper()}`"
    return ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))


def told(option: Any) -> str:
    """The option's text and what else a caller must know, on one line of a table."""
    notes = [
        *(["required"] if option.required and not isinstance(option, TyperArgument) else []),
        *(["may be repeated"] if option.multiple else []),
    ]
    text = (getattr(option, "help", None) or "") + (f" ({', '.join(notes)})" if notes else "")
    return text.replace("|", "\\|").replace("\n", " ")
