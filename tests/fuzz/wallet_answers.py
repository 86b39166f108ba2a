"""Answers of wallets. Read again here, from the documents of each API: what is said plainly to be done, or refused."""

import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from croupier.dialects import DIALECTS
from croupier.domain.exchange import HttpRequest, HttpResponse, NoAnswer
from croupier.domain.money import CURRENCIES
from croupier.domain.parties import Operator
from croupier.wallet.calls import Balance, Batch, Bet, EndRound, Rollback, WalletCall, Win
from croupier.wallet.outcome import Accepted, Conflict, Declined, Unknown
from croupier_wallet import NotSigned, verify
from dialects.examples import AT, answer_of, call_of, operator_of, paths, read
from fuzz.target import Seed, Target

STATUSES = (200, 200, 200, 200, 201, 204, 302, 400, 402, 403, 404, 409, 412, 422, 429, 500, 502, 503)


@dataclass(frozen=True)
class Told:
    """An answer to judge, and all that it belongs to."""

    call: WalletCall
    operator: Operator
    request: HttpRequest
    answer: HttpResponse


def seeds(dialect: str) -> list[Seed]:
    found = []
    for path in paths(dialect):
        example = read(path)
        if "answer" not in example or "call" not in example:
            continue
        operator, call, answer = operator_of(path, example), call_of(example["call"]), answer_of(example)
        assert not isinstance(answer, NoAnswer)
        request = DIALECTS[dialect].request(call, operator, AT)
        found.append(Seed(path.stem, answer.body, Told(call, operator, request, answer)))
    return found


def judge_of(dialect: str) -> Callable[[Seed, bytes, random.Random], str]:
    def judge(seed: Seed, body: bytes, rng: random.Random) -> str:
        told: Told = seed.about
        status = rng.choice(STATUSES) if rng.random() < 0.15 else told.answer.status
        answer = replace(told.answer, body=body, status=status)
        outcome = DIALECTS[dialect].outcome(told.call, told.operator, answer, AT, told.request)
        assert isinstance(outcome, Accepted | Declined | Unknown | Conflict)
        shown = [getattr(outcome, name, "") for name in ("why", "detail", "message", "reason")]
        assert all(text.isprintable() and len(text) <= 250 for text in shown), f"nobody can read that: {shown}"
        if isinstance(outcome, Unknown):
            assert outcome.retry_after_ms is None or 0 <= outcome.retry_after_ms <= 3_600_000
            return "unknown"
        members = strictly(body)
        if members is None:
            assert settled_by_silence(told, answer), f"{outcome} of bytes that are no plain JSON"
            return "accepted"
        if signed(told):
            assert status == 200, "a signature does not prove a refusal"
            assert body == told.answer.body or proved(told, body), "a signature proves these bytes and no others"
        done, refused = READ[dialect](told, status, members)
        if isinstance(outcome, Accepted):
            assert done is not None, f"{outcome}, but nothing says that it was done"
            assert outcome.balance == done.balance
            assert done.reference is None or outcome.operator_reference == done.reference
            return "accepted"
        assert done is None, f"{outcome}, but the wallet says that it was done"
        assert refused, f"{outcome}, but nothing is refused"
        if isinstance(outcome, Declined):
            assert isinstance(told.call, DECLINED.get(dialect, Balance | Bet | Rollback | Batch)), "money owed is owed"
            return "declined"
        return "conflict"

    return judge


DECLINED: dict[str, Any] = {
    "native": Balance | Bet | Win | Rollback,
    "pragmatic": Balance | Bet,
    "slotegrator": Balance | Bet,
}
"""Which calls may be refused for good."""


@dataclass(frozen=True)
class Done:
    """`reference`: None where any will do."""

    balance: int | None
    reference: str | None = None


Judgement = tuple[Done | None, bool]
"""What was done, if that is plainly said, and whether a refusal is."""


