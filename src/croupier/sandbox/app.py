"""The demo casino as one ASGI application: lobby, wallet, and doors for scripts."""

import os
import secrets
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from croupier.domain.days import day_range, parse_day
from croupier.domain.money import CURRENCIES
from croupier.domain.parties import LANGUAGES
from croupier.runtime.clock import SystemClock
from croupier.runtime.world import Clock
from croupier.sandbox.break_it import FAULTS, Breaker
from croupier.sandbox.bug_switch import BugSwitch
from croupier.sandbox.finding_bugs import EVERY_BUG
from croupier.sandbox.finding_switches import OFF, NotShownError, findings_of
from croupier.sandbox.front import Front
from croupier.sandbox.gifts import Gifts
from croupier.sandbox.ledger import Ledger
from croupier.sandbox.pages import SqlitePages, Visitor
from croupier.sandbox.platform import Platform, PlatformError
from croupier.sandbox.purses import purse
from croupier.sandbox.requests import (
    BugChoice,
    Choice,
    Gift,
    HookCall,
    Launch,
    NewPlayer,
    PlayerChange,
    Refused,
    Switch,
    number,
    problem,
    read,
    reply,
)
from croupier.sandbox.settings import CasinoSettings
from croupier.sandbox.statement import statement
from croupier.sandbox.visitors import COOKIE, Visitors
from croupier.sandbox.wallet import Wallet
from croupier.sandbox.wire import Seen, Wire
from croupier.wallet.book import Account

HEARTBEAT_S = 15.0
LINES_MAX = 10_000
CHANGES = ("blocked", "limited", "free_rounds")
"""What `PlayerChange` says as an account has it."""


