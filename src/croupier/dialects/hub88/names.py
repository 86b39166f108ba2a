"""Names and amounts as this API has them: UUIDs, and integers of a hundred-thousandth of the main unit."""

import uuid

from croupier.dialects.amounts import CannotCarry, Scale
from croupier.domain.money import CURRENCIES

DIGITS = 5
WIRE_MAX = 2**63 - 1
DEMO = "XXX"
"""The currency of play money."""

_NAMES = uuid.UUID("0d6d3c52-8d1c-5b0f-8a8e-5f4e6f0c8b88")


def scale(currency: str) -> Scale:
    """KeyError for a currency that the platform does not know."""
    return Scale(CURRENCIES[currency].exponent, DIGITS)


def wire_amount(amount: int, currency: str) -> int:
    """CannotCarry for more than five digits, or more than 64 bits."""
    value = scale(currency).integer(amount)
    if abs(value) > WIRE_MAX:
        raise CannotCarry(f"{value} has more than 64 bits")
    return value


def uuid_made_of(*parts: str) -> str:
    return str(uuid.uuid5(_NAMES, "/".join(parts)))


def uuid_of(name: str) -> str:
    """The name itself where it is a UUID, else one made of it."""
    found = read_uuid(name)
    return str(found) if found is not None else uuid_made_of("name", name)


def read_uuid(text: str) -> uuid.UUID | None:
    try:
        found = uuid.UUID(text)
    except ValueError:
        return None
    return found if str(found) == text.lower() else None
