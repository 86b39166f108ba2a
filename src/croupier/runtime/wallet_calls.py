"""One attempt of one wallet call: the dialect's bytes out, its Outcome back, the exchange kept."""

import hashlib
import logging
from collections.abc import Mapping

import msgspec

from croupier.domain.exchange import Exchange, HttpResponse, NoAnswer
from croupier.domain.ids import exchange_id
from croupier.domain.parties import Operator
from croupier.runtime.admission import Admission
from croupier.runtime.masks import Masks, masked_answer, masked_body, masked_request, masks_of
from croupier.runtime.world import World
from croupier.wallet.calls import Balance, Bet, WalletCall, name_of
from croupier.wallet.dialect import Dialect
from croupier.wallet.outcome import Accepted, Conflict, Declined, Introduced, Outcome, Unknown

log = logging.getLogger("croupier.wallet")

ANSWER_KEPT = 2048
"""Bytes of the answer that go into the journal beside its digest."""

WRONG_SIGNATURE = "bad_signature"
"""The reason of an answer whose signature does not fit."""


VERDICTS: dict[type, str] = {
    Accepted: "accepted",
    Introduced: "accepted",
    Declined: "declined",
    Unknown: "unknown",
    Conflict: "conflict",
}


class Answer(msgspec.Struct, frozen=True, gc=False):
    outcome: Outcome
    sent_at: int
    at: int
    status: int | None
    body: bytes
    digest: bytes
    exchange_id: str


class WalletCalls:
    """Sends calls in the operator's dialect. Never raises for anything the wallet does."""

    def __init__(self, world: World, dialects: Mapping[str, Dialect], admission: Admission) -> None:
        self.world = world
        self.dialects = dialects
        self.admission = admission
        self.counted = dict.fromkeys(VERDICTS.values(), 0)
        """Verdict -> calls since the start."""

    async def ask(self, operator: Operator, call: WalletCall, attempt: int = 1) -> Answer:
        world, who, dialect = self.world, call.context, self.dialects[operator.dialect]
        sent_at = world.clock.now()
        request = dialect.request(call, operator, sent_at, attempt)
        kind = type(call)
        owed = kind is not Bet and kind is not Balance
        heard = await world.network.send(request, private=operator.test, operator_id=operator.operator_id, owed=owed)
        at = world.clock.now()
        try:
            outcome = dialect.outcome(call, operator, heard, at, request)
        except Exception as mistake:
            # Of our reader. What it breaks on is no clear answer: the round goes on as after any other such.
            log.exception("the answer to %s cannot be read", call.id)
            outcome = Unknown("unreadable", f"our mistake: {type(mistake).__name__}", alarm=True)
        status, body = (heard.status, heard.body) if type(heard) is HttpResponse else (None, b"")
        masks = masks_of(operator, dialect.abilities, who.operator_token)
        verdict = VERDICTS[type(outcome)]
        self.counted[verdict] += 1
        why = "" if verdict == "accepted" else why_of(outcome)
        if kind is not Balance:
            breaker = self.admission.of(operator.operator_id).breaker
            breaker.heard(world.clock.boot(), clear=verdict != "unknown", bet=kind is Bet)
        round_id, transaction_id = (None, None) if isinstance(call, Balance) else (call.round_id, call.transaction_id)
        exchange = Exchange(
            exchange_id=exchange_id(sent_at, world.ids.random(7)),
            operator_id=operator.operator_id,
            direction="out",
            at=sent_at,
            request=masked_request(request, masks),
            answer=_without_new_token(masked_answer(heard, masks, wrong=why == WRONG_SIGNATURE), outcome),
            verdict=verdict,
            why=why,
            round_id=round_id,
            transaction_id=transaction_id,
            player_id=who.player_id,
            session_id=who.session_id,
            call=name_of(call),
            attempt=attempt,
            currency=who.currency,
        )
        world.exchanges.add(exchange)
        kept = masked_body(body, masks.token)[:ANSWER_KEPT]
        return Answer(outcome, sent_at, at, status, kept, hashlib.sha256(body).digest(), exchange.exchange_id)


def why_of(outcome: Outcome) -> str:
    match outcome:
        case Accepted():
            return ""
        case Declined(reason):
            return reason
        case Unknown(why, detail):
            return f"{why}: {detail}" if detail else why
        case Conflict(why):
            return why


def _without_new_token(answer: HttpResponse | NoAnswer, outcome: Outcome) -> HttpResponse | NoAnswer:
    return masked_answer(answer, Masks(outcome.token)) if isinstance(outcome, Introduced) else answer
