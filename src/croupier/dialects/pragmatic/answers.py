"""What a wallet's answer means: its `error` number, for the kind of call it answers."""

from collections.abc import Mapping
from decimal import Decimal

from croupier.dialects.decimals import nearest, number
from croupier.dialects.ok_answers import read_ok
from croupier.dialects.pragmatic.names import scale
from croupier.dialects.strangers_texts import plain, reference
from croupier.dialects.strict_json import Loose
from croupier.domain.exchange import HttpResponse, NoAnswer
from croupier.domain.ids import ID
from croupier.domain.money import CURRENCIES
from croupier.domain.parties import Limits
from croupier.wallet.calls import Balance, Bet, EndRound, Rollback, WalletCall
from croupier.wallet.outcome import Accepted, Declined, Introduced, Outcome, Unknown

DECLINES = {
    1: "insufficient_funds",
    2: "unknown_player",
    3: "not_allowed",
    4: "session_expired",
    5: "signature",
    6: "player_blocked",
    7: "parameters",
    8: "game_disabled",
    50: "limit_reached",
    210: "reality_check",
    310: "limit_reached",
}
"""On a bet these say that nothing moved."""

NOT_REPEATED = 120
"""The operator wants no repeat; what is owed is owed all the same, so people are told and it is sent each hour."""
HOUR_MS = 3_600_000
TOKEN_MAX = 512


def outcome(call: WalletCall, answer: HttpResponse | NoAnswer, at: int) -> Outcome:
    members = read_ok(answer, at)
    if isinstance(members, Unknown):
        return members
    error = _error(members.get("error"))
    if error is None:
        shown = members.get("error")
        return Unknown("missing_error" if shown is None else "bad_error", ascii(shown)[:80])
    if error:
        return _refused(call, error, plain(members.get("description")))
    if isinstance(call, Balance) and call.introduces:
        return _introduced(members)
    return _done(call, members)


def _error(value: Loose) -> int | None:
    """A number, or a text of digits."""
    read = number(value)
    return int(read) if read is not None and read == read.to_integral_value() and 0 <= read < 1_000_000 else None


def _refused(call: WalletCall, error: int, message: str) -> Outcome:
    declines = error in DECLINES or (error == NOT_REPEATED and isinstance(call, Balance))
    if declines and isinstance(call, Balance | Bet):
        return Declined(DECLINES.get(error, "refused"), message)
    if error == NOT_REPEATED and not isinstance(call, Balance | Bet):
        return Unknown(f"error_{error}", message, retry_after_ms=HOUR_MS, alarm=True)
    return Unknown(f"error_{error}", message)


def _done(call: WalletCall, members: Mapping[str, Loose]) -> Outcome:
    currency = members.get("currency")
    if currency not in (None, "", call.context.currency):
        return Unknown("wrong_currency", ascii(currency)[:80])
    balance = _balance(members)
    if balance is None and not isinstance(call, Rollback | EndRound):
        shown = members.get("cash")
        return Unknown("missing_cash" if shown is None else "bad_cash", ascii(shown)[:80])
    minor = None if balance is None else nearest(balance, scale(call.context.currency))
    return Accepted(minor, None if isinstance(call, Balance | EndRound) else reference(members.get("transactionId")))


def _introduced(members: Mapping[str, Loose]) -> Outcome:
    player_id, currency = reference(members.get("userId")), reference(members.get("currency"), 16)
    if player_id is None or ID.match(player_id) is None:
        return Unknown("bad_userId", ascii(members.get("userId"))[:80])
    if currency not in CURRENCIES:
        return Unknown("bad_currency", ascii(currency)[:80])
    balance = _balance(members)
    if balance is None:
        return Unknown("bad_cash", ascii(members.get("cash"))[:80])
    return Introduced(
        balance=nearest(balance, scale(currency)),
        player_id=player_id,
        currency=currency,
        token=reference(members.get("token"), TOKEN_MAX),
        country=reference(members.get("country"), 2),
        jurisdiction=reference(members.get("jurisdiction"), 16),
        limits=_limits(members.get("betLimits"), currency),
    )


def _balance(members: Mapping[str, Loose]) -> Decimal | None:
    """Cash and bonus money together; a wallet without bonus money may leave that one out."""
    cash, bonus = number(members.get("cash")), members.get("bonus")
    more = Decimal(0) if bonus in (None, "") else number(bonus)
    return cash + more if cash is not None and more is not None else None


def _limits(value: Loose, currency: str) -> Limits:
    """Those of the session; 0, and what cannot be read, is none."""
    given = value if isinstance(value, dict) else {}
    least, most = number(given.get("minTotalBet")), number(given.get("maxTotalBet"))
    counted = scale(currency)
    return Limits(nearest(least, counted) or None if least else None, nearest(most, counted) or None if most else None)
