"""Free rounds from the operator's call to the last coin: granted, played, counted, refused."""

import asyncio
import datetime as dt
import json

import pytest

from croupier.domain.exchange import NoAnswer

pytestmark = pytest.mark.asyncio(loop_scope="module")

CAMPAIGN = {
    "game_ids": ["krakens-hoard"],
    "rounds": 3,
    "bet": 40,
    "currency": "EUR",
    "starts_at": "2026-01-01T00:00:00Z",
    "ends_at": "2100-01-01T00:00:00Z",
}


async def campaign(casino, name, *players, **changes):
    answer = await casino.call("PUT", f"/campaigns/{name}", json={**CAMPAIGN, **changes})
    assert answer.status_code in (200, 201), answer.text
    if players:
        given = await casino.call("PUT", f"/campaigns/{name}/players", json={"player_ids": players})
        assert given.status_code == 200, given.text
    return answer.json()


async def free_rounds(seat):
    return (await seat.call("GET", "/session")).json()["free_rounds"]


async def settled(casino, name):
    """The campaign once the last lazy records are written and projected."""
    for _ in range(60):
        rounds = (await casino.call("GET", "/rounds", params={"campaign_id": name, "limit": 200})).json()["items"]
        # Asked for second: what has come to rest in the list is in its sums as well.
        found = (await casino.call("GET", f"/campaigns/{name}")).json()
        open_rounds = [r for r in rounds if r["state"] not in ("closed", "declined", "cancelled")]
        if len(rounds) == found["used"] and not open_rounds:
            return found, rounds
        await asyncio.sleep(0.1)
    raise AssertionError(f"{name} does not come to rest: {found['used']} used, {len(rounds)} rounds, {open_rounds}")


async def test_three_free_rounds_from_the_grant_to_the_report(casino):
    await casino.player("ada", 1000)
    await campaign(casino, "spring", "ada")
    seat = await casino.open("ada", campaign_id="spring")
    assert await free_rounds(seat) == {
        "campaign_id": "spring",
        "state": "active",
        "bet": 40,
        "total": 3,
        "left": 3,
        "won": 0,
        "max_win": None,
        "starts_at": "2026-01-01T00:00:00.000Z",
        "ends_at": "2100-01-01T00:00:00.000Z",
    }
    won = 0
    for number in (1, 2, 3):
        spun = (await seat.bet(f"r{number}", 40)).json()
        won += spun["win"]
        assert (spun["state"], spun["bet"], spun["balance"]) == ("closed", 0, 1000 + won), spun
        assert spun["free_round"] == {
            "campaign_id": "spring",
            "number": number,
            "bet": 40,
            "total": 3,
            "left": 3 - number,
            "won": won,
        }
    again = (await seat.bet("r2", 40)).json()
    assert again["free_round"]["number"] == 2
    told = await free_rounds(seat)
    assert (told["state"], told["left"], told["won"]) == ("used_up", 0, won)
    assert casino.wallet.book.balance("ada") == 1000 + won, "nothing was taken, everything won was paid"

    paid = (await seat.bet("r4", 100)).json()
    assert (paid["bet"], paid["free_round"]) == (100, None)

    found, rounds = await settled(casino, "spring")
    assert (found["state"], found["players"], found["used"], found["won"]) == ("used_up", 1, 3, won)
    (progress,) = found["progress"]
    assert {name: progress[name] for name in ("player_id", "granted", "used", "returned", "left", "won")} == {
        "player_id": "ada",
        "granted": 3,
        "used": 3,
        "returned": 0,
        "left": 0,
        "won": won,
    }
    assert {(r["bet"], r["campaign_id"]) for r in rounds} == {(0, "spring")}
    moved = (await casino.call("GET", "/transactions", params={"campaign_id": "spring"})).json()["items"]
    assert [t["amount"] for t in moved if t["kind"] == "bet"] == [0, 0, 0]
    assert sum(t["amount"] for t in moved if t["kind"] == "win") == won
    for _ in range(30):
        (row,) = (await casino.call("GET", "/reports/games", params={"player_id": "ada"})).json()["items"]
        if row["rounds"] == 4:
            break
        await asyncio.sleep(0.1)  # the last round's end is recorded lazily
    assert (row["rounds"], row["bets"], row["wins"]) == (4, 100, won + paid["win"])
    assert row["free_rounds_cost"] == won
    assert row["ggr"] == 100 - won - paid["win"]
    paid_back = f"{paid['win'] // 100}.{paid['win'] % 100:02d}0000"
    assert row["rtp"] == paid_back, "free rounds have no say in the return to player"


