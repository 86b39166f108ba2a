"""Free rounds ("FRB") in this API's terms: for one player, or a bonus first and its players then."""

from decimal import Decimal
from typing import Any

import msgspec

from croupier.campaigns.campaign import ROUNDS_MAX
from croupier.dialects.actions import (
    CancelCampaign,
    FindGame,
    FindPlayer,
    Gift,
    GiveFreeRounds,
    ListGrants,
    PutCampaign,
    PutPlayer,
    ReadCampaign,
    Steps,
    ask,
)
from croupier.dialects.amounts import CannotCarry
from croupier.dialects.decimals import exact, number
from croupier.dialects.pragmatic.asked import Asked, wrong
from croupier.dialects.pragmatic.games import lines_of
from croupier.dialects.pragmatic.names import scale, shown
from croupier.dialects.pragmatic.replies import reply
from croupier.domain.exchange import HttpResponse
from croupier.domain.refusal import Refused
from croupier.games.game import Game

SECONDS_MAX = 1 << 40
LISTED_MAX = 100


class BetValue(msgspec.Struct):
    """`betPerLine`, or the whole bet as `totalBet`."""

    currency: str
    betPerLine: Decimal | None = None  # noqa: N815 - its name there
    totalBet: Decimal | None = None  # noqa: N815 - its name there


class GameBets(msgspec.Struct):
    gameId: str  # noqa: N815 - its name there
    betValues: list[BetValue] = []  # noqa: N815 - its name there; msgspec copies it


class BonusBody(msgspec.Struct):
    gameList: list[GameBets] = []  # noqa: N815 - as above


class PlayersBody(msgspec.Struct):
    playerList: list[str] = []  # noqa: N815 - as above


def create(asked: Asked) -> Steps[HttpResponse]:
    """`createFRB`: a bonus of one player, who need not have played before."""
    fields = asked.fields
    code, player_id, currency = fields.name("bonusCode"), fields.name("playerId"), fields.name("currency")
    campaign = yield from _campaign(asked, code, currency)
    known = yield from ask(ReadCampaign(code))
    if known is not None and [one.player_id for one in known.progress] not in ([], [player_id]):
        raise Refused("invalid_value", f"bonusCode {code} is another player's.", param="bonusCode")
    yield from _same_currency(player_id, currency)
    yield from ask(GiveFreeRounds((Gift(campaign, (PutPlayer(player_id, currency),)),)))
    return reply(bonusCode=code)


def create_bonus(asked: Asked) -> Steps[HttpResponse]:
    """`v2/bonus/create`: without players. The games and bets in fields as for one player, or as `gameList` in JSON."""
    code = asked.fields.name("bonusCode")
    if asked.fields.has("gameIDList"):
        campaign = yield from _campaign(asked, code, asked.fields.name("currency"))
    else:
        campaign = yield from _campaign_of(asked, code, asked.json(BonusBody))
    yield from ask(campaign)
    return reply(bonusCode=code)


def add_players(asked: Asked) -> Steps[HttpResponse]:
    """`v2/players/add`: all of them or none."""
    code = asked.fields.name("bonusCode")
    found = yield from ask(ReadCampaign(code))
    if found is None:
        raise Refused("unknown_campaign", f"There is no bonusCode {code}.", param="bonusCode")
    given = asked.fields.optional_text("playerList", 6500)
    listed = given.split(",") if given is not None else asked.json(PlayersBody).playerList
    if not 1 <= len(listed) <= LISTED_MAX:
        raise wrong("playerList", f"a list of 1-{LISTED_MAX} players")
    players = tuple(asked.named("playerList", one) for one in listed)
    for player_id in players:
        yield from _same_currency(player_id, found.campaign.currency)
    gift = Gift(code, tuple(PutPlayer(player_id, found.campaign.currency) for player_id in dict.fromkeys(players)))
    yield from ask(GiveFreeRounds((gift,)))
    return reply()


def cancel(asked: Asked) -> Steps[HttpResponse]:
    """What is open is played to its end."""
    code = asked.fields.name("bonusCode")
    try:
        yield from ask(CancelCampaign(code))
    except Refused as refused:
        raise Refused("unknown_campaign", f"There is no bonusCode {code}.", param="bonusCode") from refused
    return reply()


