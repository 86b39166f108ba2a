"""The FastAPI application of operators' servers and people, and its OpenAPI document."""

from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from croupier.api.account import front, login
from croupier.api.bodies import JsonBodies
from croupier.api.operator import (
    audit,
    campaigns,
    certifications,
    clock,
    exchanges,
    games,
    going_live,
    origins,
    players,
    reconciliations,
    reports,
    resolutions,
    retention,
    retries,
    rounds,
    schedules,
    sessions,
    transactions,
    voids,
)
from croupier.api.operator.errors import Problem
from croupier.api.operator.logged import LoggedCalls
from croupier.api.operator.webhooks import wallet_calls
from croupier.api.platform import Platform
from croupier.api.problems import on_crash, on_http, on_invalid, on_refused
from croupier.domain.refusal import Refused

BASE = "/api/v1"
ROUTERS = (
    *(players.router, sessions.router, origins.router, games.router, campaigns.router, rounds.router),
    # retention and schedules first: their addresses would be taken for ids.
    *(transactions.router, reports.router, retention.router, exchanges.router, retries.router),
    *(reconciliations.router, resolutions.router, voids.router, schedules.router, certifications.router),
    *(going_live.router, clock.router, audit.router),
)
HIDDEN = {"/account/api": login.router, "/front/api": front.router}

DESCRIPTION = """\
Your server calls this API; the platform calls your wallet (see *Webhooks*).

Money is always an integer in minor units beside its currency: `1050` EUR is 10.50 EUR. Times are RFC 3339, UTC.
Send `Authorization: Bearer sk_test_…`. Errors are problem details (RFC 9457) with a stable `code`; each has a page.
Every call that changes something may carry an `Idempotency-Key`: repeating it is safe for 24 hours.
Lists answer `{items, next_cursor}`; send `cursor=<next_cursor>` for the next page.
"""


def create(platform: Platform | None = None) -> FastAPI:
    """Without a platform it only describes itself."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, generate_unique_id_function=_name_of)
    app.state.platform = platform
    for router in ROUTERS:
        app.include_router(router, prefix=BASE)
    for prefix, router in HIDDEN.items():
        app.include_router(router, prefix=prefix, include_in_schema=False)
    app.state.allowed = allowed()
    app.add_exception_handler(Refused, on_refused)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(Exception, on_crash)
    app.add_middleware(JsonBodies)
    if platform is not None:
        app.add_middleware(LoggedCalls, platform=platform)
    return app


def allowed() -> dict[str, str]:
    """Address, as its router knows it -> its methods, as the header ``Allow`` names them."""
    methods: dict[str, set[str]] = {}
    for router in (*ROUTERS, *HIDDEN.values()):
        for route in router.routes:
            if isinstance(route, APIRoute):
                methods.setdefault(route.path, set()).update(route.methods or ())
    return {address: ", ".join(sorted(names)) for address, names in methods.items()}


def openapi_document() -> dict[str, Any]:
    """OpenAPI 3.1; the four calls to the operator's wallet are its webhooks."""
    app = create()
    app.webhooks.include_router(wallet_calls)
    document = get_openapi(
        title="Croupier operator API",
        version="1",
        summary="Casino games for operators",
        description=DESCRIPTION,
        routes=app.routes,
        webhooks=app.webhooks.routes,
    )
    for webhook in document["webhooks"].values():
        # What FastAPI adds to every body: nobody answers a wallet call so.
        webhook["post"]["responses"].pop("422", None)
    schemas = document["components"]["schemas"]
    schemas["Problem"] = Problem.model_json_schema()
    # The framework's own form of a refusal, which ours replace everywhere.
    for call in document["webhooks"].values():
        call["post"]["responses"].pop("422", None)
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return document


def _name_of(route: APIRoute) -> str:
    return route.name
