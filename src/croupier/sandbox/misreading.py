"""Wallets that read requests wrongly: signatures that are not checked, types and fields that are guessed."""

import json
import math
from collections.abc import Callable
from typing import Any

import msgspec

from croupier.dialects.operator_half import BadRequest, OperatorHalf
from croupier.dialects.signed_again import SIGNED_AGAIN
from croupier.domain.exchange import HttpRequest
from croupier.domain.parties import Operator
from croupier.wallet.calls import Bet, WalletCall, Win
from croupier.wallet.signature import SIGNATURE, TIMESTAMP, secret_of

Reads = Callable[[HttpRequest, Operator, int, OperatorHalf], WalletCall]
"""The call in a request that arrived at this moment (microseconds); BadRequest."""

OTHER_SECRET = secret_of(b"a secret that nobody agreed on")
RAISED = 1000
AMOUNTS = ("amount", "withdraw", "deposit")
LARGE = 32_768
VERB = "verb"
"""The bet that a win names which was read from a bet's body."""


def by_the_book(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
    return half.read(request, operator, at)


def signed_again(request: HttpRequest, operator: Operator, at: int, body: bytes) -> HttpRequest:
    return SIGNED_AGAIN[operator.dialect](request, operator, at, body)


def with_another_secret(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
    secret = OTHER_SECRET if operator.dialect == "native" else "another-secret"
    return half.read(request, msgspec.structs.replace(operator, wallet_secrets=(secret,)), at)


def without_checking(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
    return half.read(signed_again(request, operator, at, request.body), operator, at)


def without_checking_if_unsigned(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
    signed = any("signature" in name.lower() for name, _ in request.headers)
    return (half.read if signed else _unchecked(half))(request, operator, at)


def _unchecked(half: OperatorHalf) -> Callable[[HttpRequest, Operator, int], WalletCall]:
    return lambda request, operator, at: without_checking(request, operator, at, half)


def without_the_amount(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
    """The amount is not part of what is signed: one that was raised on the way is not noticed."""
    try:
        return half.read(request, operator, at)
    except BadRequest as error:
        # What is below was not raised: the deposit of a bet is 0.
        lower = _changed(request.body, lambda one: one - RAISED if isinstance(one, int) and one >= RAISED else one)
        if error.status != 401 or lower is None:
            raise
        half.read(msgspec.structs.replace(request, body=lower), operator, at)
        return without_checking(request, operator, at, half)


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
    members = _object(request.body)
    if request.url.endswith("/win") and members.get("type") == "bet":
        call = half.read(msgspec.structs.replace(request, url=request.url[:-3] + "bet"), operator, at)
        assert isinstance(call, Bet)
        return Win(call.context, call.transaction_id, call.round_id, call.amount, VERB)
    return half.read(request, operator, at)


def remembering_forged_bets(forged: set[str]) -> Reads:
    """Keeps the id of a bet, then checks its signature."""

    def read(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
        try:
            return half.read(request, operator, at)
        except BadRequest as error:
            if error.status == 401 and any("signature" in name.lower() for name, _ in request.headers):
                forged.add(without_checking(request, operator, at, half).id)
            raise

    return read


def only_the_first_signature(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
    headers = tuple((n, v.split(" ")[0] if n.lower() == SIGNATURE else v) for n, v in request.headers)
    return half.read(msgspec.structs.replace(request, headers=headers), operator, at)


def refusing(wrong: Callable[[dict[str, Any]], bool], status: int = 400) -> Reads:
    """Refuses requests that are right."""

    def read(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
        call = half.read(request, operator, at)
        if wrong(_object(request.body)):
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


def mending(change: Callable[[object], object]) -> Reads:
    """Takes an amount that is none for another one."""

    def read(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
        call_body, given = _changed(request.body, change), _amounts(request.body)
        if call_body is None or [change(one) for one in given] == given:
            return half.read(request, operator, at)
        return half.read(signed_again(request, operator, at, call_body), operator, at)

    return read


def cut(amount: object) -> object:
    """Without its decimals."""
    return int(amount) if isinstance(amount, float) and math.isfinite(amount) else amount


def case_ignored(name: str) -> str:
    """Of the two letters in which the rule's ids differ: other calls name the id as it was."""
    return name[:-2] + "ab" if name[-2:].lower() == "ab" else name


def negative(kind: type[Bet] | type[Win]) -> Reads:
    """Reads a negative amount as such."""

    def read(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
        positive = _changed(request.body, lambda one: abs(one) if isinstance(one, int) else one)
        if positive is None or not any(isinstance(one, int) and one < 0 for one in _amounts(request.body)):
            return half.read(request, operator, at)
        call = half.read(signed_again(request, operator, at, positive), operator, at)
        if isinstance(call, kind):
            return msgspec.structs.replace(call, amount=-call.amount)
        return half.read(request, operator, at)

    return read


def missing_is_zero(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
    members = _object(request.body)
    inner, name = (members["params"], "withdraw") if "params" in members else (members, "amount")
    bet = members.get("type") == "bet" or members.get("method") == "withdrawAndDeposit"
    if not bet or name in inner:
        return half.read(request, operator, at)
    inner[name] = 0
    return half.read(signed_again(request, operator, at, json.dumps(members).encode()), operator, at)


def nan_is_zero(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
    if b":NaN" in request.body:
        return half.read(signed_again(request, operator, at, request.body.replace(b":NaN", b":0")), operator, at)
    return half.read(request, operator, at)


def renaming(change: Callable[[str], str]) -> Reads:
    """Keeps ids of bets in another form."""

    def read(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
        call = half.read(request, operator, at)
        if isinstance(call, Bet):
            return msgspec.structs.replace(call, transaction_id=change(call.transaction_id))
        return call

    return read


def by_time_stamp() -> Reads:
    """Knows a repeated bet by its time stamp, too: signed anew it is another one."""
    known: dict[str, str] = {}

    def read(request: HttpRequest, operator: Operator, at: int, half: OperatorHalf) -> WalletCall:
        call = half.read(request, operator, at)
        if not isinstance(call, Bet):
            return call
        stamp = request.last_header(TIMESTAMP) or request.last_header("X-Timestamp") or ""
        first = known.setdefault(f"{call.transaction_id}/{call.amount}", stamp)
        return call if stamp == first else msgspec.structs.replace(call, transaction_id=call.transaction_id + "~2")

    return read


def _object(body: bytes) -> dict[str, Any]:
    try:
        members = json.loads(body)
    except ValueError:
        return {}
    return members if isinstance(members, dict) else {}


def _amounts(body: bytes) -> list[object]:
    members = _object(body)
    inner = members.get("params", members)
    return [inner[name] for name in AMOUNTS if isinstance(inner, dict) and name in inner]


def _changed(body: bytes, change: Callable[[object], object]) -> bytes | None:
    """The body with other amounts; None when it has none."""
    members = _object(body)
    inner = members.get("params", members)
    names = [name for name in AMOUNTS if isinstance(inner, dict) and name in inner]
    if not names:
        return None
    for name in names:
        inner[name] = change(inner[name])
    return json.dumps(members, separators=(",", ":")).encode()
