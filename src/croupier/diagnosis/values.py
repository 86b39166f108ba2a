"""Layer 5: types, units, digits, currency."""

import re
from decimal import Context, Decimal, InvalidOperation

from croupier.diagnosis.finding import LIKELY, PATTERN, SURE, Finding
from croupier.diagnosis.shape import expected_leaves
from croupier.wallet.answer_shape import AnswerShape, Pointer, is_there, value_at

SAFE = 2**53
DIGITS_MOST = 400
_EXACT = Context(prec=60)
_RATIOS = {
    Decimal(100): "a hundred times as much, divide by 100",
    Decimal("0.01"): "a hundredth of it, multiply by 100",
    Decimal(1000): "a thousand times as much",
    Decimal("0.001"): "a thousandth of it",
    Decimal(100_000): "a hundred thousand times as much",
    Decimal("0.00001"): "a hundred thousandth of it",
}
_TINY = Decimal("0.000001")
_FOR_PEOPLE = re.compile(r"-?\d{1,3}([ .,'\u00a0\u202f]\d{3})*[.,]\d{1,8}")
_NAMES: dict[type, str] = {
    bool: "true or false", int: "a whole number", Decimal: "a number with a fraction", str: "text", list: "an array",
    type(None): "null",
}  # fmt: skip


def of_values(value: object, shape: AnswerShape, *, balance_known: bool, digits: int) -> list[Finding]:
    findings: list[Finding] = []
    for at, example in expected_leaves(shape):
        said = value_at(value, at)
        if said is None:
            if at in shape.required and is_there(value, at):
                findings.append(_type(".".join(at), said, example))
        elif at == shape.balance:
            found = _amount(said, example, ".".join(at), known=balance_known, digits=digits)
            # Where amounts are decimals, a whole number is one with a fraction of nothing.
            wrong_type = not (shape.decimals and isinstance(said, Decimal))
            findings += [one for one in found if wrong_type or one.code != "CRP-TYPE-001"]
        elif at == shape.currency:
            if said != example:
                findings.append(
                    Finding("CRP-CUR-001", SURE, f"`{'.'.join(at)}` is {said!r}, the call has {example!r}.")
                )
        elif at == shape.reference:
            findings += _reference(said, example, at)
        elif at in shape.required and type(said) is not type(example):
            findings.append(_type(".".join(at), said, example))
    return findings


def _reference(said: object, example: object, at: Pointer) -> list[Finding]:
    if isinstance(example, str) and type(said) in (int, Decimal):
        return [Finding("CRP-ID-002", SURE, f'`{".".join(at)}` is the number {said}; it must be text: "{said}".')]
    if type(said) is not type(example):
        return [_type(".".join(at), said, example)]
    return []


def _amount(said: object, example: object, name: str, *, known: bool, digits: int) -> list[Finding]:
    wanted, got = number(example), number(said)
    findings: list[Finding] = []
    if isinstance(said, str) and got is None:
        code = "CRP-AMT-003" if _FOR_PEOPLE.fullmatch(said.strip()) else "CRP-TYPE-001"
        return [Finding(code, SURE if code == "CRP-AMT-003" else PATTERN, f"`{name}` is {said!r}.")]
    if wanted is None or got is None:
        return [_type(name, said, example)]
    off = abs(got - wanted)
    if known and 0 < off < _TINY:
        return [Finding("CRP-AMT-004", SURE, f"`{name}` is {said}; {off} away from {wanted}.")]
    if (
        isinstance(said, Decimal)
        and isinstance(example, int)
        and len(said.as_tuple().digits) > 14
        and off.adjusted() < 0
    ):
        return [Finding("CRP-AMT-004", PATTERN, f"`{name}` is {said}: a binary fraction.")]
    if type(said) is not type(example) and not (isinstance(said, int) and isinstance(example, Decimal)):
        findings.append(_type(name, said, example))  # a whole number is a number with a fraction of nothing
    if known and off and wanted:
        findings += _ratio(wanted, got, name, digits)
    return findings


def _ratio(wanted: Decimal, got: Decimal, name: str, digits: int) -> list[Finding]:
    if wanted > SAFE and got == rounded_to_53_bits(int(wanted)):
        return [Finding("CRP-AMT-006", SURE, f"`{name}` is {got}, the nearest to {wanted} that a binary float holds.")]
    ratio = _EXACT.divide(got, wanted)
    found = []
    if digits != 2 and ratio == Decimal(10) ** (2 - digits):
        found.append(
            Finding("CRP-AMT-002", SURE, f"`{name}` is {got} for {wanted}; this currency has {digits} digits.")
        )
    if ratio in _RATIOS:
        found.append(
            Finding(
                "CRP-AMT-001", LIKELY if found else SURE, f"`{name}` is {got}, {wanted} is right: {_RATIOS[ratio]}."
            )
        )
    return found


def _type(name: str, said: object, example: object) -> Finding:
    is_now, should = _NAMES.get(type(said), "an object"), _NAMES.get(type(example), "an object")
    shown = "" if said is None else f" ({str(said)[:40]})"
    return Finding("CRP-TYPE-001", SURE, f"`{name}` is {is_now}{shown}, it must be {should}.")


def number(value: object) -> Decimal | None:
    """An amount however it is written, or None."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    if isinstance(value, str) and not re.fullmatch(r"-?\d{1,30}(\.\d{1,18})?", value.strip()):
        return None
    try:
        read = Decimal(value)
    except InvalidOperation:
        return None
    # Nobody reckons with more: to subtract from 1E+99999999 overflows.
    return read if read.is_finite() and read.adjusted() < DIGITS_MOST else None


def rounded_to_53_bits(value: int) -> int:
    """The nearest integer that a binary float holds (ties to even), counted without one."""
    surplus = value.bit_length() - 53
    if surplus <= 0:
        return value
    unit = 1 << surplus
    whole, rest = divmod(value, unit)
    half = unit // 2
    return (whole + (rest > half or (rest == half and whole & 1))) * unit