class Casino:
    """The handlers, and what they share."""

    def __init__(self, settings: CasinoSettings, clock: Clock) -> None:
        settings.data.mkdir(parents=True, exist_ok=True)
        self.settings = settings
        self.bugs = BugSwitch(settings.bug)
        self.ledger = Ledger(settings.data / "casino.sqlite3", clock, forgets=self.bugs.bug.forgets_at_start)
        self.breaker = Breaker()
        self.breaker.switch(self.bugs.bug.with_fault if settings.fault == "off" else settings.fault)
        self.wire = Wire()
        self.visitors = Visitors(self.ledger)
        self.platform = Platform(settings.platform_url, settings.api_key) if settings.platform_url else None

    async def close(self) -> None:
        if self.platform is not None:
            self.platform.close()
        await self.ledger.close()

    # ── the lobby's page ─────────────────────────────────────────────────────────────────────────────────────────

    async def me(self, request: Request) -> Response:
        visitor, cookie = await self._visitor(request)
        return _with_cookie(reply(await self.visitors.described(visitor)), cookie)

    async def choose(self, request: Request) -> Response:
        choice = await read(request, Choice)
        known = await self.visitors.known(request.cookies.get(COOKIE))
        try:
            if known is None:
                visitor, cookie = await self.visitors.welcome(choice.currency or "EUR", choice.language or "en")
            else:
                currency, language = choice.currency or known.currency, choice.language or known.language
                visitor, cookie = await self.visitors.seat(known.visitor, currency, language), None
        except ValueError as error:
            raise Refused(422, "bad_request", str(error)) from None
        return _with_cookie(reply(await self.visitors.described(visitor)), cookie)

    async def games(self, _: Request) -> Response:
        return reply(await self._platform().games())

    async def launch(self, request: Request) -> Response:
        wanted = await read(request, Launch)
        visitor, cookie = await self._visitor(request)
        language = wanted.language or visitor.language
        if language not in LANGUAGES:
            raise Refused(422, "bad_request", f"language must be one of {', '.join(LANGUAGES)}")
        platform = self._platform()
        await platform.put_player(visitor.player_id, visitor.currency, language)
        gifts = Gifts(self.ledger, platform)
        launched = await gifts.launch(visitor, wanted.game_id, language, str(request.base_url))
        return _with_cookie(reply({"launch_url": launched["launch_url"], "session_id": launched["session_id"]}), cookie)

    async def give_free_rounds(self, request: Request) -> Response:
        """The visitor gives himself ten: one click in the lobby, two calls of the operator API."""
        wanted = await read(request, Gift)
        visitor, cookie = await self._visitor(request)
        return _with_cookie(
            reply(await Gifts(self.ledger, self._platform()).give(visitor, wanted.game_id), 201), cookie
        )

    async def calls(self, request: Request) -> Response:
        """``?after=`` gives a JSON list, otherwise a stream of server-sent events that may be resumed."""
        visitor, cookie = await self._visitor(request)
        if "after" in request.query_params:
            after = number(request, "after", 0, 2**53)
            return _with_cookie(reply(self.wire.after(visitor.player_id, after)), cookie)
        last = request.headers.get("last-event-id", "0")
        after = int(last) if last.isascii() and last.isdigit() and len(last) <= 16 else 0
        events = _events(self.wire.follow(visitor.player_id, after, HEARTBEAT_S))
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return _with_cookie(StreamingResponse(events, media_type="text/event-stream", headers=headers), cookie)

    # ── faults, and doors for scripts and tests ──────────────────────────────────────────────────────────────────

    async def broken(self, _: Request) -> Response:
        modes = {name: {"title": fault.title, "effect": fault.effect} for name, fault in FAULTS.items()}
        return reply({"mode": self.breaker.mode, "share": self.breaker.share, "modes": modes})

    async def break_it(self, request: Request) -> Response:
        switch = await read(request, Switch)
        if switch.mode not in FAULTS:
            raise Refused(422, "bad_request", f"mode must be one of {', '.join(FAULTS)}")
        self.breaker.switch(switch.mode, switch.share, switch.seed, switch.calls)
        return reply({"mode": switch.mode})

    async def bug(self, _: Request) -> Response:
        listed = {
            name: {"does": bug.does, "breaks": bug.breaks, "shows": findings_of(name)}
            for name, bug in EVERY_BUG.items()
        }
        return reply({"name": self.bugs.name, "bugs": listed})

    async def switch_bug(self, request: Request) -> Response:
        """With the bug comes the fault that brings it to light; off puts both off."""
        choice = await read(request, BugChoice)
        try:
            self.bugs.switch(choice.name, choice.calls)
        except NotShownError as error:
            raise Refused(422, "bad_request", str(error)) from None
        except KeyError:
            names = f"{OFF}, a finding's code, or one of {', '.join(EVERY_BUG)}"
            raise Refused(422, "bad_request", f"name must be {names}") from None
        self.breaker.switch(self.bugs.bug.with_fault, calls=choice.calls)
        return reply({"name": self.bugs.name})

    async def new_player(self, request: Request) -> Response:
        """Opens an account, and tells the platform of the player when there is one and no ``?platform=no``. `session`
        and `also` may stand in the query, for callers who cannot change the body.
        """
        wanted = await read(request, NewPlayer)
        query = request.query_params
        wanted = msgspec.structs.replace(
            wanted, session=wanted.session or "session" in query, also=wanted.also or query.get("also")
        )
        if wanted.currency not in CURRENCIES:
            raise Refused(422, "bad_request", f"unknown currency {wanted.currency}")
        if wanted.also is not None and (wanted.also not in CURRENCIES or wanted.also == wanted.currency):
            raise Refused(422, "bad_request", f"also must be another currency, not {wanted.also}")
        player_id = wanted.player_id or f"player-{time.time_ns():x}"
        token = "tok-" + secrets.token_urlsafe(12) if wanted.session else None

        def write(pages: SqlitePages) -> None:
            if pages.account(player_id) is not None:
                raise Refused(409, "player_exists", f"{player_id} has an account already")
            account = Account(
                *(player_id, wanted.currency, wanted.balance, wanted.blocked, wanted.free_rounds), token=token
            )
            pages.put_account(account)
            if wanted.also is not None:
                pages.put_account(Account(purse(player_id, wanted.also), wanted.also, wanted.balance))

        await self.ledger.do(write)
        if self.platform is not None and query.get("platform") != "no":
            await self.platform.put_player(player_id, wanted.currency)
        told = {"player_id": player_id, "currency": wanted.currency, "balance": wanted.balance}
        return reply(told | ({"operator_token": token} if token else {}), 201)

    async def change_player(self, request: Request) -> Response:
        """Blocked, limited, logged out: what a casino's own systems do to players while they play."""
        return await self._changed(request.path_params["player_id"], await read(request, PlayerChange))

    async def hook(self, request: Request) -> Response:
        asked = await read(request, HookCall)
        if asked.hook == "restart":
            # As a kill -9 and a start: nothing is finished, written or answered.
            os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - its own command
        changes = {
            "expire": PlayerChange(session_over=True),
            "block": PlayerChange(blocked=True),
            "limit": PlayerChange(limited=True),
            "free_round": PlayerChange(free_rounds=1),
        }
        return await self._changed(asked.player_id, changes[asked.hook])

    async def _changed(self, player_id: str, change: PlayerChange) -> Response:
        def write(pages: SqlitePages) -> None:
            account = pages.account(player_id)
            if account is None:
                raise Refused(404, "not_found", "no such player")
            changed = {name: v for name in CHANGES if (v := getattr(change, name)) is not None}
            token = "" if change.session_over else account.token
            pages.put_account(msgspec.structs.replace(account, **changed, token=token))
            if change.issue is not None:
                pages.put_issue(change.issue, player_id)

        await self.ledger.do(write)
        return reply({"player_id": player_id})

    async def player(self, request: Request) -> Response:
        player_id = request.path_params["player_id"]
        account, totals = await self.ledger.do(lambda pages: (pages.account(player_id), pages.totals(player_id)))
        if account is None or totals is None:
            raise Refused(404, "not_found", "no such player")
        currency = {"currency": account.currency, "exponent": CURRENCIES[account.currency].exponent}
        return reply({"player_id": player_id, "balance": account.balance, **currency, **msgspec.structs.asdict(totals)})

    async def lines(self, request: Request) -> Response:
        limit = number(request, "limit", 200, LINES_MAX)
        player_id = request.query_params.get("player_id")
        return reply({"items": await self.ledger.do(lambda pages: pages.lines(player_id, limit))})

    async def statement(self, request: Request) -> Response:
        """``?date=2026-11-22`` (UTC): what `croupier reconcile` compares with the platform's journal."""
        try:
            day = parse_day(request.query_params.get("date", ""))
        except ValueError:
            raise Refused(422, "bad_request", "date must be a UTC day like 2026-11-22") from None
        lines = await self.ledger.do(lambda pages: pages.lines_between(*day_range(day)))
        headers = {"content-disposition": f'attachment; filename="statement-{day}.csv"'}
        return Response(statement(lines), media_type="text/csv", headers=headers)

    async def healthz(self, _: Request) -> Response:
        return reply({"status": "ok"})

    async def _visitor(self, request: Request) -> tuple[Visitor, str | None]:
        """Who this is, and the cookie to set when they are new."""
        known = await self.visitors.known(request.cookies.get(COOKIE))
        return (known, None) if known is not None else await self.visitors.welcome()

    def _platform(self) -> Platform:
        if self.platform is None:
            raise Refused(404, "no_platform", "This wallet stands alone: no platform is configured.")
        return self.platform


