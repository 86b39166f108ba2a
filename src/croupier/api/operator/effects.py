"""Calls that change something: each has one effect, in one transaction, however often it is repeated."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import msgspec
from fastapi import Depends, Header, Request
from pydantic import BaseModel
from starlette.responses import Response

from croupier.api.fields import IdempotencyKey
from croupier.api.operator.caller import BASE, Caller, TheCaller, ThePlatform
from croupier.api.operator.roles import Act, act_of
from croupier.api.platform import Platform
from croupier.domain.refusal import Refused
from croupier.store import idempotency
from croupier.store.audit import Actor, add_entry
from croupier.store.connect import Connection

IdempotencyKeyHeader = Annotated[
    IdempotencyKey | None,
    Header(
        alias="Idempotency-Key",
        description="A repetition with the same key gets the first answer; the same key with another request is 409",
    ),
]


class Done(msgspec.Struct, frozen=True):
    """What the caller is told. `body` None = no content. `audit`: what the audit log is told beside who and what."""

    status: int
    body: BaseModel | None = None
    audit: dict[str, object] = {}


TOLD_ELSEWHERE: frozenset[Act] = frozenset(
    {
        *("retry", "go_live", "keep_exchanges", "schedule", "origins", "approve_resolution", "approve_void"),
        *("suspend", "propose_resolution", "propose_void"),
    }
)
"""The first eight write entries of their own, with more in them. A proposal changes nothing; its approval names both
people.
"""

Write = Callable[[Connection], Awaitable[Done]]


class Effect:
    def __init__(self, request: Request, platform: Platform, caller: Caller, key: str | None) -> None:
        self._platform = platform
        self._caller = caller
        self._key = key
        self._request = request
        self._request_hash = _hash_of(request)
        self._act = act_of(request.method, request.scope["route"].path.removeprefix(BASE))

    async def run(self, write: Write) -> Response:
        """`write` gets a connection within a transaction that also keeps the reply."""
        return await self.prepared(_nothing, lambda db, _: write(db))

    async def prepared(
        self, prepare: Callable[[], Awaitable[Any]], write: Callable[[Connection, Any], Awaitable[Done]]
    ) -> Response:
        """As `run`; `prepare` comes first and may wait for others: no transaction is open meanwhile."""
        claim = await self._claim()
        if isinstance(claim, idempotency.Reply):
            return _response(claim.status, claim.body, {"Idempotent-Replayed": "true"})
        try:
            ready = await prepare()
            async with self._platform.pool.acquire() as db, db.transaction():
                done = await write(db, ready)
                await self._tell(db, done.audit)
                body = done.body.model_dump_json().encode() if done.body is not None else b""
                if claim is not None:
                    await idempotency.keep(db, claim, idempotency.Reply(done.status, body))
        except idempotency.InFlight:
            raise Refused("idempotency_in_flight") from None
        except BaseException:
            if claim is not None:
                # Nothing was done. Also when our caller hangs up: the key must not stay taken.
                await asyncio.shield(idempotency.release(self._platform.pool, claim))
            raise
        return _response(done.status, body, {})

    async def _tell(self, db: Connection, facts: dict[str, object]) -> None:
        """The audit log, in the same transaction, of what a person has changed in the account."""
        person = self._caller.person
        if person is None or self._act is None or self._act in TOLD_ELSEWHERE:
            return
        by, method = Actor(person.user.user_id, person.user.role), self._request.method
        told = {"method": method, "body_sha256": self._request.state.body_sha256.hex(), **facts}
        now, path = self._platform.now(), self._request.url.path
        await add_entry(db, now, self._caller.operator_id, self._act, path, by, **told)

    async def _claim(self) -> idempotency.Claim | idempotency.Reply | None:
        if self._key is None:
            return None
        platform = self._platform
        try:
            return await idempotency.claim(
                platform.pool, self._caller.operator_id, self._key, self._request_hash, platform.now()
            )
        except idempotency.KeyReused:
            raise Refused("idempotency_key_reused") from None
        except idempotency.InFlight:
            raise Refused("idempotency_in_flight") from None


def effect_of(request: Request, platform: ThePlatform, caller: TheCaller, key: IdempotencyKeyHeader = None) -> Effect:
    if len(request.headers.getlist("idempotency-key")) > 1:
        raise Refused("invalid_value", "Send the header Idempotency-Key once.", param="Idempotency-Key")
    return Effect(request, platform, caller, key)


TheEffect = Annotated[Effect, Depends(effect_of)]


async def _nothing() -> None:
    """No preparation."""


def _hash_of(request: Request) -> bytes:
    """Of method, address and body: what must be the same when a key is repeated."""
    target = f"{request.method} {request.url.path}?{request.url.query}\n".encode("utf-8", "surrogateescape")
    return hashlib.sha256(target + request.state.body_sha256).digest()


def _response(status: int, body: bytes, headers: dict[str, str]) -> Response:
    return Response(body or None, status, headers, "application/json" if body else None)
