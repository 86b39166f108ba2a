"""Answers that come when the round has gone on without them: none is lost, and what they leave to do is done."""

import asyncio

import pytest

from croupier.dialects.native.operator import answer, read_call, signed_of
from croupier.rounds.events import WalletAnswered
from croupier.runtime.repairs import Repairs
from croupier.runtime.requests import BetRequest
from croupier.store import formats
from croupier.wallet.outcome import Accepted, Conflict, Declined
from runtime.town import in_virtual_time, until_at_rest

LATE_S = 2000.0
"""Longer than the time after which "no such bet" is believed."""


def held_up(town, outcome=None):
    """The first bet is on its way for so long, and its rollback finds no such bet; then the wallet takes it.

    Or it answers `outcome`.
    """
    honest, wallet = town.wallet.send, town.wallet
    away = set()

    async def send(request, *, private, **share):
        kind = request.url.rpartition("/")[2]
        at = town.clock.now()
        call = read_call(kind, signed_of(request.headers), request.body, (wallet.secret,), at)
        if kind == "bet" and not away:
            away.add(call.id)
            await asyncio.sleep(LATE_S)
            away.add("arrived")
            return answer(call, wallet.book.answer(call, at) if outcome is None else outcome)
        if kind == "rollback" and "arrived" not in away:
            return answer(call, Declined("not_found"))
        return await honest(request, private=private, **share)

    wallet.send = send


async def believed_not_found(town, *, next_round):
    """One server's bet is held up and the server counts as dead; the other one ends the round."""
    one, two = await town.process(), await town.process()
    seat = await town.sits(one)
    held_up_bet = asyncio.create_task(one.runner.bet(seat.seat_id, "s", BetRequest("late", 100)))
    await asyncio.sleep(0.5)
    one.lease.lost = lambda: None
    one.tasks[0].cancel()  # no heartbeat; what it had begun goes on
    await asyncio.sleep(60)
    await until_at_rest(two, seat)
    if next_round:
        await two.runner.bet(seat.seat_id, "s", BetRequest("next", 100))
        await until_at_rest(two, seat)
    await asyncio.sleep(LATE_S)
    held_up_bet.cancel()
    return one, two, seat


def late_answers(town):
    return [
        event
        for stream in town.streams.by_id.values()
        for record in stream.records
        for event in formats.decode(record.format, record.payload)
        if isinstance(event, WalletAnswered) and event.at - event.sent_at > LATE_S * 500_000
    ]


@pytest.mark.parametrize("next_round", [False, True], ids=["the round is the last one", "the next one has begun"])
def test_a_bet_that_was_believed_not_found_goes_back(next_round):
    @in_virtual_time
    async def story(town):
        before = 1_000_000
        held_up(town)
        one, two, _ = await believed_not_found(town, next_round=next_round)
        (late,) = late_answers(town)
        assert isinstance(late.outcome, Accepted)
        ((round_id, bet_id),) = town.items.asked
        assert town.items.asked[round_id, bet_id] == "roll_back"
        assert late.round_id == (round_id if next_round else None)
        assert one.runner.admission.of("op").late == 1
        won = sum(e.amount for e in town.wallet.pages.entries.values() if e.kind == "win")
        assert await Repairs(two.runner).roll_back(round_id, bet_id, "rp_1") == ("rolled_back", "r_" + bet_id[2:])
        rest = town.wallet.pages.account("anna").balance
        assert rest == before - (100 if next_round else 0) + won

    story()


@pytest.mark.parametrize(
    ("outcome", "item"), [(Conflict("other content"), "compare"), (Declined("limit_reached"), None)]
)
def test_other_late_answers_are_recorded_and_a_conflict_is_for_people(outcome, item):
    @in_virtual_time
    async def story(town):
        held_up(town, outcome)
        one, *_ = await believed_not_found(town, next_round=True)
        assert [type(late.outcome) for late in late_answers(town)] == [type(outcome)]
        assert list(town.items.asked.values()) == ([item] if item else [])
        assert one.runner.admission.of("op").late == 1

    story()
