"""The kit against the reference wallet, which runs as a process of its own."""

from contextlib import contextmanager
from functools import cache
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from croupier.conformance.players import ByUrl
from croupier.conformance.rule import Rule
from croupier.conformance.runner import run
from croupier.conformance.trial import Wallet
from croupier.conformance.verdict import Result
from croupier.conformance.wire_changes import Voice
from croupier.dialects import DIALECTS
from croupier.domain.parties import Operator
from croupier.runtime.clock import SystemClock
from croupier.runtime.wallet_client import WalletClient
from sandbox.process import SECRET, CasinoProcess

ADDRESSES = {"native": "/wallet"}
"""Where the reference wallet answers; elsewhere it is one address for all calls."""

HAS = frozenset({"another player"})


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


async def tried(
    casino: CasinoProcess, dialect: str, rules: tuple[Rule, ...], timeout_ms: int = 60_000
) -> dict[str, Result]:
    """Settled balances are read at once: this wallet has moved everything when it answers."""
    url = casino.url + ADDRESSES.get(dialect, "/wallet/")
    operator = Operator("kit", dialect, url, (secret_of(dialect),), ("EUR",), number=7)
    client, agreed = WalletClient(), DIALECTS[dialect].abilities.given_to(operator)
    agreed = msgspec.structs.replace(agreed, timeout_ms=timeout_ms)
    wallet = Wallet(
        Voice(agreed), client, ByUrl(casino.url + "/players", client),
        SystemClock(), "EUR", settle_ms=1,
    )  # fmt: skip
    try:
        return {result.rule.id: result async for result in run(wallet, rules, has=HAS)}
    finally:
        client.close()
