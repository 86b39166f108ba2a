"""Free rounds: those that we count, and those that the operator counts itself."""

from croupier.api.actions.campaign_rules import campaign_of, check_change, check_only_player, check_players
from croupier.api.actions.players import checked_player, write_player
from croupier.api.platform import Platform
from croupier.campaigns.campaign import Campaign, Standing, left
from croupier.dialects.actions import (
    CampaignFound,
    CancelCampaign,
    FindBonus,
    GiveFreeRounds,
    Granted,
    GrantFreeRounds,
    ListGrants,
    PlayerProgress,
    PutBonus,
    PutCampaign,
    ReadCampaign,
)
from croupier.domain.parties import Operator
from croupier.domain.refusal import Refused
from croupier.store import campaigns as rows
from croupier.store import groups
from croupier.store.connect import Connection

PROGRESS_MAX = 1000


async def write_campaign(db: Connection, wanted: Campaign, now: int) -> bool:
    """True when it is new. Refused when players were promised something else."""
    known = await rows.get_campaign(db, wanted.operator_id, wanted.campaign_id, lock=True)
    check_change(known, wanted, now)
    if known is not None and known.currency != wanted.currency:
        row = await rows.read_campaign(db, wanted.operator_id, wanted.campaign_id)
        if row is not None and row.players:
            detail = f"It has {row.players} players with {known.currency}."
            raise Refused("invalid_value", detail, param="currency")
    return await rows.put_campaign(db, wanted, now)


async def write_grant(db: Connection, operator: Operator, wanted: GrantFreeRounds, now: int) -> None:
    """All of these players or none. Refused ``not_found``, ``campaign_over`` and what `check_players` says."""
    campaign = await rows.get_campaign(db, operator.operator_id, wanted.campaign_id, lock=True)
    if campaign is None:
        raise unknown_campaign(wanted.campaign_id)
    if campaign.phase(now) in ("ended", "cancelled"):
        raise Refused("campaign_over", f"Campaign {wanted.campaign_id} is {campaign.phase(now)}.")
    player_ids = list(wanted.player_ids)
    known = await rows.players_with_currency(db, operator.operator_id, player_ids)
    check_players(player_ids, known, campaign.currency)
    if campaign.summed:
        check_only_player(player_ids, await rows.players_of(db, operator.operator_id, wanted.campaign_id))
    await rows.grant(db, operator.operator_id, wanted.campaign_id, list(dict.fromkeys(player_ids)), now)


async def write_cancel(db: Connection, operator: Operator, wanted: CancelCampaign, now: int) -> None:
    """Refused ``not_found``."""
    if not await rows.cancel_campaign(db, operator.operator_id, wanted.campaign_id, now):
        raise unknown_campaign(wanted.campaign_id)


def unknown_campaign(campaign_id: str) -> Refused:
    return Refused("not_found", f"There is no campaign {campaign_id}.")


async def put_campaign(platform: Platform, operator: Operator, wanted: PutCampaign) -> Campaign:
    campaign = campaign_of(wanted, operator, platform)
    async with platform.pool.acquire() as db, db.transaction():
        await write_campaign(db, campaign, platform.now())
    return campaign


async def grant(platform: Platform, operator: Operator, wanted: GrantFreeRounds) -> None:
    async with platform.pool.acquire() as db, db.transaction():
        await write_grant(db, operator, wanted, platform.now())


async def give(platform: Platform, operator: Operator, wanted: GiveFreeRounds) -> None:
    """In one transaction, players in the same order everywhere, so that two calls do not wait for each other."""
    checked = [
        (
            campaign_of(one.campaign, operator, platform) if isinstance(one.campaign, PutCampaign) else None,
            one.campaign.campaign_id if isinstance(one.campaign, PutCampaign) else one.campaign,
            sorted((checked_player(operator, player) for player in one.players), key=lambda player: player.player_id),
        )
        for one in wanted.gifts
    ]
    checked.sort(key=lambda gift: [player.player_id for player in gift[2]])
    now = platform.now()
    async with platform.pool.acquire() as db, db.transaction():
        for campaign, campaign_id, players in checked:
            if campaign is not None:
                await write_campaign(db, campaign, now)
            for player in players:
                await write_player(db, player, now)
            given = GrantFreeRounds(campaign_id, tuple(player.player_id for player in players))
            await write_grant(db, operator, given, now)


async def cancel(platform: Platform, operator: Operator, wanted: CancelCampaign) -> None:
    async with platform.pool.acquire() as db, db.transaction():
        await write_cancel(db, operator, wanted, platform.now())


async def read(platform: Platform, operator: Operator, wanted: ReadCampaign) -> CampaignFound | None:
    row = await rows.read_campaign(platform.pool, operator.operator_id, wanted.campaign_id)
    if row is None:
        return None
    found = await rows.list_progress(
        platform.pool,
        operator.operator_id,
        wanted.campaign_id,
        limit=PROGRESS_MAX,
        after="",
        player_id=wanted.player_id,
    )
    return CampaignFound(row.campaign, tuple(_progress(row.campaign, one) for one in found))


async def list_grants(platform: Platform, operator: Operator, wanted: ListGrants) -> tuple[Granted, ...]:
    found = await rows.list_grants(
        platform.pool,
        operator.operator_id,
        player_id=wanted.player_id,
        running_at=platform.now() if wanted.running else None,
        limit=PROGRESS_MAX,
    )
    return tuple(Granted(campaign, _progress(campaign, one) if one is not None else None) for campaign, one in found)


def _progress(campaign: Campaign, one: rows.PlayerProgress) -> PlayerProgress:
    standing = Standing(one.used, one.returned, one.won, one.told)
    return PlayerProgress(one.player_id, standing, left(campaign, standing))


async def put_bonus(platform: Platform, operator: Operator, wanted: PutBonus) -> None:
    await groups.put_bonus(platform.pool, operator.operator_id, wanted.bonus_id, platform.now())


async def find_bonus(platform: Platform, operator: Operator, wanted: FindBonus) -> bool:
    return await groups.has_bonus(platform.pool, operator.operator_id, wanted.bonus_id)
