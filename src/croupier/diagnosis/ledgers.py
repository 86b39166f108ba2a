"""Hypothetical ledgers: which known bug would have left exactly this balance?

Each transaction has its right effect; a bug gives it another one. The bug whose balance is the one that was found is
the diagnosis. Amounts are chosen so that no two bugs leave the same (conformance/amounts.py).
"""

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from croupier.diagnosis.finding import LIKELY, PATTERN, SURE, Finding, ranked


class Transaction(msgspec.Struct, frozen=True, kw_only=True):
    """What was sent about one bet or win, and what it should have done. Amounts in minor units.

    `effect`: on the balance when all is right. `sent`: how often. `declined`: the wallet refused it.
    `rolled_back`: rollbacks that named it were sent ``before`` it, ``after`` it, or not at all. `rollbacks`: how often.
    `claimed`: the amount that a rollback named. `settled`: a win named this bet. `free`: of a
    free round.
    """

    kind: Literal["bet", "win"]
    amount: int
    effect: int
    sent: int = 1
    declined: bool = False
    rolled_back: Literal["", "before", "after"] = ""
    rollbacks: int = 0
    claimed: int | None = None
    settled: bool = False
    free: bool = False


def explain_balance(
    transactions: Sequence[Transaction], expected: int, got: int, *, digits: int = 2, at_once: int = 1
) -> tuple[Finding, ...]:
    """Causes of `got` instead of `expected`; `at_once`: so many calls were sent together."""
    if got == expected:
        return ()
    off = got - expected
    undone = any(one.rolled_back == "after" for one in transactions)
    found = [
        Finding("CRP-ROLL-009", SURE, f"A bet that was not rolled back was given back: {_signed(off, digits)}.")
        for one in transactions
        if undone and one.kind == "bet" and not one.rolled_back and one.effect == -off
    ]
    found = found or [
        Finding(code, SURE, f"{words}: the balance is {_signed(off, digits)}.")
        for transaction in transactions
        for code, words, deviation in deviations(transaction)
        if deviation == off
    ]
    if len({one.code for one in found}) > 1:
        found = [msgspec.structs.replace(one, confidence=LIKELY) for one in found]
    if at_once > 1:
        found = [*_lost(transactions, off, at_once), *found]
    if not found:
        found = [*_scaled(expected, got), *_any(off, digits)]
    return ranked(found)


def deviations(one: Transaction) -> Iterator[tuple[str, str, int]]:
    """``(code, in words, deviation from the right balance)`` of every known bug of this transaction."""
    b = one.amount if one.kind == "bet" else -one.amount
    taken = "taken" if one.kind == "bet" else "paid"
    if one.free:
        yield "CRP-BONUS-001", "The free bet was taken in cash", -b
        yield "CRP-BONUS-001", "The free bet was given back in cash", b
        return
    if one.declined:
        yield "CRP-BAL-002", f"The refused {one.kind} was {taken}", -b
        yield ("CRP-ROLL-007" if one.rollbacks else "CRP-BAL-002"), "The refused bet was given back", b
        return
    if one.rolled_back == "before":
        yield "CRP-ROLL-003", "The bet that came after its rollback was taken", -b
        yield "CRP-ROLL-007", "The rollback of an unknown bet paid", b
        return
    if one.rolled_back == "after":
        yield "CRP-ROLL-008", "The rollback gave nothing back", -b
        yield "CRP-ROLL-001", "The stake was given back twice", b
        if one.claimed is not None:
            yield "CRP-ROLL-004", "The amount of the request was given back", one.claimed - one.amount
        if one.sent > 1:
            yield "CRP-IDEM-001", "The repeated bet was taken again", -b * (one.sent - 1)
        return
    wrong = one.effect
    if one.sent > 1:
        yield "CRP-IDEM-001", f"The repeated {one.kind} was {taken} again", wrong * (one.sent - 1)
        yield "CRP-IDEM-001", f"One repeat of the {one.kind} was {taken} again", wrong
    if wrong:
        yield "CRP-BAL-003", f"The {one.kind} was answered and not {taken}", -wrong
        yield "CRP-AMT-007", f"The {one.kind} was booked with the wrong sign", -2 * wrong
        if one.kind == "win" and one.rollbacks:
            yield "CRP-ROLL-005", "The win was paid again when it was rolled back", wrong
        elif one.sent == 1:
            yield "CRP-BAL-004", f"The {one.kind} was {taken} twice", wrong
        yield from _units(one, wrong)
    if one.settled:
        yield "CRP-ROLL-005", "The bet was given back and its win kept", one.amount


def _units(one: Transaction, effect: int) -> Iterator[tuple[str, str, int]]:
    sign = 1 if effect > 0 else -1
    for factor in (100, 1000, 100_000):
        yield "CRP-AMT-001", f"The {one.kind} was booked times {factor}", effect * (factor - 1)
    if one.amount % 100 == 0:
        yield "CRP-AMT-001", f"The {one.kind} was booked through 100", sign * (one.amount // 100 - one.amount)
    cut = one.amount // 100 * 100
    rounded = (one.amount + 50) // 100 * 100
    for whole, word in ((cut, "cut"), (rounded, "rounded")):
        if whole not in (0, one.amount):
            yield "CRP-AMT-005", f"The {one.kind} was {word} to whole units", sign * (whole - one.amount)


def _lost(transactions: Sequence[Transaction], off: int, at_once: int) -> list[Finding]:
    amounts = {one.amount for one in transactions if one.kind == "bet"}
    for amount in sorted(amounts):
        lost, rest = divmod(off, amount) if amount else (0, 1)
        if rest == 0 and 0 < lost <= at_once * max(1, len(transactions)):
            return [Finding("CRP-CONC-001", LIKELY, f"{lost} of the bets sent together are not in the balance.")]
    return []


def _scaled(expected: int, got: int) -> list[Finding]:
    for factor in (100, 1000, 100_000):
        if got == expected * factor or got * factor == expected:
            return [Finding("CRP-AMT-001", LIKELY, f"The balance is off by the factor {factor}.")]
    return []


def _any(off: int, digits: int) -> list[Finding]:
    return [Finding("CRP-BAL-004", PATTERN, f"The balance is {_signed(off, digits)}.")]


def _signed(off: int, digits: int) -> str:
    text = str(abs(off)).rjust(digits + 1, "0")
    shown = f"{text[:-digits]}.{text[-digits:]}" if digits else text
    return f"{shown} too {'high' if off > 0 else 'low'}"
