"""Bodies, queries and cursors of operators' calls: through the middleware, the framework and the models of the API."""

import asyncio
import json
import random
from functools import cache
from typing import Annotated, Any

from fastapi import FastAPI, Query
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import Response

from croupier.api.bodies import JsonBodies
from croupier.api.operator.app import HIDDEN, ROUTERS
from croupier.api.problems import on_http, on_invalid, on_refused
from croupier.api.wire import cursor_of, key_of
from croupier.domain.errors import ERRORS
from croupier.domain.instants import FIRST, LAST
from croupier.domain.refusal import Refused
from fuzz.target import Seed, Target
from fuzz.wallet_answers import strictly

CURSOR = cursor_of(1_795_348_800_000_000, "rd_AbC-9_")
DAYS = "from=2026-11-01&to=2026-11-22T12%3A00%3A00Z"
BODIES: dict[str, dict[str, Any]] = {
    "PlayerBody": {"currency": "EUR", "nickname": "Ana", "country": "MT", "language": "es", "enabled": True},
    "SessionBody": {
        "player_id": "p-1",
        "game_id": "krakens-hoard",
        "language": "en",
        "operator_token": "a1-b2",
        "return_url": "https://casino.example/",
        "campaign_id": "spring",
        "jurisdiction": "MT",
        "ip": "203.0.113.9",
    },
    "DemoBody": {"game_id": "krakens-hoard", "currency": "EUR", "language": "de", "start_balance": 100_000},
    "GameSetBody": {"game_ids": ["krakens-hoard", "blackjack"], "name": "Slots"},
    "CampaignBody": {
        "game_ids": ["krakens-hoard"],
        "rounds": 10,
        "bet": 20,
        "currency": "EUR",
        "max_win": 100_000,
        "starts_at": "2026-11-22T12:00:00Z",
        "ends_at": "2026-11-30T12:00:00+01:00",
    },
    "PlayersBody": {"player_ids": ["p-1", "p-2"]},
    "OriginsBody": {"origins": ["https://casino.example"]},
    "RetentionBody": {"keep_exchanges_days": 7, "keep_failed_days": 90},
    "ReasonBody": {"reason": "The wallet has no such bet."},
    "LoginBody": {"email": "ana@casino.example", "password": "correct horse"},
    "SinceBody": {"since": "2026-11-22T12:00:00Z"},
}
QUERIES = (
    *(
        f"limit=200&cursor={CURSOR}",
        f"{DAYS}&player_id=p-1&limit=1",
        f"game_id=krakens-hoard&{DAYS}&state=closed",
        DAYS,
    ),
    *("date=2026-11-22&currency=EUR", "since=2026-11-22T12%3A00%3A00Z", "lang=de&currency=EUR", ""),
)


async def _good(**given: Any) -> Response:
    """What every handler does first with what it was given."""
    (model,) = given.values()
    told = model.model_dump(mode="json", by_alias=True)
    for name in ("from_at", "to_at"):
        at = getattr(model, name, None)
        assert at is None or FIRST <= at <= LAST, name
    key = key_of(getattr(model, "cursor", None))
    assert key is None or key == key_of(cursor_of(*key))
    return Response(json.dumps(told), 200, media_type="application/json")


@cache
def app() -> tuple[FastAPI, dict[str, str]]:
    """Every model of the API at an address of its own -> whether it is a body or a query."""
    built, places = FastAPI(openapi_url=None), dict[str, str]()
    built.state.allowed = {}
    for route in (one for router in (*ROUTERS, *HIDDEN.values()) for one in router.routes):
        if not isinstance(route, APIRoute):
            continue
        for place, params in (("body", route.dependant.body_params), ("query", route.dependant.query_params)):
            for param in params:
                model = param.field_info.annotation
                if model.__name__ not in places:
                    places[model.__name__] = place
                    _serve(built, model, place)
    for kind, handler in ((Refused, on_refused), (HTTPException, on_http), (RequestValidationError, on_invalid)):
        built.add_exception_handler(kind, handler)
    built.add_middleware(JsonBodies)
    return built, places


def _serve(built: FastAPI, model: type, place: str) -> None:
    async def endpoint(given: Any) -> Response:
        return await _good(given=given)

    endpoint.__annotations__ = {"given": model if place == "body" else Annotated[model, Query()]}
    built.add_api_route(f"/{model.__name__}", endpoint, methods=["POST" if place == "body" else "GET"])


def seeds() -> list[Seed]:
    _, places = app()
    found = []
    for name, place in places.items():
        if place == "body":
            body = json.dumps(BODIES.get(name, {})).encode()
            found += [Seed(name, body, (name, place))] * (4 if name in BODIES else 1)
        else:
            found += [Seed(name, one.encode(), (name, place), "form") for one in QUERIES]
    return found


async def called(name: str, place: str, data: bytes) -> tuple[int, bytes, bytes]:
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(data))]
    scope = {
        "type": "http",
        "http_version": "1.1",
        "path": f"/{name}",
        "raw_path": b"",
        "root_path": "",
        "scheme": "http",
        "method": "POST" if place == "body" else "GET",
        "headers": headers if place == "body" else [],
        "query_string": data if place == "query" else b"",
        "server": ("x", 80),
        "client": ("x", 1),
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": data if place == "body" else b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app()[0](scope, receive, send)
    kind = dict(sent[0]["headers"]).get(b"content-type", b"")
    return sent[0]["status"], kind, b"".join(one.get("body", b"") for one in sent[1:])


def judge(seed: Seed, data: bytes, rng: random.Random) -> str:
    name, place = seed.about
    if place == "query":
        data = data.replace(b" ", b"+").replace(b"\n", b"").replace(b"\r", b"")
    status, kind, body = asyncio.run(called(name, place, data))
    told = json.loads(body)
    if status == 200:
        if place == "body":
            members = strictly(data)
            assert members is not None, "it could mean two things"
            assert members.keys() <= told.keys()
        return "read"
    assert status in (400, 413, 415, 422), (status, told)
    assert kind == b"application/problem+json"
    assert ERRORS[told["code"]].status == status
    assert all(c.isprintable() for c in told["title"] + told["hint"])
    return told["code"]


def cursors() -> list[Seed]:
    keys = ((0, ""), (1_795_348_800_000_000, "rd_AbC-9_"), (-1, "é"), (2**61, "x" * 64))
    return [Seed(str(key), cursor_of(*key).encode(), kind="bytes") for key in keys]


def judge_cursor(seed: Seed, data: bytes, rng: random.Random) -> str:
    try:
        key = key_of(data.decode("latin-1"))
    except Refused as refused:
        return refused.code
    assert key is not None
    assert key_of(cursor_of(*key)) == key
    assert "\0" not in key[1]
    key[1].encode()
    return "read"


TARGETS = [
    Target("api/models", seeds, judge, frozenset({"read", "invalid_json", "unknown_field", "invalid_value"})),
    Target("api/cursor", cursors, judge_cursor, frozenset({"read", "invalid_cursor"})),
]
