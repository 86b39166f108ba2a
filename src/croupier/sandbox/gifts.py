"""Free rounds that the casino gives its visitors, by the same calls that any operator would make."""

import datetime as dt
import time
from typing import Any

from croupier.sandbox.ledger import Ledger
from croupier.sandbox.pages import Visitor
from croupier.sandbox.platform import Platform, PlatformError
from croupier.sandbox.requests import Refused

ROUNDS = 10
LEVEL = 3
"""Which of the game's bet levels: the fourth is about one euro."""
DAYS = 7
OVER = ("unknown_campaign", "campaign_not_running")


class Gifts:
    def __init__(self, ledger: Ledger, platform: Platform) -> None:
        self._ledger = ledger
        self._platform = platform

    async def give(self, visitor: Visitor, game_id: str) -> dict[str, Any]:
        """Ten free rounds of the game; whoever has some left keeps those."""
        game = next((g for g in (await self._platform.games())["items"] if g["id"] == game_id), None)
        if game is None or not game["free_rounds"]:
            raise Refused(422, "free_rounds_unsupported", "This game has no free rounds.")
        levels = game["bet_levels"].get(visitor.currency)
        if not levels:
            raise Refused(422, "unknown_currency", f"This game is not played in {visitor.currency}.")
        known = await self._of(visitor.player_id, game_id)
        campaign_id = known if known and await self._left(known, visitor.player_id) else None
        bet = levels[min(LEVEL, len(levels) - 1)]
        if campaign_id is None:
            campaign_id = f"gift-{time.time_ns():x}"
            now = dt.datetime.now(dt.UTC)
            body = {
                "game_ids": [game_id],
                "rounds": ROUNDS,
                "bet": bet,
                "currency": visitor.currency,
                "starts_at": (now - dt.timedelta(minutes=1)).isoformat(),  # the two clocks need not agree
                "ends_at": (now + dt.timedelta(days=DAYS)).isoformat(),
            }
            await self._platform.put_player(visitor.player_id, visitor.currency, visitor.language)
            await self._platform.put_campaign(campaign_id, body, visitor.player_id)
            await self._note(visitor.player_id, game_id, campaign_id)
        return {"campaign_id": campaign_id, "game_id": game_id, "rounds": ROUNDS, "bet": bet}

    async def launch(self, visitor: Visitor, game_id: str, language: str, return_url: str) -> Any:
        """With the visitor's free rounds, as long as the platform has them."""
        campaign_id = await self._of(visitor.player_id, game_id)
        try:
            return await self._platform.launch(visitor.player_id, game_id, language, return_url, campaign_id)
        except PlatformError as error:
            if campaign_id is None or error.problem.get("code") not in OVER:
                raise
        await self._note(visitor.player_id, game_id, None)
        return await self._platform.launch(visitor.player_id, game_id, language, return_url)

    async def _left(self, campaign_id: str, player_id: str) -> bool:
        try:
            found = await self._platform.campaign(campaign_id, player_id)
        except PlatformError as error:
            if error.status == 404:
                return False
            raise
        return found["state"] == "running" and any(one["left"] for one in found["progress"])

    async def _of(self, player_id: str, game_id: str) -> str | None:
        return await self._ledger.do(lambda pages: pages.gift(player_id, game_id))

    async def _note(self, player_id: str, game_id: str, campaign_id: str | None) -> None:
        await self._ledger.do(lambda pages: pages.put_gift(player_id, game_id, campaign_id))
