"""The codes of both APIs, and what each means on which call."""

from croupier.dialects import strangers_texts
from croupier.wallet.calls import Balance, Batch, Bet, Rollback, WalletCall
from croupier.wallet.outcome import Accepted, Declined, Outcome, Unknown

FUNDS, LIMIT = 100, 105
REQUEST, SIGNATURE, NOT_FOUND, NO_SUCH_GAME, NO_FREE_SPINS_HERE = 400, 403, 404, 405, 406
ROLLED_BACK = 409
INTERNAL, UNAVAILABLE = 500, 503
FREE_SPINS, FREE_SPINS_TOO_LONG = 600, 605

DECLINES = {
    FUNDS: "insufficient_funds",
    101: "unknown_player",
    LIMIT: "limit_reached",
    106: "limit_reached",
    107: "game_not_available",
    110: "player_blocked",
    153: "country_not_allowed",
    154: "currency_mismatch",
    155: "currency_mismatch",
    NO_SUCH_GAME: "game_not_available",
    REQUEST: "protocol",
    SIGNATURE: "protocol",
    NOT_FOUND: "protocol",
}
"""On a bet: certainly nothing moved. Money owed is never dropped because of one of these."""

CODES = {reason: code for code, reason in reversed(DECLINES.items())} | {
    "already_rolled_back": ROLLED_BACK,
    "limit_reached": LIMIT,
    "protocol": REQUEST,
}


def refused(call: WalletCall, code: int, message: str, balance: int | None) -> Outcome:
    """What a refusal with this code proves."""
    undoes = isinstance(call, Rollback) or (isinstance(call, Batch) and call.undoes)
    takes = isinstance(call, Bet) or (isinstance(call, Batch) and not call.undoes)
    if undoes and code == ROLLED_BACK:
        return Accepted(balance)
    if takes and code == ROLLED_BACK:
        return Declined("already_rolled_back", message, balance)
    if (takes or isinstance(call, Balance)) and code in DECLINES:
        return Declined(DECLINES[code], message, balance)
    if isinstance(call, Balance) and FREE_SPINS <= code < FREE_SPINS + 100:
        return Declined("protocol", message, balance)
    return Unknown(f"code_{code}", message)


def reference(value: object) -> str | None:
    """The operator's own id; the empty text says that nothing moved. None: there is none that can be read."""
    return "" if value == "" else strangers_texts.reference(value)