def of_player(asked: Asked) -> Steps[HttpResponse]:
    """Those that can be played now or later."""
    grants = yield from ask(ListGrants(asked.fields.name("playerId")))
    open_ones = [one for one in grants if one.campaign.phase(asked.at) in ("scheduled", "running")]
    bonuses: list[dict[str, Any]] = [
        {
            "bonusCode": one.campaign.campaign_id,
            "currency": one.campaign.currency,
            "gameIDList": ",".join(one.campaign.game_ids),
            "rounds": one.campaign.rounds,
            "roundsPlayed": one.campaign.rounds - (one.progress.left if one.progress is not None else 0),
            "totalBet": msgspec.Raw(format(shown(one.campaign.bet, one.campaign.currency), "f").encode()),
            "startDate": one.campaign.starts_at // 1_000_000,
            "expirationDate": one.campaign.ends_at // 1_000_000,
        }
        for one in open_ones
    ]
    return reply(bonuses=bonuses)


def _campaign(asked: Asked, code: str, currency: str) -> Steps[PutCampaign]:
    fields = asked.fields
    names = fields.text("gameIDList", 2000).split(",")
    games = yield from _games(names)
    for name in ("totalBet", "betPerLine"):
        if fields.has(name):
            value = number(fields.text(name, 40))
            bet = _bet(games[0], currency, value, per_line=name == "betPerLine", name=name)
            return _put(asked, code, games, currency, bet)
    raise wrong("totalBet", "given, or betPerLine")


def _campaign_of(asked: Asked, code: str, body: BonusBody) -> Steps[PutCampaign]:
    games = yield from _games([one.gameId for one in body.gameList])
    bets = set()
    for game, listed in zip(games, body.gameList, strict=True):
        for one in listed.betValues:
            value = one.totalBet if one.totalBet is not None else one.betPerLine
            per_line = one.totalBet is None
            bets.add((one.currency, _bet(game, one.currency, value, per_line=per_line, name="betValues")))
    if len(bets) != 1:
        raise wrong("gameList", "of games with one currency and one bet: each other needs a bonusCode of its own")
    ((currency, bet),) = bets
    return _put(asked, code, games, currency, bet)


def _games(names: list[str]) -> Steps[list[Game]]:
    if not 1 <= len(names) <= LISTED_MAX:
        raise wrong("gameIDList", f"a list of 1-{LISTED_MAX} games")
    games = []
    for name in names:
        game = yield from ask(FindGame(name.strip()))
        if not game.free_rounds:
            raise Refused("free_rounds_unsupported", f"{game.game_id} has no free rounds: its frbAvailable is false.")
        games.append(game)
    return games


def _bet(game: Game, currency: str, value: Decimal | None, *, per_line: bool, name: str) -> int:
    try:
        if value is None or not value.is_finite() or not 0 < value < Decimal(10) ** 12:
            raise wrong(name, "an amount above 0 like 0.20")
        return exact(value * (lines_of(game) or 1 if per_line else 1), scale(currency))
    except KeyError:
        raise Refused("unknown_currency", f"currency {currency[:16]} is not known.", param="currency") from None
    except CannotCarry as error:
        raise wrong(name, f"an amount of {currency}: {error}") from None


def _put(asked: Asked, code: str, games: list[Game], currency: str, bet: int) -> PutCampaign:
    fields = asked.fields
    starts_at = fields.whole("startDate", 0, SECONDS_MAX) * 1_000_000 if fields.has("startDate") else None
    ends_at = fields.whole("expirationDate", 0, SECONDS_MAX) * 1_000_000
    rounds = fields.whole("rounds", 1, ROUNDS_MAX)
    # Without a start it has begun long ago, so that a repeated call says the same.
    return PutCampaign(code, tuple(g.game_id for g in games), rounds, bet, currency, starts_at or 0, ends_at)


def _same_currency(player_id: str, currency: str) -> Steps[None]:
    known = yield from ask(FindPlayer(player_id))
    if known is not None and known.currency != currency:
        raise Refused("currency_is_fixed", f"Player {player_id} has {known.currency}.", param="currency")
