"""Checks that several actions share."""

from croupier.domain.money import CURRENCIES
from croupier.domain.parties import LANGUAGES, Operator
from croupier.domain.refusal import Refused


def check_currency(operator: Operator, code: str) -> None:
    """Refused ``unknown_currency`` when the operator does not have it."""
    if code not in CURRENCIES or code not in operator.currencies:
        have = ", ".join(operator.currencies)
        raise Refused("unknown_currency", f"{code!r} is not a currency of yours; you have {have}.", param="currency")


def check_language(language: str | None) -> None:
    if language is not None and language not in LANGUAGES:
        raise Refused("unsupported_language", f"language is one of {', '.join(LANGUAGES)}.", param="language")
