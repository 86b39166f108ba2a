"""An operator's two sides of the platform: its server's API, and its player's browser without the browser."""

import uuid
from urllib.parse import parse_qs, urlsplit

import httpx

SETTLED = {"closed", "cancelled", "declined"}


class Operator:
    """The casino's server, and the browser of its one player."""

    def __init__(self, url: str, printed: dict) -> None:
        self.secret = printed["wallet_secret"]
        key = {"authorization": f"Bearer {printed['api_key']}"}
        self.api = httpx.Client(base_url=f"{url}/api/v1", headers=key, timeout=30)
        self.play = httpx.Client(base_url=f"{url}/play/v1", timeout=30)

    def launch(self, player: str) -> None:
        self.player = player
        self.api.put(f"/players/{player}", json={"currency": "EUR"}).raise_for_status()
        asked = {"player_id": player, "game_id": "european-roulette", "operator_token": "a-session-of-ours"}
        launch = self.api.post("/sessions", json=asked)
        assert launch.status_code == 201, launch.text
        self.enter(launch.json()["launch_url"])

    def enter(self, launch_url: str) -> None:
        (token,) = parse_qs(urlsplit(launch_url).query)["token"]
        session = self.play.post("/sessions", json={"token": token}).raise_for_status().json()
        self.play.headers["authorization"] = f"Bearer {session['play_token']}"
        self.bet = self.play.get("/session").raise_for_status().json()["bet_levels"][0]

    def spin(self) -> httpx.Response:
        choice = {"bets": [{"type": "red", "amount": self.bet}]}
        return self.play.post("/rounds", json={"request_id": uuid.uuid4().hex, "bet": self.bet, "choice": choice})

    def settled(self, rounds: int) -> list[dict] | None:
        items = self.api.get("/rounds", params={"player_id": self.player}).raise_for_status().json()["items"]
        return items if len(items) == rounds and {one["state"] for one in items} <= SETTLED else None

    def transactions(self) -> list[dict]:
        asked = self.api.get("/transactions", params={"player_id": self.player, "limit": 100})
        return asked.raise_for_status().json()["items"]
