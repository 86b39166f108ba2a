"""The one ASGI application of a worker: the player's calls first and bare, everything else behind Starlette."""

from contextlib import AsyncExitStack

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from croupier.api.health import Health
from croupier.api.operator.app import create as operator_app
from croupier.api.operator.app import openapi_document
from croupier.api.pages import SAFE, Pages
from croupier.api.player.app import BASE, PlayerApi
from croupier.api.problems import on_http
from croupier.main.platform import running
from croupier.main.settings import Settings

OPERATOR_PATHS = ("/api/", "/account/api/", "/front/api/")


class Application:
    """Routes by the first part of the path; what it serves is put together when the server starts."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.ending = AsyncExitStack()
        self.player: ASGIApp
        self.operator: ASGIApp
        self.pages: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        path: str = scope["path"]
        if path.startswith(BASE):
            await self.player(scope, receive, send)
        elif path.startswith(OPERATOR_PATHS):
            await self.operator(scope, receive, send)
        else:
            await self.pages(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self._start()
        except Exception as error:
            await send({"type": "lifespan.startup.failed", "message": f"{type(error).__name__}: {error}"})
            raise
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.ending.aclose()
        await send({"type": "lifespan.shutdown.complete"})

    async def _start(self) -> None:
        platform = await self.ending.enter_async_context(running(self.settings))
        player = PlayerApi(platform)
        self.player = player
        self.operator = operator_app(platform)
        openapi = Route("/openapi.json", lambda _: JSONResponse(document, headers=SAFE))
        document = openapi_document()
        routes = [openapi, *Health(platform).routes(), *Pages(platform).routes()]
        self.pages = Starlette(routes=routes, exception_handlers={404: on_http, 405: on_http})


def create(settings: Settings) -> ASGIApp:
    return Application(settings)