async def test_a_campaign_is_used_up_while_nobody_has_a_round_left(casino):
    await casino.player("uma", 1000)
    await casino.player("ugo", 1000)
    await campaign(casino, "once", "uma", rounds=1)
    seat = await casino.open("uma", campaign_id="once")
    assert (await settled(casino, "once"))[0]["state"] == "running"
    assert (await seat.bet("r1", 40)).status_code == 200
    assert (await settled(casino, "once"))[0]["state"] == "used_up"
    listed = (await casino.call("GET", "/campaigns")).json()["items"]
    assert [c["state"] for c in listed if c["campaign_id"] == "once"] == ["used_up"]
    given = await casino.call("PUT", "/campaigns/once/players", json={"player_ids": ["ugo"]})
    assert given.json()["state"] == "running", "another player has one"
    await casino.call("DELETE", "/campaigns/once")
    assert (await casino.call("GET", "/campaigns/once")).json()["state"] == "cancelled"


async def test_the_ledger_of_a_free_round_is_paid_by_promotions(casino):
    await casino.player("bea")
    await campaign(casino, "ledger", "bea", rounds=1)
    seat = await casino.open("bea", campaign_id="ledger")
    spun = (await seat.bet("r1", 40)).json()
    page = (await casino.call("GET", f"/rounds/{spun['round_id']}")).json()
    assert page["campaign_id"] == "ledger"
    lines = [
        (line["source"].split(":")[0], line["destination"].split(":")[0], line["amount"]) for line in page["ledger"]
    ]
    balance = dict.fromkeys(("promo", "round", "wallet"), 0)
    for source, destination, amount in lines:
        balance[source] -= amount
        balance[destination] += amount
    assert lines[0] == ("promo", "round", 40)
    assert balance == {"promo": -spun["win"], "round": 0, "wallet": spun["win"]}


async def test_what_the_wallet_is_told(casino, house, monkeypatch):
    await casino.player("cy")
    await campaign(casino, "told", "cy", rounds=8)
    bodies = []
    honest = house.wallets.send

    async def send(request, *, private, **share):
        bodies.append((request.url.rpartition("/")[2], json.loads(request.body)))
        return await honest(request, private=private, **share)

    monkeypatch.setattr(house.wallets, "send", send)
    seat = await casino.open("cy", campaign_id="told")
    for number in range(8):
        await seat.bet(f"r{number}", 40)
    bets = [body for call, body in bodies if call == "bet"]
    assert [(body["amount"], body["campaign_id"]) for body in bets] == [(0, "told")] * 8
    assert {body["campaign_id"] for call, body in bodies if call == "win"} <= {"told"}
    assert all("campaign_id" not in body for call, body in bodies if call == "balance")


async def test_ten_presses_at_once_use_one(casino):
    await casino.player("dot")
    await campaign(casino, "press", "dot")
    seat = await casino.open("dot", campaign_id="press")
    answers = await asyncio.gather(*(seat.bet("same", 40) for _ in range(10)))
    assert {a.json()["free_round"]["number"] for a in answers} == {1}
    assert (await free_rounds(seat))["left"] == 2


async def test_a_bet_that_expects_a_free_round_never_costs_money(casino):
    await casino.player("eli", 1000)
    await campaign(casino, "expect", "eli", rounds=1)
    seat = await casino.open("eli", campaign_id="expect")
    assert (await seat.bet("r1", 40, campaign_id="expect")).json()["free_round"]["left"] == 0
    balance = casino.wallet.book.balance("eli")
    refused = await seat.bet("r2", 40, campaign_id="expect")
    assert (refused.status_code, refused.json()["code"], refused.json()["money"]) == (
        *(409, "free_rounds_over"),
        "not_placed",
    )
    other = await casino.open("eli")
    refused = await other.bet("r3", 40, campaign_id="expect")
    assert refused.json()["code"] == "free_rounds_over", "this session was not promised any"
    assert casino.wallet.book.balance("eli") == balance
    assert (await seat.bet("r1", 40, campaign_id="another")).json()["code"] == "request_id_reused"


