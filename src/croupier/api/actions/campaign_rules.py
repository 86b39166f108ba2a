"""What a campaign may be, and who may play in it. Every refusal names the field and what would be right."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

import msgspec

from croupier.api.actions.checks import check_currency
from croupier.api.platform import Platform
from croupier.campaigns.campaign import Campaign
from croupier.dialects import DIALECTS
from croupier.dialects.actions import PutCampaign
from croupier.domain.instants import FIRST, LAST, rfc3339
from croupier.domain.parties import Limits, Operator, Player
from croupier.domain.refusal import Refused
from croupier.games.game import Game


def campaign_of(wanted: PutCampaign, operator: Operator, platform: Platform) -> Campaign:
    """The campaign of a request, if its games, bet and times go together."""
    check_currency(operator, wanted.currency)
    match DIALECTS[operator.dialect].abilities.free_bets:
        case "none":
            detail = f"With the dialect {operator.dialect} your own system counts free rounds."
            raise Refused("free_rounds_unsupported", detail)
        case "absent":
            raise Refused("free_rounds_unsupported", f"The API {operator.dialect} has no free rounds.")
    for place, game_id in enumerate(wanted.game_ids):
        _check_game(platform, game_id, wanted, f"game_ids.{place}")
    starts_at, ends_at = wanted.starts_at, wanted.ends_at
    for param, at in (("starts_at", starts_at), ("ends_at", ends_at)):
        if not FIRST <= at <= LAST:
            raise Refused("invalid_value", f"{param} must be a moment of the years 1 to 9999.", param=param)
    if ends_at <= starts_at:
        raise Refused("invalid_value", "ends_at must be after starts_at.", param="ends_at")
    if ends_at <= platform.now():
        raise Refused("invalid_value", "ends_at is over already.", param="ends_at")
    step = DIALECTS[operator.dialect].step(wanted.currency, operator)
    if wanted.max_win is not None and wanted.max_win % step:
        detail = f"Your API counts {wanted.currency} in steps of {step} minor units."
        raise Refused("invalid_amount", detail, param="max_win")
    if wanted.max_win == 0:
        raise Refused("invalid_amount", "max_win is at least 1; leave it out for no limit.", param="max_win")
    return Campaign(
        operator_id=operator.operator_id,
        campaign_id=wanted.campaign_id,
        game_ids=tuple(dict.fromkeys(wanted.game_ids)),
        rounds=wanted.rounds,
        bet=wanted.bet,
        currency=wanted.currency,
        starts_at=starts_at,
        ends_at=ends_at,
        max_win=wanted.max_win,
        notes=wanted.notes,
        summed=wanted.summed,
    )


def _check_game(platform: Platform, game_id: str, wanted: PutCampaign, param: str) -> None:
    game = platform.games.get(game_id)
    if game is None:
        raise Refused("unknown_game", f"There is no game {game_id!r}.", param=param)
    if not game.free_rounds:
        having = ", ".join(sorted(g.game_id for g in platform.games.values() if g.free_rounds))
        detail = f"{game_id} has no free rounds; these games have: {having}."
        raise Refused("free_rounds_unsupported", detail, param=param)
    levels = game.bet_levels(wanted.currency)
    if wanted.bet not in levels:
        choices = ", ".join(map(str, levels))
        detail = f"{game_id} is played at {choices} ({wanted.currency}, minor units)."
        raise Refused("bet_not_allowed", detail, param="bet")


def check_change(known: Campaign | None, wanted: Campaign, now: int) -> None:
    """Refused ``campaign_over`` and ``campaign_started``: players were promised what had been announced."""
    if known is None or known.phase(now) == "scheduled":
        return
    if known.phase(now) != "running":
        detail = f"Campaign {known.campaign_id} is {known.phase(now)}. Make a new one with another id."
        raise Refused("campaign_over", detail)
    same = msgspec.structs.replace(wanted, ends_at=known.ends_at, notes=known.notes, summed=known.summed)
    changed = [name for name in Campaign.__struct_fields__ if getattr(known, name) != getattr(same, name)]
    if changed:
        stays = _shown(changed[0], getattr(known, changed[0]))
        detail = f"It has started, so {changed[0]} stays {stays}; only ends_at may change."
        raise Refused("campaign_started", detail, param=changed[0])


def _shown(name: str, value: object) -> str:
    """As the caller writes it: times as text, lists by commas."""
    if isinstance(value, int) and name.endswith("_at"):
        return rfc3339(value)
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def check_players(player_ids: Sequence[str], currencies: Mapping[str, str], wanted: str) -> None:
    """`currencies`: of those players that exist."""
    for place, player_id in enumerate(player_ids):
        if player_id not in currencies:
            raise Refused("unknown_player", f"There is no player {player_id}.", param=f"player_ids.{place}")
        if currencies[player_id] != wanted:
            detail = f"Player {player_id} has {currencies[player_id]}, the campaign {wanted}."
            raise Refused("unknown_currency", detail, param=f"player_ids.{place}")


def check_only_player(player_ids: Sequence[str], having: AbstractSet[str]) -> None:
    """Of a campaign whose wins are told in one sum: the sum names no player, so there is but one."""
    if len(having | set(player_ids)) > 1:
        detail = "These free rounds were issued to one player, whose wins are told in one sum."
        raise Refused("invalid_value", detail, param="player_ids")


async def check_promise(platform: Platform, campaign_id: str, player: Player, game: Game, limits: Limits) -> None:
    """Whether a session of this player in this game can play the campaign's free rounds."""
    granted = await platform.world.grants.granted(player.operator_id, campaign_id, player.player_id)
    if granted is None or game.game_id not in granted.game_ids:
        detail = f"Player {player.player_id} has no free rounds of a campaign {campaign_id} in {game.game_id}."
        raise Refused("unknown_campaign", detail, param="campaign_id")
    phase = granted.phase(platform.now())
    if phase != "running":
        raise Refused("campaign_not_running", f"Campaign {campaign_id} is {phase}.", param="campaign_id")
    low, high = limits.min_bet or 0, limits.max_bet
    if granted.bet < low or (high is not None and granted.bet > high):
        detail = f"The campaign's bet is {granted.bet}; these limits would refuse every free round."
        raise Refused("invalid_amount", detail, param="limits")
