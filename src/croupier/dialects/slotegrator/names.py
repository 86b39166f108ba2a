"""Names and amounts as this API has them: decimals of the main unit, written as short as they can be."""

from croupier.dialects.amounts import CannotCarry, Scale
from croupier.dialects.decimals import shortest
from croupier.domain.money import CURRENCIES
from croupier.domain.parties import Operator

DECIMALS = 4
DIGITS_MAX = 14
"""Significant digits of a number as PHP writes it."""


def scale(currency: str, operator: Operator) -> Scale:
    """KeyError for a currency that the platform does not know."""
    ours = CURRENCIES[currency].exponent
    return Scale(ours, min(ours, int(operator.settings.get("decimals", DECIMALS))))


def wire_amount(amount: int, currency: str, operator: Operator) -> str:
    """CannotCarry for more digits than the format has."""
    text = shortest(scale(currency, operator).decimal(amount))
    if len(text.replace(".", "").strip("0")) > DIGITS_MAX:
        raise CannotCarry(f"{text} has more than {DIGITS_MAX} digits")
    return text
