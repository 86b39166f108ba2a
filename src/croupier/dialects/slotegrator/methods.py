"""The endpoints of this API: parameters in, actions in between, the reply out."""

from collections.abc import Callable
from decimal import Decimal

import msgspec

from croupier.campaigns.campaign import ROUNDS_MAX, state_of
from croupier.dialects.actions import (
    CampaignFound,
    CancelCampaign,
    FindGame,
    FindPlayer,
    Gift,
    GiveFreeRounds,
    ListGames,
    OpenDemo,
    OpenSession,
    PutCampaign,
    PutPlayer,
    ReadCampaign,
    Steps,
    ask,
)
from croupier.dialects.decimals import number, shortest
from croupier.dialects.forms import Fields
from croupier.dialects.free_rounds import promised
from croupier.dialects.languages import language_of
from croupier.dialects.slotegrator import games
from croupier.dialects.slotegrator.names import scale
from croupier.dialects.slotegrator.replies import reply
from croupier.dialects.slotegrator.validation import self_validate
from croupier.domain.exchange import HttpResponse
from croupier.domain.parties import Operator
from croupier.domain.refusal import Refused
from croupier.games.game import Game

NICKNAME_MAX = 64
SESSION_MAX = 128
SECONDS_MAX = 1 << 40
STATUSES = {
    "scheduled": "scheduled",
    "active": "active",
    "used_up": "finished",
    "ended": "expired",
    "cancelled": "canceled",
}
"""Where a player stands in a campaign -> `status`."""


class Asked(msgspec.Struct, frozen=True):
    """`url`: the endpoint's own address."""

    operator: Operator
    fields: Fields
    at: int
    url: str


def game_list(asked: Asked) -> Steps[HttpResponse]:
    found = yield from ask(ListGames())
    return reply(*games.page(found, asked.fields, asked.url))


def game_tags(asked: Asked) -> Steps[HttpResponse]:
    found = yield from ask(ListGames())
    return reply({"items": games.tags(found, games.expanded(asked.fields, frozenset({"category"})))})


def init(asked: Asked) -> Steps[HttpResponse]:
    """The wallet is not called: an operator may have its session ready only once it has our answer."""
    fields = asked.fields
    game = yield from _game(fields)
    player_id, session_id = fields.name("player_id"), fields.token("session_id", SESSION_MAX)
    device = fields.one_of("device", "desktop", "mobile") if fields.has("device") else "desktop"
    launched = yield from ask(
        OpenSession(
            player_id,
            game.game_id,
            _player(fields, player_id),
            language=language_of(fields.optional_text("language", 16)),
            device=device,
            return_url=fields.optional_address("return_url"),
            operator_token=session_id,
            campaign_id=(yield from promised(player_id, game.game_id)),
            ask_balance=False,
        )
    )
    return reply({"url": launched.launch_url})


def init_demo(asked: Asked) -> Steps[HttpResponse]:
    """In the operator's first currency, as the API names none."""
    fields = asked.fields
    game = yield from _game(fields)
    launched = yield from ask(
        OpenDemo(
            game.game_id,
            asked.operator.currencies[0],
            language=language_of(fields.optional_text("language", 16)),
            return_url=fields.optional_address("return_url"),
        )
    )
    return reply({"url": launched.launch_url})


def freespin_bets(asked: Asked) -> Steps[HttpResponse]:
    """A denomination is what one coin costs: the game's base bet is so many coins."""
    game, currency = (yield from _game(asked.fields)), asked.fields.name("currency")
    bets = _levels(asked, game, currency)
    total = [{"bet_id": bet, "amount": _amount(bet, currency, asked.operator)} for bet in bets]
    coins = [_amount(_coin(game, bet), currency, asked.operator) for bet in bets]
    return reply({"denominations": coins, "total_bets": total})


def freespins_set(asked: Asked) -> Steps[HttpResponse]:
    fields = asked.fields
    campaign_id, player_id = fields.name("freespin_id"), fields.name("player_id")
    quantity = fields.whole("quantity", 1, ROUNDS_MAX)
    starts_at, ends_at = (fields.whole(name, 0, SECONDS_MAX) * 1_000_000 for name in ("valid_from", "valid_until"))
    game = yield from _game(fields)
    currency = fields.name("currency")
    if not fields.has("player_name"):
        raise wrong("player_name", "given")
    bet = _chosen(asked, game, currency)
    known = yield from ask(ReadCampaign(campaign_id))
    if known is not None and [one.player_id for one in known.progress] not in ([], [player_id]):
        raise Refused("invalid_value", f"freespin_id {campaign_id} is another player's.", param="freespin_id")
    player = yield from ask(FindPlayer(player_id))
    if player is not None and player.currency != currency:
        raise Refused("currency_is_fixed", f"Player {player_id} has {player.currency}.", param="currency")
    campaign = PutCampaign(campaign_id, (game.game_id,), quantity, bet, currency, starts_at, ends_at)
    yield from ask(GiveFreeRounds((Gift(campaign, (_player(fields, player_id),)),)))
    return reply({})


