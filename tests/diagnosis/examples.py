"""The examples of the catalogue as exchanges: `bad` is an answer or a whole message, `good` the one it should be."""

from datetime import datetime

from croupier.diagnosis.catalogue import CATALOGUE, Entry
from croupier.diagnosis.engine import Case
from croupier.dialects.native.codes import CODES
from croupier.domain.exchange import HttpRequest, HttpResponse, NoAnswer
from croupier.domain.money import CURRENCIES
from croupier.wallet.answer_shape import AnswerShape

JSON = (("content-type", "application/json"),)
FORM = (("content-type", "application/x-www-form-urlencoded"),)
BODY = b'{"amount":163,"currency":"EUR","player_id":"p1","transaction_id":"b_1","type":"bet"}'


def by_bytes() -> dict[str, Entry]:
    return {code: entry for code, entry in CATALOGUE.items() if entry.shown_by == "bytes"}


def message(text: str, charset: str) -> HttpResponse | NoAnswer:
    if text.startswith("no answer: "):
        why, _, detail = text.removeprefix("no answer: ").partition(" ")
        return NoAnswer(why, detail)
    if not text.startswith("HTTP/1.1 "):
        return HttpResponse(200, JSON, text.encode(charset))
    head, _, body = text.partition("\n\n")
    status, *lines = head.splitlines()
    headers = tuple((name.lower(), value) for name, _, value in (line.partition(": ") for line in lines))
    return HttpResponse(int(status.split()[1]), headers, body.encode(charset))


def case(code: str, entry: Entry, answer: HttpResponse | NoAnswer) -> Case:
    example = b'{"balance":%d,"currency":"%s","transaction_id":"op-1"}' % (entry.balance, entry.currency.encode())
    shape = AnswerShape(
        example,
        required=frozenset({("balance",), ("currency",), ("transaction_id",)}),
        balance=("balance",),
        currency=("currency",),
        reference=("transaction_id",),
        codes=frozenset(CODES),
    )
    now = int(datetime.fromisoformat(entry.now).timestamp()) * 1_000_000 if entry.now else None
    headers = FORM if code == "CRP-CT-004" else JSON
    body = b"player_id=p1&amount=1.63" if code == "CRP-CT-004" else BODY
    return Case(
        request=HttpRequest("POST", "http://wallet.example/wallet/bet", headers, body),
        answer=answer,
        shape=shape,
        balance_known=True,
        refused=isinstance(answer, HttpResponse)
        and answer.status == 200
        and any(c.encode() in answer.body for c in CODES),
        digits=CURRENCIES[entry.currency].exponent,
        now=now,
    )
