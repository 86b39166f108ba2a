"""What of a message is never kept: signatures, and the operator's own token, which opens his wallet."""

import re
from functools import lru_cache
from urllib.parse import quote_plus

import msgspec

from croupier.dialects import DIALECTS
from croupier.domain.exchange import Headers, HttpRequest, HttpResponse, NoAnswer
from croupier.domain.parties import Operator
from croupier.wallet.dialect import Abilities
from croupier.wallet.signed_text import MASK

SECRET_HEADERS = frozenset({"authorization", "cookie", "set-cookie"}).union(
    dialect.abilities.signature_header.lower() for dialect in DIALECTS.values()
)
OWN_HEADER = "signature_header"
"""The setting of an operator whose signatures have a header of their own."""


class Masks(msgspec.Struct, frozen=True, gc=False):
    """`token`: text. `header`, beside the usual ones, and `field` of a form, query or JSON object carry signatures or
    keys; several with commas between them.
    """

    token: str | None = None
    header: str | None = None
    field: str = ""


NOTHING_MORE = Masks()


def masks_of(operator: Operator, abilities: Abilities, token: str | None = None) -> Masks:
    secret = token if abilities.secret_token else None
    return Masks(secret, operator.settings.get(OWN_HEADER), abilities.signature_field)


def masked_headers(headers: Headers, own: str | None = None) -> Headers:
    """`own`: a further header that must not be kept, or several with commas between them."""
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
    secret = SECRET_HEADERS if own is None else SECRET_HEADERS | set(own.lower().split(","))
    return tuple([place for place, name in enumerate(names) if name.lower() in secret])


def masked_body(body: bytes, secret: str | None) -> bytes:
    """Without this text, as it is or as forms have it."""
    if not secret:
        return body
    body, in_forms = body.replace(secret.encode(), MASK.encode()), quote_plus(secret)
    return body if in_forms == secret else body.replace(in_forms.encode(), MASK.encode())


def masked_request(request: HttpRequest, masks: Masks = NOTHING_MORE) -> HttpRequest:
    url, body = request.url, masked_body(request.body, masks.token)
    if masks.field:
        pattern, mask = _field(masks.field), rb"\1" + MASK.encode()
        url, body = pattern.sub(mask, url.encode()).decode(), pattern.sub(mask, body)
    return HttpRequest(request.method, url, masked_headers(request.headers, masks.header), body, request.timeout_ms)


@lru_cache(16)
def _field(name: str) -> re.Pattern[bytes]:
    """Of a form or an address, ``name=value``, and of JSON, ``"name":"value"``."""
    names = rb"(?:" + b"|".join(re.escape(one.encode()) for one in name.split(",")) + rb")"
    return re.compile(rb"((?:^|[&?])" + names + rb"=|\"" + names + rb"\"\s*:\s*\")[^&\"]*")


def unmasked_signatures(masked: Headers, headers: Headers, own: str | None = None) -> Headers:
    return tuple(
        given if "sign" in given[0].lower() or given[0].lower() in (own or "").lower().split(",") else kept
        for kept, given in zip(masked, headers, strict=True)
    )


def masked_answer(
    answer: HttpResponse | NoAnswer, masks: Masks = NOTHING_MORE, *, wrong: bool = False
) -> HttpResponse | NoAnswer:
    """`wrong`: its signature does not fit. It proves nothing, and people ask what was signed, so it is kept."""
    if isinstance(answer, NoAnswer):
        return answer
    headers, body = masked_headers(answer.headers, masks.header), masked_body(answer.body, masks.token)
    if headers is answer.headers and body is answer.body:
        return answer  # as most are
    if wrong:
        headers = unmasked_signatures(headers, answer.headers, masks.header)
    return HttpResponse(answer.status, headers, body, answer.timing)
