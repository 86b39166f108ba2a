"""The happy path: create a player, open a session, play, look at it."""

import pytest

from croupier.api.wire import cursor_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_from_a_player_to_a_closed_round(casino):
    await casino.player("ana", balance=10_000)
    seat = await casino.open("ana")

    session = (await seat.call("GET", "/session")).json()
    assert session.get("balance") == 10_000, session
    assert session["game"]["id"] == "krakens-hoard"
    assert session["open_round"] is None
    bet = session["bet_levels"][0]

    answer = await seat.bet("spin-1", bet)
    assert answer.status_code == 200, answer.text
    spun = answer.json()
    assert spun["state"] == "closed"
    assert spun["bet"] == bet
    assert spun["balance"] == 10_000 - bet + spun["win"] == casino.wallet.book.balance("ana")
    assert spun["reveals"][0]["kind"] == "spin"

    again = await seat.bet("spin-1", bet)
    assert again.json()["round_id"] == spun["round_id"]
    assert casino.wallet.book.balance("ana") == 10_000 - bet + spun["win"]

    page = (await casino.call("GET", f"/rounds/{spun['round_id']}")).json()
    assert page["state"] == "closed"
    assert page["win"] == spun["win"]
    moved = sum(
        row["amount"] * ((row["destination"] == "wallet:casino/ana") - (row["source"] == "wallet:casino/ana"))
        for row in page["ledger"]
    )
    assert moved == spun["win"] - bet
    assert page["steps"][0]["draws"]
    assert [h["what"] for h in page["timeline"]][:3] == ["bet_requested", "wallet_answered", "game_played"]


async def test_a_replay_link_shows_the_round_and_plays_nothing(house, casino):
    await casino.player("rita")
    seat = await casino.open("rita")
    spun = (await seat.bet("spin-1")).json()
    page = (await casino.call("GET", f"/rounds/{spun['round_id']}")).json()

    token = page["replay_url"].split("token=")[1].split("&")[0]
    opened = await house.http.post("/play/v1/sessions", json={"token": token})
    assert opened.status_code == 201
    headers = {"Authorization": f"Bearer {opened.json()['play_token']}"}
    session = (await house.http.get("/play/v1/session", headers=headers)).json()
    assert session["mode"] == "replay"
    assert session["replay_round_id"] == spun["round_id"]
    replay = await house.http.get(f"/play/v1/rounds/{spun['round_id']}/replay", headers=headers)
    assert replay.json()["steps"][0]["reveals"] == spun["reveals"]
    refused = await house.http.post("/play/v1/rounds", headers=headers, json={"request_id": "x", "bet": 100})
    assert refused.status_code == 422


async def test_a_demo_needs_no_wallet(house, casino):
    before = len(house.wallets.calls)
    answer = await casino.call(
        "POST", "/demo-sessions", json={"game_id": "krakens-hoard", "currency": "EUR", "start_balance": 5_000}
    )
    assert answer.status_code == 201, answer.text
    token = answer.json()["launch_url"].split("token=")[1].split("&")[0]
    opened = (await house.http.post("/play/v1/sessions", json={"token": token})).json()
    headers = {"Authorization": f"Bearer {opened['play_token']}"}
    session = (await house.http.get("/play/v1/session", headers=headers)).json()
    assert (session["mode"], session["balance"]) == ("demo", 5_000)
    body = {"request_id": "a", "bet": session["bet_levels"][0]}
    spun = (await house.http.post("/play/v1/rounds", headers=headers, json=body)).json()
    assert spun["balance"] == 5_000 - body["bet"] + spun["win"]
    history = (await house.http.get("/play/v1/rounds", headers=headers)).json()
    assert [r["round_id"] for r in history["items"]] == [spun["round_id"]]
    assert len(house.wallets.calls) == before


async def test_the_history_of_a_demo_is_paged(house, casino):
    answer = await casino.call(
        "POST", "/demo-sessions", json={"game_id": "krakens-hoard", "currency": "EUR", "start_balance": 50_000}
    )
    token = answer.json()["launch_url"].split("token=")[1].split("&")[0]
    opened = (await house.http.post("/play/v1/sessions", json={"token": token})).json()
    headers = {"Authorization": f"Bearer {opened['play_token']}"}

    async def page(query):
        return await house.http.get(f"/play/v1/rounds?{query}", headers=headers)

    played = []
    for number in range(5):
        body = {"request_id": f"r-{number}", "bet": 20}
        played.append((await house.http.post("/play/v1/rounds", headers=headers, json=body)).json()["round_id"])
    first = (await page("limit=3")).json()
    second = (await page(f"limit=3&cursor={first['next_cursor']}")).json()
    assert [r["round_id"] for r in first["items"] + second["items"]] == played[::-1]
    assert second["next_cursor"] is None
    another = cursor_of(1, "rd_other")
    for cursor in ("zzz", another):
        refused = await page(f"cursor={cursor}")
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid_cursor"), refused.text
