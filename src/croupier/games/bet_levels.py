"""The stakes a game offers, by currency."""

from functools import lru_cache

LADDER = (1, 2, 3, 5, 8, 10, 20, 30, 50, 100, 200, 300, 500)
"""Levels as multiples of the lowest one."""

DIVISOR = 20
"""Every level divides by this, so that it is a whole number of units in every game (20 lines, half bets)."""

# Lowest stake in minor units, worth roughly 0.20 EUR.
_LOWEST: tuple[tuple[int, str], ...] = (
    # Two minor digits
    (20, "AUD BMD BND BSD CAD CHF EUR FKP GBP GIP KYD NZD PAB SGD SHP USD"),
    (40, "AWG AZN BAM BBD BZD FJD TOP XCG"),
    (100, "AED BGN BRL BYN CNY GEL ILS MYR PEN PGK PLN QAR RON SAR TMT WST XCD"),
    (200, "BOB BWP DKK ERN GHS GTQ HKD MAD MOP MVR NOK SBD SCR SEK SVC TJS TTD"),
    (500, "CUP CZK HNL LSL MDL MXN NAD SLE STN SZL ZAR ZMW ZWG"),
    (1_000, "DOP EGP GMD MKD MRU MUR MZN NIO SRD THB TRY TWD UAH UYU"),
    (2_000, "AFN ALL BDT BTN CVE DZD ETB HTG INR KES KGS NPR PHP RSD RUB VES"),
    (4_000, "GYD JMD LRD"),
    (5_000, "LKR PKR SSP YER"),
    (10_000, "AMD CRC HUF KZT SDG SOS"),
    (20_000, "AOA KPW"),
    (40_000, "ARS MMK MWK NGN"),
    (50_000, "CDF TZS"),
    (100_000, "COP KHR MGA MNT"),
    (200_000, "SYP UZS"),
    (400_000, "IDR LAK"),
    (1_000_000, "IRR"),
    (2_000_000, "LBP"),
    # None
    (20, "ISK JPY VUV XPF"),
    (40, "DJF"),
    (100, "KMF XAF XOF"),
    (200, "CLP KRW RWF"),
    (600, "BIF"),
    (1_000, "UGX"),
    (2_000, "GNF PYG"),
    (5_000, "VND"),
    # Three
    (100, "BHD JOD KWD OMR"),
    (600, "TND"),
    (1_000, "LYD"),
    (200_000, "IQD"),
    # Crypto
    (200, "BTC"),
    (8_000, "ETH"),
    (40_000, "BCH BNB"),
    (100_000, "XRP"),
    (200_000, "LTC USDC USDT"),
    (400_000, "ADA"),
    (1_000_000, "SOL TRX"),
    (6_000_000, "XLM"),
    (60_000_000, "TON"),
    (100_000_000, "DOGE"),
)
LOWEST: dict[str, int] = {code: lowest for lowest, codes in _LOWEST for code in codes.split()}


@lru_cache(maxsize=256)
def bet_levels(currency_code: str) -> tuple[int, ...]:
    """Minor units, ascending; all multiples of `DIVISOR`. KeyError for a currency the platform does not know."""
    return tuple(LOWEST[currency_code] * step for step in LADDER)
