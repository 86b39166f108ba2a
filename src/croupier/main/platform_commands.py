"""`croupier serve`, `demo`, `migrate`, `store …`, `replay` and `openapi`: the platform itself."""

import asyncio
import json
from typing import Annotated

import typer

from croupier.api.operator.app import openapi_document
from croupier.domain.instants import rfc3339
from croupier.main.by_hand import by_hand
from croupier.main.database import database, registry
from croupier.main.demo import demo as run_demo
from croupier.main.plainly import settings, told_plainly
from croupier.main.processes import serve as run_platform
from croupier.main.processes import to_stderr
from croupier.main.replay import replay_round
from croupier.main.restored import Restored
from croupier.main.restored import restored as after_restore
from croupier.main.terminal import COULD_NOT_RUN, FINDINGS, AsJson, Data, fail, now, voice
from croupier.runtime.restored import Unread
from croupier.store.rebuild import rebuild as rebuild_projections

store = typer.Typer(no_args_is_help=True, help="The database.")

Port = Annotated[int | None, typer.Option(help="Port to listen on; default 8080, or CROUPIER_PORT.")]


def serve(
    port: Port = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on; default 127.0.0.1.")] = None,
    workers: Annotated[int | None, typer.Option(help="Worker processes behind the port; default 1.")] = None,
    data: Data = None,
) -> None:
    """Run the platform until SIGINT or SIGTERM. Several servers may run on one database."""
    with told_plainly():
        run_platform(settings(port=port, host=host, workers=workers, data=data), to_stderr)


def demo(
    port: Port = None,
    data: Data = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")] = False,
    as_json: AsJson = False,
    history: Annotated[int | None, typer.Option(min=0, help="Past rounds to make; default 2,000, then 60,000.")] = None,
) -> None:
    """Run the platform and a demo casino with a wallet of its own (on the next port)."""
    with told_plainly():
        run_demo(settings(port=port, data=data), as_json=as_json, browser=not no_browser, history=history)


def migrate(data: Data = None) -> None:
    """Bring the database's schema up to date."""

    async def run() -> None:
        async with database(settings(data=data)):
            voice.print("The schema is up to date.")

    with told_plainly():
        asyncio.run(run())


@store.command("rebuild")
def rebuild(data: Data = None) -> None:
    """Make lists and statistics anew from the journal. The platform must not be running."""

    async def work() -> None:
        async with database(settings(data=data)) as dsn:
            count = await rebuild_projections(dsn, by_hand())
            voice.print(f"{count:,} records projected anew.")

    with told_plainly():
        asyncio.run(work())


@store.command("restored")
def restored(data: Data = None, as_json: AsJson = False) -> None:
    """After a restore from a backup, before the first start: nobody bets until the books were compared.

    Exit code 1 when a seat cannot be read: it stays closed, everything else is done.
    """
    with told_plainly():
        done = asyncio.run(after_restore(settings(data=data), by_hand()))
    newest = None if done.begun.newest is None else rfc3339(done.begun.newest)
    if as_json:
        told = {"era": done.begun.era, "newest_record": newest, "sessions_ended": done.begun.sessions}
        waiting = {"operators": list(done.begun.operators), "suspended_rounds": list(done.stopped.rounds)}
        unread = {"unreadable_seats": [_seat(one) for one in done.stopped.unread]}
        print(json.dumps(told | {"records": done.records} | waiting | unread))
    else:
        _tell(done, newest)
    raise typer.Exit(FINDINGS if done.stopped.unread else 0)


def _seat(one: Unread) -> dict[str, str | None]:
    key = one.key
    whose = (None, None, None, None) if key is None else (key.operator_id, key.player_id, key.game_id, key.mode)
    names = ("operator_id", "player_id", "game_id", "mode")
    return {"seat_id": str(one.seat_id), **dict(zip(names, whose, strict=True)), "why": one.why}


def _tell(done: Restored, newest: str | None) -> None:
    voice.print(
        f"The newest record of the backup is of {newest or 'nowhere: the journal is empty'}. Era {done.begun.era}."
    )
    voice.print(f"{done.begun.sessions:,} sessions ended; {done.records:,} records projected anew.")
    voice.print(f"{len(done.stopped.rounds):,} open rounds wait for two people under stuck rounds in the account.")
    if done.begun.operators:
        voice.print(
            "Closed until their books were compared: "
            + ", ".join(done.begun.operators)
            + ". For each: reconcile the days"
            " since the backup (croupier reconcile), then croupier operator reopen ID."
        )
    if done.stopped.unread:
        voice.print(
            f"[red]{len(done.stopped.unread):,} seats cannot be read[/red] and stay closed; everything else is done. A"
            " round that is open there is stopped by the first release that can read it."
        )
    for one in done.stopped.unread:
        key = one.key
        whose = "nobody's" if key is None else f"{key.operator_id}, {key.player_id} at {key.game_id} ({key.mode})"
        voice.print(f"  {one.seat_id}: {whose}. {one.why}", markup=False, highlight=False, soft_wrap=True)


@store.command("reseal")
def reseal(data: Data = None) -> None:
    """Seal all secrets anew, with the first master key. Every server must know that key by now."""

    async def work() -> None:
        async with registry(settings(data=data)) as known:
            voice.print(f"{await known.reseal(now(), by_hand()):,} secrets sealed anew.")

    with told_plainly():
        asyncio.run(work())


def replay(
    round_id: Annotated[str, typer.Argument(help="The round, for example rd_…")],
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Play a stored round again from its drawn numbers and compare every step. Exit code 1 when one differs."""
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


def openapi() -> None:
    """Print the operator API's OpenAPI document."""
    print(json.dumps(openapi_document(), indent=1, ensure_ascii=False))