def create(settings: CasinoSettings, clock: Clock | None = None) -> ASGIApp:
    """The casino. `app.state.casino` holds its parts."""
    clock = clock or SystemClock()
    casino = Casino(settings, clock)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await casino.close()

    wallet = Wallet(casino.ledger, settings.agreed, casino.breaker, casino.bugs, casino.wire, clock=clock)
    routes = [
        Route("/wallet", wallet),  # for APIs of one address
        Mount("/wallet", wallet),
        Route("/casino/api/me", casino.me),
        Route("/casino/api/me", casino.choose, methods=["POST"]),
        Route("/casino/api/games", casino.games),
        Route("/casino/api/launch", casino.launch, methods=["POST"]),
        Route("/casino/api/free-rounds", casino.give_free_rounds, methods=["POST"]),
        Route("/casino/api/wire", casino.calls),
        Route("/break", casino.broken),
        Route("/break", casino.break_it, methods=["POST"]),
        Route("/bug", casino.bug),
        Route("/bug", casino.switch_bug, methods=["POST"]),
        Route("/players", casino.new_player, methods=["POST"]),
        Route("/players/{player_id}", casino.player),
        Route("/players/{player_id}", casino.change_player, methods=["POST"]),
        Route("/hooks", casino.hook, methods=["POST"]),
        Route("/ledger", casino.lines),
        Route("/statement", casino.statement),
        Route("/healthz", casino.healthz),
        *Front(_origin(settings.platform_url)).routes(),
    ]
    errors: dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
        Refused: _refused,
        PlatformError: _platform_failed,
        HTTPException: _http_error,
    }
    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers=errors)
    app.state.casino = casino
    return app


async def _events(calls: AsyncIterator[Seen | None]) -> AsyncIterator[bytes]:
    yield b"retry: 1000\n\n"
    async for seen in calls:
        yield b": still here\n\n" if seen is None else b"id: %d\ndata: %s\n\n" % (seen.id, msgspec.json.encode(seen))


def _with_cookie(response: Response, cookie: str | None) -> Response:
    if cookie is not None:
        response.set_cookie(COOKIE, cookie, max_age=30 * 86_400, httponly=True, samesite="lax")
    return response


def _origin(url: str | None) -> str:
    parts = urlsplit(url or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return problem(error.status, error.code, error.detail)


async def _platform_failed(_: Request, error: Exception) -> Response:
    assert isinstance(error, PlatformError)
    code, detail = error.problem.get("code", "platform_error"), error.problem.get("detail", "")
    return problem(error.status, str(code), str(detail))


async def _http_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return problem(error.status_code, "not_found" if error.status_code == 404 else "not_allowed", error.detail)
