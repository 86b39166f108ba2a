"""Amounts in other units than ours. What a format cannot carry is refused, never rounded."""

from decimal import ROUND_FLOOR, Context, Decimal

import msgspec

from croupier.domain.money import AMOUNT_MAX

_EXACT = Context(prec=60)


class CannotCarry(ValueError):
    """The format has no digits for this amount."""


class Scale(msgspec.Struct, frozen=True):
    """Minor digits of a currency `here`, and of the integers or decimals on the `wire`."""

    here: int
    wire: int

    @property
    def step(self) -> int:
        """The smallest amount, in our minor units, of which the wire carries every multiple."""
        return _power(self.here - self.wire)

    def integer(self, amount: int) -> int:
        """Our minor units as an integer of the wire's. CannotCarry when something would be lost."""
        if amount % self.step:
            raise CannotCarry(f"{amount} minor units have more than {self.wire} digits")
        return amount * _power(self.wire - self.here) // self.step

    def minor(self, value: int) -> int:
        """The wire's integer in our minor units; less than one of ours is cut off, for balances that are only shown."""
        return value * self.step // _power(self.wire - self.here)

    def exact(self, value: int) -> int:
        """The wire's integer in our minor units. CannotCarry when it is no multiple of one, or too large."""
        amount = self.minor(value)
        if abs(amount) > AMOUNT_MAX:
            raise CannotCarry(f"{value} is too large")
        if self.integer(amount) != value:
            raise CannotCarry(f"{value} has more than {self.here} digits of the currency")
        return amount

    def decimal(self, amount: int) -> Decimal:
        """Our minor units in main units, with exactly the wire's digits. CannotCarry as above."""
        return Decimal(self.integer(amount)).scaleb(-self.wire, _EXACT)

    def of_decimal(self, value: Decimal) -> int:
        """Main units in our minor units; less than one of ours is cut off. ValueError for what is no such amount."""
        if not value.is_finite() or value.adjusted() > 24:
            raise ValueError("no amount")
        return int(value.scaleb(self.here, _EXACT).to_integral_value(ROUND_FLOOR))


def _power(digits: int) -> int:
    """Ten to that power, 1 below it."""
    return int("1" + "0" * digits)
