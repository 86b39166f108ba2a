"""One attempt of one wallet call: the dialect's bytes out, its Outcome back, the exchange kept."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import quote_plus

import msgspec

from croupier.domain.exchange import Exchange, Headers, HttpRequest, HttpResponse, NoAnswer
from croupier.domain.ids import exchange_id
from croupier.domain.parties import Operator
from croupier.runtime.admission import Admission
from croupier.runtime.world import World
from croupier.wallet.calls import Balance, Bet, EndRound, Rollback, WalletCall, Win
from croupier.wallet.dialect import Dialect
from croupier.wallet.outcome import Accepted, Conflict, Declined, Introduced, Outcome, Unknown

ANSWER_KEPT = 2048
"""Bytes of the answer that go into the journal beside its digest."""

SECRET_HEADERS = frozenset(
    {
        *("authorization", "webhook-signature", "cookie", "set-cookie"),
        *("x-sign", "x-signature", "x-hub88-signature", "x-request-sign"),
    }
)
OWN_HEADER = "signature_header"
"""The setting of an operator whose signatures have a header of their own."""
MASK = "***"
WRONG_SIGNATURE = "bad_signature"
"""The reason of an answer whose signature does not fit."""


_NAMES: dict[type, str] = {call: str(call.__struct_config__.tag) for call in (Balance, Bet, Win, Rollback, EndRound)}
VERDICTS: dict[type, str] = {
    Accepted: "accepted",
    Introduced: "accepted",
    Declined: "declined",
    Unknown: "unknown",
    Conflict: "conflict",
}


class Answer(msgspec.Struct, frozen=True):
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
        kind, own = type(call), operator.settings.get(OWN_HEADER)
        owed = kind is not Bet and kind is not Balance
        heard = await world.network.send(request, private=operator.test, operator_id=operator.operator_id, owed=owed)
        at = world.clock.now()
        outcome = dialect.outcome(call, operator, heard, at, request)
        status, body = (heard.status, heard.body) if isinstance(heard, HttpResponse) else (None, b"")
        secret = who.operator_token if dialect.abilities.secret_token else None
        verdict = VERDICTS[type(outcome)]
        self.counted[verdict] += 1
        why = "" if verdict == "accepted" else why_of(outcome)
        if kind is not Balance:
            breaker = self.admission.of(operator.operator_id).breaker
            breaker.heard(world.clock.boot(), clear=verdict != "unknown", bet=kind is Bet)
        exchange = Exchange(
            exchange_id=exchange_id(sent_at, world.ids.random(7)),
            operator_id=operator.operator_id,
            direction="out",
            at=sent_at,
            request=masked_request(request, secret, own),
            answer=_without_new_token(masked_answer(heard, secret, wrong=why == WRONG_SIGNATURE, own=own), outcome),
            verdict=verdict,
            why=why,
            round_id=None if isinstance(call, Balance) else call.round_id,
            transaction_id=None if isinstance(call, Balance) else call.transaction_id,
            player_id=who.player_id,
            session_id=who.session_id,
            call=_NAMES[kind],
            attempt=attempt,
            currency=who.currency,
        )
        world.exchanges.add(exchange)
        kept = masked_body(body, secret)[:ANSWER_KEPT]
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
    return masked_answer(answer, outcome.token) if isinstance(outcome, Introduced) else answer


def masked_headers(headers: Headers, own: str | None = None) -> Headers:
    """`own`: a further header, of the operator's choice, that must not be kept."""
    if not headers:
        return headers
    names, _ = zip(*headers, strict=True)
    places = _secret_places(names, own)
    if not places:
        return headers
    masked = list(headers)
    for place in places:
        masked[place] = (names[place], MASK)
    return tuple(masked)


@lru_cache(1024)
def _secret_places(names: tuple[str, ...], own: str | None) -> tuple[int, ...]:
    secret = SECRET_HEADERS if own is None else SECRET_HEADERS | {own.lower()}
    return tuple([place for place, name in enumerate(names) if name.lower() in secret])


def masked_body(body: bytes, secret: str | None) -> bytes:
    """The operator's own session token opens his wallet: it is never kept, as it is or as forms have it."""
    if not secret:
        return body
    body, in_forms = body.replace(secret.encode(), MASK.encode()), quote_plus(secret)
    return body if in_forms == secret else body.replace(in_forms.encode(), MASK.encode())


def masked_request(request: HttpRequest, secret: str | None, own: str | None = None) -> HttpRequest:
    return HttpRequest(
        request.method,
        request.url,
        masked_headers(request.headers, own),
        masked_body(request.body, secret),
        request.timeout_ms,
    )


def unmasked_signatures(masked: Headers, headers: Headers, own: str | None = None) -> Headers:
    return tuple(
        given if "sign" in given[0].lower() or given[0].lower() == (own or "").lower() else kept
        for kept, given in zip(masked, headers, strict=True)
    )


def masked_answer(
    answer: HttpResponse | NoAnswer, secret: str | None, *, wrong: bool = False, own: str | None = None
) -> HttpResponse | NoAnswer:
    """`wrong`: its signature does not fit. It proves nothing, and people ask what was signed, so it is kept."""
    if isinstance(answer, NoAnswer):
        return answer
    headers = masked_headers(answer.headers, own)
    if wrong:
        headers = unmasked_signatures(headers, answer.headers, own)
    return HttpResponse(answer.status, headers, masked_body(answer.body, secret), answer.timing)
