"""Puts the worker together: one ASGI application over one world."""

import contextlib
import gc
import logging
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

import msgspec
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from croupier.api.certificates import Certificates
from croupier.api.dialects import BASE as DIALECTS_BASE
from croupier.api.dialects import DialectApi
from croupier.api.framing import Framing
from croupier.api.history_page import history_page
from croupier.api.metrics import MEDIA_TYPE as METRICS_TYPE
from croupier.api.metrics import CountedExchanges, Metrics
from croupier.api.operator.app import create as create_operator_api
from croupier.api.operator.app import openapi_document
from croupier.api.pages import Pages
from croupier.api.platform import Links, Platform
from croupier.api.player.app import PlayerApi
from croupier.api.player.replays import HISTORY_PATH
from croupier.dialects import DIALECTS, FACADES, SPOKEN
from croupier.games.catalogue import GAMES
from croupier.main.care import Care
from croupier.main.database import vault
from croupier.main.open_files import wallet_connections
from croupier.main.place import PLACE
from croupier.main.settings import Settings
from croupier.runtime.admission import Admission, Load
from croupier.runtime.clock import SystemClock
from croupier.runtime.clock_watch import ClockWatch
from croupier.runtime.directory import OperatorDirectory
from croupier.runtime.entropy import SystemIds, SystemRng
from croupier.runtime.explanations import Explainer
from croupier.runtime.lease import Lease
from croupier.runtime.play_money import PlayMoney
from croupier.runtime.recovery import hurry, recover
from croupier.runtime.round_runner import RoundRunner
from croupier.runtime.wallet_client import WalletClient
from croupier.runtime.wallet_tls import wallet_context
from croupier.runtime.world import Clock, Network, World
from croupier.store.authority import OPERATORS, authority, callback_certificate
from croupier.store.campaigns import PostgresGrants
from croupier.store.connect import AWAY, open_pool
from croupier.store.exchanges import ExchangeWriter
from croupier.store.journal import PostgresJournal
from croupier.store.leases import Leases, PostgresLeases
from croupier.store.memory import MemoryJournal, Streams
from croupier.store.records import Journal, Unavailable
from croupier.store.registry import Registry
from croupier.store.repairs import PostgresItems
from croupier.store.restore import store_state
from croupier.store.sessions import operator_of_launch_token, operator_of_session

WEB = Path(__file__).parents[1] / "web"

log = logging.getLogger("croupier.worker")


@dataclass(frozen=True)
class Parts:
    """What stands in the place of the real world's parts; None = the real one.

    `journal`, `leases`: put around the real ones.
    """

    network: Network | None = None
    clock: Clock | None = None
    journal: Callable[[Journal], Journal] = lambda real: real
    leases: Callable[[Leases], Leases] = lambda real: real


