"""`croupier`: the command line. A command's module is imported when the command is asked for, so that each is quick."""

from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import Any

import typer
import typer.main
from typer.core import TyperGroup

COMMANDS = {
    "serve": "platform_commands:serve",
    "demo": "platform_commands:demo",
    "migrate": "platform_commands:migrate",
    "explain": "explain_command:explain",
    "replay": "platform_commands:replay",
    "openapi": "platform_commands:openapi",
    "sandbox": "sandbox_command:sandbox",
    "statement": "ledger_commands:statement",
    "reconcile": "reconcile_command:reconcile_statement",
    "certify": "certify_command:certify",
    "games": "game_commands:list_games",
    "verify": "game_commands:verify",
    "play": "game_commands:play",
    "operator": "live_commands:operators",  # those of operator_commands and certificate_commands, and its own
    "user": "operator_commands:users",
    "store": "platform_commands:store",
    "init": "init_commands:init",
    "ledger": "ledger_commands:ledger",
}
"""Name -> where its function, or group of commands, is."""


class Imported(MutableMapping[str, Any]):
    """The commands by name, each made from its module when it is looked up."""

    def __init__(self, places: dict[str, str]) -> None:
        self._places = dict(places)
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            module, _, member = self._places[name].partition(":")
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


app = typer.Typer(cls=Croupier, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def croupier() -> None:
    """Croupier: casino games for operators, with no lost cent."""


if __name__ == "__main__":
    app()
