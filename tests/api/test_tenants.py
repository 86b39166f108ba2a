"""One operator never sees or touches another's: every route of the specification is tried with a stranger's key."""

from datetime import UTC, datetime

import pytest
import pytest_asyncio

from croupier.api.operator.app import openapi_document

pytestmark = pytest.mark.asyncio(loop_scope="module")

OPERATIONS = [(m.upper(), p.removeprefix("/api/v1")) for p, ops in openapi_document()["paths"].items() for m in ops]
ROUTES = [f"{m} {p}" for m, p in OPERATIONS]

BODIES = {
    "PUT /players/{player_id}": {"currency": "EUR", "nickname": "stranger"},
    "PUT /game-sets/{set_id}": {"name": "stranger", "game_ids": []},
    "PUT /campaigns/{campaign_id}": {
        "game_ids": ["krakens-hoard"],
        "rounds": 9,
        "bet": 20,
        "currency": "EUR",
        "starts_at": "2026-01-01",
        "ends_at": "2100-01-01",
    },
    "PUT /campaigns/{campaign_id}/players": {"player_ids": ["victim"]},
}
# What a stranger may get: his own new object, the same catalogue for everybody, or nothing.
OWN = {
    "PUT /players/{player_id}": 201,
    "PUT /game-sets/{set_id}": 201,
    "GET /games/{game_id}": 200,
    "PUT /campaigns/{campaign_id}": 201,
    "GET /statements/{date}": 200,
    # A key is nobody: tests/api/test_resolutions.py tries these as a person.
    "POST /rounds/{round_id}/resolutions": 403,
    "POST /resolutions/{resolution_id}/approve": 403,
    "POST /rounds/{round_id}/voids": 403,
    "POST /voids/{resolution_id}/approve": 403,
    "POST /rounds/{round_id}/suspensions": 403,
}


@pytest_asyncio.fixture(loop_scope="module")
async def owned(house, casino):
    """Ids of the first operator's objects, one of each kind."""
    await casino.player("victim")
    seat = await casino.open("victim")
    spun = (await seat.bet("spin-1")).json()
    await casino.call("PUT", "/game-sets/mine", json={"name": "Mine", "game_ids": ["krakens-hoard"]})
    campaign = BODIES["PUT /campaigns/{campaign_id}"]
    await casino.call("PUT", "/campaigns/gift", json={**campaign, "rounds": 3})
    await casino.call("PUT", "/campaigns/gift/players", json={"player_ids": ["victim"]})
    page = (await casino.call("GET", f"/rounds/{spun['round_id']}")).json()
    csv = "transaction_id,kind,amount,currency,player_id,round_id,state,at\n"
    query = f"date={datetime.now(UTC).date()}"
    headers = {"content-type": "text/csv"}
    compared = await casino.call("POST", f"/reconciliations?{query}", content=csv, headers=headers)
    certifications = (await casino.call("GET", "/certifications")).json()["items"]
    if not certifications:
        body = {"player_ids": ["victim"], "rules": ["CONN-01"]}
        certifications = [(await casino.call("POST", "/certifications", json=body)).json()]
    return {
        "reconciliation_id": compared.json()["reconciliation_id"],
        "resolution_id": "res_unknown",
        "certification_id": certifications[0]["certification_id"],
        "rule_id": "CONN-01",
        "date": str(datetime.now(UTC).date()),
        "player_id": "victim",
        "session_id": seat.session_id,
        "game_id": "krakens-hoard",
        "set_id": "mine",
        "campaign_id": "gift",
        "round_id": spun["round_id"],
        "exchange_id": page["transactions"][0]["calls"][0]["exchange_id"],
        "transaction_id": page["transactions"][0]["transaction_id"],
    }


@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=ROUTES)
async def test_a_stranger_gets_nothing(house, casino, owned, method, path):
    route = f"{method} {path}"
    name = f"stranger-{OPERATIONS.index((method, path))}"
    stranger = await house.casino(name)

    if "{" in path:
        answer = await stranger.call(method, path.format(**owned), json=BODIES.get(route))
        assert answer.status_code == OWN.get(route, 404), answer.text
        if path == "/statements/{date}":
            assert answer.json()["rows"] == []
    elif method == "GET" and path != "/games":
        listed = (await stranger.call(method, path)).json()
        begun = [name] if path == "/audit" else []
        assert [one["object"] for one in listed.get("items", [])] == begun, "a new operator has nothing yet"
        assert not any(value in str(listed) for key, value in owned.items() if key not in ("game_id", "date"))

    own = (await casino.call("GET", "/players/victim")).json()
    assert own["nickname"] is None
    assert (await casino.call("GET", "/game-sets/mine")).json()["name"] == "Mine"
    gift = (await casino.call("GET", "/campaigns/gift")).json()
    assert (gift["rounds"], gift["state"], gift["players"]) == (3, "running", 1)
    assert (await casino.call("GET", f"/sessions/{owned['session_id']}")).json()["state"] == "open"


async def test_a_stranger_cannot_open_a_session_for_another_operators_player(house, casino, owned):
    stranger = await house.casino("thief")
    answer = await stranger.call("POST", "/sessions", json={"player_id": "victim", "game_id": "krakens-hoard"})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_player")


async def test_filters_and_cursors_of_another_operator_show_nothing(house, casino, owned):
    stranger = await house.casino("peeper")
    first = (await casino.call("GET", "/rounds?limit=1")).json()
    for query in (f"cursor={first['next_cursor']}", "player_id=victim", f"session_id={owned['session_id']}"):
        if "None" not in query:
            assert (await stranger.call("GET", f"/rounds?{query}")).json()["items"] == []
    assert (await stranger.call("GET", f"/transactions?round_id={owned['round_id']}")).json()["items"] == []
    answer = await stranger.call("GET", "/rounds?game_set=mine")
    assert (answer.status_code, answer.json()["param"]) == (422, "game_set")
    csv = await stranger.call("GET", "/transactions", headers={"accept": "text/csv"})
    assert csv.text.count("\r\n") == 1


@pytest.mark.parametrize("order", [1, -1])
async def test_two_keys_in_one_call_are_none(house, casino, order):
    """A gateway before us might have looked at the other one."""
    stranger = await house.casino(f"doubled{order}")
    await casino.player("abe")
    seat = await casino.open("abe")
    for path, keys in (
        ("/api/v1/players", [casino.api_key, stranger.api_key]),
        ("/play/v1/session", [seat.play_token, "pt_other"]),
    ):
        headers = [("Authorization", f"Bearer {key}") for key in keys[::order]]
        answer = await house.http.get(path, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
        assert "once" in answer.json()["detail"]


async def test_a_player_sees_only_rounds_of_his_own_game(house, casino, owned):
    await casino.player("neighbour")
    seat = await casino.open("neighbour")
    for path in (f"/rounds/{owned['round_id']}", f"/rounds/{owned['round_id']}/replay"):
        assert (await seat.call("GET", path)).status_code == 404
    assert (await seat.call("GET", "/rounds")).json()["items"] == []
    action = {"request_id": "x", "action": "hit"}
    assert (await seat.call("POST", f"/rounds/{owned['round_id']}/actions", json=action)).status_code == 404
