"""Money is an integer of minor units beside its currency. No float comes near it."""

import re
from dataclasses import dataclass
from decimal import Decimal

# ISO 4217 exponents; crypto currencies by their smallest customary unit. All others have two minor digits.
EXPONENTS = {
    **dict.fromkeys(("CLP", "ISK", "JPY", "KRW", "PYG", "VND"), 0),
    **dict.fromkeys(("BHD", "JOD", "KWD", "OMR", "TND"), 3),
    "USDT": 6,
    "BTC": 8,
}
_TEXT = re.compile(r"(-?)([0-9]{1,30})(?:\.([0-9]{1,18}))?", re.ASCII)


class BadMoney(ValueError):
    """`args[0]`: ``not_an_amount`` or ``too_many_decimals``."""


@dataclass(frozen=True, slots=True)
class Money:
    """``Money(1050, "EUR")`` is 10.50 EUR. TypeError for anything but an integer."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"money is an integer of minor units, not {type(self.minor).__name__} {self.minor!r}")

    @classmethod
    def parse(cls, text: str, currency: str) -> "Money":
        """``"10.50", "EUR"`` -> ``Money(1050, "EUR")``. BadMoney rather than rounding."""
        found = _TEXT.fullmatch(text) if isinstance(text, str) else None
        if found is None:
            raise BadMoney("not_an_amount", text)
        sign, whole, decimals = found[1], found[2], found[3] or ""
        exponent = EXPONENTS.get(currency, 2)
        if len(decimals) > exponent:
            raise BadMoney("too_many_decimals", text)
        return cls(int(sign + whole + decimals.ljust(exponent, "0")), currency)

    @classmethod
    def of(cls, amount: Decimal, currency: str) -> "Money":
        """Of an amount in main units as a database's NUMERIC column holds it, zeros at its end included."""
        if type(amount) is not Decimal:
            raise TypeError(f"an amount in main units is a Decimal, not {type(amount).__name__} {amount!r}")
        minor = amount.scaleb(EXPONENTS.get(currency, 2))
        if not minor.is_finite() or minor != minor.to_integral_value():
            raise BadMoney("too_many_decimals", str(amount))
        return cls(int(minor), currency)

    @property
    def decimal(self) -> Decimal:
        """In main units."""
        return Decimal(self.minor).scaleb(-EXPONENTS.get(self.currency, 2))

    def __str__(self) -> str:
        return f"{self.decimal:f}"
