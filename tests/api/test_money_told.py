"""One word and two balances for the money of each transaction, from the first try to the end of the doubt."""

import asyncio

import pytest

from croupier.api.operator.money_told import became
from croupier.domain.exchange import HttpResponse, NoAnswer
from croupier.rounds.events import FreeRound
from croupier.rounds.round import Round, Transaction

GARBLED = HttpResponse(200, (("content-type", "application/json"),), b'{"balance":"999.00 EUR"}')
BUSY = HttpResponse(503, (("retry-after", "600"),), b"")


def bet(state, effect="unsure"):
    return Transaction("b1", "bet", 100, "s1", state=state, effect=effect)


def back(state, effect="unsure"):
    return Transaction("r1", "rollback", 100, "s1", state=state, effect=effect, reference="b1")


def win(state):
    return Transaction("w1", "win", 250, "s1", state=state)


# round's state, its transactions -> what each has become
CASES = [
    ("betting", (bet("sending"),), ("asked",)),
    ("in_play", (bet("accepted"),), ("taken",)),
    ("declined", (bet("declined", "none"),), ("not_taken",)),
    ("rolling_back", (bet("unknown"), back("pending")), ("being_returned", "being_returned")),
    ("rolling_back", (bet("accepted"), back("sending")), ("being_returned", "being_returned")),
    ("cancelled", (bet("reversed"), back("accepted", "moved")), ("returned", "returned")),
    ("cancelled", (bet("reversed"), back("accepted", "none")), ("not_taken", "not_taken")),
    ("suspended", (bet("unknown"), back("conflict")), ("unclear", "unclear")),
    ("suspended", (bet("unknown"), back("pending")), ("unclear", "unclear")),
    ("suspended", (bet("conflict"),), ("unclear",)),
    ("paying", (bet("accepted"), win("pending")), ("taken", "being_paid")),
    ("suspended", (bet("accepted"), win("pending")), ("taken", "unclear")),
    ("closed", (bet("accepted"), win("accepted")), ("taken", "paid")),
    ("cancelled", (bet("reversed"), back("accepted", "moved"), win("declined")), ("returned", "returned", "not_paid")),
]


@pytest.mark.parametrize(("state", "transactions", "told"), CASES, ids=lambda value: str(value)[:40])
def test_what_became_of_it(state, transactions, told):
    r = Round(round_id="rd_1", state=state, transactions=transactions)
    assert tuple(became(r, t) for t in transactions) == told


def test_nothing_moves_for_a_free_bet_nor_for_an_amount_of_zero():
    free = Round(state="closed", transactions=(bet("accepted"), win("accepted")), free_round=FreeRound("c", 1, 100, 10))
    assert [became(free, t) for t in free.transactions] == ["none", "paid"]
    lost = Transaction("w1", "win", 0, "s1", state="accepted")
    assert became(Round(state="closed", transactions=(bet("accepted"), lost)), lost) == "none"


async def told(casino, round_id, *, until="cancelled"):
    for _ in range(200):
        page = (await casino.call("GET", f"/rounds/{round_id}")).json()
        if page["state"] == until:
            return [
                (t["kind"], t["became"], t["balance_before"], t["balance_after"]) for t in page["transactions"]
            ], page["transactions"]
        await asyncio.sleep(0.05)
    raise AssertionError(page["state"])


@pytest.mark.asyncio(loop_scope="module")
async def test_the_balances_are_those_that_the_wallet_said(house, casino, broken_wallet):
    await casino.player("flo", balance=100_003)
    seat = await casino.open("flo")
    first = (await seat.bet("one")).json()
    spun, _ = await told(casino, first["round_id"], until="closed")
    assert spun[0] == ("bet", "taken", None, 99_903), "of what was before, the journal has heard nothing"
    if first["win"]:
        assert spun[1] == ("win", "paid", 99_903, 99_903 + first["win"])
    rich = 99_903 + first["win"]

    broken_wallet(GARBLED)
    second = (await seat.bet("two")).json()
    assert second["code"] == "wallet_unknown"
    asked = [("bet", "being_returned", rich, None), ("rollback", "being_returned", rich, None)]
    assert (await told(casino, second["round_id"], until="rolling_back"))[0] == asked
    broken_wallet(None)
    ended, transactions = await told(casino, second["round_id"])
    # The wallet had not heard of the bet at all, and remembers it: nothing has come back, nothing is missing.
    assert [one[1:3] for one in ended] in ([("returned", rich)] * 2, [("not_taken", rich)] * 2)
    assert {one[3] for one in ended} <= {rich, None}
    assert len(transactions[1]["calls"]) >= 2, "every sending has a page of its own"


@pytest.mark.asyncio(loop_scope="module")
async def test_a_bet_that_waits_for_its_return_says_so(house, casino, broken_wallet):
    await casino.player("ida", balance=5_000)
    seat = await casino.open("ida")
    broken_wallet(BUSY)
    refused = (await seat.bet("one")).json()
    shown, _ = await told(casino, refused["round_id"], until="rolling_back")
    assert shown == [("bet", "being_returned", None, None), ("rollback", "being_returned", None, None)]
    broken_wallet(NoAnswer("refused", sent=False))
