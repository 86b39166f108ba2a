"""Checks of the operator's wallet by the rules of `croupier certify`, run by the platform; their evidence is kept."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import Response

from croupier.api.actions.certifications import ask_for_check, with_token
from croupier.api.fields import Id, LongId, Page, Params, Secret, Strict, Text, WebAddress
from croupier.api.operator.caller import Caller, TheCaller, ThePlatform
from croupier.api.operator.certified import (
    CertificationItem,
    CertificationList,
    CertificationView,
    RuleDetail,
    item,
    rule_detail,
    view,
)
from croupier.api.operator.effects import Done, TheEffect
from croupier.api.operator.errors import errors
from croupier.api.platform import Platform
from croupier.api.wire import cursor_of, key_of
from croupier.conformance.rule import selected
from croupier.domain.parties import Operator
from croupier.domain.refusal import Refused
from croupier.store.certifications import (
    Asked,
    Certification,
    Format,
    certification_of,
    certifications,
    report_of,
    result_of,
    results_of,
    stop,
)
from croupier.store.connect import Connection
from croupier.store.sessions import who_played

router = APIRouter(tags=["Certification"])

MEDIA_TYPES: dict[Format, tuple[str, str]] = {
    "json": ("application/json", "json"),
    "html": ("text/html; charset=utf-8", "html"),
    "junit": ("application/xml", "xml"),
    "markdown": ("text/markdown; charset=utf-8", "md"),
}

Level = Literal["basic", "money-safe", "production"]


class CertificationBody(Strict):
    """`rules`: what to try, with what it stands on; without them all of the `level`."""

    rules: list[Text] = Field([], max_length=200, description="Ids, groups or addresses: ROLL-05, rollback")
    level: Level = Field("production", description="basic, money-safe or production")
    currency: str | None = Field(None, max_length=16, description="Of the players; your first one if it is left out")
    player_ids: list[Id] = Field([], max_length=500, description="Test players; their balances change")
    operator_tokens: dict[Id, Secret] = Field(
        {}, max_length=500, description="Player -> the token of a session of theirs, where your bets carry one"
    )
    players_url: WebAddress | None = Field(
        None, description="POST {currency, balance} there makes a {player_id}: on your wallet's own host"
    )
    hooks_url: WebAddress | None = Field(
        None,
        description="POST {hook, player_id} there expires, blocks or limits a player, gives a free round, or restarts "
        "the wallet: on your wallet's own host. 404 or 501 = it has no such hook",
    )
    second_currency: str | None = Field(None, max_length=16, description="One that every player holds as well")
    has: list[Text] = Field([], max_length=20, description="What your wallet has, as a SKIP names it: free rounds")


class ReportParams(Params):
    format: Format = Field("json", description="json, html, junit or markdown")


@router.post(
    "/certifications",
    summary="Check your wallet by every rule",
    status_code=201,
    response_model=CertificationView,
    responses=errors(
        "certification_running", "unknown_rule", "players_needed", "player_has_played", "too_many_requests",
        body=True, changes=True,
    ),
)  # fmt: skip
async def post_certification(
    body: CertificationBody, caller: TheCaller, platform: ThePlatform, effect: TheEffect
) -> Response:
    """The rules of `croupier certify`, tried against the wallet that is configured here, with its API and keys.

    It runs in the background; `GET` shows how far it is. Balances of the players change. Nothing of it goes into
    your rounds, reports and statements here; in your wallet's own books the calls are there.
    """

    async def prepare() -> Asked:
        asked = _asked(body, caller.operator)
        if not caller.operator.test and (
            played := await who_played(platform.pool, caller.operator_id, body.player_ids)
        ):
            raise Refused("player_has_played", f"Player {played} has played here.", param="player_ids")
        return asked

    async def write(db: Connection, asked: Asked) -> Done:
        certification = await ask_for_check(platform, db, caller.operator, asked, _by(caller))
        told: dict[str, object] = {"level": asked.level, "rules": len(asked.rules), "currency": asked.currency}
        return Done(201, view(certification, []), {"certification": certification.certification_id, **told})

    return await effect.prepared(prepare, write)


def _asked(body: CertificationBody, operator: Operator) -> Asked:
    currency = body.currency or operator.currencies[0]
    if currency not in operator.currencies:
        raise Refused("invalid_value", f"currency must be one of {', '.join(operator.currencies)}.", param="currency")
    try:
        rules = selected(tuple(body.rules), body.level)
    except KeyError as error:
        raise Refused("unknown_rule", f"There is no rule, group or address {error}.", param="rules") from None
    if body.players_url is None and not body.player_ids:
        raise Refused("players_needed", param="player_ids")
    if body.players_url is not None and not operator.test:
        raise Refused("players_needed", "A live operator names its players by id.", param="players_url")
    if body.hooks_url is not None and not operator.test:
        # Calls there are not signed: on a live system anybody could block players.
        raise Refused("invalid_value", "hooks_url is for test operators.", param="hooks_url")
    for param, url in (("players_url", body.players_url), ("hooks_url", body.hooks_url)):
        if url is not None and _origin(url, param) != _origin(operator.wallet_url, param):
            raise Refused("invalid_value", f"{param} must be on the wallet's own host.", param=param)
    if body.second_currency is not None and body.second_currency not in {*operator.currencies} - {currency}:
        others = ", ".join(one for one in operator.currencies if one != currency) or "empty: you have one"
        raise Refused("invalid_value", f"second_currency must be {others}.", param="second_currency")
    return Asked(
        rules=tuple(rule.id for rule in rules),
        level=body.level,
        whole=not body.rules,
        currency=currency,
        players=tuple(with_token(name, body.operator_tokens.get(name)) for name in body.player_ids),
        players_url=body.players_url or "",
        has=tuple(body.has),
        hooks_url=body.hooks_url or "",
        second_currency=body.second_currency or "",
    )


def _origin(url: str, param: str) -> tuple[str, str | None, int | None]:
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        raise Refused("invalid_value", f"{param} is no address.", param=param) from None


def _by(caller: Caller) -> str:
    return caller.person.user.email if caller.person is not None else "API key"


@router.get("/certifications", summary="Checks of your wallet, newest first", responses=errors("invalid_cursor"))
async def get_certifications(
    params: Annotated[Page, Query()], caller: TheCaller, platform: ThePlatform
) -> CertificationList:
    rows = await certifications(platform.pool, caller.operator_id, params.limit + 1, key_of(params.cursor))
    shown = rows[: params.limit]
    more = cursor_of(shown[-1].asked_at, shown[-1].certification_id) if len(rows) > params.limit else None
    return CertificationList(items=[CertificationItem(**item(row)) for row in shown], next_cursor=more)


@router.get("/certifications/{certification_id}", summary="One check, as far as it is", responses=errors("not_found"))
async def get_certification(
    certification_id: Annotated[LongId, Path()], caller: TheCaller, platform: ThePlatform
) -> CertificationView:
    """Every rule of it in order; `verdict` is null until it is judged. What was said is told rule by rule."""
    certification = await _found(platform, caller, certification_id)
    return view(certification, await results_of(platform.pool, certification_id))


@router.delete(
    "/certifications/{certification_id}",
    summary="Stop a check",
    response_model=CertificationView,
    responses=errors("not_found", changes=True),
)
async def delete_certification(
    certification_id: Annotated[LongId, Path()], caller: TheCaller, platform: ThePlatform, effect: TheEffect
) -> Response:
    """Within seconds. What is judged stays; one that is over stays as it is."""
    await _found(platform, caller, certification_id)

    async def write(db: Connection) -> Done:
        await stop(db, caller.operator_id, certification_id, f"Stopped by {_by(caller)}.", platform.now())
        stopped = await certification_of(db, caller.operator_id, certification_id)
        assert stopped is not None
        return Done(200, view(stopped, await results_of(db, certification_id)))

    return await effect.run(write)


@router.get(
    "/certifications/{certification_id}/rules/{rule_id}",
    summary="What was said for one rule of a check",
    responses=errors("not_found"),
)
async def get_certification_rule(
    certification_id: Annotated[LongId, Path()],
    rule_id: Annotated[Id, Path()],
    caller: TheCaller,
    platform: ThePlatform,
) -> RuleDetail:
    """Causes, every call, and of what is not green the bytes both ways; secrets are masked."""
    await _found(platform, caller, certification_id)
    result = await result_of(platform.pool, certification_id, rule_id)
    if result is None:
        raise Refused("not_found", f"{rule_id} was not judged in this check.")
    return rule_detail(result)


@router.get(
    "/certifications/{certification_id}/report",
    summary="A check's report as a file",
    response_model=None,
    responses={
        200: {"content": {media.partition(";")[0]: {} for media, _ in MEDIA_TYPES.values()}},
        **errors("not_found", "certification_not_finished"),
    },
)
async def get_certification_report(
    certification_id: Annotated[LongId, Path()],
    params: Annotated[ReportParams, Query()],
    caller: TheCaller,
    platform: ThePlatform,
) -> Response:
    """The same bytes as `croupier certify --json-file`, `--html`, `--junit` and `--md` write."""
    await _found(platform, caller, certification_id)
    document = await report_of(platform.pool, certification_id, params.format)
    if document is None:
        raise Refused("certification_not_finished")
    media, suffix = MEDIA_TYPES[params.format]
    headers = {
        "Content-Disposition": f'attachment; filename="{certification_id}.{suffix}"',
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(document, media_type=media, headers=headers)


async def _found(platform: Platform, caller: Caller, certification_id: str) -> Certification:
    found = await certification_of(platform.pool, caller.operator_id, certification_id)
    if found is None:
        raise Refused("not_found", f"There is no certification {certification_id}.")
    return found
