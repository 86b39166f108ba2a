"""docs/reference/command-line.md: every command with its options, as `--help` tells them."""

from collections.abc import Iterator

import click
import typer

from croupier.main.cli import app

HEAD = """\
# Command line

Every command has `--help`. Data goes to stdout (as JSON with `--json`), everything else to stderr. The exit code is 0,
1 when a check found something, 2 when the command could not run.

"""


def page() -> str:
    return HEAD + "".join(section(name, command) for name, command in leaves(typer.main.get_command(app), "croupier"))


def leaves(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """``(full name, command)`` of everything that can be run, in the order in which it was declared."""
    if isinstance(command, click.Group):
        for child_name, child in command.commands.items():
            yield from leaves(child, f"{name} {child_name}")
    else:
        yield name, command


def section(name: str, command: click.Command) -> str:
    text = " ".join((command.help or "").split())
    rows = "".join(f"| {spelling(option)} | {told(option)} |\n" for option in command.params if option.name != "help")
    table = f"| | |\n|---|---|\n{rows}\n" if rows else ""
    return f"## {name}\n\n{text}\n\n{table}"


def spelling(option: click.Parameter) -> str:
    if isinstance(option, click.Argument):
        return f"`{(option.name or '').upper()}`"
    return ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))


def told(option: click.Parameter) -> str:
    text = getattr(option, "help", None) or ""
    extra = [
        "required" if option.required and not isinstance(option, click.Argument) else "",
        "may be repeated" if option.multiple else "",
    ]
    notes = ", ".join(note for note in extra if note)
    return (text + (f" ({notes})" if notes else "")).replace("|", "\\|").replace("\n", " ")
