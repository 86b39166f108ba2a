"""Names and amounts as this API has them: two digits after the point, rounds as numbers."""

from decimal import Decimal

from croupier.dialects.amounts import Scale
from croupier.domain.money import CURRENCIES
from croupier.domain.parties import Operator

DIGITS = 2
PROVIDER = "croupier"


def scale(currency: str) -> Scale:
    """KeyError for a currency that the platform does not know."""
    return Scale(CURRENCIES[currency].exponent, DIGITS)


def wire_amount(amount: int, currency: str) -> str:
    """CannotCarry for more than two digits."""
    return format(scale(currency).decimal(amount), "f")


def shown(amount: int, currency: str) -> Decimal:
    """A balance or a sum in main units, with two digits; less than that is cut off."""
    counted = scale(currency)
    return counted.decimal(amount - amount % counted.step)


def provider_of(operator: Operator) -> str:
    return operator.settings.get("provider_id", PROVIDER)
