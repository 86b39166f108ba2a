"""`croupier sandbox`: the reference wallet, right or with a bug."""

from pathlib import Path
from typing import Annotated

import typer

from croupier.dialects import DIALECTS
from croupier.main.terminal import AsJson, fail, show, voice
from croupier.sandbox.break_it import FAULTS
from croupier.sandbox.finding_bugs import EVERY_BUG
from croupier.sandbox.finding_switches import NOT_SHOWN, NotShownError, bug_of, findings_of
from croupier.sandbox.run import server
from croupier.sandbox.settings import CasinoSettings


def sandbox(
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8090,
    bug: Annotated[
        str, typer.Option(help="A bug, fault or finding (crp-json-003) to switch on; --list-bugs shows them.")
    ] = "off",
    list_bugs: Annotated[bool, typer.Option("--list-bugs", help="Show bugs and faults, and start nothing.")] = False,
    data: Annotated[Path, typer.Option(help="Folder of its ledger.")] = Path(".croupier/sandbox"),
    secret: Annotated[str, typer.Option(envvar="CROUPIER_CASINO_WALLET_SECRET", help="The operator's key.")] = "",
    dialect: Annotated[str, typer.Option(help="The API that the wallet speaks.")] = "native",
    operator_id: Annotated[str, typer.Option(help="The operator's id, where its API sends it.")] = "demo",
    number: Annotated[int, typer.Option(help="The operator's number, where its API sends that.")] = 1,
    setting: Annotated[list[str] | None, typer.Option(help="NAME=VALUE, as agreed in this dialect.")] = None,
    as_json: AsJson = False,
) -> None:
    """Run the reference wallet alone, with a bug switched on when you want to see how the platform takes it."""
    if list_bugs:
        show(_listed(), ("name", "does", "breaks", "shows"), as_json=as_json, empty="")
        return
    if not secret:
        fail("give the operator's wallet secret: --secret whsec_…, or CROUPIER_CASINO_WALLET_SECRET")
    try:
        bug = bug if bug in FAULTS else bug_of(bug)
    except NotShownError as error:
        fail(str(error))
    except KeyError:
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


def _listed() -> list[dict[str, str]]:
    """Bugs, faults, and the findings that no wallet shows, with the reason."""
    bugs = [
        {"name": name, "does": one.does, "breaks": one.breaks, "shows": " ".join(findings_of(name))}
        for name, one in EVERY_BUG.items()
    ]
    faults = [{"name": n, "does": f.effect, "breaks": "", "shows": ""} for n, f in FAULTS.items() if n != "off"]
    return bugs + faults + [{"name": "–", "does": w, "breaks": "", "shows": code} for code, w in NOT_SHOWN.items()]
