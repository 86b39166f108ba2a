"""What a wallet's answer means: a balance and the operator's id, or an `error_code`."""

from croupier.dialects.decimals import nearest, number
from croupier.dialects.retry_after import retry_after_ms
from croupier.dialects.slotegrator.names import scale
from croupier.dialects.strict_json import Loose, NotStrict, read_decimals
from croupier.domain.exchange import HttpResponse, NoAnswer
from croupier.domain.parties import Operator
from croupier.wallet.calls import Balance, Bet, WalletCall
from croupier.wallet.outcome import Accepted, Declined, Outcome, Unknown

FUNDS, INTERNAL = "INSUFFICIENT_FUNDS", "INTERNAL_ERROR"
MESSAGE_MAX = 200
REFERENCE_MAX = 64


def outcome(call: WalletCall, operator: Operator, answer: HttpResponse | NoAnswer, at: int) -> Outcome:
    if isinstance(answer, NoAnswer):
        return Unknown(answer.why, answer.detail)
    if answer.status != 200:
        return Unknown(f"http_{answer.status}", retry_after_ms=retry_after_ms(answer, at))
    try:
        members = read_decimals(answer.body)
    except NotStrict as doubted:
        return Unknown("empty" if not answer.body.strip() else doubted.why, doubted.detail)
    if members.get("error_code") not in (None, ""):
        return _refused(call, members)
    balance = number(members.get("balance"))
    if balance is None:
        shown = members.get("balance")
        return Unknown("missing_balance" if shown is None else "bad_balance", ascii(shown)[:80])
    reference = None if isinstance(call, Balance) else _reference(members.get("transaction_id"))
    if isinstance(call, Bet) and reference is None:
        return Unknown("missing_transaction_id")
    return Accepted(nearest(balance, scale(call.context.currency, operator)), reference)


def _refused(call: WalletCall, members: dict[str, Loose]) -> Outcome:
    code, described = members.get("error_code"), members.get("error_description")
    message = "".join(c for c in described if c.isprintable())[:MESSAGE_MAX] if isinstance(described, str) else ""
    if code == FUNDS and isinstance(call, Bet | Balance):
        return Declined("insufficient_funds", message)
    word = code[:40] if isinstance(code, str) and code.isprintable() else ascii(code)[:40]
    if isinstance(call, Balance):
        return Declined("refused", f"{word}: {message}" if message else word)
    # "Not executed", says the API of INTERNAL_ERROR, and wants a refund all the same: that one is always taken.
    return Unknown(word, message)


def _reference(value: Loose) -> str | None:
    text = str(value) if type(value) is int or isinstance(value, str) else ""
    return text if 1 <= len(text) <= REFERENCE_MAX and text.isprintable() else None
