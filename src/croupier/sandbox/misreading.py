"""Wallets that read requests wrongly: signatures that are not checked, types and fields that are guessed."""

import json
import math
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from functools import partial
from itertools import product
from typing import Any

import msgspec

from croupier.dialects.forms import NotAForm
from croupier.dialects.operator_half import BadRequest, OperatorHalf
from croupier.dialects.signed_again import SIGNED_AGAIN
from croupier.domain.exchange import HttpRequest
from croupier.domain.parties import Operator
from croupier.sandbox.bodies import (
    CENT,
    amounts_of,
    beside_the_amount,
    cut,
    digits_of,
    fields_of,
    is_form,
    is_negative,
    lowered,
    positive,
    with_amounts,
    with_fields,
)
from croupier.wallet.calls import Bet, WalletCall, Win
from croupier.wallet.signature import SIGNATURE, TIMESTAMP, secret_of

TEXT_ZERO = Decimal("0.00")
OWN_ID = "supplier_transaction_id"
Reads = Callable[[HttpRequest, Operator, int, OperatorHalf], WalletCall]
"""The call in a request that arrived at this moment (microseconds); BadRequest."""

OTHER_SECRET = secret_of(b"a secret that nobody agreed on")
RAISED = 1000
UNITS = (1, 1000)
"""How many of what the wire counts are a minor unit."""
LARGE = 32_768
VERB = "verb"
"""The bet that a win names which was read from a bet's body."""


