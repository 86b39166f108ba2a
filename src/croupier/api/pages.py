"""The pages that a build put into the package: front door, game client, online account, documentation."""

from collections.abc import Mapping
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from croupier.api.platform import Platform
from croupier.api.player.replays import PREFIX
from croupier.store.sessions import operator_of_launch_token

WEB = Path(__file__).parent.parent / "web"
NOT_BUILT = "The pages are not built yet. Run: make setup\n"

SAFE = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
IMMUTABLE = {"cache-control": "public, max-age=31536000, immutable"}
LOOPBACK = "http://localhost:* http://127.0.0.1:*"


def policy(*, frame_ancestors: str, frame_src: str = "'self'", inline_script: bool = False) -> str:
    """Content-Security-Policy: everything from here, nothing from elsewhere."""
    script = "'self' 'unsafe-inline'" if inline_script else "'self'"
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src {script}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            f"frame-src {frame_src}",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            f"frame-ancestors {frame_ancestors}",
        )
    )


class Hashed(StaticFiles):
    """Files whose name holds a hash of their content: kept by browsers for ever."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers.update(IMMUTABLE | SAFE)
        return response


class Guide(StaticFiles):
    """The documentation: a folder of pages, each with its own index.html."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(SAFE)
        # The documentation's theme sets its colours in a script of the page.
        response.headers["content-security-policy"] = policy(frame_ancestors="'none'", inline_script=True)
        return response


class Pages:
    """`platform` is asked whose pages may frame the game."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self.front_door),
            Route("/play", lambda request: RedirectResponse(f"/play/?{request.url.query}")),
            Route("/play/", self.game),
            Route("/account", self.account),
            Route("/account/{path:path}", self.account),
            Route("/docs", lambda _: RedirectResponse("/docs/")),
            Mount("/docs", Guide(directory=WEB / "docs", html=True, check_dir=False)),
            Mount("/assets", Hashed(directory=WEB / "assets", check_dir=False)),
            Route("/{name}", self.root_file),
        ]

    async def front_door(self, _: Request) -> Response:
        return page("index.html", policy(frame_ancestors="'none'"))

    async def account(self, request: Request) -> Response:
        if request.path_params.get("path", "").startswith("api/"):
            raise HTTPException(404)
        return page("account.html", policy(frame_ancestors="'none'"))

    async def game(self, request: Request) -> Response:
        """Only pages of the operator's registered origins may frame the game; a replay only our own."""
        token = request.query_params.get("token", "")
        return page("play.html", policy(frame_ancestors=await self._ancestors(token)))

    async def _ancestors(self, token: str) -> str:
        if not token or token.startswith(PREFIX):
            return "'self'"
        operator_id = await operator_of_launch_token(self.platform.pool, token)
        try:
            operator = self.platform.directory.get(operator_id or "")
        except KeyError:
            return "'none'"
        return " ".join(("'self'", *operator.origins, *((LOOPBACK,) if operator.test else ())))

    async def root_file(self, request: Request) -> Response:
        """The few files that browsers look for at the root."""
        name = request.path_params["name"]
        path = WEB / name
        if name not in ROOT_FILES or not path.is_file():
            raise HTTPException(404)
        return FileResponse(path, headers=SAFE)


ROOT_FILES = ("favicon.svg", "favicon.ico", "robots.txt")


def page(name: str, content_policy: str, more: Mapping[str, str] = SAFE) -> Response:
    """A built page with its policy; a sentence what to do when nothing is built."""
    path = WEB / name
    if not path.is_file():
        return PlainTextResponse(NOT_BUILT, 503)
    headers = {**more, "content-security-policy": content_policy, "cache-control": "no-cache"}
    return FileResponse(path, headers=headers)