@pytest.mark.parametrize(("bet", "mode"), [(100, "base"), (20, "base"), (40, "buy")])
async def test_a_free_round_is_played_at_the_campaigns_bet(casino, bet, mode):
    player = f"flo{bet}{mode}"
    await casino.player(player, 1000)
    await campaign(casino, "exact", player)
    seat = await casino.open(player, campaign_id="exact")
    refused = await seat.bet("r1", bet, mode=mode)
    assert refused.status_code == 422
    assert refused.json()["code"] in ("bet_not_allowed", "choice_not_allowed")
    assert casino.wallet.book.balance(player) == 1000
    assert (await free_rounds(seat))["left"] == 3


async def test_the_most_that_may_be_won_is_never_passed(casino):
    players = [f"gil{n}" for n in range(12)]
    for player in players:
        await casino.player(player, 0)
    await campaign(casino, "capped", *players, rounds=30, max_win=50)
    ends = set()
    for player in players:
        seat = await casino.open(player, campaign_id="capped")
        for number in range(30):
            spun = (await seat.bet(f"r{number}", 40, campaign_id="capped")).json()
            if "code" in spun:
                break
        told = await free_rounds(seat)
        assert told["won"] == casino.wallet.book.balance(player) <= 50
        assert told["state"] == "used_up"
        ends.add(told["won"])
        progress = (await casino.call("GET", "/campaigns/capped", params={"player_id": player})).json()["progress"]
        assert len(progress) == 1
    assert 50 in ends, "in twelve times thirty rounds somebody reaches it"
    found, _ = await settled(casino, "capped")
    assert found["won"] == sum(casino.wallet.book.balance(player) for player in players)


async def test_a_declined_free_bet_is_given_back(casino):
    await casino.player("hal")
    account = casino.wallet.pages.accounts["hal"]
    await campaign(casino, "blocked", "hal", rounds=2)
    seat = await casino.open("hal", campaign_id="blocked")
    casino.wallet.book.open_account("hal", "EUR", account.balance, blocked=True)
    for number in range(3):
        refused = await seat.bet(f"r{number}", 40)
        assert (refused.status_code, refused.json()["code"]) == (403, "player_blocked")
        assert (await free_rounds(seat))["left"] == 2
    casino.wallet.book.open_account("hal", "EUR", account.balance)
    assert [(await seat.bet(f"s{n}", 40)).json()["free_round"]["left"] for n in range(2)] == [1, 0]
    found, _ = await settled(casino, "blocked")
    assert (found["used"], found["returned"]) == (5, 3)
    assert found["progress"][0]["left"] == 0


async def test_one_grant_is_one_account_over_all_games_and_windows(casino, house, monkeypatch):
    """Two games of one campaign at the same moment, as two windows would: each use is made once."""
    monkeypatch.setattr(house.worker.platform.games["blackjack"], "free_rounds", True, raising=False)
    for n in range(6):
        player = f"ivy{n}"
        await casino.player(player)
        await campaign(casino, "both", player, game_ids=["krakens-hoard", "blackjack"], rounds=5)
        slot = await casino.open(player, campaign_id="both")
        table = await casino.open(player, "blackjack", campaign_id="both")
        answers = await asyncio.gather(slot.bet("a", 40), table.bet("b", 40))
        numbers = [a.json()["free_round"]["number"] for a in answers if a.status_code == 200]
        codes = {a.json()["code"] for a in answers if a.status_code != 200}
        assert sorted(numbers) == list(range(1, len(numbers) + 1))
        assert codes <= {"busy", "round_in_progress"}
        assert (await free_rounds(slot))["left"] == 5 - len(numbers)


