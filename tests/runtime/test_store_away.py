"""The store goes away between a bet and its answer: the player hears that it is our trouble, and what comes of it."""

import asyncio

import pytest

from croupier.domain.refusal import Refused
from croupier.rounds.events import WalletAnswered
from croupier.runtime.requests import BetRequest
from croupier.store.records import Unavailable
from runtime.town import in_virtual_time

SPIN = BetRequest("spin", 100)


@in_virtual_time
async def test_an_answer_that_cannot_be_recorded_is_not_the_casinos_fault(town):
    one = await town.process()
    seat = await town.sits(one)
    honest, away = one.runner.recorder.record, True

    async def record(live, event, request_id=None):
        if away and isinstance(event, WalletAnswered):
            raise Unavailable
        return await honest(live, event, request_id)

    one.runner.recorder.record = record
    with pytest.raises(Refused) as refused:
        await one.runner.bet(seat.seat_id, "s", SPIN)
    told = refused.value
    assert (told.code, told.money) == ("busy", "being_checked")
    assert "casino's wallet" not in told.detail
    away = False
    await asyncio.sleep(3.0)
    view = await one.runner.bet(seat.seat_id, "s", SPIN)
    assert (view.round_id, view.state) == (told.round_id, "closed")
    assert town.wallet.calls.count("bet") == 1, "nothing is asked twice"


@in_virtual_time
async def test_a_wallet_that_does_not_answer_is(town):
    one = await town.process()
    seat = await town.sits(one)
    town.wallet.slow = 30.0
    with pytest.raises(Refused) as refused:
        await one.runner.bet(seat.seat_id, "s", SPIN)
    assert (refused.value.code, refused.value.money) == ("wallet_unknown", "being_checked")
