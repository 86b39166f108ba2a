"""Who sits before the browser: a cookie, and for each currency that they choose a player with money to play with."""

import hashlib
import secrets

from croupier.domain.money import CURRENCIES
from croupier.domain.parties import LANGUAGES
from croupier.sandbox.ledger import Ledger
from croupier.sandbox.pages import SqlitePages, Visitor
from croupier.wallet.book import Account

COOKIE = "casino_visitor"

START_BALANCES = {"EUR": 100_000, "USD": 100_000, "JPY": 100_000, "KWD": 300_000, "BTC": 1_000_000, "BRL": 500_000}
"""What the casino's page offers, with the play money that a new player begins with, in minor units."""


class Visitors:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def known(self, cookie: str | None) -> Visitor | None:
        if not cookie or len(cookie) > 64:
            return None
        key = _key(cookie)
        return await self._ledger.do(lambda pages: pages.visitor(key))

    async def welcome(self, currency: str = "EUR", language: str = "en") -> tuple[Visitor, str]:
        """A new visitor with a player, and the cookie to give them."""
        cookie = secrets.token_urlsafe(24)
        return await self.seat(_key(cookie), currency, language), cookie

    async def seat(self, key: str, currency: str, language: str) -> Visitor:
        """Give the visitor their player of this currency, new or as they left it. ValueError for unknown words.

        A player's currency never changes, so another currency is another player.
        """
        if currency not in START_BALANCES:
            raise ValueError(f"currency must be one of {', '.join(START_BALANCES)}")
        if language not in LANGUAGES:
            raise ValueError(f"language must be one of {', '.join(LANGUAGES)}")
        visitor = Visitor(key, f"visitor-{key[:12]}-{currency.lower()}", currency, language)

        def write(pages: SqlitePages) -> None:
            pages.put_visitor(visitor)
            if pages.account(visitor.player_id) is None:
                pages.put_account(Account(visitor.player_id, currency, START_BALANCES[currency]))

        await self._ledger.do(write)
        return visitor

    async def described(self, visitor: Visitor) -> dict[str, str | int | list[str]]:
        """What the page shows: ``GET /casino/api/me``."""
        account = await self._ledger.do(lambda pages: pages.account(visitor.player_id))
        assert account is not None
        return {
            "player_id": visitor.player_id,
            "currency": visitor.currency,
            "exponent": CURRENCIES[visitor.currency].exponent,
            "balance": account.balance,
            "language": visitor.language,
            "currencies": list(START_BALANCES),
            "languages": list(LANGUAGES),
        }


def _key(cookie: str) -> str:
    """The cookie itself is not kept: who reads the file cannot become a visitor."""
    return hashlib.sha256(cookie.encode()).hexdigest()[:32]
