"""What a wallet said to one call, and whether that was what a rule wants."""

import json

import msgspec

from croupier.conformance.rule import Answer, Step
from croupier.diagnosis.syntax import read
from croupier.domain.exchange import HttpRequest, HttpResponse, NoAnswer
from croupier.runtime.masks import NOTHING_MORE, Masks
from croupier.wallet.calls import WalletCall
from croupier.wallet.outcome import Accepted, Conflict, Declined, Outcome, Unknown

DAMAGE = frozenset({"CRP-ENC-001", "CRP-ENC-002", "CRP-ENC-003", "CRP-ENC-004", "CRP-JSON-001", "CRP-CT-001"})
"""What is repaired before an answer is judged: only the rules about encoding fail for it."""

_encode = msgspec.json.Encoder(decimal_format="number").encode
"""A fraction's digits stay as they are."""

GOOD = ("ok", "success")
"""How the word of an answer ends that refuses nothing: RS_OK."""
REFUSALS = ("error", "error_code", "api_code", "status", "code", "errors")


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """One call. `label`: of the transaction. `model`: what a correct wallet would have said, where that is certain.

    `at`: when it was sent, microseconds. `cut`: we hung up. `rule`: whose step it was. `retry`: it was sent before.
    `masks`: what no report shows.
    """

    rule: str
    label: str
    kind: str
    step: Step
    call: WalletCall
    request: HttpRequest
    answer: HttpResponse | NoAnswer
    outcome: Outcome
    at: int
    model: Outcome | None = None
    cut: bool = False
    retry: bool = False
    masks: Masks = NOTHING_MORE

    @property
    def status(self) -> int | None:
        return self.answer.status if isinstance(self.answer, HttpResponse) else None

    @property
    def body(self) -> bytes:
        return self.answer.body if isinstance(self.answer, HttpResponse) else b""


def repaired(answer: HttpResponse | NoAnswer) -> HttpResponse | NoAnswer:
    """The answer without what only spoils its text; the same when nothing, or too much, is wrong."""
    if not isinstance(answer, HttpResponse):
        return answer
    findings, value = read(answer)
    codes = {one.code for one in findings}
    if value is None or not codes or not codes <= DAMAGE:
        return answer
    try:
        body = _encode(value)
    except (TypeError, ValueError, OverflowError):
        return answer
    # A signature is over the bytes that came, so what is repaired cannot carry it.
    headers = tuple(header for header in answer.headers if "signature" not in header[0].lower())
    return HttpResponse(answer.status, headers, body, answer.timing)


def is_refusal(heard: Heard) -> bool:
    """Plainly refused: nothing moved and the platform can say so. A 5xx is none."""
    if isinstance(heard.outcome, Declined | Conflict):
        return True
    if not isinstance(heard.outcome, Unknown) or heard.status is None:
        return False
    if 400 <= heard.status < 500:
        return True
    if not 200 <= heard.status < 300:
        return False
    answer = repaired(heard.answer)
    try:
        members = json.loads(answer.body) if isinstance(answer, HttpResponse) else None
    except ValueError:
        return False
    return isinstance(members, dict) and any(_refuses(members.get(name)) for name in REFUSALS)


def _refuses(word: object) -> bool:
    return word not in (None, 0, "", False) and not str(word).lower().endswith(GOOD)


def fits(heard: Heard, wanted: Answer) -> bool:
    match wanted:
        case "any":
            return True
        case "ok":
            return isinstance(heard.outcome, Accepted)
        case "ended":
            ended = isinstance(heard.outcome, Declined) and heard.outcome.reason == "not_found"
            return ended or isinstance(heard.outcome, Accepted)
        case "no":
            return is_refusal(heard)
        case "not ok":
            return not isinstance(heard.outcome, Accepted)


def in_words(heard: Heard) -> str:
    """``accepted, balance 100003`` or ``HTTP 500`` or ``declined: insufficient_funds``."""
    match heard.outcome:
        case Accepted(balance=balance):
            return "accepted" + (f", balance {balance}" if balance is not None else "")
        case Declined(reason=reason):
            return f"declined: {reason}"
        case Conflict(why=why):
            return f"refused: {why}"
        case Unknown(why=why, detail=detail):
            if why.startswith("http_"):
                return f"HTTP {heard.status}"
            return f"not understood: {why}" + (f" ({detail[:80]})" if detail else "")


WANTED: dict[Answer, str] = {
    "ok": "accepted",
    "no": "a clear refusal",
    "not ok": "not accepted",
    "ended": "accepted, or unknown transaction",
    "any": "anything",
}
