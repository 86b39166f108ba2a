"""Playing: repeated, doubled, late and misplaced requests, and what a wallet's answer does to them."""

import asyncio

import pytest

from croupier.domain.exchange import HttpResponse, NoAnswer

pytestmark = pytest.mark.asyncio(loop_scope="module")

JSON = (("content-type", "application/json"),)


async def test_ten_spins_at_once_with_one_request_id_are_one_spin(casino):
    await casino.player("abe", 10_000)
    seat = await casino.open("abe")
    answers = await asyncio.gather(*(seat.bet("same") for _ in range(10)))
    assert {a.status_code for a in answers} == {200}
    assert len({a.content for a in answers}) == 1
    spun = answers[0].json()
    assert casino.wallet.book.balance("abe") == 10_000 - 100 + spun["win"]


async def test_two_hands_at_once_are_one_hand_and_one_refusal(casino):
    for attempt in range(40):
        await casino.player(f"bea-{attempt}")
        seat = await casino.open(f"bea-{attempt}", "blackjack")
        answers = await asyncio.gather(seat.bet("a"), seat.bet("b"))
        codes = sorted(a.status_code for a in answers)
        first = next(a.json() for a in answers if a.status_code == 200)
        if first["state"] == "in_play" or codes == [200, 409]:
            break
    assert codes == [200, 409]
    refused = next(a.json() for a in answers if a.status_code == 409)
    assert refused["code"] == "round_in_progress"
    assert refused["round_id"] == first["round_id"]


async def test_a_request_id_with_another_bet_is_refused(casino):
    await casino.player("cal")
    seat = await casino.open("cal")
    first = await seat.bet("r", 100)
    before = casino.wallet.book.balance("cal")
    for body in ({"bet": 200}, {"bet": 100, "mode": "other"}):
        again = await seat.bet("r", **body)
        assert (again.status_code, again.json()["code"]) == (409, "request_id_reused"), again.text
    assert casino.wallet.book.balance("cal") == before
    assert (await seat.bet("r", 100)).json()["round_id"] == first.json()["round_id"]


async def test_an_old_request_id_still_gets_its_answer_after_many_rounds(casino):
    await casino.player("dan")
    seat = await casino.open("dan")
    first = (await seat.bet("r-0")).json()
    for number in range(1, 6):
        await seat.bet(f"r-{number}")
    before = casino.wallet.book.balance("dan")
    again = (await seat.bet("r-0")).json()
    assert (again["round_id"], again["win"], again["reveals"]) == (first["round_id"], first["win"], first["reveals"])
    assert casino.wallet.book.balance("dan") == before


@pytest.mark.parametrize("action", ["bet", "abandon", "double_down", "no_insurance"])
async def test_actions_that_are_not_offered(casino, action):
    for player in range(20):  # an ace of the dealer's offers insurance: then somebody else is dealt a hand
        seat, dealt = await casino.hand(f"eve-{action}-{player}")
        if action not in {offer["action"] for offer in dealt["next_actions"]}:
            break
    else:
        pytest.fail("twenty hands offered it")
    answer = await act(seat, dealt, "x", action)
    assert answer.status_code in (409, 422), answer.text
    told = answer.json()
    assert (told["code"], told["param"]) == ("stale_action", "action")
    assert (told["money"], told["round_id"]) == ("placed", dealt["round_id"])
    assert "abandon" not in told["detail"].partition("possible:")[2]
    now = (await seat.call("GET", f"/rounds/{dealt['round_id']}")).json()
    assert (now["state"], now["step"], now["bet"]) == ("in_play", dealt["step"], dealt["bet"])


async def act(seat, dealt, request_id, action):
    body = {"request_id": request_id, "action": action}
    return await seat.call("POST", f"/rounds/{dealt['round_id']}/actions", json=body)


async def test_an_action_on_a_finished_round_is_stale(casino):
    await casino.player("flo")
    seat = await casino.open("flo")
    spun = (await seat.bet("r")).json()
    answer = await act(seat, spun, "late", "hit")
    told = answer.json()
    assert (answer.status_code, told["code"]) == (409, "stale_action")
    assert (told["money"], told["round_id"]) == ("placed", spun["round_id"])


