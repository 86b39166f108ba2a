"""Names and amounts as this API has them: games with underscores, its own languages, integers in minor units."""

from decimal import Decimal

from croupier.dialects.amounts import Scale
from croupier.domain.money import CURRENCIES
from croupier.domain.parties import Operator

WIRE_MAX = 2**53 - 1


def subject_of(operator: Operator) -> str:
    return f"casino:{operator.number}"


def wire_game(game_id: str) -> str:
    return game_id.replace("-", "_")


def scale(currency: str, operator: Operator) -> Scale:
    """ISO 4217's minor units; an operator may count a currency with other digits: ``exponent_override`` JPY=2,…"""
    ours = CURRENCIES[currency].exponent
    for part in operator.settings.get("exponent_override", "").split(","):
        code, _, digits = part.strip().partition("=")
        if code == currency and digits.isascii() and digits.isdigit():
            return Scale(ours, int(digits))
    return Scale(ours, ours)


def whole(value: object) -> int | None:
    """An integer, an integral fraction (``1000.0``) or digits as text. None for anything else."""
    if type(value) is int:
        return value if abs(value) <= WIRE_MAX else None
    if isinstance(value, str) and value.removeprefix("-").isascii() and value.removeprefix("-").isdigit():
        return whole(int(value)) if len(value) <= 17 else None
    if (
        isinstance(value, Decimal)
        and value.is_finite()
        and value.adjusted() < 17
        and value == value.to_integral_value()
    ):
        return whole(int(value))
    return None
