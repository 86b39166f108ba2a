"""The casino's server as a client of the platform: only the public operator API, with the operator's key."""

import time
from typing import Any
from urllib.parse import quote

import msgspec

from croupier.domain.exchange import HttpRequest, NoAnswer
from croupier.runtime.wallet_client import WalletClient

GAMES_KEPT_S = 3
ANSWER_MAX = 4 * 1024 * 1024


class PlatformError(Exception):
    """The platform refused or did not answer. `status`: what to tell the browser; `problem`: its own words."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(str(problem.get("code")))
        self.status = status
        self.problem = problem


class Platform:
    def __init__(self, url: str, api_key: str) -> None:
        self.url = url
        self._headers = (
            ("accept", "application/json"),
            ("authorization", f"Bearer {api_key}"),
            ("content-type", "application/json"),
        )
        # The wallet client with a larger body: the list of games is bigger than a wallet's answer.
        self._client = WalletClient(body_max=ANSWER_MAX)
        self._games: tuple[float, Any] | None = None

    async def put_player(self, player_id: str, currency: str, language: str | None = None) -> None:
        body = {"currency": currency} if language is None else {"currency": currency, "language": language}
        await self._call("PUT", f"/players/{quote(player_id, safe='')}", body)

    async def games(self) -> Any:
        """The platform's list as it is, at most a few seconds old."""
        now = time.monotonic()
        if self._games is None or now - self._games[0] > GAMES_KEPT_S:
            self._games = (now, await self._call("GET", "/games?limit=100"))
        return self._games[1]

    async def put_campaign(self, campaign_id: str, body: dict[str, Any], player_id: str) -> None:
        """A campaign of free rounds for one player."""
        path = f"/campaigns/{quote(campaign_id, safe='')}"
        await self._call("PUT", path, body)
        await self._call("PUT", f"{path}/players", {"player_ids": [player_id]})

    async def campaign(self, campaign_id: str, player_id: str) -> Any:
        """The campaign with this player's progress."""
        return await self._call("GET", f"/campaigns/{quote(campaign_id, safe='')}?player_id={quote(player_id)}")

    async def launch(
        self, player_id: str, game_id: str, language: str, return_url: str, campaign_id: str | None = None
    ) -> Any:
        """A new session: ``{session_id, launch_url, launch_expires_at}``."""
        body = {"player_id": player_id, "game_id": game_id, "language": language, "return_url": return_url}
        if campaign_id is not None:
            body["campaign_id"] = campaign_id
        return await self._call("POST", "/sessions", body)

    def close(self) -> None:
        self._client.close()

    async def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        content = b"" if body is None else msgspec.json.encode(body)
        request = HttpRequest(method, f"{self.url}/api/v1{path}", self._headers, content, timeout_ms=10_000)
        answer = await self._client.send(request, private=True)
        if isinstance(answer, NoAnswer):
            text = f"The platform at {self.url} does not answer ({answer.why})."
            raise PlatformError(502, {"code": "platform_unreachable", "detail": text})
        try:
            value: Any = msgspec.json.decode(answer.body) if answer.body else None
        except ValueError:
            text = f"The platform answered {answer.status}, but no JSON."
            raise PlatformError(502, {"code": "platform_unreachable", "detail": text}) from None
        if answer.status >= 400:
            problem = value if isinstance(value, dict) else {}
            raise PlatformError(502 if answer.status in (401, 500) else answer.status, problem)
        return value
