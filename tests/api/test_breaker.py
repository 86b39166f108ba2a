"""A casino whose wallet is dead: its new bets are refused before anything is recorded, and nothing else is."""

import asyncio
import itertools

import pytest

from croupier.domain.exchange import NoAnswer

pytestmark = pytest.mark.asyncio(loop_scope="module")

PATIENCE = 150


async def seated(casino, names):
    for name in names:
        await casino.player(name)
    return [await casino.open(name) for name in names]


async def measured(house, name):
    page = (await house.http.get("/metrics")).text
    return next(float(line.split()[-1]) for line in page.splitlines() if line.startswith(name))


async def until(true):
    for _ in range(PATIENCE):
        if await true():
            return
        await asyncio.sleep(0.2)
    raise AssertionError(f"{true.__name__}: not within {PATIENCE / 5} s")


async def test_the_story_of_a_dead_wallet(house, broken_wallet):
    casino, other = await house.casino("dead"), await house.casino("well")
    hand, dealt = await casino.hand("hand")
    *unlucky, late, waiting = await seated(casino, [f"p{n}" for n in range(12)])
    (neighbour,) = await seated(other, ["ann"])

    broken_wallet(NoAnswer("refused", sent=False))
    lost = await asyncio.gather(*(seat.bet("r") for seat in unlucky))
    assert {answer.json()["code"] for answer in lost} == {"wallet_unknown"}

    refused = await late.bet("r")
    problem = refused.json()
    assert (refused.status_code, problem["code"], problem["money"]) == (503, "busy", "not_placed")
    assert problem["detail"].startswith("This casino's wallet does not answer.")
    assert (await late.call("GET", "/session")).json()["open_round"] is None
    label = f'{{operator="{casino.operator.operator_id}"}}'
    assert await measured(house, f"croupier_operator_breaker_open{label}") == 1
    assert await measured(house, f"croupier_operator_bets_shed_total{label}") == 1

    broken_wallet(None)
    assert (await neighbour.bet("r")).status_code == 200, "the neighbour plays on"
    stood = await hand.call(
        "POST", f"/rounds/{dealt['round_id']}/actions", json={"request_id": "stand", "action": "stand"}
    )
    assert stood.status_code == 200, "a free action is never refused"

    async def open_again():
        await waiting.bet(f"r-{next(numbers)}")
        return not await measured(house, f"croupier_operator_breaker_open{label}")

    async def nothing_owed():
        return not [seat for seat in unlucky if (await seat.call("GET", "/session")).json()["open_round"]]

    # What is owed goes on and finds the wallet well; then a bet may try, and the casino is open again.
    numbers = itertools.count()
    await until(open_again)
    await until(nothing_owed)
    assert (await late.bet("r")).status_code == 200, "and the refused request was never used"
    assert casino.wallet.book.balance("p0") == 100_000, "the bets that nobody heard of are undone"
