"""`croupier`: the command line. Each command imports what it needs when it runs, so that --help is quick."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

from croupier.main.certificate_commands import authorities, certificate
from croupier.main.certify_command import certify
from croupier.main.game_commands import list_games, play, verify
from croupier.main.init_commands import init
from croupier.main.ledger_commands import ledger, statement
from croupier.main.operator_commands import operators, users
from croupier.main.reconcile_command import reconcile_statement
from croupier.main.terminal import (
    COULD_NOT_RUN,
    FINDINGS,
    AsJson,
    Data,
    fail,
    settings,
    show,
    show_one,
    told_plainly,
    voice,
)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Croupier: casino games for operators, with no lost cent.",
)
store = typer.Typer(no_args_is_help=True, help="The database.")
app.add_typer(operators, name="operator")
app.add_typer(users, name="user")
app.add_typer(store, name="store")
app.add_typer(init, name="init")
app.add_typer(ledger, name="ledger")
operators.command("certificate")(certificate)
operators.command("authorities")(authorities)
app.command("statement")(statement)
app.command("reconcile")(reconcile_statement)
app.command("certify")(certify)
app.command("games")(list_games)
app.command("verify")(verify)
app.command("play")(play)

Port = Annotated[int | None, typer.Option(help="Port to listen on; default 8080, or CROUPIER_PORT.")]


@app.command()
def serve(
    port: Port = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on; default 127.0.0.1.")] = None,
    workers: Annotated[int | None, typer.Option(help="Worker processes behind the port; default 1.")] = None,
    data: Data = None,
) -> None:
    """Run the platform until SIGINT or SIGTERM. Several servers may run on one database."""
    from croupier.main.processes import serve as run
    from croupier.main.processes import to_stderr

    with told_plainly():
        run(settings(port=port, host=host, workers=workers, data=data), to_stderr)


@app.command()
def demo(
    port: Port = None,
    data: Data = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")] = False,
    as_json: AsJson = False,
    history: Annotated[int | None, typer.Option(min=0, help="Past rounds to make; default 2,000, then 60,000.")] = None,
) -> None:
    """Run the platform and a demo casino with a wallet of its own (on the next port)."""
    from croupier.main.demo import demo as run

    with told_plainly():
        run(settings(port=port, data=data), as_json=as_json, browser=not no_browser, history=history)


@app.command()
def migrate(data: Data = None) -> None:
    """Bring the database's schema up to date."""
    from croupier.main.database import database

    async def run() -> None:
        async with database(settings(data=data)):
            voice.print("The schema is up to date.")

    with told_plainly():
        asyncio.run(run())


@store.command("rebuild")
def rebuild(data: Data = None) -> None:
    """Make lists and statistics anew from the journal. The platform must not be running."""
    from croupier.main.database import database
    from croupier.store.rebuild import rebuild as run

    async def work() -> None:
        async with database(settings(data=data)) as dsn:
            count = await run(dsn)
            voice.print(f"{count:,} records projected anew.")

    with told_plainly():
        asyncio.run(work())


@store.command("reseal")
def reseal(data: Data = None) -> None:
    """Seal all secrets anew, with the first master key. Every server must know that key by now."""
    from croupier.main.database import registry

    async def work() -> None:
        async with registry(settings(data=data)) as known:
            voice.print(f"{await known.reseal():,} secrets sealed anew.")

    with told_plainly():
        asyncio.run(work())


