"""Calls as the platform makes them, short."""

import itertools

from croupier.wallet.calls import Balance, Bet, Context, Rollback, Win

EXPIRES_AT = 4_000_000_000_000_000
_numbers = itertools.count(1)


def fresh(what: str = "") -> str:
    """An id that no other test uses."""
    return f"{what}{next(_numbers)}"


def who(player: str) -> Context:
    return Context(player, "ses_1", "krakens-hoard", "EUR", "token")


def balance(player: str) -> Balance:
    return Balance(who(player), fresh("c_"))


def bet(player: str, name: str, amount: int, **more) -> Bet:
    return Bet(who(player), name, f"rd-{name}", amount, more.pop("expires_at", EXPIRES_AT), **more)


def win(player: str, name: str, amount: int, of: str) -> Win:
    return Win(who(player), name, f"rd-{of}", amount, of)


def roll(player: str, of: str, name: str | None = None) -> Rollback:
    return Rollback(who(player), name or f"r-{of}", f"rd-{of}", of, 0)
