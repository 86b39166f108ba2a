"""`croupier`: the command line. A command's module is imported when the command is asked for, so that each is quick."""

from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import Any

import typer
import typer.main
from typer.core import TyperCommand, TyperGroup

COMMANDS = {
    "serve": ("platform_commands:serve", "Run the platform until SIGINT or SIGTERM."),
    "demo": (
        "platform_commands:demo",
        "Run the platform and a demo casino with a wallet of its own (on the next port).",
    ),
    "migrate": ("platform_commands:migrate", "Bring the database's schema up to date."),
    "explain": (
        "explain_command:explain",
        "Say what a code means, why it happens and what to do; of a stored exchange, why it failed.",
    ),
    "replay": ("platform_commands:replay", "Play a stored round again from its drawn numbers and compare every step."),
    "openapi": ("platform_commands:openapi", "Print the operator API's OpenAPI document."),
    "sandbox": (
        "sandbox_command:sandbox",
        "Run the reference wallet alone, with a bug switched on when you want to see how the platform takes it.",
    ),
    "statement": ("ledger_commands:statement", "Print an operator's day from the ledger as CSV."),
    "reconcile": ("reconcile_command:reconcile_statement", "Compare an operator's statement with our journal."),
    "certify": (
        "certify_command:certify",
        "Check a wallet against every rule: what is broken, why, and what to change.",
    ),
    "games": ("game_commands:list_games", "List the games with their exact return to player."),
    "verify": ("game_commands:verify", "Compute a game's figures again and compare them with its published PAR sheet."),
    "play": ("game_commands:play", "Simulate rounds and compare the measured return with the exact one."),
    "operator": ("live_commands:operators", "Operators: the casinos that integrate us."),
    "round": ("round_commands:rounds", "Rounds that are open: stop one, or void it by two people."),
    "user": ("user_commands:users", "People who sign in to the online account."),
    "store": ("platform_commands:store", "The database."),
    "init": ("init_commands:init", "Begin an integration."),
    "audit": ("audit_commands:audit", "The audit log: what staff have changed, and who."),
    "ledger": ("ledger_commands:ledger", "The ledger: what moved between wallets, rounds and the house."),
}
"""Name -> where its function, or group of commands, is; and the first sentence of its help, so that the list of all is
shown without importing any. `operator`: operator_commands; certificate_commands and live_commands add theirs.
"""


class Imported(MutableMapping[str, Any]):
    """The commands by name, each made from its module when it is looked up."""

    def __init__(self, places: dict[str, tuple[str, str]]) -> None:
        self._places = dict(places)
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            module, _, member = self._places[name][0].partition(":")
            self._made[name] = _command(name, getattr(import_module(f"croupier.main.{module}"), member))
        return self._made[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._made[name] = command

    def __delitem__(self, name: str) -> None:
        del self._places[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def _command(name: str, found: Any) -> Any:
    if isinstance(found, typer.Typer):
        command = typer.main.get_group(found)
        command.name = name
        return command
    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    alone.command(name)(found)
    return typer.main.get_command(alone)


class Croupier(TyperGroup):
    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands = Imported(COMMANDS)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        imported = self.commands
        self.commands = {name: TyperCommand(name=name, help=told) for name, (_, told) in COMMANDS.items()}
        super().format_help(ctx, formatter)
        self.commands = imported


app = typer.Typer(cls=Croupier, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def croupier() -> None:
    """Croupier: casino games for operators, with no lost cent."""


if __name__ == "__main__":
    app()