@app.command()
def explain(
    code: Annotated[
        str, typer.Argument(help="An error, finding, rule or exchange: busy, CRP-JSON-003, ROLL-05, ex_….")
    ],
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Say what a code means, why it happens and what to do; of a stored exchange, why it failed."""
    from croupier.conformance.rule import RULES
    from croupier.diagnosis.catalogue import CATALOGUE
    from croupier.domain.errors import ERRORS
    from croupier.main.reference.finding_pages import fields as finding_fields
    from croupier.main.reference.rules_page import fields as rule_fields

    if code.startswith("ex_"):
        from croupier.main.explain_exchange import explain_exchange

        with told_plainly():
            told = asyncio.run(explain_exchange(settings(data=data), code))
        if told is None:
            fail(f"there is no exchange {code}, or it is past its retention", FINDINGS)
            return
        show_one(told, as_json=as_json)
        return
    if code.upper() in CATALOGUE:
        show_one(finding_fields(code.upper()), as_json=as_json)
        return
    if code.upper() in RULES:
        show_one(rule_fields(code.upper()), as_json=as_json)
        return
    kind = ERRORS.get(code)
    if kind is None:
        near = ", ".join(sorted(known for known in ERRORS if code.split("_")[0] in known)) or "see /docs/errors"
        fail(f"there is no code {code!r}; {near}", FINDINGS)
        return
    fields = {"code": code, "status": kind.status, "title": kind.title, "cause": kind.cause, "fix": kind.fix}
    show_one(fields, as_json=as_json)


@app.command()
def replay(
    round_id: Annotated[str, typer.Argument(help="The round, for example rd_…")],
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Play a stored round again from its drawn numbers and compare every step. Exit code 1 when one differs."""
    from croupier.main.replay import replay_round

    with told_plainly():
        steps, differences = asyncio.run(replay_round(settings(data=data), round_id))
    if steps is None:
        fail(f"there is no round {round_id}", COULD_NOT_RUN)
        return
    if as_json:
        print(json.dumps({"round_id": round_id, "steps": steps, "differences": differences}))
    else:
        for step in steps:
            voice.print(f"{step['action']:12} {step['reveals']}", soft_wrap=True)
        voice.print("[green]every step gives the stored result[/green]" if not differences else "\n".join(differences))
    raise typer.Exit(FINDINGS if differences else 0)


@app.command()
def openapi() -> None:
    """Print the operator API's OpenAPI document."""
    from croupier.api.operator.app import openapi_document

    print(json.dumps(openapi_document(), indent=1, ensure_ascii=False))


@app.command()
def sandbox(
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8090,
    bug: Annotated[str, typer.Option(help="A bug or fault to switch on; --list-bugs shows them.")] = "off",
    list_bugs: Annotated[bool, typer.Option("--list-bugs", help="Show bugs and faults, and start nothing.")] = False,
    data: Annotated[Path, typer.Option(help="Folder of its ledger.")] = Path(".croupier/sandbox"),
    secret: Annotated[str, typer.Option(envvar="CROUPIER_CASINO_WALLET_SECRET", help="The operator's key.")] = "",
    dialect: Annotated[str, typer.Option(help="The API that the wallet speaks.")] = "native",
    operator_id: Annotated[str, typer.Option(help="The operator's id, where its API sends it.")] = "demo",
    number: Annotated[int, typer.Option(help="The operator's number, where its API sends that.")] = 0,
    setting: Annotated[list[str] | None, typer.Option(help="NAME=VALUE, as agreed in this dialect.")] = None,
    as_json: AsJson = False,
) -> None:
    """Run the reference wallet alone, with a bug switched on when you want to see how the platform takes it."""
    from croupier.dialects import DIALECTS
    from croupier.sandbox.break_it import FAULTS
    from croupier.sandbox.rule_bugs import EVERY_BUG
    from croupier.sandbox.run import server
    from croupier.sandbox.settings import CasinoSettings

    if list_bugs:
        bugs = [{"name": name, "does": one.does, "breaks": one.breaks} for name, one in EVERY_BUG.items()]
        faults = [{"name": n, "does": f.effect, "breaks": ""} for n, f in FAULTS.items() if n != "off"]
        show(bugs + faults, ("name", "does", "breaks"), as_json=as_json, empty="")
        return
    if not secret:
        fail("give the operator's wallet secret: --secret whsec_…, or CROUPIER_CASINO_WALLET_SECRET")
    if bug not in FAULTS and bug not in EVERY_BUG:
        fail(f"there is no bug {bug!r}; croupier sandbox --list-bugs shows them")
    if dialect not in DIALECTS:
        fail(f"there is no dialect {dialect!r}; {', '.join(DIALECTS)}")
    fault = "off" if bug in EVERY_BUG else bug
    voice.print(f"The wallet answers at http://127.0.0.1:{port}/wallet")
    server(
        CasinoSettings(
            data=data,
            wallet_secrets=(secret,),
            port=port,
            fault=fault,
            bug=bug if bug in EVERY_BUG else "off",
            dialect=dialect,
            operator_id=operator_id,
            number=number,
            agreed_settings=dict(one.partition("=")[::2] for one in setting or ()),
        )
    ).run()


if __name__ == "__main__":
    app()
