"""What a campaign may be, who may be in it, and how both are listed."""

import pytest

from api.test_campaigns import CAMPAIGN, campaign, free_rounds

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_players_are_given_once_all_or_none(casino):
    await casino.player("mia")
    await casino.player("yen", currency="JPY")
    await campaign(casino, "crowd")
    for wrong, code in (("nobody", "unknown_player"), ("yen", "unknown_currency")):
        refused = await casino.call("PUT", "/campaigns/crowd/players", json={"player_ids": ["mia", wrong]})
        assert (refused.status_code, refused.json()["code"], refused.json()["param"]) == (422, code, "player_ids.1")
        assert (await casino.call("GET", "/campaigns/crowd")).json()["players"] == 0
    for _ in range(2):
        given = await casino.call("PUT", "/campaigns/crowd/players", json={"player_ids": ["mia", "mia"]})
        assert given.json()["players"] == 1
    key = {"Idempotency-Key": "grant-1"}
    body = {"player_ids": ["mia"]}
    first = await casino.call("PUT", "/campaigns/crowd/players", json=body, headers=key)
    second = await casino.call("PUT", "/campaigns/crowd/players", json=body, headers=key)
    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.json() == first.json()
    reused = await casino.call("PUT", "/campaigns/crowd/players", json={"player_ids": ["yen"]}, headers=key)
    assert (reused.status_code, reused.json()["code"]) == (409, "idempotency_key_reused")


async def test_players_and_campaigns_come_in_pages(casino):
    names = [f"page{n}" for n in range(5)]
    for name in names:
        await casino.player(name)
    await campaign(casino, "paged", *names)
    seen, cursor = [], None
    while True:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await casino.call("GET", "/campaigns/paged", params=params)).json()
        seen += [row["player_id"] for row in page["progress"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == names
    first = (await casino.call("GET", "/campaigns", params={"limit": 1})).json()
    assert first["items"][0]["campaign_id"] == "paged"
    second = (await casino.call("GET", "/campaigns", params={"limit": 1, "cursor": first["next_cursor"]})).json()
    assert second["items"][0]["campaign_id"] != "paged"


# what is wrong, the field's value, code, param
WRONG = [
    ("a game that does not exist", {"game_ids": ["krakens-hoard", "nope"]}, "unknown_game", "game_ids.1"),
    ("a game without free rounds", {"game_ids": ["european-roulette"]}, "free_rounds_unsupported", "game_ids.0"),
    ("a game with paid actions", {"game_ids": ["blackjack"]}, "free_rounds_unsupported", "game_ids.0"),
    ("no game", {"game_ids": []}, "invalid_value", "game_ids"),
    ("an end after year 9999", {"ends_at": "9999-12-31T23:59:59-01:00"}, "invalid_value", "ends_at"),
    ("not a bet level", {"bet": 41}, "bet_not_allowed", "bet"),
    ("a bet of nothing", {"bet": 0}, "bet_not_allowed", "bet"),
    ("a negative bet", {"bet": -20}, "invalid_amount", "bet"),
    ("a bet with a fraction", {"bet": 20.5}, "invalid_amount", "bet"),
    ("no rounds", {"rounds": 0}, "invalid_value", "rounds"),
    ("too many rounds", {"rounds": 10_001}, "invalid_value", "rounds"),
    ("rounds as text", {"rounds": "3"}, "invalid_type", "rounds"),
    ("a currency of others", {"currency": "KWD"}, "unknown_currency", "currency"),
    ("a level of another currency", {"currency": "JPY", "bet": 41}, "bet_not_allowed", "bet"),
    ("an end before the beginning", {"ends_at": "2025-12-31"}, "invalid_value", "ends_at"),
    (
        *("an end that is over", {"starts_at": "2020-01-01", "ends_at": "2020-02-01"}),
        *("invalid_value", "ends_at"),
    ),
    ("not a time", {"starts_at": "tomorrow"}, "invalid_value", "starts_at"),
    ("no month 13", {"starts_at": "2026-13-01"}, "invalid_value", "starts_at"),
    ("nothing to win", {"max_win": 0}, "invalid_amount", "max_win"),
    ("unknown field", {"wager": 5}, "unknown_field", "wager"),
]


@pytest.mark.parametrize(("changes", "code", "param"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
async def test_a_campaign_that_cannot_be(casino, changes, code, param):
    answer = await casino.call("PUT", "/campaigns/wrong", json={**CAMPAIGN, **changes})
    told = answer.json()
    assert (answer.status_code, told["code"], told["param"]) == (422, code, param), told
    assert (await casino.call("GET", "/campaigns/wrong")).status_code == 404


async def test_a_session_names_only_what_its_player_was_given(casino, house):
    await casino.player("nic")
    await casino.player("ola")
    await campaign(casino, "mine", "nic")
    launch = {"game_id": "krakens-hoard", "campaign_id": "mine"}
    for changes, status, code, param in (
        ({"player_id": "ola"}, 422, "unknown_campaign", "campaign_id"),
        ({"player_id": "nic", "campaign_id": "none"}, 422, "unknown_campaign", "campaign_id"),
        ({"player_id": "nic", "game_id": "blackjack"}, 422, "unknown_campaign", "campaign_id"),
        ({"player_id": "nic", "limits": {"max_bet": 20}}, 422, "invalid_amount", "limits"),
    ):
        refused = await casino.call("POST", "/sessions", json={**launch, **changes})
        assert (refused.status_code, refused.json()["code"], refused.json()["param"]) == (status, code, param)
    rival = await house.casino("rival")
    await rival.player("nic")
    stolen = await rival.call("POST", "/sessions", json={**launch, "player_id": "nic"})
    assert (stolen.status_code, stolen.json()["code"]) == (422, "unknown_campaign")
    plain = await casino.open("nic")
    assert await free_rounds(plain) is None, "without campaign_id a session plays with money"


async def test_a_campaign_that_was_stored_before_ends_were_bounded_can_be_read(casino, house):
    """Such an end came from hours behind a moment of the year 9999, or from a number of seconds."""
    await campaign(casino, "endless")
    stored = house.worker.platform.registry.pool
    await stored.execute("UPDATE campaigns SET ends_at = $1 WHERE campaign_id = 'endless'", 2**62)
    read = await casino.call("GET", "/campaigns/endless")
    assert (read.status_code, read.json()["ends_at"]) == (200, "9999-12-31T23:59:59.999Z")
    listed = await casino.call("GET", "/campaigns")
    assert listed.json()["items"][0]["ends_at"] == "9999-12-31T23:59:59.999Z"
