"""Glue for FastAPI and Starlette: ``app.include_router(wallet_router(server), prefix="/wallet")``."""

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from croupier_wallet.server import BODY_MAX, WalletServer


def wallet_router(server: WalletServer) -> APIRouter:
    """The route of the four calls. It declares no model: that would parse the body before its signature is checked."""

    async def answer(request: Request) -> Response:
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > BODY_MAX:
                break
        # SQL waits; in a thread, so that other requests do not.
        found = await run_in_threadpool(server.handle, request.method, request.url.path, request.headers, body)
        return Response(found.body, found.status, found.headers)

    router = APIRouter()
    for path in ("/{call}", "/{call}/"):
        router.add_route(path, answer, methods=["POST"], include_in_schema=False)
    return router
