"""How often and when something was sent, as the round says once the wallet has taken it."""

import contextlib

import pytest

from croupier.domain.exchange import NoAnswer
from croupier.domain.refusal import Refused
from croupier.runtime.requests import BetRequest
from runtime.town import in_virtual_time, until_at_rest


@pytest.mark.parametrize(("kind", "lost"), [("win", 5), ("rollback", 1)])
def test_attempts_are_those_that_were_made(kind, lost):
    """The first so many answers to this call are lost; for a rollback, that of the bet as well."""

    @in_virtual_time
    async def story(town):
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
        seat = await town.sits(one)
        for number in range(40):
            with contextlib.suppress(Refused):  # a bet whose answer is lost
                await one.runner.bet(seat.seat_id, "s", BetRequest(f"spin {number}", 100))
            await until_at_rest(one, seat)
            if sent_at:
                break
        live = await one.runner.seats.live(seat.seat_id)
        (t,) = [t for t in live.round.transactions if t.kind == kind]
        assert (t.state, t.attempts, t.last_sent_at) == ("accepted", lost + 1, sent_at[-1])
        assert t.first_sent_at < t.last_sent_at

    story()
