"""How often and when something was sent, as the round says once the wallet has taken it."""

import contextlib
from itertools import pairwise

import pytest
from msgspec.structs import replace

from croupier.dialects import DIALECTS
from croupier.dialects.native.wallet import Native
from croupier.domain.exchange import NoAnswer
from croupier.domain.refusal import Refused
from croupier.runtime.requests import BetRequest
from croupier.wallet.calls import Bet
from runtime.town import in_virtual_time, until_at_rest

CALL_US = 10_000
"""How long the wallet takes for a call."""


async def sent_again(town, kind, lost, dialect):
    """The first so many answers to this call are lost; for a rollback, that of the bet as well.

    The transaction when the wallet has taken it, and when it was sent.
    """
    honest, sent_at, unheard = town.wallet.send, [], {kind: lost, "bet": int(kind == "rollback")}

    async def send(request, *, private, **share):
        called = request.url.rpartition("/")[2]
        if called == kind:
            sent_at.append(town.clock.now())
        answer = await honest(request, private=private, **share)
        unheard[called] = unheard.get(called, 0) - 1
        return answer if unheard[called] < 0 else NoAnswer("reset")

    town.wallet.send = send
    one = await town.process()
    one.runner.calls.dialects = {"native": dialect}
    seat = await town.sits(one)
    for number in range(40):
        with contextlib.suppress(Refused):  # a bet whose answer is lost
            await one.runner.bet(seat.seat_id, "s", BetRequest(f"spin {number}", 100))
        await until_at_rest(one, seat)
        if sent_at:
            break
    live = await one.runner.seats.live(seat.seat_id)
    (t,) = [t for t in live.round.transactions if t.kind == kind]
    return t, sent_at


@pytest.mark.parametrize(("kind", "lost"), [("win", 5), ("rollback", 1)])
def test_attempts_are_those_that_were_made(kind, lost):
    @in_virtual_time
    async def story(town):
        t, sent_at = await sent_again(town, kind, lost, DIALECTS["native"])
        assert (t.state, t.attempts, t.last_sent_at) == ("accepted", lost + 1, sent_at[-1])
        assert t.first_sent_at < t.last_sent_at

    story()


class Likewise(Native):
    """Our own API with the cadence of Hub88's."""

    abilities = replace(Native.abilities, wins_at_once=DIALECTS["hub88"].abilities.wins_at_once)


@pytest.mark.parametrize(
    ("kind", "dialect", "at_once"), [("win", Likewise, 3), ("win", Native, 1), ("rollback", Likewise, 1)]
)
def test_hub88_gets_a_win_three_times_at_once_before_the_pauses_begin(kind, dialect, at_once):
    """Pauses are drawn, so only those that are none are exact; the others are at most 1, 2, 4, … seconds."""

    @in_virtual_time
    async def story(town):
        _, sent_at = await sent_again(town, kind, 6, dialect())
        pauses = [later - earlier - CALL_US for earlier, later in pairwise(sent_at)]
        assert len(pauses) == 6
        drawn = pauses[at_once - 1 :]
        assert pauses[: at_once - 1] == [0] * (at_once - 1)
        assert all(0 < pause <= 1_000_000 << place for place, pause in enumerate(drawn)), pauses

    story()


class Breaks(Native):
    """A reader of ours with a mistake in it, which this answer meets."""

    def outcome(self, call, operator, answer, at, request):
        if isinstance(call, Bet):
            raise OverflowError("1E+99999999")
        return super().outcome(call, operator, answer, at, request)


@in_virtual_time
async def test_an_answer_that_our_reader_breaks_on_is_no_clear_one(town):
    one = await town.process()
    one.runner.calls.dialects = {"native": Breaks()}
    seat = await town.sits(one)
    with pytest.raises(Refused) as refused:
        await one.runner.bet(seat.seat_id, "s", BetRequest("spin", 100))
    assert refused.value.code == "wallet_unknown"
    await until_at_rest(one, seat)
    assert town.wallet.calls == ["bet", "rollback"]
    assert town.wallet.book.balance("anna") == 1_000_000
