"""Players over the public API: they spin, bet and hit, repeat what was not answered, and never lose patience."""

import asyncio
import json
import random
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from croupier.domain.exchange import HttpRequest, HttpResponse
from croupier.runtime.wallet_client import WalletClient

T = TypeVar("T")

OPENING = 1_000_000
GAMES = ("krakens-hoard", "european-roulette", "blackjack")
SETTLING = ("betting", "paying", "rolling_back")
PATIENCE_S = 60.0


def perform(scene: Coroutine[Any, Any, T]) -> T:
    """Runs a scene in a loop of its own thread: the browser's driver keeps this thread's loop for itself.

    One scene is one loop, and clients with open connections live within one scene.
    """
    with ThreadPoolExecutor(1) as stage:
        return stage.submit(asyncio.run, scene).result()


class Gave(Exception):
    """The other side answered with something that no player should ever see."""


class Caller:
    """JSON over HTTP to one server; a lost answer is None. Sends back what each token's newest answer knew."""

    def __init__(self, base: str, token: str = "") -> None:
        self.base = base
        self.token = token
        self.client = WalletClient()
        self.seqs: dict[str, str] = {}

    async def call(
        self, method: str, path: str, body: object = None, token: str | None = None, timeout_ms: int = 30_000
    ) -> tuple[int, Any] | None:
        headers = [("content-type", "application/json")] if body is not None else []
        if token or self.token:
            headers.append(("authorization", f"Bearer {token or self.token}"))
        if token in self.seqs:
            headers.append(("croupier-seq", self.seqs[token]))
        raw = json.dumps(body).encode() if body is not None else b""
        request = HttpRequest(method, self.base + path, tuple(headers), raw, timeout_ms)
        answer = await self.client.send(request, private=True)
        if not isinstance(answer, HttpResponse):
            return None
        seq = answer.header("croupier-seq")
        if token and seq is not None:
            self.seqs[token] = seq
        try:
            return answer.status, json.loads(answer.body)
        except ValueError:
            return answer.status, answer.body


async def until_answered(caller: Caller, method: str, path: str, body: object = None, token: str = "") -> Any:
    """The body of a 2xx answer, however often it must be asked for."""
    until = asyncio.get_running_loop().time() + PATIENCE_S
    last: object = None
    while asyncio.get_running_loop().time() < until:
        answered = await caller.call(method, path, body, token)
        if answered is not None and 200 <= answered[0] < 300:
            return answered[1]
        if answered is not None and answered[0] not in (424, 503, 502):
            raise Gave(f"{method} {path}: {answered}")
        last = answered
        await asyncio.sleep(0.2)
    raise Gave(f"{method} {path}: no good answer within {PATIENCE_S} s, last {last}")


