"""The command line: data on stdout, exit codes 0, 1 and 2, secrets shown once."""

import asyncio
import json
import os
import time

import pytest
import typer.main
from typer.testing import CliRunner

from croupier.domain.errors import ERRORS
from croupier.domain.exchange import Exchange, HttpRequest, NoAnswer
from croupier.domain.ids import exchange_id
from croupier.ledger.operator_statement import COLUMNS
from croupier.main.cli import COMMANDS, app
from croupier.store.connect import open_pool
from croupier.store.exchanges import ExchangeWriter
from main.casino import added


def test_an_unknown_operator_is_no_finding(croupier, tmp_path):
    """1 would say that the two sides differ, or that the books do not balance."""
    (tmp_path / "day.csv").write_text(",".join(COLUMNS))
    day = ("--operator", "nobody", "--date", "2026-11-20")
    for command in (
        *(("operator", name, "nobody") for name in ("show", "disable", "rotate-key", "set")),
        ("user", "add", "ana@casino.test", "--operator", "nobody"),
        ("statement", *day),
        ("reconcile", *day, "--statement", str(tmp_path / "day.csv")),
    ):
        code, _, err = croupier(*command)
        assert code == 2, command
        assert "nobody" in err


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (("--date", "0001-01-01"), "--date must be a UTC day like 2026-11-22"),
        (("--date", "9999-12-31"), "--date must be a UTC day"),
        (("--date", "20.11.2026"), "--date must be a UTC day"),
        (("--date", "2999-01-01"), "--date 2999-01-01 has not begun"),
        (("--date", "2026-11-20", "--currency", "nope"), "--currency 'nope' is not known"),
        (("--date", "2026-11-20"), "line 2: at is 2026-11-22T12:00:00.000Z, but the statement is of 2026-11-20 (UTC)"),
        (("--date", "2026-11-22", "--currency", "USD"), "line 2: currency is EUR, but the statement holds USD only"),
    ],
)
def test_a_statement_of_another_day_or_currency_is_not_compared(croupier, tmp_path, given, named):
    added(croupier)
    file = tmp_path / "day.csv"
    file.write_text(",".join(COLUMNS) + "\nb_1,bet,100,EUR,ana,rd_1,accepted,2026-11-22T12:00:00Z\n")
    code, out, err = croupier("reconcile", "--operator", "casino", "--statement", str(file), "--json", *given)
    assert (code, out) == (2, "")
    assert named in " ".join(err.split())


def test_people_get_a_password_once(croupier):
    added(croupier)
    add = ("user", "add", "ana@casino.test", "--operator", "casino", "--json")
    code, out, _ = croupier(*add)
    assert code == 0
    first = json.loads(out)["password"]
    assert croupier(*add)[0] == 2
    code, out, _ = croupier(*add, "--reset")
    assert code == 0
    assert json.loads(out)["password"] != first


def test_a_person_who_is_disabled_is_listed_as_such_and_may_come_back(croupier):
    added(croupier)
    croupier("user", "add", "ana@casino.test", "--operator", "casino")
    croupier("user", "add", "bob@casino.test", "--operator", "casino", "--role", "finance")

    def enabled():
        return {one["email"]: one["enabled"] for one in json.loads(croupier("user", "list", "--json")[1])}

    assert enabled() == {"ana@casino.test": True, "bob@casino.test": True}
    code, out, _ = croupier("user", "disable", "Ana@casino.test", "--json")
    told = {"email": "ana@casino.test", "operator": "casino", "role": "owner", "enabled": False}
    assert (code, json.loads(out)) == (0, told)
    assert enabled() == {"ana@casino.test": False, "bob@casino.test": True}
    assert croupier("user", "enable", "ana@casino.test")[0] == 0
    assert enabled() == {"ana@casino.test": True, "bob@casino.test": True}
    code, out, err = croupier("user", "disable", "eve@casino.test")
    assert (code, out) == (2, "")
    assert "nobody has the e-mail address eve@casino.test" in " ".join(err.split())


@pytest.mark.parametrize("code", ERRORS)
def test_every_code_is_explained(code):
    result = CliRunner().invoke(app, ["explain", code, "--json"])
    assert result.exit_code == 0
    shown = json.loads(result.stdout)
    assert shown["code"] == code
    assert shown["cause"]
    assert shown["fix"]


def test_a_code_that_does_not_exist_is_a_finding():
    result = CliRunner().invoke(app, ["explain", "wallet_on_fire"])
    assert result.exit_code == 1
    assert "wallet_unreachable" in result.stderr


def every_command(typer_app, path=()):
    yield path
    for group in typer_app.registered_groups:
        yield from every_command(group.typer_instance, (*path, group.name))
    for command in typer_app.registered_commands:
        name = command.name or command.callback.__name__.replace("_", "-")
        yield (*path, name)


@pytest.mark.parametrize("command", list(every_command(app)), ids=" ".join)
def test_every_command_has_help(command):
    result = CliRunner().invoke(app, [*command, "--help"])
    assert result.exit_code == 0
    assert "Usage" in result.stdout


def test_a_stored_exchange_is_explained(croupier):
    added(croupier)
    now = time.time_ns() // 1000
    exchange = Exchange(
        exchange_id=exchange_id(now, bytes(7)),
        operator_id="casino",
        direction="out",
        at=now,
        request=HttpRequest("POST", "http://127.0.0.1:1/w/bet", (), b"{}"),
        answer=NoAnswer("refused", sent=False),
        verdict="unknown",
        why="refused",
        call="bet",
        currency="EUR",
    )

    async def keep() -> None:
        pool = await open_pool(os.environ["CROUPIER_DATABASE_URL"], "test", 1)
        writer = ExchangeWriter(pool)
        writer.start()
        writer.add(exchange)
        await writer.close()
        await pool.close()

    asyncio.run(keep())
    code, out, err = croupier("explain", exchange.exchange_id, "--json")
    assert code == 0, err
    told = json.loads(out)
    assert (told["side"], told["verdict"], told["status"]) == ("yours", "unknown", None)
    assert "Nothing listens at 127.0.0.1:1" in told["CRP-NET-001"]
    assert croupier("explain", exchange_id(1, bytes(7)))[0] == 1


def test_the_list_of_commands_says_what_their_own_help_says():
    """It is shown without importing them."""
    own = typer.main.get_command(app)
    for name, (_, told) in COMMANDS.items():
        assert " ".join(own.commands[name].help.split()).startswith(told), name
    shown = CliRunner().invoke(app, ["--help"]).stdout
    assert all(f"│ {name} " in shown for name in COMMANDS)


def test_the_demo_needs_a_port_and_the_next_one(croupier):
    code, out, err = croupier("demo", "--port", "65535", "--no-browser", "--json")
    assert (code, out) == (2, "")
    assert "port must be 1 to 65534" in err