def freespins_get(asked: Asked) -> Steps[HttpResponse]:
    found = yield from _freespins(asked)
    campaign, mine = found.campaign, next(iter(found.progress), None)
    standing = mine.standing if mine is not None else None
    won = standing.won if standing is not None else 0
    status = STATUSES[state_of(campaign, standing, asked.at)] if standing is not None else "scheduled"
    return reply(
        {
            "player_id": mine.player_id if mine is not None else None,
            "currency": campaign.currency,
            "quantity": campaign.rounds,
            "quantity_left": mine.left if mine is not None else campaign.rounds,
            "valid_from": campaign.starts_at // 1_000_000,
            "valid_until": campaign.ends_at // 1_000_000,
            "freespin_id": campaign.campaign_id,
            "bet_id": None,
            "total_bet_id": campaign.bet,
            "denomination": None,
            "game_uuid": campaign.game_ids[0],
            "status": status,
            "is_canceled": int(campaign.cancelled_at is not None),
            "total_win": _amount(won, campaign.currency, asked.operator),
        }
    )


def freespins_cancel(asked: Asked) -> Steps[HttpResponse]:
    found = yield from _freespins(asked)
    yield from ask(CancelCampaign(found.campaign.campaign_id))
    return reply({})


def nothing(_: Asked) -> Steps[HttpResponse]:
    """No limits are set for an operator here, and there are no jackpots."""
    yield from ()
    return reply([])


def noted(_: Asked) -> Steps[HttpResponse]:
    """The game asks the wallet for the balance when it shows one, so a notice of it changes nothing."""
    yield from ()
    return reply({})


def without(what: str) -> Callable[[Asked], Steps[HttpResponse]]:
    """What this API has for other kinds of games."""

    def refuse(_: Asked) -> Steps[HttpResponse]:
        yield from ()
        raise Refused("not_found", what)

    return refuse


_NO_TABLES = without("There are no live tables here, so there are no lobbies and no free vouchers.")

ENDPOINTS: dict[str, tuple[str, Callable[[Asked], Steps[HttpResponse]]]] = {
    "/games": ("GET", game_list),
    "/game-tags": ("GET", game_tags),
    "/games/lobby": ("GET", _NO_TABLES),
    "/games/init": ("POST", init),
    "/games/init-demo": ("POST", init_demo),
    "/limits": ("GET", nothing),
    "/limits/freespin": ("GET", nothing),
    "/jackpots": ("GET", nothing),
    "/balance/notify": ("POST", noted),
    "/freespins/bets": ("GET", freespin_bets),
    "/freespins/set": ("POST", freespins_set),
    "/freespins/get": ("GET", freespins_get),
    "/freespins/cancel": ("POST", freespins_cancel),
    "/freevouchers/set": ("POST", _NO_TABLES),
    "/freevouchers/get": ("GET", _NO_TABLES),
    "/freevouchers/cancel": ("POST", _NO_TABLES),
    "/self-validate": ("POST", lambda asked: self_validate(asked.at)),
}


def wrong(name: str, wanted: str) -> Refused:
    return Refused("invalid_value", f"{name} must be {wanted}.", param=name)


def _game(fields: Fields) -> Steps[Game]:
    game = yield from ask(FindGame(fields.text("game_uuid")))
    return game


def _player(fields: Fields, player_id: str) -> PutPlayer:
    """Players appear with their first launch, or their first free rounds."""
    return PutPlayer(player_id, fields.name("currency"), fields.cut("player_name", NICKNAME_MAX))


def _freespins(asked: Asked) -> Steps[CampaignFound]:
    campaign_id = asked.fields.name("freespin_id")
    found = yield from ask(ReadCampaign(campaign_id))
    if found is None:
        raise Refused("not_found", f"There is no freespin_id {campaign_id}.")
    return found


def _levels(asked: Asked, game: Game, currency: str) -> list[int]:
    """Whole bets in minor units; those that this API can carry with all that they may win."""
    if not game.free_rounds:
        raise Refused("free_rounds_unsupported", f"{game.game_id} has no free rounds: its has_freespins is 0.")
    try:
        levels, step = game.bet_levels(currency), scale(currency, asked.operator).step
    except KeyError:
        raise Refused("unknown_currency", f"currency {currency} is not known.", param="currency") from None
    return [level for level in levels if _coin(game, level) % step == 0]


def _coin(game: Game, bet: int) -> int:
    return bet // (game.scale or bet)


def _chosen(asked: Asked, game: Game, currency: str) -> int:
    """The bet of free rounds: `total_bet_id` and `bet_id` name it by its minor units, `denomination` by its coin."""
    fields, levels = asked.fields, _levels(asked, game, currency)
    for name in ("total_bet_id", "bet_id"):
        if fields.has(name):
            named = {str(bet): bet for bet in levels}
            break
    else:
        name = "denomination"
        named = {bytes(_amount(_coin(game, bet), currency, asked.operator)).decode(): bet for bet in levels}
    if not fields.has(name):
        raise Refused("missing_field", "total_bet_id or denomination is required: one that /freespins/bets gives.")
    given = number(fields.text(name, 40))
    bet = None if given is None else named.get(shortest(given))
    if bet is None:
        raise Refused("bet_not_allowed", f"{name} must be one of {', '.join(named)}.", param=name)
    return bet


def _amount(amount: int, currency: str, operator: Operator) -> msgspec.Raw:
    digits = scale(currency, operator).here
    return msgspec.Raw(shortest(Decimal(amount).scaleb(-digits)).encode())
