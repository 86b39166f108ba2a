"""The audit log of one operator: what people changed or took away, who, when and why."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from croupier.api.fields import View
from croupier.api.operator.caller import Caller, TheCaller, ThePlatform
from croupier.api.operator.errors import errors
from croupier.api.operator.reading import Span
from croupier.api.platform import Platform
from croupier.api.wire import cursor_of, key_of
from croupier.domain.instants import rfc3339
from croupier.store.audit import Actor, Read, Seen, add_entry, read_audit

router = APIRouter(tags=["Audit"])

MONEY_ACTS = (
    *("money", "retry_transaction", "retry_unconfirmed", "resolve_round", "void_round", "suspend_round"),
    *("export", "go_live", "reopen_operator"),
)
"""What finance sees of others; support sees its own acts only. Owners, staff and the operator's own key see all."""

ALWAYS = ("at", "actor", "role", "operator", "act", "object", "reason", "before", "after")


class AuditItem(View):
    """`number` and `hash` are of the platform's whole chain: numbers between them are other operators'."""

    number: int
    at: str
    actor: str = Field(
        description="Id of the person, `api_key`, `platform`, or the command line of the platform's staff"
    )
    email: str | None = Field(description="Of the person, while the account exists")
    role: str
    act: str = Field(examples=["change_operator"])
    object: str = Field(description="Whom or what it was done to")
    object_email: str | None = Field(description="If it was done to a person")
    reason: str | None
    before: dict[str, Any] | None = Field(
        description="What was changed, as it was; null: it did not exist, or see `more`"
    )
    after: dict[str, Any] | None
    more: dict[str, Any] = Field(description="Other facts of this act")
    hash: str = Field(description="SHA-256 of this entry and all before it")


class AuditList(View):
    items: list[AuditItem]
    next_cursor: str | None


@router.get("/audit", summary="Who changed what, newest first", responses=errors("invalid_cursor", "invalid_value"))
async def get_audit(params: Annotated[Span, Query()], caller: TheCaller, platform: ThePlatform) -> AuditList:
    """Every change that a person makes, in the account or on the platform's command line, has one entry, written in the
    transaction of the change; so has every file of players' data that a person saves. Finance sees what is about money,
    support its own acts.
    """
    after = key_of(params.cursor)
    found = await read_audit(
        platform.pool,
        caller.operator_id,
        params.limit + 1,
        after[0] if after is not None else None,
        params.from_at,
        params.to_at,
        _seen(caller),
    )
    shown = found[: params.limit]
    more = cursor_of(shown[-1].number, "") if len(found) > params.limit else None
    return AuditList(items=[_item(one) for one in shown], next_cursor=more)


async def tell_export(platform: Platform, caller: Caller, what: str, **asked: object) -> None:
    """A person saves a file of players' data: before its first byte the log knows. Servers fetch theirs all day."""
    if caller.person is None:
        return
    by = Actor(caller.person.user.user_id, caller.person.user.role)
    given = {name: value for name, value in asked.items() if value is not None}
    async with platform.pool.acquire() as db, db.transaction():
        await add_entry(db, platform.now(), caller.operator_id, "export", what, by, asked=given)


def _seen(caller: Caller) -> Seen | None:
    if caller.person is None:
        return None
    user = caller.person.user
    match user.role:
        case "finance":
            return Seen(user.user_id, MONEY_ACTS)
        case "support" | "read_only":
            return Seen(user.user_id)
        case _:
            return None


def _item(one: Read) -> AuditItem:
    told = one.told
    return AuditItem(
        number=one.number,
        at=rfc3339(one.at),
        # The name of a system's user is the platform's own business.
        actor=str(told.get("actor", "")).partition(":")[0],
        email=one.email,
        role=str(told.get("role", "")),
        act=str(told.get("act", "")),
        object=str(told.get("object", "")),
        object_email=one.object_email,
        reason=told.get("reason") or None,
        before=told.get("before"),
        after=told.get("after"),
        more={name: value for name, value in told.items() if name not in ALWAYS},
        hash=one.hash.hex(),
    )
