"""Free rounds that the casino gives: one campaign a gift, kept until it is used up, never in the way of a launch."""

import pytest

from croupier.runtime.clock import SystemClock
from croupier.sandbox.gifts import Gifts
from croupier.sandbox.ledger import Ledger
from croupier.sandbox.pages import Visitor
from croupier.sandbox.platform import PlatformError
from croupier.sandbox.requests import Refused

ANA = Visitor("cookie", "visitor-ana", "EUR", "en")
GAMES = [
    {"id": "slot", "free_rounds": True, "bet_levels": {"EUR": [20, 40, 60, 100, 200]}},
    {"id": "table", "free_rounds": False, "bet_levels": {"EUR": [20]}},
]


class Platform:
    """What the operator API would answer."""

    def __init__(self):
        self.campaigns = {}
        self.launched = []
        self.left = 10

    async def games(self):
        return {"items": GAMES}

    async def put_player(self, player_id, currency, language):
        assert (player_id, currency, language) == ("visitor-ana", "EUR", "en")

    async def put_campaign(self, campaign_id, body, player_id):
        self.campaigns[campaign_id] = (body, player_id)

    async def campaign(self, campaign_id, _):
        if campaign_id not in self.campaigns:
            raise PlatformError(404, {"code": "not_found"})
        return {"state": "running", "progress": [{"left": self.left}]}

    async def launch(self, *given):
        *_, campaign_id = given if len(given) == 5 else (*given, None)
        if campaign_id is not None and campaign_id not in self.campaigns:
            raise PlatformError(422, {"code": "unknown_campaign"})
        self.launched.append(campaign_id)
        return {"launch_url": "https://game"}


@pytest.fixture
async def gifts(tmp_path):
    ledger = Ledger(tmp_path / "casino.sqlite3", SystemClock())
    gifts = Gifts(ledger, Platform())
    gifts.platform = gifts._platform
    yield gifts
    await ledger.close()


async def test_one_click_is_one_campaign_of_ten_rounds(gifts):
    given = await gifts.give(ANA, "slot")
    ((campaign_id, (body, player_id)),) = gifts.platform.campaigns.items()
    assert given == {"campaign_id": campaign_id, "game_id": "slot", "rounds": 10, "bet": 100}
    assert (body["game_ids"], body["rounds"], body["bet"], body["currency"]) == (["slot"], 10, 100, "EUR")
    assert player_id == "visitor-ana"


async def test_who_has_some_left_keeps_those_and_gets_new_ones_afterwards(gifts):
    first = await gifts.give(ANA, "slot")
    assert await gifts.give(ANA, "slot") == first
    gifts.platform.left = 0
    assert (await gifts.give(ANA, "slot"))["campaign_id"] != first["campaign_id"]


@pytest.mark.parametrize("game_id", ["table", "nothing"])
async def test_a_game_without_free_rounds_has_none(gifts, game_id):
    with pytest.raises(Refused):
        await gifts.give(ANA, game_id)
    assert gifts.platform.campaigns == {}


async def test_a_launch_names_the_gift_as_long_as_the_platform_knows_it(gifts):
    given = await gifts.give(ANA, "slot")
    await gifts.launch(ANA, "slot", "en", "https://casino")
    await gifts.launch(ANA, "table", "en", "https://casino")
    gifts.platform.campaigns.clear()
    await gifts.launch(ANA, "slot", "en", "https://casino")
    await gifts.launch(ANA, "slot", "en", "https://casino")
    assert gifts.platform.launched == [given["campaign_id"], None, None, None]
