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
from croupier.main.processes import casino_child, must_be_free, platform_children, start_database, to_stderr
from croupier.main.settings import Settings
from croupier.main.supervisor import Supervisor
from croupier.store.accounts import User, add_user
from croupier.store.connect import open_pool
from croupier.store.registry import Registry, new_secret

OPERATOR = "demo"
EMAIL = "demo@croupier.test"


class Credentials(msgspec.Struct, frozen=True):
    """What the demo's parts know of each other; kept in the data folder so that a second start goes on with them."""

    api_key: str
    wallet_secret: str
    password: str


def demo(settings: Settings, *, as_json: bool, browser: bool, history: int | None) -> None:
    """In the foreground, until SIGINT or SIGTERM. CannotStart says what is missing."""
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
        _announce(settings, casino, known, as_json=as_json)
        if browser and not as_json:
            webbrowser.open(settings.public)
        supervisor.run()
    finally:
        supervisor.stop()


async def demo_operator(settings: Settings, dsn: str, casino: str) -> Credentials:
    """The demo casino as our operator, and somebody who may sign in; made at the first start, found at the next."""
    kept = settings.data / "demo.json"
    wallet_url = f"{casino}/wallet"
    pool = await open_pool(dsn, "demo", size=2)
    try:
        registry = Registry(pool, vault(settings))
        operator = await registry.operator(OPERATOR)
        known = _read(kept)
        if operator is not None and known is not None:
            if operator.wallet_url != wallet_url:  # started on another port
                await registry.change_operator(msgspec.structs.replace(operator, wallet_url=wallet_url))
            return known
        now = time.time_ns() // 1000
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
        user = User(text_of(secrets.token_bytes(9)), EMAIL, OPERATOR, "owner")
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
        ("Docs", f"{platform}/docs"),
        ("API key", known.api_key),
    ]
    for name, value in rows:
        table.add_row(f"[bold]{name}[/bold]", value)
    Console().print(Panel(table, title="Croupier", subtitle="Ctrl-C stops everything", expand=False))
