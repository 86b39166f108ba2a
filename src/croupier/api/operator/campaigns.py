"""Campaigns: free rounds that an operator gives to players, and what became of them."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import Response

from croupier.api.actions.campaign_rules import campaign_of
from croupier.api.actions.campaigns import unknown_campaign, write_campaign, write_cancel, write_grant
from croupier.api.fields import Amount, Id, Moment, Page, Strict, Text, View
from croupier.api.operator.caller import TheCaller, ThePlatform
from croupier.api.operator.effects import Done, TheEffect
from croupier.api.operator.errors import errors
from croupier.api.operator.reading import Fresh
from croupier.api.wire import cursor_of, instant, key_of, rfc3339_or_none
from croupier.campaigns.campaign import ROUNDS_MAX, Campaign, Standing, left
from croupier.dialects.actions import CancelCampaign, GrantFreeRounds, PutCampaign
from croupier.domain.instants import rfc3339
from croupier.domain.money import CURRENCIES
from croupier.store import campaigns as rows
from croupier.store.connect import Connection

router = APIRouter(tags=["Free rounds"])
CampaignId = Annotated[Id, Path(description="Your own id of the campaign", examples=["spring-2026"])]


class CampaignBody(Strict):
    game_ids: list[Text] = Field(min_length=1, max_length=500, examples=[["krakens-hoard"]])
    rounds: int = Field(ge=1, le=ROUNDS_MAX, description="Free rounds of each player", examples=[10])
    bet: Amount = Field(
        description="What each round is played at: a bet level of every game, minor units", examples=[20]
    )
    currency: str = Field(max_length=16, examples=["EUR"])
    starts_at: Moment = Field(examples=["2026-12-01T00:00:00Z"])
    ends_at: Moment = Field(description="No round begins at this time or later", examples=["2026-12-24T00:00:00Z"])
    max_win: Amount | None = Field(
        None, description="The most that all free rounds of one player win together, minor units", examples=[10000]
    )


class PlayersBody(Strict):
    player_ids: list[Id] = Field(min_length=1, max_length=1000, examples=[["p-1001", "p-1002"]])


class CampaignView(View):
    """`used`, `returned` and `won` are sums over all players."""

    campaign_id: str
    state: Literal["scheduled", "running", "used_up", "ended", "cancelled"] = Field(
        description="`used_up`: it runs, and none of its players has a round left"
    )
    game_ids: list[str]
    rounds: int
    bet: int
    currency: str
    exponent: int
    starts_at: str
    ends_at: str
    max_win: int | None
    players: int = Field(description="Players who have these free rounds")
    used: int
    returned: int = Field(description="Uses that came to nothing and were given back")
    won: int = Field(description="What closed free rounds have won, minor units: the campaign's cost until now")
    owed: int = Field(description="What of it your wallet has not taken yet; told in one sum once the rounds are over")
    in_one_sum: bool = Field(description="The wallet hears nothing of each round, but once what all of them have won")
    created_at: str
    updated_at: str
    cancelled_at: str | None


class ProgressItem(View):
    player_id: str
    granted_at: str
    granted: int
    used: int
    returned: int
    left: int = Field(description="granted - used + returned; 0 once `max_win` is reached")
    won: int
    owed: int


class CampaignDetail(CampaignView):
    progress: list[ProgressItem] = Field(description="A page of players, by id")
    next_cursor: str | None


class CampaignList(View):
    items: list[CampaignView]
    next_cursor: str | None


class ProgressParams(Page):
    player_id: Id | None = None


@router.put(
    "/campaigns/{campaign_id}",
    summary="Create or change a campaign of free rounds",
    response_model=CampaignView,
    responses={
        201: {"model": CampaignView, "description": "The campaign is new"},
        **errors(
            *("unknown_game", "free_rounds_unsupported", "unknown_currency", "bet_not_allowed", "invalid_amount"),
            *("campaign_started", "campaign_over"),
            body=True,
            changes=True,
        ),
    },
)
async def put_one_campaign(
    campaign_id: CampaignId, body: CampaignBody, caller: TheCaller, platform: ThePlatform, effect: TheEffect
) -> Response:
    """Until it has started everything can be changed; afterwards only `ends_at`. Nobody has its rounds until you name
    players.
    """
    now = platform.now()
    starts_at, ends_at = instant(body.starts_at, "starts_at"), instant(body.ends_at, "ends_at")
    assert starts_at is not None
    assert ends_at is not None
    asked = body.model_dump() | {"game_ids": tuple(body.game_ids), "starts_at": starts_at, "ends_at": ends_at}
    wanted = campaign_of(PutCampaign(campaign_id, **asked), caller.operator, platform)

    async def write(db: Connection) -> Done:
        before = await rows.read_campaign(db, caller.operator_id, campaign_id)
        is_new = await write_campaign(db, wanted, now)
        after = await _read(db, caller.operator_id, campaign_id, now)
        return Done(201 if is_new else 200, after, _changed(_view(before, now) if before is not None else None, after))

    return await effect.run(write)


@router.put(
    "/campaigns/{campaign_id}/players",
    summary="Give players the campaign's free rounds",
    response_model=CampaignView,
    responses=errors("not_found", "unknown_player", "unknown_currency", "campaign_over", body=True, changes=True),
)
async def put_players(
    campaign_id: CampaignId, body: PlayersBody, caller: TheCaller, platform: ThePlatform, effect: TheEffect
) -> Response:
    """Adds these players, all or none; nobody is removed. Who has the rounds already keeps what is left of them, so
    repeating the call gives nothing twice. At most 1000 a call.
    """
    now = platform.now()

    async def write(db: Connection) -> Done:
        wanted = GrantFreeRounds(campaign_id, tuple(body.player_ids))
        before = await rows.read_campaign(db, caller.operator_id, campaign_id)
        await write_grant(db, caller.operator, wanted, now)
        after = await _read(db, caller.operator_id, campaign_id, now)
        had = before.players if before is not None else 0
        players = {"before": {"players": had}, "after": {"players": after.players}}
        return Done(200, after, {**players, "player_ids": body.player_ids})

    return await effect.run(write)


@router.get("/campaigns", summary="Campaigns, newest first", responses=errors("invalid_cursor"))
async def get_campaigns(
    page: Annotated[Page, Query()],
    caller: TheCaller,
    platform: ThePlatform,
    _: Fresh,
) -> CampaignList:
    found = await rows.list_campaigns(platform.pool, caller.operator_id, page.limit + 1, key_of(page.cursor))
    shown = found[: page.limit]
    more = cursor_of(shown[-1].created_at, shown[-1].campaign.campaign_id) if len(found) > page.limit else None
    return CampaignList(items=[_view(row, platform.now()) for row in shown], next_cursor=more)


@router.get("/campaigns/{campaign_id}", summary="One campaign and its players' progress", responses=errors("not_found"))
async def get_one_campaign(
    campaign_id: CampaignId,
    params: Annotated[ProgressParams, Query()],
    caller: TheCaller,
    platform: ThePlatform,
    _: Fresh,
) -> CampaignDetail:
    row = await rows.read_campaign(platform.pool, caller.operator_id, campaign_id)
    if row is None:
        raise unknown_campaign(campaign_id)
    after = (key_of(params.cursor) or (0, ""))[1]
    found = await rows.list_progress(
        platform.pool,
        caller.operator_id,
        campaign_id,
        limit=params.limit + 1,
        after=after,
        player_id=params.player_id,
    )
    shown = found[: params.limit]
    return CampaignDetail(
        **_view(row, platform.now()).model_dump(),
        progress=[_progress(row.campaign, one) for one in shown],
        next_cursor=cursor_of(0, shown[-1].player_id) if len(found) > params.limit else None,
    )


@router.delete(
    "/campaigns/{campaign_id}",
    summary="Cancel a campaign",
    status_code=204,
    responses=errors("not_found", changes=True),
)
async def cancel_campaign(
    campaign_id: CampaignId, caller: TheCaller, platform: ThePlatform, effect: TheEffect
) -> Response:
    """No further free round begins. An open one is played to its end and its win is paid. It stays in the list."""

    async def write(db: Connection) -> Done:
        now = platform.now()
        before = await rows.read_campaign(db, caller.operator_id, campaign_id)
        await write_cancel(db, caller.operator, CancelCampaign(campaign_id), now)
        return Done(
            204,
            audit=_changed(
                _view(before, now) if before is not None else None,
                await _read(db, caller.operator_id, campaign_id, now),
            ),
        )

    return await effect.run(write)


def _changed(before: CampaignView | None, after: CampaignView) -> dict[str, object]:
    """For the audit log: what of the promise is another one now."""
    names = [*CampaignBody.model_fields, "state"]
    if before is None:
        return {"before": None, "after": {name: getattr(after, name) for name in names}}
    changed = [name for name in names if getattr(before, name) != getattr(after, name)]
    return {
        when: {name: getattr(one, name) for name in changed} for when, one in (("before", before), ("after", after))
    }


async def _read(db: Connection, operator_id: str, campaign_id: str, now: int) -> CampaignView:
    row = await rows.read_campaign(db, operator_id, campaign_id)
    assert row is not None, "written by this transaction"
    return _view(row, now)


def _view(row: rows.CampaignRow, now: int) -> CampaignView:
    c = row.campaign
    return CampaignView(
        campaign_id=c.campaign_id,
        state=row.state(now),
        game_ids=list(c.game_ids),
        rounds=c.rounds,
        bet=c.bet,
        currency=c.currency,
        exponent=CURRENCIES[c.currency].exponent,
        starts_at=rfc3339(c.starts_at),
        ends_at=rfc3339(c.ends_at),
        max_win=c.max_win,
        players=row.players,
        used=row.used,
        returned=row.returned,
        won=row.won,
        owed=row.won - row.paid,
        in_one_sum=c.summed,
        created_at=rfc3339(row.created_at),
        updated_at=rfc3339(row.updated_at),
        cancelled_at=rfc3339_or_none(c.cancelled_at),
    )


def _progress(campaign: Campaign, one: rows.PlayerProgress) -> ProgressItem:
    return ProgressItem(
        player_id=one.player_id,
        granted_at=rfc3339(one.granted_at),
        granted=campaign.rounds,
        used=one.used,
        returned=one.returned,
        left=left(campaign, Standing(one.used, one.returned, one.won, one.told)),
        won=one.won,
        owed=one.won - one.paid,
    )
