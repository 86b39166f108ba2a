"""What a wallet's answer means: a balance and the operator's id, or an `error_code`."""

from croupier.dialects.decimals import nearest, number
from croupier.dialects.ok_answers import read_ok
from croupier.dialects.slotegrator.names import scale
from croupier.dialects.strangers_texts import plain, reference
from croupier.dialects.strict_json import Loose
from croupier.domain.exchange import HttpResponse, NoAnswer
from croupier.domain.parties import Operator
from croupier.wallet.calls import Balance, Bet, WalletCall
from croupier.wallet.outcome import Accepted, Declined, Outcome, Unknown

FUNDS, INTERNAL = "INSUFFICIENT_FUNDS", "INTERNAL_ERROR"


def outcome(call: WalletCall, operator: Operator, answer: HttpResponse | NoAnswer, at: int) -> Outcome:
    members = read_ok(answer, at)
    if isinstance(members, Unknown):
        return members
    if members.get("error_code") not in (None, ""):
        return _refused(call, members)
    balance = number(members.get("balance"))
    if balance is None:
        shown = members.get("balance")
        return Unknown("missing_balance" if shown is None else "bad_balance", ascii(shown)[:80])
    theirs = None if isinstance(call, Balance) else reference(members.get("transaction_id"))
    if isinstance(call, Bet) and theirs is None:
        return Unknown("missing_transaction_id")
    return Accepted(nearest(balance, scale(call.context.currency, operator)), theirs)


def _refused(call: WalletCall, members: dict[str, Loose]) -> Outcome:
    code, described = members.get("error_code"), members.get("error_description")
    message = plain(described)
    if code == FUNDS and isinstance(call, Bet | Balance):
        return Declined("insufficient_funds", message)
    word = code[:40] if isinstance(code, str) and code.isprintable() else ascii(code)[:40]
    if isinstance(call, Balance):
        return Declined("refused", f"{word}: {message}" if message else word)
    # "Not executed", says the API of INTERNAL_ERROR, and wants a refund all the same: that one is always taken.
    return Unknown(word, message)
