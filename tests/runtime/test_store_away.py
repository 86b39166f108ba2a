"""The store goes away between a bet and its answer: the player hears that it is our trouble, and what comes of it."""

import asyncio

import msgspec
import pytest

from croupier.domain.parties import Session
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


@in_virtual_time
async def test_a_server_that_cannot_read_what_another_has_told_says_so(town):
    """It began the round; the other found the outcome and told it. Now the store is away for this one."""
    one, two = await town.process(), await town.process()
    seat = await town.sits(one)
    town.wallet.slow = 1.0
    first = asyncio.create_task(one.runner.bet(seat.seat_id, "s", SPIN))
    await asyncio.sleep(0.5)
    one.hears_late()

    async def read(seat_id, from_seq, limit=200):
        raise Unavailable

    one.runner.world.journal.read = read
    told = await two.runner.bet(seat.seat_id, "s", SPIN)
    assert told.reveals
    with pytest.raises(Refused) as refused:
        await first
    assert (refused.value.code, refused.value.money) == ("busy", "being_checked")
    assert "taken back" not in refused.value.detail


@in_virtual_time
async def test_a_casino_that_closes_while_a_server_proves_its_place_gets_no_bet(town):
    """The lease was lost while the free rounds of a player were looked up. Writing under the new name takes time."""
    one, _ = await town.process(), await town.process()
    seat = await town.sits(one)
    now = town.clock.now()
    session = Session("free", "EUR", "en", now, now + 86_400_000_000, campaign_id="c")
    await one.runner.open_session(seat.key, session)
    journal = one.runner.world.journal
    honest, open_operator = journal.commit, town.get("op")

    async def lost_meanwhile(live):
        if journal.commit == honest:
            journal.commit = closed_meanwhile
            one.runner.seats.doubt()

    async def closed_meanwhile(records):
        town.get = lambda _: msgspec.structs.replace(open_operator, enabled=False)
        await asyncio.sleep(1.0)
        return await honest(records)

    one.runner.free_rounds.of = lost_meanwhile
    with pytest.raises(Refused, match="operator_disabled"):
        await one.runner.bet(seat.seat_id, "free", SPIN)
    assert town.wallet.calls == []
