"""What a wallet's answer means: its `error` number, for the kind of call it answers."""

from collections.abc import Mapping
from decimal import Decimal

from croupier.dialects.decimals import nearest, number
from croupier.dialects.pragmatic.names import scale
from croupier.dialects.retry_after import retry_after_ms
from croupier.dialects.strict_json import Loose, NotStrict, read_decimals
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
TEXT_MAX = 200
REFERENCE_MAX = 64
TOKEN_MAX = 512


def outcome(call: WalletCall, answer: HttpResponse | NoAnswer, at: int) -> Outcome:
    if isinstance(answer, NoAnswer):
        return Unknown(answer.why, answer.detail)
    if answer.status != 200:
        return Unknown(f"http_{answer.status}", retry_after_ms=retry_after_ms(answer, at))
    try:
        members = read_decimals(answer.body)
    except NotStrict as doubted:
        return Unknown("empty" if not answer.body.strip() else doubted.why, doubted.detail)
    error = _error(members.get("error"))
    if error is None:
        shown = members.get("error")
        return Unknown("missing_error" if shown is None else "bad_error", ascii(shown)[:80])
    if error:
        return _refused(call, error, _text(members.get("description"), TEXT_MAX) or "")
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
    reference = None if isinstance(call, Balance | EndRound) else _text(members.get("transactionId"), REFERENCE_MAX)
    return Accepted(minor, reference)


def _introduced(members: Mapping[str, Loose]) -> Outcome:
    player_id, currency = _text(members.get("userId"), 64), _text(members.get("currency"), 16)
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
        token=_text(members.get("token"), TOKEN_MAX),
        country=_text(members.get("country"), 2),
        jurisdiction=_text(members.get("jurisdiction"), 16),
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


def _text(value: Loose, longest: int) -> str | None:
    text = str(value) if type(value) is int or isinstance(value, str) else ""
    return text if 1 <= len(text) <= longest and text.isprintable() else None
