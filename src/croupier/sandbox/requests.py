"""What browsers and scripts send to the casino, checked; and how it refuses."""

from typing import Annotated, Literal, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from croupier.domain.money import AMOUNT_MAX

T = TypeVar("T")

BODY_MAX = 65_536

Id = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_.:@-]{1,64}$")]
Word = Annotated[str, msgspec.Meta(min_length=1, max_length=32)]


class Refused(Exception):
    """`status` 400-499, `code` and a sentence."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail


class Choice(msgspec.Struct, forbid_unknown_fields=True):
    """``POST /casino/api/me``"""

    currency: Word | None = None
    language: Word | None = None


class Launch(msgspec.Struct, forbid_unknown_fields=True):
    """``POST /casino/api/launch``"""

    game_id: Id
    language: Word | None = None


class Gift(msgspec.Struct, forbid_unknown_fields=True):
    """``POST /casino/api/free-rounds``"""

    game_id: Id


class NewPlayer(msgspec.Struct, forbid_unknown_fields=True):
    """``POST /players``; `balance` in minor units. A blocked player cannot bet, but is paid and refunded.

    `free_rounds`: those that the casino itself counts, where its API has that. `session`: the answer holds the token of
    a session, which bets must carry from then on. `also`: another purse of the same balance in this currency.
    """

    currency: Word
    balance: Annotated[int, msgspec.Meta(ge=0, le=AMOUNT_MAX)]
    player_id: Id | None = None
    blocked: bool = False
    free_rounds: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 0
    session: bool = False
    also: Word | None = None


class PlayerChange(msgspec.Struct, forbid_unknown_fields=True):
    """``POST /players/{player_id}``: what happens to players between calls. What is left out stays as it is.

    `issue`: free rounds given to this player, where the platform tells their sum without saying whose it is.
    `free_rounds`: so many that the casino itself counts.
    """

    blocked: bool | None = None
    limited: bool | None = None
    session_over: Literal[True] | None = None
    issue: Word | None = None
    free_rounds: Annotated[int, msgspec.Meta(ge=0, le=10_000)] | None = None


class HookCall(msgspec.Struct, forbid_unknown_fields=True):
    """``POST /hooks``: what `croupier certify` asks a casino's own systems for. ``restart`` kills the process."""

    hook: Literal["expire", "block", "limit", "restart", "free_round"]
    player_id: Id


class Switch(msgspec.Struct, forbid_unknown_fields=True):
    """``POST /break``; `share` in whole percent of the transactions, chosen by `seed`; `calls`: only these kinds."""

    mode: Word
    share: Annotated[int, msgspec.Meta(ge=0, le=100)] = 100
    seed: Annotated[int, msgspec.Meta(ge=0, le=AMOUNT_MAX)] = 0
    calls: tuple[Literal["bet", "win", "rollback"], ...] = ()


class BugChoice(msgspec.Struct, forbid_unknown_fields=True):
    """``POST /bug``; `calls`: only these kinds meet it, instead of all that the bug has."""

    name: Word
    calls: tuple[Literal["bet", "win", "rollback"], ...] = ()


async def read(request: Request, form: type[T]) -> T:
    """The JSON body as this form. Refused 413, 415 or 422."""
    # Another site's page cannot send this type without asking first, so no token is needed against forged requests.
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refused(415, "json_only", "Send content-type: application/json.")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_MAX:
            raise Refused(413, "too_large", f"At most {BODY_MAX} bytes.")
    try:
        return msgspec.json.decode(body, type=form)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise Refused(422, "bad_request", str(error)) from None


def number(request: Request, name: str, default: int, highest: int) -> int:
    """A whole number from the query. Refused 422."""
    text = request.query_params.get(name)
    if text is None:
        return default
    value = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(highest)) else -1
    if not 0 <= value <= highest:
        raise Refused(422, "bad_request", f"{name} must be a whole number up to {highest}")
    return value


def reply(value: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, {"cache-control": "no-store"}, "application/json")


def problem(status: int, code: str, detail: str) -> Response:
    content = {"type": f"/docs/errors/{code}", "title": code.replace("_", " "), "status": status}
    return Response(
        msgspec.json.encode({**content, "code": code, "detail": detail}), status, media_type="application/problem+json"
    )