@dataclass
class Player:
    """One player at one game. `counts`: how the rounds ended."""

    platform: Caller
    casino: Caller
    api_key: str
    player_id: str
    game_id: str
    rng: random.Random
    campaign_id: str | None = None
    """Free rounds at the lowest bet, which the player then stays with."""
    token: str = ""
    number: int = 0
    rounds: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    on_round: Any = None

    async def sit_down(self) -> None:
        account = {"player_id": self.player_id, "currency": "EUR", "balance": OPENING}
        answered = await self.casino.call("POST", "/players", account)
        if answered is None or answered[0] not in (201, 409):
            raise Gave(f"the casino took no player: {answered}")
        body = {"player_id": self.player_id, "game_id": self.game_id}
        if self.campaign_id is not None:
            body["campaign_id"] = self.campaign_id
        for _ in range(50):
            session = await until_answered(self.platform, "POST", "/api/v1/sessions", body, self.api_key)
            launch = parse_qs(urlsplit(session["launch_url"]).query)["token"][0]
            opened = await self.platform.call("POST", "/play/v1/sessions", {"token": launch})
            if opened is not None and opened[0] == 201:
                self.token = opened[1]["play_token"]
                return
            await asyncio.sleep(0.2)  # the answer was lost with the process; the token is used, so a new one is asked
        raise Gave("no session could be opened")

    def _request_id(self) -> str:
        self.number += 1
        return f"{self.player_id}-{self.number}"

    def _opening(self) -> dict[str, Any]:
        if self.game_id == "european-roulette":
            bets = [
                {"type": "straight", "numbers": [self.rng.randrange(37)], "amount": 20},
                {"type": self.rng.choice(("red", "black")), "amount": 40},
                {"type": "dozen", "index": self.rng.randrange(1, 4), "amount": 20},
            ]
            return {"bet": 80, "choice": {"bets": bets}}
        return {"bet": 20 if self.campaign_id is not None else self.rng.choice((20, 100))}

    async def play(self, stop: asyncio.Event | None = None) -> None:
        """One round, to its end or until it waits for the wallet."""
        view = await self._post("/play/v1/rounds", {"request_id": self._request_id(), **self._opening()})
        while view is not None and view["state"] == "in_play" and view["next_actions"]:
            if stop is not None and stop.is_set() and self.rng.random() < 0.5:
                break  # some leave a hand open: it must be there when they come back
            action = self.rng.choice(view["next_actions"])["action"]
            path = f"/play/v1/rounds/{view['round_id']}/actions"
            view = await self._post(path, {"request_id": self._request_id(), "action": action})
        self.rounds += 1
        if self.on_round is not None:
            self.on_round()

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any] | None:
        """The round after this action; what has no answer is sent again with the same request id."""
        until = asyncio.get_running_loop().time() + PATIENCE_S
        last: object = None
        while asyncio.get_running_loop().time() < until:
            last = answered = await self.platform.call("POST", path, body, self.token)
            if answered is None:
                await asyncio.sleep(0.05)
                continue
            status, answer = answered
            if status == 200:
                self._count(answer["state"])
                return answer
            if not isinstance(answer, dict) or "code" not in answer or (status >= 500 and status != 503):
                raise Gave(f"{path}: {answered}")
            self._count(answer["code"])
            match answer["code"]:
                case "busy" if "round_id" in answer:
                    return None  # declined before its bet was sent: this request id hears the same for ever
                case "busy":
                    await asyncio.sleep(0.1)
                case "wallet_unknown" | "round_in_progress":
                    return await self._settled(answer["round_id"])
                case "insufficient_funds" | "stale_action":
                    return None
                case _:
                    raise Gave(f"{path}: {answered}")
        raise Gave(f"{path}: no answer within {PATIENCE_S} s, last {last}")

    async def _settled(self, round_id: str) -> dict[str, Any]:
        """The round once no wallet is waited for."""
        until = asyncio.get_running_loop().time() + PATIENCE_S
        view: dict[str, Any] = {}
        while asyncio.get_running_loop().time() < until:
            view = await until_answered(self.platform, "GET", f"/play/v1/rounds/{round_id}", token=self.token)
            if view["state"] not in SETTLING:
                return view
            await asyncio.sleep(0.05)
        raise Gave(f"{round_id} is still {view['state']} after {PATIENCE_S} s")

    async def settle(self) -> dict[str, Any] | None:
        """The open round, if any, once it waits for nobody but its player."""
        view = await self.open_round()
        return view if view is None or view["state"] not in SETTLING else await self._settled(view["round_id"])

    async def open_round(self) -> dict[str, Any] | None:
        session = await until_answered(self.platform, "GET", "/play/v1/session", token=self.token)
        return session["open_round"]

    def _count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1


def table(demo: dict[str, Any], players: int, seed: int) -> list[Player]:
    """Players spread over the three games, each with a stream of choices of its own."""
    platform, casino = Caller(demo["platform"]), Caller(demo["casino"])
    return [
        Player(
            platform,
            casino,
            demo["operator"]["api_key"],
            f"p{seed}-{n}",
            GAMES[n % len(GAMES)],
            random.Random(f"{seed}/{n}"),
        )
        for n in range(players)
    ]


async def sit(players: list[Player]) -> None:
    for start in range(0, len(players), 16):
        await asyncio.gather(*(p.sit_down() for p in players[start : start + 16]))
