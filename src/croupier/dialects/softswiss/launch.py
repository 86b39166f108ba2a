"""A launch with money and one for play, whose parameters both APIs share; and the errors of calls to us."""

import msgspec

from croupier.dialects.actions import FindGame, Launched, OpenDemo, OpenSession, PutPlayer, Steps, ask
from croupier.dialects.addresses import ip_of
from croupier.dialects.free_rounds import promised
from croupier.dialects.languages import language_of
from croupier.dialects.members import Members
from croupier.dialects.softswiss import codes
from croupier.dialects.softswiss.names import game_named
from croupier.dialects.strict_json import Loose, NotStrict, read_decimals
from croupier.domain.parties import Operator
from croupier.domain.refusal import Refused

Result = dict[str, object]

SECRETS = ("email", "firstname", "lastname", "nickname", "date_of_birth", "city")
"""What a casino tells of its players and we neither need nor keep."""

CLIENTS = {"desktop": "desktop", "mobile": "mobile"}


class SoftswissError(Exception):
    """`code` of both APIs; how it is told differs."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message


class Asked(msgspec.Struct, frozen=True):
    operator: Operator
    at: int
    body: bytes

    @property
    def members(self) -> Members:
        return Members(read(self.body), wrong)


def read(body: bytes) -> dict[str, Loose]:
    """SoftswissError when it is not one JSON object."""
    try:
        return read_decimals(body)
    except NotStrict as error:
        raise SoftswissError(codes.REQUEST, f"The body must be one JSON object: {error.why}.") from None


def casino_of(body: bytes) -> str | None:
    """The `casino_id` that a call claims."""
    try:
        given = read(body).get("casino_id")
    except SoftswissError:
        return None
    return str(given) if type(given) is int else given if isinstance(given, str) else None


def wrong(name: str, wanted: str, missing: bool) -> SoftswissError:  # noqa: FBT001 - as Members calls it
    return SoftswissError(codes.REQUEST, f"{name} is missing." if missing else f"{name} must be {wanted}.")


_CODES = {
    "unauthenticated": codes.SIGNATURE,
    "unknown_game": codes.NO_SUCH_GAME,
    "free_rounds_unsupported": codes.NO_FREE_SPINS_HERE,
    "unknown_currency": 154,
    "currency_is_fixed": 155,
    "player_blocked": 110,
    "operator_disabled": codes.UNAVAILABLE,
    "wallet_unreachable": codes.UNAVAILABLE,
    "wallet_refused": codes.UNAVAILABLE,
    "campaign_over": codes.FREE_SPINS,
    "campaign_started": codes.FREE_SPINS,
    "bet_not_allowed": codes.FREE_SPINS,
    "not_found": codes.NOT_FOUND,
    "busy": codes.UNAVAILABLE,
    "internal_error": codes.INTERNAL,
}


def told(refused: Refused) -> SoftswissError:
    return SoftswissError(_CODES.get(refused.code, codes.REQUEST), refused.detail or refused.code)


def real(asked: Asked, game: str) -> Steps[Result]:
    """The player becomes known; free rounds that were given for the game are played first."""
    m = asked.members
    user, urls = m.members("user"), m.members("urls")
    found = yield from ask(FindGame(_game(m, game)))
    player_id = m.name("account_id") if m.has("account_id") else user.name("id")
    launched = yield from ask(
        OpenSession(
            player_id,
            found.game_id,
            PutPlayer(player_id, m.text("currency", 32), country=user.optional_country("country")),
            language=language_of(m.optional_text("locale", 16)),
            device=CLIENTS[m.one_of("client_type", *CLIENTS)] if m.has("client_type") else None,
            return_url=urls.optional_address("return_url"),
            deposit_url=urls.optional_address("deposit_url"),
            ip=ip_of(m.optional_text("ip")),
            jurisdiction=m.optional_text("jurisdiction"),
            campaign_id=(yield from promised(player_id, found.game_id)),
        )
    )
    return _options(launched)


def demo(asked: Asked, game: str) -> Steps[Result]:
    m = asked.members
    found = yield from ask(FindGame(_game(m, game)))
    currency = m.optional_text("currency", 32) or asked.operator.currencies[0]
    home = m.members("urls").optional_address("return_url")
    language = language_of(m.optional_text("locale", 16))
    return _options((yield from ask(OpenDemo(found.game_id, currency, language=language, return_url=home))))


def _game(m: Members, name: str) -> str:
    """Both APIs' casinos know the launch of the first one, where the game is ``game``."""
    return game_named(m.text(name if m.has(name) else "game", 128))


def _options(launched: Launched) -> Result:
    return {"launch_options": {"game_url": launched.launch_url, "strategy": "iframe"}}