def by_the_book(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
    return half.read(request, operator, at)


def signed_again(request: HttpRequest, operator: Operator, at: int, body: bytes) -> HttpRequest:
    sign = SIGNED_AGAIN.get(operator.dialect)
    if sign is None:
        return request  # certify skips the rules that such a bug would break
    try:
        return sign(request, operator, at, body)
    except NotAForm:
        return request  # what it is, reading it tells


def with_another_secret(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
    secret = OTHER_SECRET if operator.dialect == "native" else "another-secret"
    return half.read(request, msgspec.structs.replace(operator, wallet_secrets=(secret,)), at)


def without_checking(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
    return half.read(signed_again(request, operator, at, request.body), operator, at)


def without_checking_if_unsigned(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
    return (half.read if _is_signed(request) else _unchecked(half))(request, operator, at)


def _is_signed(request: HttpRequest) -> bool:
    return any("sign" in name.lower() for name, _ in request.headers) or "hash" in fields_of(request)


def _unchecked(half: OperatorHalf) -> Callable[[HttpRequest, Operator, int], WalletCall]:
    return lambda request, operator, at: without_checking(request, operator, at, half)


def without_the_amount(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
    """The amount is not part of what is signed: one that was raised on the way is not noticed."""
    try:
        return half.read(request, operator, at)
    except BadRequest as error:
        for unit in UNITS:
            lower = with_amounts(request, partial(lowered, by=RAISED * unit))
            if lower is None or not _is_signed(request):
                break
            with suppress(BadRequest):
                half.read(msgspec.structs.replace(request, body=lower), operator, at)
                return without_checking(request, operator, at, half)
        raise error from None


def over_data_written_again(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
    try:
        members = json.loads(request.body)
    except ValueError:
        return half.read(request, operator, at)
    body = json.dumps(members, separators=(",", ":"), ensure_ascii=True).encode()
    return half.read(msgspec.structs.replace(request, body=body), operator, at)


def at_any_time(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:  # noqa: ARG001 - as Reads
    return half.read(request, operator, None)


def with_any_verb(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
    """A bet's body at the win's address is a win."""
    if request.url.endswith("/win") and _is_body_of_bet(fields_of(request)):
        call = half.read(msgspec.structs.replace(request, url=request.url[:-3] + "bet"), operator, at)
        assert isinstance(call, Bet)
        return Win(call.context, call.transaction_id, call.round_id, call.amount, VERB)
    return half.read(request, operator, at)


def _is_body_of_bet(fields: dict[str, Any]) -> bool:
    names_no_bet = "transaction_uuid" in fields and "reference_transaction_uuid" not in fields
    return fields.get("type") == "bet" or (names_no_bet and not fields.get("is_supplier_promo"))


def remembering_forged_bets(forged: set[str]) -> Reads:
    """Keeps the id of a bet, then checks its signature."""

    def read(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
        try:
            return half.read(request, operator, at)
        except BadRequest:
            if _is_signed(request):
                with suppress(BadRequest):  # it was not the signature alone
                    forged.add(without_checking(request, operator, at, half).id)
            raise

    return read


def noting_forged_bets(forged: set[str]) -> Reads:
    """Reads a bet whose signature is wrong as if it were right, and notes its id."""

    def read(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
        try:
            return half.read(request, operator, at)
        except BadRequest:
            call = without_checking(request, operator, at, half)
            if not isinstance(call, Bet) or not _is_signed(request):
                raise
            forged.add(call.id)
            return call

    return read


def only_the_first_signature(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
    headers = tuple((n, v.split(" ")[0] if n.lower() == SIGNATURE else v) for n, v in request.headers)
    return half.read(msgspec.structs.replace(request, headers=headers), operator, at)


def refusing(wrong: Callable[[dict[str, Any]], bool], status: int = 400) -> Reads:
    """Refuses requests that are right."""

    def read(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
        call = half.read(request, operator, at)
        if wrong(fields_of(request)):
            raise BadRequest(status, "bad_request", "unexpected input")
        return call

    return read


def crashing(on: Callable[[bytes], bool]) -> Reads:
    """Answers these bodies with a 500."""

    def read(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
        if on(request.body):
            raise BadRequest(500, "internal_error", "Internal server error")
        return half.read(request, operator, at)

    return read


def cutting_decimals(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
    """Takes an amount with more decimals than its currency has for a smaller one."""
    change, given = partial(cut, digits=digits_of(request)), amounts_of(request)
    body = with_amounts(request, change)
    if body is None or [change(one) for one in given] == given:
        return half.read(request, operator, at)
    return half.read(signed_again(request, operator, at, body), operator, at)


def cut_at_32(name: str) -> str | None:
    """Of ids that differ in their last letter only, after a row of the same: some APIs repeat an id in the answer."""
    return name[:32] if len(set(name[32:63])) == 1 else None


def case_ignored(name: str) -> str | None:
    """Of the two letters in which the rule's ids differ: other calls name the id as it was."""
    return name[:-2] + "ab" if name[-2:].lower() == "ab" else None


def as_number(name: str) -> str | None:
    return str(int(name)) if name.isdigit() else None


def negative(kind: type[Bet] | type[Win]) -> Reads:
    """Reads a negative amount as such."""

    def read(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
        body = with_amounts(request, positive)
        if body is None or not any(is_negative(one) for one in amounts_of(request)):
            return half.read(request, operator, at)
        call = half.read(signed_again(request, operator, at, body), operator, at)
        if isinstance(call, kind):
            return msgspec.structs.replace(call, amount=-call.amount)
        return half.read(request, operator, at)

    return read


def missing_is_zero(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
    """Of a bet: in the APIs that have it as a call of its own."""
    names = ("withdraw", "amount")
    if beside_the_amount(request).keys().isdisjoint(names):
        for name, zero in product(names, _zeros(request)):
            with_zero = signed_again(request, operator, at, with_fields(request, {name: zero}))
            with suppress(BadRequest):
                call = half.read(with_zero, operator, at)
                if isinstance(call, Bet):
                    return msgspec.structs.replace(call, amount=0)
    return half.read(request, operator, at)


def nan_is_zero(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
    if any(_is_nan(one) for one in amounts_of(request)):
        for zero in _zeros(request):
            body = with_amounts(request, partial(_number_or, zero))
            with suppress(BadRequest):
                call = half.read(signed_again(request, operator, at, body or b""), operator, at)
                return msgspec.structs.replace(call, amount=0) if isinstance(call, Bet | Win) else call
    return half.read(request, operator, at)


def _zeros(request: HttpRequest) -> tuple[object, ...]:
    """What may stand for nothing in this API; where amounts are above 0, the smallest."""
    texts = any(isinstance(one, str | Decimal) for one in amounts_of(request))
    return (TEXT_ZERO if is_form(request) or texts else 0, TEXT_ZERO, CENT)


def _number_or(zero: object, amount: object) -> object:
    return zero if _is_nan(amount) else amount


def _is_nan(amount: object) -> bool:
    return amount == "NaN" or (isinstance(amount, float) and math.isnan(amount))


def renaming(change: Callable[[str], str | None]) -> Reads:
    """Keeps ids of bets in another form; None = this one as it is."""

    def read(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
        call = half.read(request, operator, at)
        if isinstance(call, Bet):
            # Where ids are UUIDs, the platform's own stands beside them: this wallet knows bets by that.
            kept = change(str(fields_of(request).get(OWN_ID, call.transaction_id)))
            return msgspec.structs.replace(call, transaction_id=kept or call.transaction_id)
        return call

    return read


def by_time_stamp() -> Reads:
    """Knows a repeated bet by its time stamp, or the attempt's own name, too: signed anew it is another one."""
    known: dict[str, str] = {}

    def read(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
        call = half.read(request, operator, at)
        if not isinstance(call, Bet):
            return call
        named = fields_of(request).get("request_uuid")
        stamp = request.last_header(TIMESTAMP) or request.last_header("X-Timestamp") or str(named)
        first = known.setdefault(f"{call.context.player_id}/{call.transaction_id}/{call.amount}", stamp)
        return call if stamp == first else msgspec.structs.replace(call, transaction_id=call.transaction_id + "~2")

    return read
