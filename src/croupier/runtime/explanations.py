"""Why an exchange failed: the diagnosis engine, fed with what we know of operator and dialect.

Never on a round's way: the exchange log asks in a thread of its own when it writes, the account when a page is opened.
"""

import logging
import re
from collections.abc import Mapping

import msgspec

from croupier.diagnosis.catalogue import CATALOGUE
from croupier.diagnosis.engine import Case, explain
from croupier.diagnosis.finding import GUESS, LIKELY, PATTERN, SURE, Finding, ranked
from croupier.dialects import Spoken
from croupier.dialects.answer_shapes import answer_shape
from croupier.dialects.native.codes import CODES
from croupier.domain.errors import ERRORS, REQUEST
from croupier.domain.exchange import Exchange, HttpResponse
from croupier.domain.money import CURRENCIES
from croupier.domain.parties import Operator
from croupier.runtime.operators import Operators
from croupier.runtime.signature_steps import why_it_does_not_fit
from croupier.wallet.answer_shape import AnswerShape
from croupier.wallet.calls import FREE_ROUNDS, Balance, Bet, Context, EndRound, Rollback, WalletCall, Win

log = logging.getLogger("croupier.diagnosis")

SIGNATURE_DOUBTS = frozenset({"unsigned", "bad_signature", "stale_timestamp", "bad_timestamp"})
OURS = {"internal_error": "CRP-OUR-001", "busy": "CRP-OUR-002", "upgrading": "CRP-OUR-002"}
HARMLESS = frozenset({"CRP-CT-001", "CRP-SIG-008", "CRP-LEAK-001", "CRP-TIME-001", "CRP-ENC-003"})
"""Worth mending, but no dialect refuses an answer for it."""
REPEATED = re.compile(rb"already (exist|process|been)|duplicate", re.IGNORECASE)
OWED = frozenset({"win", "rollback", "end_round", FREE_ROUNDS})
"""A wallet must take these, whatever became of session and player."""


def failed(e: Exchange) -> bool:
    """Whether there is something to explain: a bet that the operator may decline is a good answer."""
    if e.verdict == "declined":
        if e.certification_id:
            return False  # its rule asks for it
        return e.call in OWED and e.why != "not_found"
    return e.verdict in ("unknown", "conflict", "error")


class Explainer:
    def __init__(self, operators: Operators, spoken: Mapping[str, Spoken]) -> None:
        self.operators = operators
        self.spoken = spoken

    def explain(self, e: Exchange) -> tuple[Finding, ...]:
        """All causes, the likeliest first; empty when nothing failed, or nothing that we know explains it."""
        if not failed(e):
            return ()
        try:
            operator = self.operators.get(e.operator_id)
            return _call_to_us(e, operator) if e.direction == "in" else self._answer(e, operator)
        except Exception:
            # Better unexplained than unread.
            log.exception("exchange %s cannot be explained", e.exchange_id)
            return ()

    def cause_of(self, e: Exchange) -> tuple[str | None, str | None]:
        """Code and side of the likeliest cause."""
        found = self.explain(e)
        return (found[0].code, found[0].entry.side) if found else (None, None)

    def expected(self, e: Exchange) -> AnswerShape | None:
        """What a right answer to this wallet call looks like; None for calls to us."""
        spoken = None if e.direction == "in" else self.spoken.get(self.operators.get(e.operator_id).dialect)
        call = _call_of(e)
        if spoken is None or call is None:
            return None
        operator = self.operators.get(e.operator_id)
        try:
            shape = answer_shape(spoken.wallet, spoken.operator, operator, call=call, request=e.request)
        except (ValueError, LookupError):
            return None  # the operator speaks another dialect by now
        codes = frozenset(CODES) if operator.dialect == "native" else frozenset()
        return msgspec.structs.replace(shape, codes=codes)

    def _answer(self, e: Exchange, operator: Operator) -> tuple[Finding, ...]:
        why = e.why.partition(":")[0]
        if e.verdict == "declined":
            return (_refused(e, why),)
        if e.attempt > 1 and isinstance(e.answer, HttpResponse) and REPEATED.search(e.answer.body[:4096]):
            return (Finding("CRP-IDEM-002", LIKELY, f"Attempt {e.attempt} of this {e.call} was answered as an error."),)
        if e.verdict == "conflict" or why == "unknown_transaction":
            repeat = e.attempt > 1 and e.verdict == "conflict"
            code = "CRP-IDEM-002" if repeat else "CRP-REQ-004" if e.call in OWED else "CRP-REQ-002"
            said = f"The wallet answered {why} to a {e.call}" + (" that it should know." if e.call != "bet" else ".")
            return (Finding(code, PATTERN, said),)
        case = Case(
            request=e.request,
            answer=e.answer,
            shape=self.expected(e),
            digits=CURRENCIES[e.currency].exponent if e.currency in CURRENCIES else 2,
            now=e.at,
            refused=is_error(why),
        )
        found = explain(case)
        if not isinstance(e.answer, HttpResponse):
            return found
        if why in SIGNATURE_DOUBTS:
            found = ranked((*_answers_signature(e, e.answer, operator, why), *found))
        # What the dialect does not mind explains nothing, however low its layer is.
        harmless = HARMLESS if e.answer.status < 400 else HARMLESS - {"CRP-SIG-008"}
        causes = tuple(one for one in found if one.code not in harmless)
        return (*(causes or by_reason(e.why, e.answer.status)), *(one for one in found if one.code in harmless))


