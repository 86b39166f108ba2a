"""`croupier certify`: tries every rule against a wallet, on any machine, without an account, key or tunnel of ours."""

import asyncio
import os
import secrets
import shlex
import sys
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import Annotated

import typer
from msgspec import structs

from croupier.main.terminal import AsJson, fail, show

SECRET_ENV = "CROUPIER_WALLET_SECRET"  # noqa: S105 - the name of a variable


def certify(
    context: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(help="ROLL-05, rollback, rollback/late-bet: with what they stand on.")
    ] = None,
    wallet_url: Annotated[str, typer.Option(help="Where the wallet answers: http://localhost:8000/wallet.")] = "",
    dialect: Annotated[str, typer.Option(help="The API that it speaks, or a file that describes it.")] = "native",
    secret_env: Annotated[str, typer.Option(help="The variable that holds the wallet's secret.")] = SECRET_ENV,
    player: Annotated[
        list[str] | None, typer.Option(help="ID, or 'ID TOKEN'; two for rules about two players.")
    ] = None,
    players: Annotated[Path | None, typer.Option(help="A file with one player a line: ID or ID TOKEN.")] = None,
    players_url: Annotated[str, typer.Option(help="POST {currency, balance} there makes a {player_id}.")] = "",
    player_command: Annotated[str, typer.Option(help="A command that makes a player and prints ID or ID TOKEN.")] = "",
    currency: Annotated[str, typer.Option(help="Of the players.")] = "EUR",
    number: Annotated[int, typer.Option(help="The operator's number in APIs that have one.")] = 1,
    operator_id: Annotated[
        str, typer.Option(help="The operator's id in APIs that send one, as X-Merchant-Id.")
    ] = "demo",
    setting: Annotated[list[str] | None, typer.Option(help="NAME=VALUE, as agreed in this dialect.")] = None,
    round_end: Annotated[
        str, typer.Option(help="zero_win: agreed that a win of 0 ends a lost round, so ROUND-03 is a must.")
    ] = "",
    level: Annotated[str, typer.Option(help="basic, money-safe or production.")] = "production",
    strict: Annotated[bool, typer.Option("--strict", help="A WARN counts as well.")] = False,
    deep: Annotated[bool, typer.Option("--deep", help="Also random stories, and what takes minutes.")] = False,
    seed: Annotated[int | None, typer.Option(help="Of the random stories, to hear them again.")] = None,
    watch: Annotated[list[Path] | None, typer.Option(help="File or folder: run again when it changes.")] = None,
    has: Annotated[list[str] | None, typer.Option(help="What the wallet has, as a SKIP names it.")] = None,
    second_currency: Annotated[str, typer.Option(help="One that every player holds as well.")] = "",
    more_currency: Annotated[list[str] | None, typer.Option(help="One in which players can be made, too.")] = None,
    hooks_url: Annotated[str, typer.Option(help="POST {hook, player_id} there does what these commands do.")] = "",
    expire_command: Annotated[str, typer.Option(help="Ends the sessions of {player}, or of all.")] = "",
    block_command: Annotated[str, typer.Option(help="Blocks {player}; without that word the id comes last.")] = "",
    limit_command: Annotated[str, typer.Option(help="Brings {player} to a limit of theirs.")] = "",
    free_round_command: Annotated[str, typer.Option(help="Gives {player} a free round of the bonus certify.")] = "",
    restart_command: Annotated[str, typer.Option(help="Kills the wallet and starts it again.")] = "",
    list_rules: Annotated[bool, typer.Option("--list", help="Show the rules, and try nothing.")] = False,
    as_json: AsJson = False,
    json_file: Annotated[Path | None, typer.Option(help="Write the report as JSON.")] = None,
    junit: Annotated[Path | None, typer.Option(help="Write the report as JUnit XML.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the report as one HTML file.")] = None,
    md: Annotated[Path | None, typer.Option(help="Write what is not green as Markdown.")] = None,
    badge: Annotated[Path | None, typer.Option(help="Write a picture of one line, as SVG.")] = None,
) -> None:
    """Check a wallet against every rule: what is broken, why, and what to change."""
    from croupier.conformance import formats
    from croupier.conformance.players import NoPlayers
    from croupier.conformance.report import Report
    from croupier.conformance.report import as_json as written
    from croupier.conformance.rule import LEVELS, selected
    from croupier.conformance.runner import exit_code
    from croupier.main import certify_run as runs

    if level not in LEVELS:
        fail(f"there is no level {level!r}; {', '.join(LEVELS)}")
    try:
        rules = selected(tuple(names or ()), level)
    except KeyError as error:
        fail(f"there is no rule or group {error}; croupier certify --list shows them")
        return
    if list_rules:
        columns = ("id", "level", "address", "requirement")
        listed = [{name: getattr(rule, name) for name in (*columns, "guards", "needs", "bug")} for rule in rules]
        show(listed, columns, as_json=as_json, empty="")
        return
    if not wallet_url:
        fail("give the wallet's address: --wallet-url http://localhost:8000/wallet")
    secret = os.environ.get(secret_env, "")
    if not secret:
        fail(f"the environment variable {secret_env} is not set; it holds the secret, which never stands in a command")
    if deep and find_spec("hypothesis") is None:
        pip = f"{sys.executable} -m pip install hypothesis"
        fail(f"--deep tells its stories with Hypothesis, which Croupier does not bring along: {pip}")
    missing = [str(path) for path in watch or () if not path.exists()]
    if missing:
        fail(f"--watch: there is no {missing[0]}")
    commands = {
        "expire": expire_command, "block": block_command, "limit": limit_command, "restart": restart_command,
        "free_round": free_round_command,
    }  # fmt: skip
    operator, mapped = runs.operator_of(
        dialect, wallet_url, secret, currency, operator_id, number=number, agreed=setting or ()
    )
    if round_end not in ("", "none", "zero_win"):
        fail("--round-end is none or zero_win")
    if round_end:
        operator = structs.replace(operator, round_end=round_end)
    asked = runs.Asked(
        operator=operator,
        mapped=mapped,
        currency=currency,
        level=level,
        players=(*(player or ()), *(players.read_text("utf-8").splitlines() if players is not None else ())),
        players_url=players_url,
        player_command=player_command,
        hooks_url=hooks_url,
        hooks={name: command for name, command in commands.items() if command},
        second_currency=second_currency,
        more_currencies=tuple(more_currency or ()),
        has=frozenset(has or ()) | frozenset({"deep"} if deep else ()),
        quiet=as_json,
        deep=deep,
        seed=secrets.randbelow(10**6) if seed is None else seed,
        whole=not names,
        again=_typed(context),
    )
    writers = (
        (json_file, written), (junit, formats.junit), (html, formats.page), (md, formats.markdown),
        (badge, formats.badge),
    )  # fmt: skip
    ran: list[Report] = []

    def done(report: Report) -> None:
        ran.append(report)
        runs.write(report, writers)

    try:
        if watch:
            asyncio.run(runs.watch(asked, rules, watch, done))
        done(asyncio.run(runs.run_all(asked, rules)))
    except NoPlayers as error:
        fail(str(error))
    except KeyboardInterrupt:
        if not watch or not ran:
            raise
    if as_json:
        print(written(ran[-1]), end="")
    elif not watch:
        runs.conclude(ran[-1])
    raise typer.Exit(exit_code(ran[-1].results, strict=strict))


FILES = frozenset({"json_file", "junit", "html", "md", "badge", "watch", "names", "as_json"})


def _typed(context: typer.Context) -> str:
    """The command as it was typed, but for rules and files: what tries one rule again. `{}` is where the rule goes."""
    name = sys.argv[0]
    words = ["croupier" if which("croupier") == name else name, "certify", "{}"]
    for parameter in context.command.params:
        member = parameter.name or ""
        source = context.get_parameter_source(member)
        if source is None or source.name != "COMMANDLINE" or member in FILES:
            continue
        value = context.params[member]
        for one in value if isinstance(value, list | tuple) else (value,):
            words += [parameter.opts[0]] if one is True else [parameter.opts[0], _literal(str(one))]
    return " ".join(words)


def _literal(word: str) -> str:
    return shlex.quote(word).replace("{", "{{").replace("}", "}}")