async def test_parallel_doubles_have_one_effect(casino):
    for attempt in range(40):
        seat, dealt = await casino.hand(f"gus{attempt}")
        if any(o["action"] == "double" for o in dealt["next_actions"]):
            break
    answers = await asyncio.gather(*(act(seat, dealt, f"d-{n}", "double") for n in range(6)))
    done = [a for a in answers if a.status_code == 200]
    assert len(done) == 1
    assert {a.json()["code"] for a in answers if a.status_code != 200} <= {"stale_action", "round_in_progress"}
    final = done[0].json()
    assert final["bet"] == 2 * dealt["bet"]
    assert casino.wallet.book.balance(seat.player_id) == 100_000 - final["bet"] + final["win"]


async def test_a_request_id_with_another_action_is_refused(house, casino):
    """Also when the first one was declined by the wallet, and left no step; and when another round is named."""
    for attempt in range(40):
        seat, dealt = await casino.hand(f"kim{attempt}")
        if any(o["action"] == "double" for o in dealt["next_actions"]):
            break
    casino.wallet.book.open_account(seat.player_id, "EUR", 0)
    declined = await act(seat, dealt, "D1", "double")
    assert (declined.status_code, declined.json()["code"]) == (402, "insufficient_funds")
    for action, choice in (("hit", None), ("double", {"hand": 0})):
        body = {"request_id": "D1", "action": action, "choice": choice}
        other = await seat.call("POST", f"/rounds/{dealt['round_id']}/actions", json=body)
        assert (other.status_code, other.json()["code"]) == (409, "request_id_reused"), body
    assert (await act(seat, dealt, "D1", "double")).content == declined.content

    ended = await act(seat, dealt, "S1", "stand")
    assert ended.json()["state"] == "closed"
    assert (await act(seat, {"round_id": "rd_other"}, "S1", "stand")).json()["code"] == "request_id_reused"
    assert (await act(seat, {"round_id": "rd_other"}, "D1", "double")).json()["code"] == "request_id_reused"
    assert (await act(seat, dealt, "S1", "stand")).content == ended.content


async def test_an_open_hand_is_there_in_the_next_window(casino):
    seat, dealt = await casino.hand("hal")
    newer = await casino.open(seat.player_id, "blackjack")
    session = (await newer.call("GET", "/session")).json()
    assert session["open_round"]["round_id"] == dealt["round_id"]
    assert session["open_round"]["reveals"] == dealt["reveals"]
    old = await act(seat, dealt, "s", "stand")
    assert (old.status_code, old.json()["code"]) == (409, "session_replaced")
    assert (await act(newer, dealt, "s", "stand")).json()["state"] == "closed"


UNCLEAR = [
    ("time-out", NoAnswer("timeout")),
    ("reset", NoAnswer("reset")),
    ("HTTP 500", HttpResponse(500, JSON, b"{}")),
    ("a page", HttpResponse(200, (("content-type", "text/html"),), b"<html>")),
    ("a fraction", HttpResponse(200, JSON, b'{"balance":1.5,"currency":"EUR","transaction_id":"t"}')),
]


@pytest.mark.parametrize(("name", "answer"), UNCLEAR, ids=[row[0] for row in UNCLEAR])
async def test_an_unclear_answer_to_a_bet_is_told_and_taken_back(house, casino, broken_wallet, name, answer):
    player = "ike-" + name.replace(" ", "-")
    await casino.player(player, 10_000)
    seat = await casino.open(player)
    broken_wallet(answer)
    told = await seat.bet("r")
    assert (told.status_code, told.json()["code"]) == (424, "wallet_unknown")
    assert told.json()["money"] == "being_checked"
    round_id = told.json()["round_id"]
    page = (await casino.call("GET", f"/rounds/{round_id}")).json()
    assert page["state"] == "rolling_back"
    assert [(t["kind"], t["state"]) for t in page["transactions"]] == [("bet", "unknown"), ("rollback", "sending")]

    house.wallets.fails = None
    for _ in range(100):
        page = (await casino.call("GET", f"/rounds/{round_id}")).json()
        if page["state"] == "cancelled":
            break
        await asyncio.sleep(0.1)
    assert page["state"] == "cancelled"
    assert casino.wallet.book.balance(player) == 10_000
    assert (await seat.bet("r")).json()["money"] == "not_placed"


async def test_history_pages_backwards(casino):
    await casino.player("jan")
    seat = await casino.open("jan")
    played = [(await seat.bet(f"r-{n}")).json()["round_id"] for n in range(5)]
    seen, cursor = [], None
    while True:
        query = "/rounds?limit=2" + (f"&cursor={cursor}" if cursor else "")
        page = (await seat.call("GET", query)).json()
        seen += [r["round_id"] for r in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == played[::-1]
