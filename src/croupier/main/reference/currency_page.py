"""docs/reference/currencies.md: every currency with its minor digits and stakes."""

from croupier.domain.money import CURRENCIES, Currency, Money
from croupier.domain.parties import LANGUAGES
from croupier.games.bet_levels import bet_levels

HEAD = """\
# Currencies and languages

Amounts are integers of minor units everywhere: 10.50 EUR is `1050`, 10 JPY is `10`. ISO 4217 says how many digits a
currency has; crypto currencies have the digits that casinos count with. Another API may count with other digits: an
amount that its format cannot carry is refused, never rounded, so such bets are not offered.

The stakes of a currency are 13 levels, from about 0.20 EUR to five hundred times that.

The games speak {languages}. Each operator API has codes of its own for them; what a game does not speak is English.

| Code | Digits | Lowest stake | Highest stake |
|---|---|---|---|
"""


def page() -> str:
    rows = "".join(row(one) for _, one in sorted(CURRENCIES.items()))
    return HEAD.format(languages=", ".join(f"`{code}`" for code in LANGUAGES)) + rows


def row(currency: Currency) -> str:
    levels = bet_levels(currency.code)
    low, high = (str(Money(amount, currency)).partition(" ")[0] for amount in (levels[0], levels[-1]))
    return f"| `{currency.code}` | {currency.exponent} | {low} | {high} |\n"
