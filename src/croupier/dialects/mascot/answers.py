"""What a wallet's answer means: the dialect's table, and what real wallets make of it."""

from croupier.dialects.mascot import signature
from croupier.dialects.mascot.names import scale, subject_of, whole
from croupier.dialects.retry_after import retry_after_ms
from croupier.dialects.strangers_texts import plain, reference
from croupier.dialects.strict_json import Loose, NotStrict, read_decimals
from croupier.domain.exchange import HttpRequest, HttpResponse, NoAnswer
from croupier.domain.parties import Operator
from croupier.wallet.calls import Balance, Batch, Bet, Rollback, WalletCall
from croupier.wallet.outcome import Accepted, Declined, Outcome, Unknown

DECLINES = {
    1: "insufficient_funds",
    2: "currency_mismatch",
    3: "invalid_amount",
    4: "invalid_amount",
    5: "limit_reached",
    6: "limit_or_rolled_back",
}
"""Nothing moved. 7 and 8 are not here: some wallets use them for everything that went wrong."""

NEVER_RAN = frozenset({-32700, -32600, -32601})
"""The method was not called. -32602 is not here: many servers answer so when the method itself fails."""

CODE_MAX = 2**31 - 1

AGAIN = frozenset({408, 425, 429})
"""A proxy's words, whatever stands below them."""


def outcome(
    call: WalletCall, operator: Operator, answer: HttpResponse | NoAnswer, at: int, request: HttpRequest | None
) -> Outcome:
    if isinstance(answer, NoAnswer):
        return Unknown(answer.why, answer.detail)
    status = answer.status
    if status in AGAIN or not (200 <= status < 300 or 400 <= status < 500):
        return Unknown(f"http_{status}", retry_after_ms=retry_after_ms(answer, at))
    if doubt := _signature_doubt(operator, answer, request):
        return Unknown(doubt)
    if not answer.body.strip() and status < 300:
        settled = isinstance(call, Rollback) and operator.settings.get("empty_rollback_is_success") == "on"
        return Accepted(None) if settled else Unknown("empty")
    try:
        members = read_decimals(answer.body)
    except NotStrict as doubted:
        why = doubted.why if status < 300 else f"http_{status}"
        return Unknown(why, doubted.detail, retry_after_ms=retry_after_ms(answer, at))
    error = members.get("error")
    if error is not None:
        return _refused(call, members, error, status)
    if status >= 300 or "result" not in members:
        return Unknown(f"http_{status}" if status >= 300 else "missing_result")
    return _done(call, operator, members["result"])


def _done(call: WalletCall, operator: Operator, result: Loose) -> Outcome:
    if isinstance(call, Rollback):
        # {}, [], null, true: all seen, and none of them is an error.
        good = result is None or result is True or result == [] or isinstance(result, dict)
        return Accepted(None) if good else Unknown("bad_result", ascii(result)[:80])
    if not isinstance(result, dict):
        return Unknown("bad_result", ascii(result)[:80])
    name = "balance" if isinstance(call, Balance) else "newBalance"
    balance = whole(result.get(name))
    if balance is None:
        shown = result.get(name)
        return Unknown(f"missing_{name}" if shown is None else f"bad_{name}", ascii(shown)[:80])
    left = whole(result.get("freeroundsLeft", result.get("freeRoundsLeft")))
    charged = result.get("freeroundWasCharged") is True if isinstance(call, Bet) and call.charge_free_round else None
    theirs = None if isinstance(call, Balance) else reference(result.get("transactionId"))
    return Accepted(scale(call.context.currency, operator).minor(balance), theirs, charged, left)


def _refused(call: WalletCall, members: dict[str, Loose], error: Loose, status: int) -> Outcome:
    code = error.get("code") if isinstance(error, dict) else None
    if not isinstance(error, dict) or type(code) is not int or abs(code) > CODE_MAX:
        return Unknown("bad_error", ascii(error)[:80])
    if members.get("result") is not None:
        return Unknown("result_and_error", f"error {code}")
    message = error.get("message", error.get("messsage"))
    text = plain(message)
    why = f"error_{code}"
    if isinstance(call, Balance):
        if code in DECLINES:
            return Declined(DECLINES[code], text)
        not_taken = code in NEVER_RAN or code == -32602
        return Declined("protocol", text) if not_taken and status < 300 else Unknown(why, text)
    # Money owed is never dropped because a wallet refuses it: wins and rollbacks are sent again.
    if isinstance(call, Bet | Batch):
        if code in DECLINES:
            return Declined(DECLINES[code], text)
        if code in NEVER_RAN and status < 300:
            return Declined("protocol", text)
    return Unknown(why, text)


def _signature_doubt(operator: Operator, answer: HttpResponse, request: HttpRequest | None) -> str | None:
    """A signature that is there must be right, and be made for this very request."""
    if answer.header(signature.SIGNATURE) is None:
        return "unsigned" if operator.settings.get("response_signature") == "required" else None
    signed = signature.read(answer.last_header)
    asked = signature.read(request.last_header) if request is not None else None
    good = (
        signed is not None
        and asked is not None
        and signed.subject == subject_of(operator)
        and (signed.nonce, signed.timestamp) == (asked.nonce, asked.timestamp)
        and signature.proves(signed, signature.callback_keys(operator), answer.body)
    )
    return None if good else "bad_signature"
