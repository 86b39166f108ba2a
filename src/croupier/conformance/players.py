"""Where fresh players come from: an address that makes them, a command, or a list that the operator gives."""

import asyncio
import json
import shlex
from collections.abc import Sequence
from typing import Protocol

import msgspec

from croupier.domain.exchange import HttpRequest, HttpResponse
from croupier.runtime.wallet_client import WalletClient

BALANCE = 100_003
"""Minor units: an odd one, so that sums are seen."""


class NoPlayers(Exception):
    """There is no player to play with; the text says what to do."""


class Players(Protocol):
    many: bool
    """Whether another player is another one: False with a single player given."""

    async def fresh(self, currency: str, balance: int = BALANCE) -> str:
        """The id of a player who holds this currency. NoPlayers."""
        ...


class Listed:
    """Those that the operator gives, in turn."""

    def __init__(self, ids: Sequence[str]) -> None:
        if not ids:
            raise NoPlayers("give a player: --player ID, --players FILE, --players-url URL or --player-command CMD")
        self._ids = list(ids)
        self._next = 0
        self.many = len(ids) > 1

    async def fresh(self, currency: str, balance: int = BALANCE) -> str:  # noqa: ARG002 - they have what they have
        self._next += 1
        return self._ids[(self._next - 1) % len(self._ids)]


class ByUrl:
    """``POST {"currency", "balance"}`` → ``{"player_id"}``, as `croupier sandbox` has at ``/players``."""

    many = True

    def __init__(self, url: str, client: WalletClient) -> None:
        self._url = url
        self._client = client

    async def fresh(self, currency: str, balance: int = BALANCE) -> str:
        body = msgspec.json.encode({"currency": currency, "balance": balance})
        headers = (("content-type", "application/json"),)
        answer = await self._client.send(HttpRequest("POST", self._url, headers, body), private=True)
        if not isinstance(answer, HttpResponse) or not 200 <= answer.status < 300:
            said = f"{answer.status}" if isinstance(answer, HttpResponse) else answer.why
            raise NoPlayers(f"POST {self._url} for a new player was answered: {said}")
        try:
            return str(json.loads(answer.body)["player_id"])
        except (ValueError, KeyError, TypeError):
            raise NoPlayers(f"POST {self._url} did not answer with a player_id") from None


class ByCommand:
    """A command that makes a player and prints the id; currency and balance (minor units) are its last arguments."""

    many = True

    def __init__(self, command: str) -> None:
        self._command = shlex.split(command)

    async def fresh(self, currency: str, balance: int = BALANCE) -> str:
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command, currency, str(balance), stdout=asyncio.subprocess.PIPE
            )
        except OSError as error:
            raise NoPlayers(f"{self._command[0]}: {error}") from None
        out, _ = await process.communicate()
        name = out.decode("utf-8", "replace").strip()
        if process.returncode or not name:
            raise NoPlayers(f"{self._command[0]} ended with {process.returncode} and printed {name!r}")
        return name