def strictly(body: bytes) -> dict[str, Any] | None:
    """One object without doubled names; numbers with a fraction are Decimals."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError
        return dict(pairs)

    def never(_: str) -> None:
        raise ValueError

    try:
        value = json.loads(body.decode(), object_pairs_hook=once, parse_float=Decimal, parse_constant=never)
    except (ValueError, RecursionError, ArithmeticError):
        return None
    return value if isinstance(value, dict) else None


def settled_by_silence(told: Told, answer: HttpResponse) -> bool:
    empty = told.operator.settings.get("empty_rollback_is_success") == "on" and not answer.body.strip()
    return empty and isinstance(told.call, Rollback) and 200 <= answer.status < 300


def signed(told: Told) -> bool:
    names = {name.lower() for name, _ in told.answer.headers}
    required = told.operator.signed_answers or told.operator.settings.get("response_signature") == "required"
    return required or bool(names & {"webhook-signature", "x-signature"} and told.operator.answer_secrets)


def proved(told: Told, body: bytes) -> bool:
    """By the SDK's own reading: of an answer that was changed, the very bytes from before may come back."""
    try:
        verify(told.operator.answer_secrets, dict(told.answer.headers), body, AT // 1_000_000)
    except NotSigned:
        return False
    return True


def amount(value: Any) -> bool:
    """A number of main units that somebody could have, or the text of one."""
    return (type(value) in (int, Decimal) and abs(value) < 10**18) or (
        isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,24}(\.[0-9]+)?", value, re.ASCII) is not None
    )


def whole(value: Any) -> bool:
    return type(value) is int


def minor(value: Any, told: Told) -> int | None:
    """Of main units, as number or text, to the nearest minor unit."""
    if isinstance(value, bool) or value is None or isinstance(value, list | dict):
        return None
    return round(Decimal(str(value)).scaleb(CURRENCIES[told.call.context.currency].exponent))


def native(told: Told, status: int, m: dict[str, Any]) -> Judgement:
    error = m.get("error")
    if status != 200 or (error is not None and not isinstance(error, dict)):
        return None, False
    if error is not None:
        again = error.get("code") == "already_rolled_back" and isinstance(told.call, Rollback)
        other = m.get("currency") not in (None, told.call.context.currency)
        balance = m.get("balance")
        return (Done(None if other else balance) if again else None), isinstance(error.get("code"), str) and not again
    good = whole(m.get("balance")) and m.get("currency") == told.call.context.currency
    named = isinstance(m.get("transaction_id"), str) or not isinstance(told.call, Bet | Win)
    return (Done(m["balance"], m.get("transaction_id")) if good and named else None), False


def hub88(told: Told, status: int, m: dict[str, Any]) -> Judgement:
    word, asked = m.get("status"), json.loads(told.request.body)["request_uuid"]
    mine = m.get("request_uuid") == asked
    refused = isinstance(word, str) and word.startswith("RS_ERROR_") and (mine or m.get("request_uuid") is None)
    balance = None
    if whole(m.get("balance")):
        balance = m["balance"] * 10 ** CURRENCIES[told.call.context.currency].exponent // 100_000
    if status == 200 and refused and word == "RS_ERROR_TRANSACTION_ROLLED_BACK" and isinstance(told.call, Rollback):
        return Done(balance), False
    who = told.call.context
    right = m.get("currency") in (None, who.currency) and m.get("user") in (None, who.player_id)
    return (
        Done(balance) if (status, word) == (200, "RS_OK") and mine and right and balance is not None else None
    ), refused


def pragmatic(told: Told, status: int, m: dict[str, Any]) -> Judgement:
    error = m.get("error")
    try:
        number = None if status != 200 or isinstance(error, bool | list | dict | None) else Decimal(str(error))
    except ArithmeticError:
        number = None
    if number is None or number:
        return None, number is not None
    if isinstance(told.call, Balance) and told.call.introduces:
        return (
            Done(introduced(m)) if m.get("userId") not in (None, "") and m.get("currency") in CURRENCIES else None
        ), False
    right = m.get("currency") in (None, "", told.call.context.currency)
    cash, bonus = m.get("cash"), 0 if m.get("bonus") in (None, "") else m["bonus"]
    bare = isinstance(told.call, Rollback | EndRound)
    if not right or (not bare and (cash is None or isinstance(cash, bool | list | dict))):
        return None, False
    try:
        cash = None if bare and not (amount(cash) and amount(bonus)) else cash
        return Done(None if cash is None else minor(Decimal(str(cash)) + Decimal(str(bonus)), told)), False
    except ArithmeticError:
        return (Done(None) if bare else None), False


def introduced(m: dict[str, Any]) -> int:
    return round(
        (Decimal(str(m["cash"])) + Decimal(str(m.get("bonus") or 0))).scaleb(CURRENCIES[m["currency"]].exponent)
    )


