"""Where fresh players come from: an address that makes them, a command, or a list that the operator gives."""

import asyncio
import json
import shlex
from collections.abc import Sequence
from typing import Protocol

import msgspec

from croupier.domain.exchange import HttpRequest, HttpResponse, NoAnswer
from croupier.runtime.wallet_client import WalletClient

BALANCE = 100_003
"""Minor units: an odd one, so that sums are seen."""


PATIENCE_MS = 30_000
"""For a new player: nothing is measured here."""


ASKED = 'it gets {"currency", "balance"} as JSON and answers 2xx {"player_id"}'


class NoPlayers(Exception):
    """There is no player to play with; the text says what to do."""


class Players(Protocol):
    many: bool
    """Whether another player is another one: False with a single player given."""

    async def fresh(self, currency: str, balance: int = BALANCE) -> str:
        """The id of a player who holds this currency. NoPlayers."""
        ...

    def token(self, player_id: str) -> str | None:
        """Of this player's session at the casino, where bets carry one."""
        ...


class _WithTokens:
    def __init__(self) -> None:
        self._tokens: dict[str, str] = {}

    def token(self, player_id: str) -> str | None:
        return self._tokens.get(player_id)

    def _known(self, line: str) -> str:
        """``id`` or ``id token``: keeps the token, gives the id."""
        player_id, _, token = line.strip().partition(" ")
        if token.strip():
            self._tokens[player_id] = token.strip()
        return player_id


class Listed(_WithTokens):
    """Those that the operator gives, in turn: ``id``, or ``id token`` where bets carry a session's token."""

    def __init__(self, ids: Sequence[str]) -> None:
        super().__init__()
        if not ids:
            raise NoPlayers("give a player: --player ID, --players FILE, --players-url URL or --player-command CMD")
        self._ids = [self._known(one) for one in ids]
        self._next = 0
        self.many = len(ids) > 1

    async def fresh(self, currency: str, balance: int = BALANCE) -> str:  # noqa: ARG002 - they have what they have
        self._next += 1
        return self._ids[(self._next - 1) % len(self._ids)]


class ByUrl(_WithTokens):
    """``POST {"currency", "balance"}`` → ``{"player_id"}``, as `croupier sandbox` has at ``/players``. With an
    ``operator_token`` in the answer all calls carry it, as after a launch.
    """

    many = True

    def __init__(self, url: str, client: WalletClient) -> None:
        super().__init__()
        self._url = url
        self._client = client

    async def fresh(self, currency: str, balance: int = BALANCE) -> str:
        body = msgspec.json.encode({"currency": currency, "balance": balance})
        headers = (("content-type", "application/json"),)
        request = HttpRequest("POST", self._url, headers, body, PATIENCE_MS)
        answer = await self._client.send(request, private=True)
        if isinstance(answer, NoAnswer) and answer.why == "reset":
            answer = await self._client.send(request, private=True)  # a player too many does no harm
        if not isinstance(answer, HttpResponse) or not 200 <= answer.status < 300:
            said = f"{answer.status}" if isinstance(answer, HttpResponse) else answer.why
            raise NoPlayers(f"POST {self._url} for a new player was answered: {said}; {ASKED}")
        try:
            members = json.loads(answer.body)
            return self._known(f"{members['player_id']} {members.get('operator_token') or ''}")
        except (ValueError, KeyError, TypeError, AttributeError):
            raise NoPlayers(f"POST {self._url} did not answer with a player_id; {ASKED}") from None


class ByCommand(_WithTokens):
    """A command that makes a player and prints ``id`` or ``id token``; currency and balance (minor units) are its last
    arguments.
    """

    many = True

    def __init__(self, command: str) -> None:
        super().__init__()
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
        return self._known(name)
