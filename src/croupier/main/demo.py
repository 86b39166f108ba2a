"""`croupier demo`: the platform, a demo casino with a wallet of its own, and where to look."""

import asyncio
import json
import os
import secrets
import time
import webbrowser
from pathlib import Path

import msgspec
from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from croupier.domain.ids import text_of
from croupier.domain.money import CURRENCIES
from croupier.domain.parties import Operator
from croupier.main.database import vault
from croupier.main.history import OPERATOR as HISTORY_OPERATOR
from croupier.main.history import history_operator
from croupier.main.processes import casino_child, must_be_free, platform_children, start_database, to_stderr
from croupier.main.settings import Settings
from croupier.main.supervisor import CannotStart, Child, Supervisor, module
from croupier.store.accounts import User, add_user
from croupier.store.connect import open_pool
from croupier.store.registry import Registry, new_secret

OPERATOR = "demo"
EMAIL = "demo@croupier.test"
HISTORY_EMAIL = "history@croupier.test"
"""Sees the operator of past rounds, with the same password."""


PORT_MAX = 65_534

HISTORY = 60_000
HISTORY_FIRST = 2_000
"""Past rounds that are there before the links appear; the others follow in the background."""


class Credentials(msgspec.Struct, frozen=True):
    """What the demo's parts know of each other; kept in the data folder so that a second start goes on with them."""

    api_key: str
    wallet_secret: str
    password: str


def demo(settings: Settings, *, as_json: bool, browser: bool, history: int | None) -> None:
    """In the foreground, until SIGINT or SIGTERM. CannotStart says what is missing."""
    if settings.port > PORT_MAX:
        raise CannotStart(f"port must be 1 to {PORT_MAX}, not {settings.port}: the demo casino takes the next one.")
    must_be_free(settings.host, settings.port)
    must_be_free(settings.host, settings.port + 1)
    casino = f"http://localhost:{settings.port + 1}"
    settings = msgspec.structs.replace(settings, casino_url=casino)
    supervisor = Supervisor(None, (), to_stderr)
    supervisor.handle_signals()
    supervisor.database, dsn = start_database(settings, to_stderr)
    try:
        known = asyncio.run(demo_operator(settings, dsn, casino))
        casino_process = casino_child(
            settings,
            settings.data / "casino",
            operator_id=OPERATOR,
            api_key=known.api_key,
            wallet_secret=known.wallet_secret,
        )
        for child in (*platform_children(settings, dsn), casino_process):
            supervisor.start(child)
        wanted = HISTORY if history is None else history
        if wanted:
            supervisor.finish(past_rounds(settings, dsn, min(wanted, HISTORY_FIRST)))
        _announce(settings, casino, known, as_json=as_json)
        if wanted > HISTORY_FIRST:
            supervisor.start(past_rounds(settings, dsn, wanted))
        if browser and not as_json:
            webbrowser.open(settings.public)
        supervisor.run()
    finally:
        supervisor.stop()


def past_rounds(settings: Settings, dsn: str, rounds: int) -> Child:
    """Plays what is missing up to so many rounds of the past, marked as demo data by their operator's name."""
    environment = settings.environment() | {"CROUPIER_DATABASE_URL": dsn}
    return Child("history", module("croupier.main.history", str(rounds)), environment, once=True)


async def demo_operator(settings: Settings, dsn: str, casino: str) -> Credentials:
    """The demo casino as our operator, and somebody who may sign in; made at the first start, found at the next."""
    kept = settings.data / "demo.json"
    wallet_url = f"{casino}/wallet"
    pool = await open_pool(dsn, "demo", size=2)
    try:
        registry, now = Registry(pool, vault(settings)), time.time_ns() // 1000
        operator = await registry.operator(OPERATOR)
        known = _read(kept)
        if operator is not None and known is not None:
            if operator.wallet_url != wallet_url:  # started on another port
                await registry.change_operator(msgspec.structs.replace(operator, wallet_url=wallet_url), now)
            return known
        wallet_secret, password = new_secret(), text_of(secrets.token_bytes(9))
        if operator is None:
            operator = Operator(
                OPERATOR,
                dialect="native",
                wallet_url=wallet_url,
                wallet_secrets=(wallet_secret,),
                currencies=tuple(sorted(CURRENCIES)),
            )
            api_key = await registry.add_operator(operator, now)
        else:  # the file was lost: what it held is made anew
            api_key = await registry.rotate_key(operator, now, keep_old=False)
            await registry.rotate_secret(OPERATOR, "wallet", wallet_secret, now, keep_old=False)
        if await registry.operator(HISTORY_OPERATOR) is None:
            await registry.add_operator(history_operator(), now)
        for email, owner in ((EMAIL, OPERATOR), (HISTORY_EMAIL, HISTORY_OPERATOR)):
            user = User(text_of(secrets.token_bytes(9)), email, owner, "owner")
            await add_user(pool, user, password, now, reset=True)
        known = Credentials(api_key, wallet_secret, password)
        _write(kept, known)
        return known
    finally:
        await pool.close()


def _read(path: Path) -> Credentials | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Credentials)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def _write(path: Path, known: Credentials) -> None:
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(msgspec.json.encode(known))
    fresh.rename(path)


def _announce(settings: Settings, casino: str, known: Credentials, *, as_json: bool) -> None:
    platform = settings.public
    if as_json:
        line = {
            "platform": platform,
            "casino": casino,
            "account": f"{platform}/account",
            "docs": f"{platform}/docs",
            "operator": {
                "id": OPERATOR,
                "api_key": known.api_key,
                "wallet_url": f"{casino}/wallet",
                "wallet_secret": known.wallet_secret,
            },
            "login": {"email": EMAIL, "password": known.password},
        }
        print(json.dumps(line), flush=True)
        return
    table = Table.grid(padding=(0, 2))
    rows: list[tuple[str, str]] = [
        ("Play", casino),
        ("Account", f"{platform}/account   {EMAIL}  {known.password}"),
        ("", f"or {HISTORY_EMAIL}, same password: thirty days of demo data"),
        ("Docs", f"{platform}/docs"),
        ("API key", known.api_key),
    ]
    for name, value in rows:
        table.add_row(f"[bold]{name}[/bold]", value)
    Console().print(Panel(table, title="Croupier", subtitle="Ctrl-C stops everything", expand=False))