async def test_cancelled_no_new_round_begins(casino):
    await casino.player("jo", 1000)
    await campaign(casino, "off", "jo")
    seat = await casino.open("jo", campaign_id="off")
    assert (await seat.bet("r1", 40)).status_code == 200
    assert (await casino.call("DELETE", "/campaigns/off")).status_code == 204
    assert (await casino.call("DELETE", "/campaigns/off")).status_code == 204
    assert (await free_rounds(seat))["state"] == "cancelled"
    assert (await seat.bet("r2", 40, campaign_id="off")).json()["code"] == "free_rounds_over"
    assert (await seat.bet("r3", 40)).json()["bet"] == 40, "a bet that expects nothing is one with money"
    again = await casino.call("PUT", "/campaigns/off", json=CAMPAIGN)
    assert (again.status_code, again.json()["code"]) == (409, "campaign_over")
    launch = {"player_id": "jo", "game_id": "krakens-hoard", "campaign_id": "off"}
    refused = await casino.call("POST", "/sessions", json=launch)
    assert (refused.status_code, refused.json()["code"]) == (409, "campaign_not_running")


async def test_a_campaign_begins_and_ends_by_the_clock(casino):
    now = dt.datetime.now(dt.UTC)
    await casino.player("kim", 1000)
    soon = (now + dt.timedelta(seconds=2)).isoformat()
    await campaign(casino, "later", "kim", starts_at=(now + dt.timedelta(hours=1)).isoformat())
    refused = await casino.call(
        "POST", "/sessions", json={"player_id": "kim", "game_id": "krakens-hoard", "campaign_id": "later"}
    )
    assert refused.json()["code"] == "campaign_not_running"
    assert (await campaign(casino, "later", bet=20, rounds=7, starts_at=now.isoformat()))["bet"] == 20
    await campaign(casino, "short", "kim", ends_at=soon)
    seat = await casino.open("kim", campaign_id="short")
    assert (await seat.bet("r1", 40)).json()["free_round"]["left"] == 2
    await asyncio.sleep(2.2)
    assert (await free_rounds(seat))["state"] == "ended"
    assert (await seat.bet("r2", 40, campaign_id="short")).json()["code"] == "free_rounds_over"


async def test_a_started_campaign_keeps_its_promise_and_may_end_at_another_time(casino):
    await casino.player("lea")
    await campaign(casino, "firm", "lea")
    assert (await casino.call("PUT", "/campaigns/firm", json=CAMPAIGN)).status_code == 200
    for name, value in (("rounds", 4), ("bet", 20), ("max_win", 10), ("starts_at", "2026-01-02"), ("currency", "JPY")):
        refused = await casino.call("PUT", "/campaigns/firm", json={**CAMPAIGN, name: value})
        assert (refused.status_code, refused.json()["code"], refused.json()["param"]) == (409, "campaign_started", name)
        assert name != "starts_at" or "stays 2026-01-01T00:00:00.000Z;" in refused.json()["detail"]
    later = await campaign(casino, "firm", ends_at="2090-01-01")
    assert later["ends_at"] == "2090-01-01T00:00:00.000Z"


async def test_a_free_round_that_is_open_goes_on_in_the_next_session(casino, house, broken_wallet):
    await casino.player("pat", 1000)
    await campaign(casino, "doubt", "pat", rounds=2)
    seat = await casino.open("pat", campaign_id="doubt")
    broken_wallet(NoAnswer("timeout"))
    refused = await seat.bet("r1", 40)
    assert (refused.status_code, refused.json()["code"]) == (424, "wallet_unknown")
    told = await free_rounds(seat)
    assert (told["left"], told["state"]) == (1, "active"), "in doubt it counts as used"
    house.wallets.fails = None
    for _ in range(100):
        told = await free_rounds(seat)
        if told["left"] == 2:
            break
        await asyncio.sleep(0.1)
    assert told["left"] == 2, "it came to nothing, so it is there again"
    assert [(await seat.bet(f"s{n}", 40)).json()["free_round"]["left"] for n in range(2)] == [1, 0]
    found, rounds = await settled(casino, "doubt")
    assert (found["used"], found["returned"]) == (3, 1)
    assert sorted(r["state"] for r in rounds) == ["cancelled", "closed", "closed"]
