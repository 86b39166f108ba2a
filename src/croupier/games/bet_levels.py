"""The stakes a game offers, by currency."""

from functools import lru_cache

from croupier.domain.money import CURRENCIES

LADDER = (1, 2, 3, 5, 8, 10, 20, 30, 50, 100, 200, 300, 500)
"""Levels as multiples of the lowest one."""

DIVISOR = 20
"""Every level divides by this, so that it is a whole number of units in every game (20 lines, half bets)."""

# Lowest stake in minor units, worth roughly 0.20 EUR.
LOWEST: dict[str, int] = {
    **dict.fromkeys(("EUR", "USD", "GBP", "CHF", "CAD", "AUD", "NZD"), 20),
    **dict.fromkeys(("BGN", "MYR", "PEN", "PLN", "RON"), 100),
    **dict.fromkeys(("BRL", "CNY"), 100),
    **dict.fromkeys(("DKK", "NOK", "SEK"), 200),
    **dict.fromkeys(("CZK", "MXN", "ZAR"), 500),
    **dict.fromkeys(("THB", "TRY", "UAH"), 1_000),
    **dict.fromkeys(("INR", "KES", "PHP"), 2_000),
    "HUF": 10_000,
    **dict.fromkeys(("ARS", "NGN"), 40_000),
    "COP": 100_000,
    "IDR": 400_000,
    **dict.fromkeys(("ISK", "JPY"), 20),
    **dict.fromkeys(("CLP", "KRW"), 200),
    "PYG": 2_000,
    "VND": 5_000,
    **dict.fromkeys(("BHD", "JOD", "KWD", "OMR"), 100),
    "TND": 600,
    "USDT": 200_000,
    "BTC": 200,
}

LOWEST_BY_EXPONENT = {0: 20, 2: 20, 3: 200, 6: 200_000, 8: 200}
"""For a currency without a line above."""


@lru_cache(maxsize=256)
def bet_levels(currency_code: str) -> tuple[int, ...]:
    """Minor units, ascending; all multiples of `DIVISOR`. KeyError for a currency the platform does not know."""
    lowest = LOWEST.get(currency_code) or LOWEST_BY_EXPONENT[CURRENCIES[currency_code].exponent]
    return tuple(lowest * step for step in LADDER)
