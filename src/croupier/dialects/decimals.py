"""Amounts as decimals of the main unit, in texts and in JSON. No float: what a float has spoilt is seen and rounded."""

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal

from croupier.dialects.amounts import CannotCarry, Scale
from croupier.domain.money import AMOUNT_MAX

_EXACT = Context(prec=60)
_NUMBER = re.compile(r"-?[0-9]{1,24}(\.[0-9]{1,24})?\Z", re.ASCII)
DIGITS_MOST = 18


def number(value: object) -> Decimal | None:
    """A JSON number (an int, or a Decimal of its text) or a text of digits. None for anything else."""
    if isinstance(value, str):
        return Decimal(value) if _NUMBER.match(value) else None
    if type(value) is int or isinstance(value, Decimal):
        read = Decimal(value)
        # By its exponent: to compare, or take the absolute value of, 1E+99999999 overflows.
        return read if read.is_finite() and read.adjusted() < DIGITS_MOST else None
    return None


def nearest(value: Decimal, scale: Scale) -> int:
    """Our minor units, half-even: for balances, which are only shown and may come as ``99.96000000000001``."""
    return int(value.scaleb(scale.here, _EXACT).to_integral_value(ROUND_HALF_EVEN))


def exact(value: Decimal, scale: Scale) -> int:
    """Our minor units. CannotCarry when the currency has no digits for it, or no amount is so large."""
    minor = value.scaleb(scale.here, _EXACT)
    if minor != minor.to_integral_value():
        raise CannotCarry(f"{value} has more than {scale.here} digits")
    if abs(minor) > AMOUNT_MAX:
        raise CannotCarry(f"{value} is too large")
    return int(minor)


def shortest(value: Decimal) -> str:
    """Without an exponent and without zeros at the end: ``10.5``, ``3``, ``0``."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
