"""Distributions of sums: polynomials with whole coefficients, multiplied as one long number each."""

from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, Inexact

Polynomial = list[int]
"""Coefficients, the constant first; none is negative."""

# Decimal because its multiplication is the only one of the standard library that stays fast for millions of digits.
# It is exact here: whole numbers, room for every digit, and an error if one were ever lost.
_EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[Inexact])


def add(p: Polynomial, q: Polynomial) -> Polynomial:
    if len(p) < len(q):
        p, q = q, p
    return [*(a + b for a, b in zip(p, q, strict=False)), *p[len(q) :]]


def multiply(p: Polynomial, q: Polynomial, size: int) -> Polynomial:
    """The first `size` coefficients of ``p * q``.

    Each polynomial is written as one number, its coefficients one after the other in slots wide enough for every sum;
    the product of the two numbers then holds the product's coefficients slot by slot (Kronecker's substitution).
    """
    p, q = _trim(p), _trim(q)
    if not p or not q:
        return []
    width = len(str(max(p))) + len(str(max(q))) + len(str(min(len(p), len(q))))
    digits = str(_EXACT.multiply(_pack(p, width), _pack(q, width)))
    slots = len(p) + len(q) - 1
    digits = digits.zfill(width * slots)
    end = len(digits)
    return [int(digits[end - width * (i + 1) : end - width * i]) for i in range(min(size, slots))]


def _pack(p: Polynomial, width: int) -> Decimal:
    return Decimal("".join(str(a).zfill(width) for a in reversed(p)))


def _trim(p: Polynomial) -> Polynomial:
    end = len(p)
    while end and not p[end - 1]:
        end -= 1
    return p[:end]
