"""The endpoints of this API: fields in, actions in between, the reply out."""

from collections.abc import Callable

from croupier.dialects.actions import (
    EndSession,
    FindGame,
    Introduce,
    ListGames,
    ListSessions,
    OpenDemo,
    OpenSession,
    PutPlayer,
    Steps,
    ask,
)
from croupier.dialects.free_rounds import promised
from croupier.dialects.languages import language_of
from croupier.dialects.pragmatic import free_rounds, games, replays
from croupier.dialects.pragmatic.asked import Asked
from croupier.dialects.pragmatic.replies import reply
from croupier.domain.exchange import HttpResponse
from croupier.domain.refusal import Refused

TOKEN_MAX = 512
UNREGULATED = "99"
"""The jurisdiction that is none."""


def casino_games(_: Asked) -> Steps[HttpResponse]:
    found = yield from ask(ListGames())
    return reply(gameList=[games.shown(game) for game in found])


def lobby_games(_: Asked) -> Steps[HttpResponse]:
    found = yield from ask(ListGames())
    return reply(lobbyCategories=games.categories(found))


def game_url(asked: Asked) -> Steps[HttpResponse]:
    """The token says who plays: the wallet is asked whose it is."""
    fields = asked.fields
    game = yield from ask(FindGame(fields.text("symbol")))
    language = language_of(fields.optional_text("language", 16))
    home = fields.optional_address("lobbyUrl")
    if fields.has("playMode") and fields.one_of("playMode", "REAL", "DEMO") == "DEMO":
        currency = fields.optional_name("currency") or asked.operator.currencies[0]
        demo = yield from ask(OpenDemo(game.game_id, currency, language=language, return_url=home))
        return reply(gameURL=demo.launch_url)
    token = fields.token("token", TOKEN_MAX)
    who = yield from ask(Introduce(token, game.game_id))
    country = who.country.upper() if who.country and who.country.isascii() and who.country.isalpha() else None
    country = country if country and len(country) == 2 else None
    launched = yield from ask(
        OpenSession(
            who.player_id,
            game.game_id,
            PutPlayer(who.player_id, who.currency, country=country),
            language=language,
            device="mobile" if fields.optional_text("platform") == "MOBILE" else "desktop",
            return_url=home,
            deposit_url=fields.optional_address("cashierUrl"),
            jurisdiction=None if who.jurisdiction == UNREGULATED else who.jurisdiction,
            operator_token=who.token or token,
            limits=who.limits,
            campaign_id=(yield from promised(who.player_id, game.game_id)),
            ask_balance=False,
        )
    )
    return reply(gameURL=launched.launch_url)


def close_session(asked: Asked) -> Steps[HttpResponse]:
    """The player's open sessions, of one game or of all; open rounds are settled."""
    player_id, game_id = asked.fields.name("externalPlayerId"), asked.fields.optional_name("gameId")
    found = yield from ask(ListSessions(open=True, player_ids=(player_id,)))
    for session in found:
        if not session.demo and game_id in (None, session.game_id):
            yield from ask(EndSession(session.session_id))
    return reply()


def cancel_round(_: Asked) -> Steps[HttpResponse]:
    yield from ()
    raise Refused("invalid_value", "A round is voided by two people, in the online account.")


CASINO, BONUS, REPLAY = "/CasinoGameAPI", "/FreeRoundsBonusAPI", "/ReplayAPI/getSharedLink"
ASKED_BY_GET = frozenset({REPLAY})
"""As well: what they carry stands in the query."""

ENDPOINTS: dict[str, Callable[[Asked], Steps[HttpResponse]]] = {
    f"{CASINO}/getCasinoGames": casino_games,
    f"{CASINO}/getLobbyGames": lobby_games,
    f"{CASINO}/game/url": game_url,
    f"{CASINO}/closeSession": close_session,
    f"{CASINO}/cancelRound": cancel_round,
    REPLAY: replays.shared_link,
    f"{BONUS}/createFRB": free_rounds.create,
    f"{BONUS}/cancelFRB": free_rounds.cancel,
    f"{BONUS}/getPlayersFRB": free_rounds.of_player,
    f"{BONUS}/v2/bonus/create": free_rounds.create_bonus,
    f"{BONUS}/v2/players/add": free_rounds.add_players,
}
