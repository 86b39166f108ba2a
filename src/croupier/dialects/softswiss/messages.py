"""What both APIs do alike with a wallet call: signed JSON out, the members of an answer back."""

from typing import NamedTuple

import msgspec

from croupier.dialects.amounts import Scale
from croupier.dialects.retry_after import retry_after_ms
from croupier.dialects.signing_key import signing_key
from croupier.dialects.softswiss.signature import HEADER, sign
from croupier.dialects.strict_json import Loose, NotStrict, read_decimals
from croupier.domain.exchange import HttpRequest, HttpResponse, NoAnswer
from croupier.domain.money import CURRENCIES
from croupier.domain.parties import Operator
from croupier.wallet.outcome import Unknown

_encode = msgspec.json.Encoder().encode
_HEADERS = (("accept", "application/json"), ("accept-encoding", "identity"), ("content-type", "application/json"))

Body = dict[str, object]


class Read(NamedTuple):
    """The members of an answer. `wrong_status`: ``http_422`` when its status says that it is an error, else empty."""

    members: dict[str, Loose]
    wrong_status: str


def scale(currency: str) -> Scale:
    digits = CURRENCIES[currency].exponent
    return Scale(digits, digits)


def signed_request(operator: Operator, path: str, members: Body) -> HttpRequest:
    """The same bytes on every attempt."""
    body = _encode(members)
    signed = (HEADER, sign(signing_key(operator), body))
    return HttpRequest("POST", operator.wallet_url.rstrip("/") + path, (*_HEADERS, signed), body, operator.timeout_ms)


def read_answer(answer: HttpResponse | NoAnswer, at: int) -> Read | Unknown:
    """Unknown where nothing that follows could be believed; `at` in microseconds."""
    if isinstance(answer, NoAnswer):
        return Unknown(answer.why, answer.detail)
    wrong_status = f"http_{answer.status}" if answer.status != 200 else ""
    if answer.status in (408, 425, 429) or not (answer.status == 200 or 400 <= answer.status < 500):
        return Unknown(wrong_status, retry_after_ms=retry_after_ms(answer, at))
    try:
        return Read(read_decimals(answer.body), wrong_status)
    except NotStrict as doubted:
        return Unknown(wrong_status or doubted.why, doubted.detail)
