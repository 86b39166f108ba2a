"""Money is integers: minor units beside a currency. No float comes near it."""

import msgspec

from croupier.domain.currencies import MINOR_DIGITS

AMOUNT_MAX = 2**53 - 1
"""Largest amount in minor units that every JSON reader in use carries exactly."""


class Currency(msgspec.Struct, frozen=True):
    """An ISO 4217 code (or a crypto currency's) and its number of minor digits."""

    code: str
    exponent: int


CURRENCIES: dict[str, Currency] = {
    code: Currency(code, exponent) for exponent, codes in MINOR_DIGITS.items() for code in codes.split()
}


class Money(msgspec.Struct, frozen=True):
    """An amount in minor units of a currency: ``Money(150, EUR)`` is 1.50 EUR."""

    amount: int
    currency: Currency

    def __str__(self) -> str:
        digits = self.currency.exponent
        sign = "-" if self.amount < 0 else ""
        text = str(abs(self.amount)).rjust(digits + 1, "0")
        whole, minor = (text[:-digits], "." + text[-digits:]) if digits else (text, "")
        return f"{sign}{whole}{minor} {self.currency.code}"

    @classmethod
    def parse(cls, text: str) -> "Money":
        """``"1.50 EUR"`` -> ``Money(150, EUR)``. ValueError when it is not exact in that currency."""
        number, _, code = text.strip().partition(" ")
        currency = CURRENCIES.get(code)
        if currency is None:
            raise ValueError(f"unknown currency in {text!r}")
        whole, _, minor = number.partition(".")
        if len(minor) > currency.exponent or not whole.lstrip("-").isdigit() or (minor and not minor.isdigit()):
            raise ValueError(f"{text!r} is not an amount with at most {currency.exponent} minor digits")
        return cls(int(whole + minor.ljust(currency.exponent, "0")), currency)
