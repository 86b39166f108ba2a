"""The casino's page and its assets, as the front end's build left them in the package."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

import croupier

WEB = Path(croupier.__file__).parent / "web"

_MISSING = """The casino's page has not been built.

Run `make setup` in the project's folder and start again. The wallet and the API of this casino work without it.
"""


class Front:
    """`platform_origin`: where the games come from, the only origin that may be framed and shown."""

    def __init__(self, platform_origin: str, web: Path = WEB) -> None:
        self._web = web
        games = platform_origin or "'none'"
        self._headers = {
            "content-security-policy": (
                "default-src 'self'; style-src 'self' 'unsafe-inline'; "
                f"img-src 'self' data: {platform_origin}; frame-src {games}; "
                "frame-ancestors 'none'; object-src 'none'; base-uri 'none'; form-action 'none'"
            ),
            "referrer-policy": "no-referrer",
            "x-content-type-options": "nosniff",
            "cache-control": "no-cache",
        }

    def routes(self) -> list[BaseRoute]:
        assets = StaticFiles(directory=self._web / "assets", check_dir=False)
        return [Route("/", self.page), Route("/g/{game}", self.page), Mount("/assets", assets)]

    async def page(self, _: Request) -> Response:
        path = self._web / "casino.html"
        if not path.is_file():
            return PlainTextResponse(_MISSING, 503, self._headers)
        return FileResponse(path, headers=self._headers)