def slotegrator(told: Told, status: int, m: dict[str, Any]) -> Judgement:
    if status != 200 or m.get("error_code") not in (None, ""):
        return None, status == 200
    if isinstance(told.call, Bet) and m.get("transaction_id") in (None, ""):
        return None, False
    try:
        return (Done(minor(m["balance"], told)) if m.get("balance") is not None else None), False
    except ArithmeticError:
        return None, False


def mascot(told: Told, status: int, m: dict[str, Any]) -> Judgement:
    error, result = m.get("error"), m.get("result")
    if error is not None:
        return None, isinstance(error, dict) and whole(error.get("code")) and result is None
    if not 200 <= status < 300 or "result" not in m:
        return None, False
    if isinstance(told.call, Rollback):
        return (
            Done(None) if result is None or result is True or result == [] or isinstance(result, dict) else None
        ), False
    value = (
        result.get("balance" if isinstance(told.call, Balance) else "newBalance") if isinstance(result, dict) else None
    )
    try:
        exact = None if isinstance(value, bool | list | dict | None) else Decimal(str(value))
    except ArithmeticError:
        exact = None
    digits = CURRENCIES[told.call.context.currency].exponent
    for pair in filter(None, told.operator.settings.get("exponent_override", "").split(",")):
        code, _, other = pair.partition("=")
        if code == told.call.context.currency and exact is not None:
            exact = exact.scaleb(digits - int(other)).to_integral_value("ROUND_FLOOR")
    return (Done(int(exact)) if exact is not None and exact == int(exact) else None), False


def softswiss(
    told: Told, status: int, m: dict[str, Any], *, text: bool, code: Any, listed: tuple[str, str]
) -> Judgement:
    """`listed`: in the list of movements the names of our id and of theirs."""
    said = m.get("meta", {}) if text and isinstance(m.get("meta"), dict) else m
    balance = said.get("balance")
    try:
        known = minor(balance, told) if text and isinstance(balance, str) and amount(balance) else None
        if known is not None:
            known = int(
                Decimal(balance)
                .scaleb(CURRENCIES[told.call.context.currency].exponent)
                .to_integral_value("ROUND_FLOOR")
            )
    except ArithmeticError:
        known = None
    known = balance if not text and whole(balance) else known
    undoes = isinstance(told.call, Rollback) or (isinstance(told.call, Batch) and told.call.undoes)
    if str(code).isdigit() and not isinstance(code, bool) and (status == 200 or 400 <= status < 500):
        return (Done(known) if undoes and int(code) == 409 else None), not (undoes and int(code) == 409)
    if status != 200 or known is None or (text and "meta" in m):
        return None, False
    moves = (
        [one for one in m.get("transactions") or () if isinstance(one, dict)]
        if isinstance(m.get("transactions"), list)
        else []
    )
    mine = [one.get(listed[1]) for one in moves if one.get(listed[0]) == told.call.id]
    done = Done(known)
    if isinstance(told.call, Balance | EndRound) or (
        isinstance(told.call, Win) and (told.call.free_rounds_ended or (text and not told.call.amount))
    ):
        return done, False
    if m.get("round_id" if text else "game_id") not in (None, told.call.round_id):
        return None, False
    if isinstance(told.call, Batch):
        return (
            done
            if {one.id for one in told.call.calls}
            <= {one.get(listed[0]) for one in moves if isinstance(one.get(listed[0]), str)}
            else None
        ), False
    if not mine or mine[0] is None:
        return None, False
    if mine[0] == "":
        return (done if undoes else None), not undoes
    return done, False


def softswiss_v1(told: Told, status: int, m: dict[str, Any]) -> Judgement:
    return softswiss(told, status, m, text=False, code=m.get("code"), listed=("action_id", "tx_id"))


def softswiss_v2(told: Told, status: int, m: dict[str, Any]) -> Judgement:
    meta = m.get("meta")
    code = meta.get("api_code") if isinstance(meta, dict) else None
    return softswiss(told, status, m, text=True, code=code, listed=("id_provider", "id"))


READ: dict[str, Callable[[Told, int, dict[str, Any]], Judgement]] = {
    "native": native,
    "mascot": mascot,
    "slotegrator": slotegrator,
    "pragmatic": pragmatic,
    "hub88": hub88,
    "softswiss-v1": softswiss_v1,
    "softswiss-v2": softswiss_v2,
}

SEEN = frozenset({"accepted", "unknown"})
TARGETS = [Target(f"answers/{name}", lambda name=name: seeds(name), judge_of(name), SEEN) for name in DIALECTS]