def is_error(why: str) -> bool:
    """Whether the dialect has read an error of its own, such as ``INTERNAL_ERROR``, ``error_7`` or ``7``."""
    return why.isupper() or re.fullmatch(r"(error_)?-?\d+", why) is not None


def by_reason(said: str, status: int) -> tuple[Finding, ...]:
    """For what our half of the dialect minds and the engine does not. `said`: its words, ``why: detail``."""
    why = said.partition(":")[0]
    if is_error(why):
        code = "CRP-SIG-010" if "SIGN" in why or "HMAC" in why else "CRP-ERR-002"
        return (Finding(code, LIKELY, f"The wallet answered {said[:120]}."),)
    if why.startswith("http_2"):
        return (Finding("CRP-HTTP-008", SURE, f"The status is {status}; it must be 200."),)
    if why.startswith(("bad_", "wrong_", "missing_", "duplicate_key", "too_deep", "float", "result_")):
        return (Finding("CRP-VAL-001", LIKELY, f"It was not accepted for this reason: {said[:160]}."),)
    return ()


def _refused(e: Exchange, why: str) -> Finding:
    if why == "session_expired":
        return Finding("CRP-SESS-001", SURE, f"The {e.call} was refused with {why}.")
    return Finding("CRP-REQ-004", LIKELY, f"The {e.call} was refused with {why}: what is owed must be taken.")


def _answers_signature(e: Exchange, answer: HttpResponse, operator: Operator, why: str) -> tuple[Finding, ...]:
    if why == "bad_signature":
        asked, said = e.request.last_header("webhook-id"), answer.last_header("webhook-id")
        if operator.dialect == "native" and asked != said:
            return (
                Finding("CRP-AUTH-002", SURE, f"The answer's webhook-id is {said}; it must be the call's, {asked}."),
            )
        if fits := why_it_does_not_fit(answer, operator, answers=True):
            return (fits,)
    told = {
        "unsigned": "The answer is not signed; with this operator that was agreed.",
        "bad_signature": "The answer's signature fits nothing that was tried.",
    }
    return (Finding("CRP-AUTH-002", SURE, told.get(why, f"The answer's time stamp: {why.replace('_', ' ')}.")),)


def _call_to_us(e: Exchange, operator: Operator) -> tuple[Finding, ...]:
    told = _problem(e)
    detail = str(told.get("detail") or "")
    finding = told.get("finding")
    if isinstance(finding, str) and finding in CATALOGUE:
        return (Finding(finding, SURE, detail),)
    kind = ERRORS.get(e.why)
    said = detail or (f"{kind.title}." if kind is not None else "")
    status = e.answer.status if isinstance(e.answer, HttpResponse) else 500
    code = finding_of_refusal(e.why, status)
    if e.why == "unauthenticated":
        fits = why_it_does_not_fit(e.request, operator, answers=False)
        return (fits or Finding(code, LIKELY, said),)
    return (Finding(code, SURE if e.why or status >= 500 else GUESS, said),)


def finding_of_refusal(why: str, status: int) -> str:
    """Of a call to us, by the code it was refused with, ``""`` where there is none. No signature is looked at."""
    if why in OURS or (status >= 500 and not why):
        return OURS.get(why, "CRP-OUR-001")
    if why == "unauthenticated":
        return "CRP-AUTH-001"
    return "CRP-REQ-001" if why in REQUEST and why != "not_found" else "CRP-REQ-003"


def _problem(e: Exchange) -> dict[str, object]:
    try:
        told = msgspec.json.decode(e.answer.body) if isinstance(e.answer, HttpResponse) else None
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _call_of(e: Exchange) -> WalletCall | None:
    """The call, as far as its answer depends on it; None when that is not known."""
    if not e.currency:
        return None
    who = Context(e.player_id or "", e.session_id or "", "", e.currency)
    transaction_id, round_id = e.transaction_id or "", e.round_id or ""
    match e.call:
        case "balance":
            return Balance(who, transaction_id)
        case "bet":
            return Bet(who, transaction_id, round_id, 100, 0)
        case "win":
            return Win(who, transaction_id, round_id, 100, "")
        case "free_rounds":
            return Win(who, transaction_id, round_id, 100, "", free_rounds_ended="played")
        case "rollback":
            return Rollback(who, transaction_id, round_id, "", 100)
        case "end_round":
            return EndRound(who, transaction_id, round_id)
        case _:
            return None
