"""Calls about games: their list, a link that starts one, what became of a round."""

from collections.abc import Callable

from croupier.dialects.actions import (
    FindGame,
    FindRound,
    ListGames,
    OpenDemo,
    OpenSession,
    PutPlayer,
    RoundFound,
    Steps,
    ask,
)
from croupier.dialects.addresses import ip_of
from croupier.dialects.free_rounds import promised
from croupier.dialects.hub88.names import DEMO, read_uuid
from croupier.dialects.hub88.wanted import WRONG_TYPES, Asked, Hub88Error, Result
from croupier.dialects.languages import language_of
from croupier.domain.ids import transaction_named
from croupier.games.game import Game

PRODUCT = "Croupier"
DEVICES = {"GPL_DESKTOP": "desktop", "GPL_MOBILE": "mobile"}
CATEGORIES = {"slot": "Video Slots", "roulette": "Roulette", "blackjack": "Blackjack"}
USER_MIN, TOKEN_MIN, TOKEN_MAX = 3, 10, 255


def game_url(asked: Asked) -> Steps[Result]:
    """The wallet is not called before this was answered: the operator learns the session from the answer."""
    m = asked.members
    game = yield from ask(FindGame(m.text("game_code")))
    language, home = language_of(m.optional_text("lang", 16)), m.optional_address("lobby_url")
    currency = m.text("currency", 16)
    device = DEVICES[m.one_of("platform", *DEVICES)]
    if currency == DEMO:
        play_money = asked.operator.currencies[0]
        demo = yield from ask(OpenDemo(game.game_id, play_money, language=language, return_url=home))
        return {"url": demo.launch_url}
    user, token = m.name("user", USER_MIN), m.optional_text("token", TOKEN_MAX, TOKEN_MIN)
    launched = yield from ask(
        OpenSession(
            user,
            game.game_id,
            PutPlayer(user, currency, country=m.optional_country("country")),
            language=language,
            device=device,
            return_url=home,
            deposit_url=m.optional_address("deposit_url"),
            ip=ip_of(m.optional_text("ip")),
            operator_token=token,
            campaign_id=(yield from promised(user, game.game_id)),
            ask_balance=False,
        )
    )
    return {"url": launched.launch_url}


def game_list(asked: Asked) -> Steps[list[Result]]:
    """`product_code` narrows it, to all or nothing: there is one product."""
    wanted = asked.members.optional_text("product_code")
    games = yield from ask(ListGames())
    return [_game(game) for game in games] if wanted in (None, PRODUCT.lower()) else []


def game_round(asked: Asked) -> Steps[Result]:
    """By `transaction_uuid`, or by `round` with its `user`."""
    m = asked.members
    user = m.name("user") if m.has("round") else m.optional_name("user")
    found = yield from (_round_of(m.text("transaction_uuid")) if m.has("transaction_uuid") else _round(m.text("round")))
    if found is None or user not in (None, found.player_id):
        raise Hub88Error(404, "TRANSACTION_DOES_NOT_EXIST", "There is no such round.")
    return {"url": found.replay_url}


def _round(name: str) -> Steps[RoundFound | None]:
    found = yield from ask(FindRound(round_id=name))
    return found


def _round_of(text: str) -> Steps[RoundFound | None]:
    if read_uuid(text) is None:
        raise Hub88Error(400, WRONG_TYPES, "transaction_uuid must be a UUID.")
    found = yield from ask(FindRound(transaction_id=transaction_named(text)))
    return found


def _game(game: Game) -> Result:
    return {
        "game_code": game.game_id,
        "name": game.name,
        "category": CATEGORIES.get(game.kind, "Other"),
        "product": PRODUCT,
        "enabled": True,
        "platforms": list(DEVICES),
        "blocked_countries": [],
        "restricted_countries": [],
        "certifications": [],
        "freebet_support": game.free_rounds,
        "demo_game_support": True,
        "release_date": game.released_at,
        "url_thumb": None,
        "url_background": None,
    }


CALLS: dict[str, Callable[[Asked], Steps[object]]] = {
    "/game/url": game_url,
    "/game/list": game_list,
    "/game/round": game_round,
}
