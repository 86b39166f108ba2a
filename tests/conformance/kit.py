"""The kit against the reference wallet, which runs as a process of its own."""

import asyncio
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from croupier.conformance.players import ByUrl
from croupier.conformance.rule import Rule
from croupier.conformance.runner import run
from croupier.conformance.verdict import Result
from croupier.conformance.wallet import Hook, Wallet
from croupier.conformance.wire_changes import Voice
from croupier.dialects import DIALECTS
from croupier.domain.parties import Operator
from croupier.runtime.clock import SystemClock
from croupier.runtime.wallet_client import WalletClient
from sandbox.process import SECRET, CasinoProcess

ADDRESSES = {"native": "/wallet"}
"""Where the reference wallet answers; elsewhere it is one address for all calls."""

HAS = frozenset(
    {"another player", "expire", "block", "limit", "free_round", "restart", "second currency", "more currencies"}
)
"""What the reference wallet and this kit give; not the patience for rules that take minutes."""
TOKENS = ("native", "mascot", "hub88", "pragmatic")
"""Dialects whose operator's half reads the token of a session."""
MORE_CURRENCIES = ("JPY", "KWD", "BTC")


@cache
def secret_of(dialect: str) -> str:
    if DIALECTS[dialect].abilities.key != "rsa":
        return SECRET
    key = rsa.generate_private_key(65_537, 2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@contextmanager
def reference_wallet(data: Path, dialect: str):
    agreed = {"DIALECT": dialect, "NUMBER": "7", "WALLET_SECRET": secret_of(dialect), "OPERATOR_ID": "kit"}
    casino = CasinoProcess(data, **{f"CROUPIER_CASINO_{name}": value for name, value in agreed.items()})
    try:
        yield casino
    finally:
        casino.kill()


def hooks(casino: CasinoProcess) -> dict[str, Hook]:
    """What the casino's own systems would do to a player, and a kill -9 of the wallet."""

    def change(**members: int) -> Hook:
        async def call(player_id: str) -> None:
            (await asyncio.to_thread(casino.post, f"/players/{player_id}", **members)).raise_for_status()

        return call

    async def restart(_: str) -> None:
        casino.kill()
        await asyncio.to_thread(casino.start)

    told = {"expire": change(session_over=True), "block": change(blocked=True), "limit": change(limited=True)}
    return told | {"free_round": change(free_rounds=1), "restart": restart}


def wallet_of(casino: CasinoProcess, dialect: str, timeout_ms: int = 60_000) -> Wallet:
    """Settled balances are read at once: this wallet has moved everything when it answers."""
    url = casino.url + ADDRESSES.get(dialect, "/wallet/")
    operator = Operator("kit", dialect, url, (secret_of(dialect),), ("EUR", "USD", *MORE_CURRENCIES), number=7)
    client, agreed = WalletClient(), DIALECTS[dialect].abilities.given_to(operator)
    agreed = msgspec.structs.replace(agreed, timeout_ms=timeout_ms)
    players = "/players?also=USD" + "&session" * (dialect in TOKENS)
    return Wallet(
        Voice(agreed), client, ByUrl(casino.url + players, client),
        SystemClock(), "EUR", hooks(casino), settle_ms=1, second_currency="USD", more_currencies=MORE_CURRENCIES,
    )  # fmt: skip


async def tried(
    casino: CasinoProcess,
    dialect: str,
    rules: tuple[Rule, ...],
    timeout_ms: int = 60_000,
    has: frozenset[str] = frozenset(),
) -> dict[str, Result]:
    wallet = wallet_of(casino, dialect, timeout_ms)
    try:
        return {result.rule.id: result async for result in run(wallet, rules, has=has)}
    finally:
        wallet.client.close()