class Worker:
    """ASGI. Everything is made at start-up and closed in the opposite order at the end."""

    def __init__(self, settings: Settings, parts: "Parts") -> None:
        self.settings = settings
        self.parts = parts
        self.metrics = Metrics()
        self.pages = Pages(WEB, self.framers, https=settings.public.startswith("https://"))
        self.openapi: bytes | None = None
        self.client_authority = ""
        """PEM; signs the certificates that operators show."""
        self.home = ""
        """Where other workers reach this one, see `api/player/forwarding.py`."""
        self.platform: Platform
        self.player_api: PlayerApi
        self.operator_api: ASGIApp
        self.dialect_api: DialectApi
        self.care: Care
        self._closing = contextlib.AsyncExitStack()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        path: str = scope["path"]
        if path.startswith("/play/v1/"):
            await self.player_api(scope, receive, send)
        elif path.startswith(("/api/", "/account/api/", "/front/api/")):
            await self._operator(scope, receive, send)
        elif path.startswith(DIALECTS_BASE):
            await self.dialect_api(scope, receive, send)
        elif path == HISTORY_PATH:
            await history_page(self.platform, scope, send)
        elif path in PROBES and scope["method"] in ("GET", "HEAD"):
            status, media_type, body = await PROBES[path](self)
            await send(
                {
                    "type": "http.response.start",
                    "status": status,
                    "headers": [
                        (b"content-type", media_type.encode()),
                        (b"cache-control", b"no-store"),
                        (b"content-length", b"%d" % len(body)),
                    ],
                }
            )
            await send({"type": "http.response.body", "body": body})
        else:
            await self.pages(scope, send)

    async def _operator(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.operator_api(scope, receive, send)
        except (Unavailable, *AWAY) as error:
            log.warning("%s %s: %s", scope["method"], scope["path"], error)
        except Exception:
            log.exception("a call failed: %s %s", scope["method"], scope["path"])

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self.start()
        except Exception as error:
            log.exception("the platform cannot start")
            await self.close()
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        _spare_the_collector()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def start(self) -> None:
        settings, closing = self.settings, self._closing
        clock, ids = self.parts.clock or SystemClock(), SystemIds()
        outcomes = SystemRng()
        pool = await open_pool(settings.database_url, "api", 12)
        closing.push_async_callback(pool.close)
        load = Load()
        journal: PostgresJournal | MemoryJournal
        if settings.journal == "memory":
            journal = MemoryJournal(Streams(None), now=clock.now, random=ids.random)
        else:
            journal = PostgresJournal(settings.database_url, now=clock.now, random=ids.random)
            await journal.open()
            closing.push_async_callback(journal.close)
        load.append_wait_ms = journal.oldest_waiting_ms
        self.metrics.watch(load)
        registry = Registry(pool, vault(settings))
        directory = OperatorDirectory(registry, clock)
        await directory.start()
        self.client_authority = (await authority(registry, OPERATORS, clock.now())).certificate
        network = self.parts.network
        if network is None:
            shown = await callback_certificate(registry, clock.now())
            network = WalletClient(connections_of_all=wallet_connections(), tls=wallet_context(shown))
            closing.callback(network.close)
        explainer = Explainer(directory, SPOKEN)
        clocks = ClockWatch()
        exchanges = ExchangeWriter(pool, explainer.cause_of, clocks.look)
        exchanges.start()
        closing.push_async_callback(exchanges.close)
        admission = Admission(load)
        self.metrics.watch_operators(admission, clocks)
        heard = CountedExchanges(self.metrics, exchanges)
        grants = PostgresGrants(pool)
        restored_at = (await store_state(pool)).restored_at
        world = World(
            clock, outcomes, ids, network, self.parts.journal(journal), heard, grants, PostgresItems(pool), restored_at
        )
        leases = PostgresLeases(settings.database_url)
        closing.push_async_callback(leases.close)
        lease = Lease(world, self.parts.leases(leases), os.environ.get(PLACE, ""), directory)
        closing.push_async_callback(lease.close)
        await lease.start()
        load.may_bet = lambda: lease.may_bet and not directory.stale
        runner = RoundRunner(world, directory, GAMES, DIALECTS, admission, lease=lease)
        lease.lost, lease.hurry = runner.seats.doubt, partial(hurry, runner)
        closing.push_async_callback(runner.close)
        play_money = PlayMoney(clock, outcomes, ids, GAMES, Admission(load))
        closing.push_async_callback(play_money.runner.close)
        self.platform = Platform(
            world=runner.world,
            pool=pool,
            registry=registry,
            directory=directory,
            runner=runner,
            play_money=play_money,
            games=GAMES,
            exchanges=exchanges,
            explainer=explainer,
            replay_key=await registry.platform_secret("replay_links"),
            links=Links(settings.public, settings.casino_url or None),
            home=self.home,
        )
        self.framing = Framing(self.platform)
        self.player_api = PlayerApi(self.platform, self.metrics)
        closing.callback(self.player_api.sessions.forwarding.close)
        operator_api: Any = create_operator_api(self.platform)
        self.operator_api = cast("ASGIApp", ProxyHeadersMiddleware(operator_api, "127.0.0.1"))
        trusted = Certificates(settings.certificate_header, settings.trusted_proxies.split())
        self.dialect_api = DialectApi(self.platform, FACADES, trusted)
        self.care = Care(self.platform, self.player_api.sessions, load, lease, settings, clocks)
        self.care.start()
        resumed = await recover(runner)
        log.info("%d rounds of an earlier start go on", resumed)
        closing.push_async_callback(self.care.close)

    async def close(self) -> None:
        await self._closing.aclose()

    async def framers(self, token: str | None, session_id: str | None, page: str | None) -> tuple[str, ...]:
        """Origins that may frame the game with this launch token, or what is left of this session after a reload.

        `page`: the origin that does frame it, as its browser says.
        """
        pool = self.platform.pool
        owner = await operator_of_launch_token(pool, token) if token else None
        if owner is None and session_id:
            owner = await operator_of_session(pool, session_id)
        operator = self.platform.directory.settings.operators.get(owner or "")
        return () if operator is None else await self.framing.framers(operator, page)

    async def healthz(self) -> tuple[int, str, bytes]:
        return 200, "text/plain; charset=utf-8", b"ok\n"

    async def readyz(self) -> tuple[int, str, bytes]:
        """The database answers and settings are fresh."""
        why = await self.care.not_ready()
        if why is None:
            return 200, "text/plain; charset=utf-8", b"ready\n"
        return 503, "text/plain; charset=utf-8", f"{why}\n".encode()

    async def show_metrics(self) -> tuple[int, str, bytes]:
        return 200, METRICS_TYPE, self.metrics.page()

    async def show_openapi(self) -> tuple[int, str, bytes]:
        if self.openapi is None:
            self.openapi = msgspec.json.encode(openapi_document())
        return 200, "application/json", self.openapi


def _spare_the_collector() -> None:
    """What the start made lives as long as the process, and a round leaves no cycles: look for garbage rarely."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


PROBES: dict[str, Callable[[Worker], Awaitable[tuple[int, str, bytes]]]] = {
    "/healthz": Worker.healthz,
    "/readyz": Worker.readyz,
    "/metrics": Worker.show_metrics,
    "/openapi.json": Worker.show_openapi,
}


def create(settings: Settings, network: Network | None = None, **others: Any) -> Worker:
    """`network` and `others`: parts of the world that are not the real ones, see `Parts`."""
    return Worker(settings, Parts(network, **others))
