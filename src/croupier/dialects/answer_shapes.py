"""The shape of a dialect's answers, learnt from its own two halves: whatever is spoken here needs no second table."""

from typing import Protocol

import msgspec

from croupier.domain.exchange import HttpRequest, HttpResponse
from croupier.domain.parties import Operator
from croupier.wallet.answer_shape import AnswerShape, Pointer, leaves, value_at, without
from croupier.wallet.calls import WalletCall
from croupier.wallet.dialect import Dialect
from croupier.wallet.outcome import Accepted, Outcome

REFERENCE = "op-4711"
ELSEWHERE = "op-1147"


class Answers(Protocol):
    """Of an operator's half, what is needed here."""

    def answer(self, request: HttpRequest, call: WalletCall, outcome: Outcome, operator: Operator) -> HttpResponse: ...


def answer_shape(
    dialect: Dialect,
    half: Answers,
    operator: Operator,
    *,
    call: WalletCall,
    request: HttpRequest,
    balance: int = 100_003,
) -> AnswerShape:
    """What a wallet that has `balance` minor units after this call would answer.

    The operator's half writes the answer twice, with other values, to see where they are; our half reads it without
    one field after another, to see which it needs.
    """
    # Only the answer's members are asked for: a signature would hide them all.
    operator = msgspec.structs.replace(
        operator,
        signed_answers=False,
        answer_secrets=(),
        settings=operator.settings | {"response_signature": "off"},
    )

    def example(left: int, reference: str) -> HttpResponse:
        return half.answer(request, call, Accepted(left, reference), operator)

    written = example(balance, REFERENCE)
    members = msgspec.json.decode(written.body)
    other_balance = dict(leaves(msgspec.json.decode(example(balance + 10_000, REFERENCE).body)))
    other_reference = dict(leaves(msgspec.json.decode(example(balance, ELSEWHERE).body)))
    places = dict(leaves(members))

    def changed(other: dict[Pointer, object]) -> Pointer | None:
        return next((at for at, value in places.items() if at in other and other[at] != value), None)

    def understood(value: object) -> bool:
        body = msgspec.json.encode(value)
        answer = msgspec.structs.replace(written, body=body)
        return isinstance(dialect.outcome(call, operator, answer, 0, request), Accepted)

    required = frozenset(at for at in places if not understood(without(members, at)))
    currency = next((at for at, value in places.items() if value == call.context.currency and value), None)
    at_balance = changed(other_balance)
    one_more = example(balance + dialect.step(call.context.currency, operator), REFERENCE)
    balances = (value_at(one, at_balance or ()) for one in (members, msgspec.json.decode(one_more.body)))
    decimals = any(type(one) is float for one in balances)
    return AnswerShape(written.body, required, at_balance, currency, changed(other_reference), decimals=decimals)
