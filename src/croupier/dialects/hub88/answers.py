"""What a wallet's answer means: its status word, for the kind of call it answers."""

import json

from croupier.dialects.hub88.names import WIRE_MAX, scale
from croupier.dialects.retry_after import retry_after_ms
from croupier.dialects.strangers_texts import visible
from croupier.dialects.strict_json import Loose, NotStrict, read_decimals
from croupier.domain.exchange import HttpRequest, HttpResponse, NoAnswer
from croupier.wallet.calls import Balance, Bet, Rollback, WalletCall
from croupier.wallet.outcome import Accepted, Conflict, Declined, Outcome, Unknown

ERROR = "RS_ERROR_"
OK = "RS_OK"

DECLINES = {
    "NOT_ENOUGH_MONEY": "insufficient_funds",
    "LIMIT_REACHED": "limit_reached",
    "TRANSACTION_ROLLED_BACK": "already_rolled_back",
}
"""On a bet these alone say that nothing moved: after any other word this API wants a rollback."""

REFUSES_BALANCE = {
    **{word: reason for word, reason in DECLINES.items() if word != "TRANSACTION_ROLLED_BACK"},
    "INVALID_TOKEN": "session_expired",
    "TOKEN_EXPIRED": "session_expired",
    "USER_DISABLED": "player_blocked",
    "WRONG_CURRENCY": "currency_mismatch",
    **dict.fromkeys(
        ("INVALID_GAME", "INVALID_PARTNER", "INVALID_SIGNATURE", "WRONG_SYNTAX", "WRONG_TYPES"), "protocol"
    ),
}


def outcome(call: WalletCall, answer: HttpResponse | NoAnswer, at: int, request: HttpRequest | None) -> Outcome:
    if isinstance(answer, NoAnswer):
        return Unknown(answer.why, answer.detail)
    wrong_status = f"http_{answer.status}" if answer.status != 200 else ""
    try:
        members = read_decimals(answer.body)
    except NotStrict as doubted:
        return Unknown(wrong_status or doubted.why, doubted.detail, retry_after_ms=retry_after_ms(answer, at))
    status = members.get("status")
    word = visible(status).removeprefix(ERROR) if isinstance(status, str) and status.startswith(ERROR) else ""
    if wrong_status and not (isinstance(call, Balance) and word in REFUSES_BALANCE):
        return Unknown(wrong_status, word[:80], retry_after_ms=retry_after_ms(answer, at))
    asked = _asked(request)
    if status == OK:
        return _done(call, members, asked)
    if not word:
        return Unknown("missing_status" if status is None else "bad_status", ascii(status)[:80])
    if members.get("request_uuid") not in (None, asked):
        # The answer to another call, which refused that one.
        return Unknown("wrong_request_uuid", word[:80])
    return _refused(call, members, word)


def _done(call: WalletCall, members: dict[str, Loose], asked: object) -> Outcome:
    if members.get("request_uuid") != asked:
        return Unknown("wrong_request_uuid", ascii(members.get("request_uuid"))[:80])
    currency, user = members.get("currency"), members.get("user")
    if currency not in (None, call.context.currency):
        return Unknown("wrong_currency", ascii(currency)[:80])
    if user not in (None, call.context.player_id):
        return Unknown("wrong_user", ascii(user)[:80])
    balance = _balance(call, members)
    if balance is None:
        shown = members.get("balance")
        return Unknown("missing_balance" if shown is None else "bad_balance", ascii(shown)[:80])
    return Accepted(balance)


def _refused(call: WalletCall, members: dict[str, Loose], word: str) -> Outcome:
    status, balance = ERROR + word, _balance(call, members)
    if isinstance(call, Balance):
        reason = REFUSES_BALANCE.get(word)
        return Declined(reason, status, balance) if reason is not None else Unknown(status[:80])
    if word == "DUPLICATE_TRANSACTION":
        return Conflict(status)
    if isinstance(call, Bet) and word in DECLINES:
        return Declined(DECLINES[word], status, balance)
    if isinstance(call, Rollback) and word == "TRANSACTION_ROLLED_BACK":
        return Accepted(balance)
    if isinstance(call, Rollback) and word == "TRANSACTION_DOES_NOT_EXIST":
        return Declined("not_found", status, balance)
    # Money owed is never dropped because a wallet refuses it.
    return Unknown(status[:80])


def _balance(call: WalletCall, members: dict[str, Loose]) -> int | None:
    value = members.get("balance")
    good = type(value) is int and abs(value) <= WIRE_MAX
    return scale(call.context.currency).minor(value) if good and isinstance(value, int) else None


def _asked(request: HttpRequest | None) -> object:
    """What the answer has to repeat, also of a request that was made wrong on purpose."""
    try:
        members = json.loads(request.body) if request is not None else None
    except (ValueError, RecursionError):
        return None
    return members.get("request_uuid") if isinstance(members, dict) else None
