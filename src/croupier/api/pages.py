"""Static pages: front door, game client, online account, documentation. From memory, with strict headers."""

import base64
import gzip
import hashlib
import mimetypes
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

from starlette.types import Scope, Send

from croupier.api.framing import page_around
from croupier.api.problems import Problem, problem_reply
from croupier.domain.refusal import Refused

Framers = Callable[[str | None, str | None, str | None], Awaitable[tuple[str, ...]]]
"""Launch token, session id, the page that frames it -> origins that may frame the game. After a reload only the session
id is in the address.
"""

_INLINE = re.compile(rb"<script(?![^>]*\bsrc=)([^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_DATA_TYPE = re.compile(rb"type=[\"']?application/json", re.IGNORECASE)
COMPRESSED = ("text/", "application/javascript", "application/json", "image/svg+xml")
PICTURES = "/games/"
"""Of the games, for the lobbies of operators: the only files that other origins' pages show."""
KEPT = {"/assets/": b"public, max-age=31536000, immutable", PICTURES: b"public, max-age=86400"}
"""How long a browser keeps what begins so. The names of assets change with their content."""
SHARED = ((b"access-control-allow-origin", b"*"), (b"cross-origin-resource-policy", b"cross-origin"))
HSTS = (b"strict-transport-security", b"max-age=31536000")
NOT_BUILT = (
    b"<!doctype html><title>Croupier</title><p>The pages are not built yet: run <code>make setup</code>. "
    b"The API answers at <code>/api/v1</code>."
)


@dataclass(frozen=True, slots=True)
class File:
    body: bytes
    zipped: bytes | None
    media_type: str
    etag: str
    script_hashes: tuple[str, ...]


class Pages:
    """ASGI for GET and HEAD of everything that is not an API. `root`: the built pages."""

    def __init__(self, root: Path, framers: Framers, *, https: bool = False) -> None:
        self.root = root.resolve()
        self.more_headers = [HSTS] if https else []
        self.framers = framers
        self._files: dict[Path, tuple[int, File]] = {}

    async def __call__(self, scope: Scope, send: Send) -> None:
        path: str = scope["path"]
        if scope["method"] not in ("GET", "HEAD"):
            await problem_reply(Problem("method_not_allowed", allow="GET, HEAD")).send(send)
            return
        name = page_of(path)
        if name is None:
            await redirect(path + "/", send)
            return
        file = self._read(name)
        if file is None and name.endswith(".html") and not (self.root / "index.html").exists():
            file = _file(NOT_BUILT, "x.html")
        if file is None:
            await problem_reply(Refused("not_found", "There is no such page.")).send(send)
            return
        frames: tuple[str, ...] = ("'none'",)
        if path.startswith("/play"):
            query = parse_qs(scope["query_string"].decode("latin-1"))
            token, session_id = query.get("token", [None])[0], query.get("session", [""])[0]
            known = session_id if session_id.isprintable() else None
            frames = ("'self'", *await self.framers(token, known, page_around(dict(scope["headers"]))))
        await _answer(scope, send, file, headers_of(path, file, frames) + self.more_headers)

    def _read(self, name: str) -> File | None:
        path = (self.root / name).resolve()
        if not path.is_relative_to(self.root) or not path.is_file():
            return None
        changed = path.stat().st_mtime_ns
        known = self._files.get(path)
        if known is None or known[0] != changed:
            known = changed, _file(path.read_bytes(), path.name)
            self._files[path] = known
        return known[1]


def page_of(path: str) -> str | None:
    """The file of an address; None when it lacks its slash at the end."""
    if path == "/":
        return "index.html"
    if path in ("/play", "/docs", "/docs/api"):
        return None
    if path == "/play/":
        return "play.html"
    if path == "/account" or path.startswith("/account/"):
        return "account.html"
    relative = path.lstrip("/")
    if relative.startswith("docs/") and "." not in relative.rpartition("/")[2]:
        return relative + "index.html" if relative.endswith("/") else None
    return relative


def headers_of(path: str, file: File, frames: tuple[str, ...]) -> list[tuple[bytes, bytes]]:
    """Nothing from elsewhere, no scripts but our own files and the very texts that we built into a page."""
    scripts = " ".join(("'self'", *(f"'sha256-{h}'" for h in file.script_hashes)))
    policy = (
        f"default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        f"font-src 'self' data:; media-src 'self' data: blob:; connect-src 'self'; worker-src 'self' blob:; "
        f"manifest-src 'self'; frame-src 'self'; base-uri 'self'; form-action 'self'; object-src 'none'; "
        f"frame-ancestors {' '.join(frames)}"
    )
    kept = next((text for start, text in KEPT.items() if path.startswith(start)), b"no-cache")
    shared = SHARED if path.startswith(PICTURES) else ()
    return [
        (b"content-type", file.media_type.encode()),
        (b"content-security-policy", policy.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cache-control", kept),
        (b"etag", file.etag.encode()),
        (b"vary", b"accept-encoding"),
        *shared,
    ]


def _file(body: bytes, name: str) -> File:
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if name.endswith((".js", ".mjs")):
        media_type = "application/javascript"
    hashes: tuple[str, ...] = ()
    if media_type == "text/html":
        inline = [m.group(2) for m in _INLINE.finditer(body) if not _DATA_TYPE.search(m.group(1))]
        hashes = tuple(base64.b64encode(hashlib.sha256(text).digest()).decode() for text in inline)
    text = media_type.startswith(COMPRESSED)
    if text and media_type.startswith("text/"):
        media_type += "; charset=utf-8"
    zipped = gzip.compress(body, 6, mtime=0) if text and len(body) > 1024 else None
    return File(body, zipped, media_type, f'"{hashlib.sha256(body).hexdigest()[:24]}"', hashes)


async def _answer(scope: Scope, send: Send, file: File, headers: list[tuple[bytes, bytes]]) -> None:
    asked = dict(scope["headers"])
    if asked.get(b"if-none-match") == file.etag.encode():
        await _send(send, 304, headers, b"")
        return
    body = file.body
    if file.zipped is not None and b"gzip" in asked.get(b"accept-encoding", b""):
        body, headers = file.zipped, [*headers, (b"content-encoding", b"gzip")]
    headers = [*headers, (b"content-length", b"%d" % len(body))]
    await _send(send, 200, headers, b"" if scope["method"] == "HEAD" else body)


async def redirect(to: str, send: Send) -> None:
    await _send(send, 308, [(b"location", to.encode()), (b"content-length", b"0")], b"")


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
