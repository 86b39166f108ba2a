"""`croupier round …`: people stop and void rounds on the command line, signed in as themselves.

They ask the running platform, like the account's pages: it drives the rounds, and knows who may do what.
"""

import http.cookiejar
import json
import os
import urllib.error
import urllib.request
from typing import Annotated, Any
from urllib.parse import quote

import typer

from croupier.main.plainly import settings
from croupier.main.terminal import FINDINGS, AsJson, Data, fail, show_one

rounds = typer.Typer(no_args_is_help=True, help="Rounds that are open: stop one, or void it by two people.")

RoundId = Annotated[str, typer.Argument(help="Id of the round.")]
As = Annotated[str, typer.Option("--as", metavar="EMAIL", help="Who does it; as in the account.")]
Why = Annotated[str, typer.Option(help="For the audit log; ten characters or more.")]
Url = Annotated[str, typer.Option(help="Where the platform answers; else CROUPIER_PUBLIC_URL, or its port here.")]
PASSWORD = "CROUPIER_PASSWORD"  # noqa: S105 - the name of a variable
TIMEOUT_S = 30


class SignedIn:
    """A person at the running platform. What it refuses ends the command: 1, and nothing could be asked: 2."""

    def __init__(self, base: str, email: str) -> None:
        self._base = base.rstrip("/")
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._open = urllib.request.build_opener(jar).open
        self._csrf = ""
        self.password = os.environ.get(PASSWORD) or typer.prompt(f"Password of {email}", hide_input=True, err=True)
        self.call("POST", "/account/api/login", {"email": email, "password": self.password})
        self._csrf = self.call("GET", "/account/api/me")["csrf"]

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        if not self._base.startswith(("http://", "https://")):
            fail(f"--url must be like http://127.0.0.1:8080, not {self._base!r}")
        headers = {"content-type": "application/json", "x-croupier-csrf": self._csrf}
        data = json.dumps(body).encode() if body is not None else None
        asked = urllib.request.Request(self._base + path, data, headers, method=method)  # noqa: S310 - looked at above
        try:
            with self._open(asked, timeout=TIMEOUT_S) as answer:
                told: dict[str, Any] = json.loads(answer.read() or b"{}")
                return told
        except urllib.error.HTTPError as error:
            told = _problem(error.read())
            fail(f"{told.get('code', error.code)}: {told.get('detail') or told.get('title') or error.reason}", FINDINGS)
        except (OSError, ValueError) as error:
            fail(f"{self._base} does not answer as a platform does: {error}")
        raise AssertionError("fail ends the command")


@rounds.command("suspend")
def suspend(round_id: RoundId, by: As, reason: Why, url: Url = "", data: Data = None, as_json: AsJson = False) -> None:
    """Stop an open round: nothing more is sent for it until two people decide how it goes on."""
    _done(_platform(url, data, by).call("POST", _of(round_id, "suspensions"), {"reason": reason}), as_json)


@rounds.command("void")
def void(round_id: RoundId, by: As, reason: Why, url: Url = "", data: Data = None, as_json: AsJson = False) -> None:
    """Propose that an open round is void: its stakes go back once another person has approved it."""
    _done(_platform(url, data, by).call("POST", _of(round_id, "voids"), {"reason": reason}), as_json)


@rounds.command("approve-void")
def approve_void(
    resolution_id: Annotated[str, typer.Argument(help="What `croupier round void` printed.")],
    by: As,
    url: Url = "",
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Approve the void that another person proposed. Every stake goes back, or the round stops if a win was sent."""
    person = _platform(url, data, by)
    path = f"/api/v1/voids/{quote(resolution_id, safe='')}/approve"
    _done(person.call("POST", path, {"password": person.password}), as_json)


def _platform(url: str, data: str | None, email: str) -> SignedIn:
    return SignedIn(url or settings(data=data).public, email)


def _of(round_id: str, what: str) -> str:
    return f"/api/v1/rounds/{quote(round_id, safe='')}/{what}"


def _done(told: dict[str, Any], as_json: bool) -> None:
    show_one(told, as_json=as_json)


def _problem(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
