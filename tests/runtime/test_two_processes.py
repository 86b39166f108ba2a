"""Two or three processes over one store, in virtual time: who goes on with a round, who waits, who adopts."""

import asyncio
import itertools

import pytest

from croupier.domain.exchange import NoAnswer
from croupier.domain.parties import Session
from croupier.domain.refusal import Refused
from croupier.rounds.events import Recovered, SuspendedByStaff
from croupier.runtime.recovery import tend
from croupier.runtime.requests import ActionRequest, BetRequest
from runtime.town import after, in_virtual_time, until_at_rest

SPIN = BetRequest("spin", 100)


@in_virtual_time
async def test_a_repeated_request_waits_at_the_other_server_and_hears_the_same(town):
    one, two = await town.process(), await town.process()
    seat = await town.sits(one)
    town.wallet.slow = 2.0
    first = asyncio.create_task(one.runner.bet(seat.seat_id, "s", SPIN))
    await asyncio.sleep(0.5)
    again = await two.runner.bet(seat.seat_id, "s", SPIN)
    view = await first
    assert (again.round_id, bytes(again.reveals), again.win) == (view.round_id, bytes(view.reveals), view.win)
    assert town.wallet.calls.count("bet") == 1


@in_virtual_time
async def test_a_player_does_not_wait_longer_than_his_deadline(town):
    one, two = await town.process(), await town.process()
    seat = await town.sits(one)
    town.wallet.slow = 30.0
    first = asyncio.create_task(one.runner.bet(seat.seat_id, "s", SPIN))
    await asyncio.sleep(0.5)
    start = asyncio.get_running_loop().time()
    with pytest.raises(Refused) as refused:
        await two.runner.bet(seat.seat_id, "s", SPIN)
    assert (refused.value.code, refused.value.money) == ("busy", "being_checked")
    assert 10.0 <= after(start) < 10.5
    first.cancel()


@in_virtual_time
async def test_another_bet_is_refused_at_once_while_the_first_is_at_the_wallet(town):
    one, two = await town.process(), await town.process()
    seat = await town.sits(one)
    town.wallet.slow = 5.0
    first = asyncio.create_task(one.runner.bet(seat.seat_id, "s", SPIN))
    await asyncio.sleep(0.5)
    start = asyncio.get_running_loop().time()
    with pytest.raises(Refused, match="round_in_progress"):
        await two.runner.bet(seat.seat_id, "s", BetRequest("other", 100))
    assert after(start) < 0.1
    first.cancel()


@in_virtual_time
async def test_rounds_alternate_between_servers_without_waiting_for_closing_events(town):
    both = [await town.process(), await town.process()]
    seat = await town.sits(both[0])
    slowest = []
    for number in range(60):
        start = asyncio.get_running_loop().time()
        view = await both[number % 2].runner.bet(seat.seat_id, "s", BetRequest(f"r{number}", 100))
        assert view.state in ("closed", "paying"), view
        slowest.append(after(start))
    assert max(slowest) < 0.2, "nobody waited until the closing events had waited long enough"
    assert town.wallet.calls.count("bet") == 60
    assert town.wallet.calls.count("win") == len({*town.wallet.pages.entries}) - 60, "no win was sent twice"


@in_virtual_time
async def test_a_hand_goes_on_at_whichever_server_gets_the_next_action(town):
    both = [await town.process(), await town.process()]
    seat = await town.sits(both[0], "blackjack")
    hands = 0
    for number in range(40):
        view = await both[number % 2].runner.bet(seat.seat_id, "s", BetRequest(f"deal{number}", 100))
        for action in itertools.count(number + 1):
            if view.state != "in_play":
                break
            offered = {o.action for o in view.next_actions}
            request = ActionRequest(f"a{number}-{action}", "hit" if "hit" in offered else "no_insurance")
            start = asyncio.get_running_loop().time()
            view = await both[action % 2].runner.act(seat.seat_id, "s", view.round_id, request)
            assert after(start) < 0.1
            hands += 1
    assert hands > 20


@in_virtual_time
async def test_two_servers_with_the_same_action_draw_once(town):
    both = [await town.process(), await town.process()]
    seat = await town.sits(both[0], "blackjack")
    actions = 0
    for number in range(20):
        view = await both[0].runner.bet(seat.seat_id, "s", BetRequest(f"deal{number}", 100))
        while view.state == "in_play":
            offered = {o.action for o in view.next_actions}
            act = ActionRequest(f"{number}-{view.step}", "hit" if "hit" in offered else "no_insurance")
            view, other = await asyncio.gather(
                *(process.runner.act(seat.seat_id, "s", view.round_id, act) for process in both)
            )
            assert bytes(view.reveals) == bytes(other.reveals)
            actions += 1
    assert actions > 10


@in_virtual_time
async def test_the_rounds_of_a_dead_server_are_adopted_once_and_at_once_after_it_counts_as_dead(town):
    one, two, three = [await town.process() for _ in range(3)]
    seat = await town.sits(one)
    await asyncio.sleep(2.5)
    town.wallet.slow = 1.0
    lost = asyncio.create_task(one.runner.bet(seat.seat_id, "s", SPIN))
    await asyncio.sleep(0.5)
    one.dies()
    lost.cancel()
    start = asyncio.get_running_loop().time()
    for process in (two, three):  # both have seen the round before it was lost
        assert (await process.runner.reading.open_round(seat.seat_id)).state == "betting"
    await until_at_rest(two, seat)
    assert 4.0 < after(start) < 8.0
    adopters = town.writers_of(Recovered)
    assert len(adopters) == 1, "two survivors do not fight"
    assert adopters[0] in {two.runner.world.journal.writer, three.runner.world.journal.writer}
    assert town.wallet.calls == ["bet", "rollback"]
    assert town.wallet.book.balance("anna") == 1_000_000


@in_virtual_time
async def test_a_restarted_server_goes_on_at_once(town):
    one = await town.process()
    one.lease.place = "server/1"
    await town.leases.enter(one.runner.world.journal.writer, "server/1", lambda _: None)
    seat = await town.sits(one)
    town.wallet.slow = 1.0
    lost = asyncio.create_task(one.runner.bet(seat.seat_id, "s", SPIN))
    await asyncio.sleep(0.5)
    one.dies()
    lost.cancel()
    await town.leases.enter("its successor", "server/1", lambda _: None)
    start = asyncio.get_running_loop().time()
    two = await town.process()
    await until_at_rest(two, seat)
    assert after(start) < 2.5


@in_virtual_time
async def test_a_store_that_was_away_leaves_every_round_with_its_server(town):
    one, two = await town.process(), await town.process()
    seat = await town.sits(one)
    view = await one.runner.bet(seat.seat_id, "s", BetRequest("before", 100))
    town.leases.away = True
    await asyncio.sleep(4.0)
    with pytest.raises(Refused, match="busy"):
        await one.runner.bet(seat.seat_id, "s", BetRequest("meanwhile", 100))
    names = [p.runner.world.journal.writer for p in (one, two)]
    await asyncio.sleep(8.0)
    town.leases.away = False
    await asyncio.sleep(2.0)
    assert all(p.runner.world.journal.writer not in names for p in (one, two)), "new names for both"
    after_it = await one.runner.bet(seat.seat_id, "s", BetRequest("after", 100))
    assert after_it.round_id != view.round_id
    assert town.writers_of(Recovered) == []


@in_virtual_time
async def test_a_bet_that_could_not_leave_before_the_lease_ran_out_is_not_sent(town):
    one, _ = await town.process(), await town.process()
    seat = await town.sits(one)
    honest = one.runner.recorder.record

    async def slow(live, event, request_id=None):
        commands = await honest(live, event, request_id)
        one.lease.beat_at -= 4_000_000  # as if the record had taken so long
        return commands

    one.runner.recorder.record = slow
    with pytest.raises(Refused) as refused:
        await one.runner.bet(seat.seat_id, "s", SPIN)
    assert (refused.value.code, refused.value.money) == ("busy", "not_placed")
    assert town.wallet.calls == []


@in_virtual_time
async def test_a_session_that_was_opened_elsewhere_is_known_without_an_echo(town):
    one, two = await town.process(), await town.process()
    seat = await town.sits(one)
    await two.runner.bet(seat.seat_id, "s", BetRequest("r1", 100))
    now = town.clock.now()
    await one.runner.open_session(seat.key, Session("newer", "EUR", "en", now, now + 86_400_000_000))
    view = await two.runner.bet(seat.seat_id, "newer", BetRequest("r2", 100))
    assert view.state in ("closed", "paying")
    with pytest.raises(Refused, match="session_replaced"):
        await two.runner.bet(seat.seat_id, "s", BetRequest("r3", 100))


@in_virtual_time
async def test_five_hundred_rounds_a_second_are_adopted_and_no_more(town):
    one, two = await town.process(), await town.process()
    await asyncio.sleep(1.5)
    town.wallet.slow = 300.0
    seats = [await town.sits(one, player=f"p{n}", operator=f"op{n % 4}") for n in range(1200)]  # each has its share
    for seat in seats:
        one.keep(one.runner.bet(seat.seat_id, "s", SPIN))
    await asyncio.sleep(1.0)
    one.dies()
    start = asyncio.get_running_loop().time()
    adopted: list[float] = []
    while len(adopted) < 1200 and after(start) < 20.0:
        await asyncio.sleep(0.1)
        adopted += [after(start)] * (len(town.writers_of(Recovered)) - len(adopted))
    begun = adopted[0]
    assert 4.0 < begun < 7.0
    assert len([at for at in adopted if at < begun + 0.9]) <= 500
    assert adopted[-1] - begun < 3.5
    assert town.wallet.calls.count("rollback") > 0, "what is owed is sent at once"
    assert two.runner.driven == 1200


@in_virtual_time
async def test_who_only_reads_a_round_in_doubt_does_not_leave_it_standing(town):
    """The player's request was given up before its record was confirmed. Then the record is there, and is read."""
    one = await town.process()
    seat = await town.sits(one)
    await asyncio.sleep(10.0)  # what it does after its start is done
    *_, tending = one.tasks
    tending.cancel()
    journal, loop = one.runner.world.journal, asyncio.get_running_loop()

    async def commit(records):
        done = loop.create_future()
        loop.call_later(1.0, lambda: (journal.put(records[0]), done.cancelled() or done.set_result([None])))
        return await done

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(journal, "commit", commit)
        given_up = asyncio.create_task(one.runner.bet(seat.seat_id, "s", SPIN))
        await asyncio.sleep(0.5)
        given_up.cancel()
        await asyncio.sleep(1.0)
    await one.runner.catch_up(await one.runner.seats.live(seat.seat_id))
    assert (await one.runner.reading.open_round(seat.seat_id)).state == "betting"
    one.keep(tend(one.runner))
    async with asyncio.timeout(60):
        await until_at_rest(one, seat)
    assert town.wallet.calls == ["rollback"]


@in_virtual_time
async def test_who_waits_for_a_slow_server_hears_what_the_other_one_has_told(town):
    """The same request at two servers. The first writes the outcome, and hears of that half a minute later."""
    one, two = await town.process(), await town.process()
    seat = await town.sits(one)
    town.wallet.slow = 1.0
    first = asyncio.create_task(one.runner.bet(seat.seat_id, "s", SPIN))
    await asyncio.sleep(0.5)
    one.hears_late()
    told = await two.runner.bet(seat.seat_id, "s", SPIN)
    start = asyncio.get_running_loop().time()
    view = await first
    assert 10.0 < after(start) < 20.0
    assert (view.round_id, bytes(view.reveals)) == (told.round_id, bytes(told.reveals))


@in_virtual_time
async def test_a_server_that_doubts_its_memory_leaves_a_round_with_the_living_server_that_began_it(town):
    """It lost its lease with the seat in hand; meanwhile the player bets at another server, and it reads of that."""
    one, two = await town.process(), await town.process()
    seat = await town.sits(one)
    live = await two.runner.seats.live(seat.seat_id)
    live.unsure = True  # as after `Seats.doubt`, of a seat that was in use
    town.wallet.slow = 5.0
    first = asyncio.create_task(one.runner.bet(seat.seat_id, "s", SPIN))
    await asyncio.sleep(0.02)
    await two.runner.catch_up(live)
    assert (await two.runner.reading.open_round(seat.seat_id)).state == "betting"
    await asyncio.sleep(2.0)  # whoever tends the seats has been here
    assert town.wallet.calls == ["bet"], "nothing was taken back"
    view = await first
    assert view.state == "closed" or view.win
    assert not town.writers_of(Recovered)


@in_virtual_time
async def test_a_place_is_proved_again_when_the_lease_was_lost_meanwhile(town):
    """What is decided next would be decided by a memory that is in doubt."""
    one, _ = await town.process(), await town.process()
    live = await one.runner.seats.live((await town.sits(one)).seat_id)
    journal = one.runner.world.journal
    honest, names = journal.commit, [journal.writer]

    async def commit(records):
        ends = await honest(records)
        if len(names) == 1:
            journal.renew()
            journal.heard()
            names.append(journal.writer)
        return ends

    journal.commit = commit
    live.unsure = True
    async with live.lock:
        await one.runner.recorder.regain(live)
    assert not live.unsure
    assert town.writers_of(Recovered) == names
    assert live.owner == names[1]


@in_virtual_time
async def test_a_round_that_was_perhaps_stopped_sends_nothing_before_that_is_known(town):
    """Staff stop a round that owes a rollback. The record is there, and whoever wrote it did not wait for it."""
    one = await town.process()
    seat = await town.sits(one)
    honest = town.wallet.send

    async def away(request, *, private, **share):
        town.wallet.calls.append(request.url.rpartition("/")[2])
        return NoAnswer("reset")

    town.wallet.send = away
    with pytest.raises(Refused, match="wallet_unknown"):
        await one.runner.bet(seat.seat_id, "s", SPIN)
    *_, tending = one.tasks
    tending.cancel()
    live, journal = await one.runner.seats.live(seat.seat_id), one.runner.world.journal
    round_id = live.round.round_id

    async def written_and_silent(records):
        journal.put(records[0])
        await asyncio.Event().wait()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(journal, "commit", written_and_silent)
        stopped = SuspendedByStaff(town.clock.now(), "ann", "looks odd", round_id)
        staff = asyncio.create_task(one.runner.decided(seat.seat_id, stopped))
        await asyncio.sleep(0.01)
        staff.cancel()
        await asyncio.sleep(0.01)
    assert live.unsure
    town.wallet.send, sent = honest, list(town.wallet.calls)
    await asyncio.sleep(3600.0)
    assert live.round.state == "suspended"
    assert town.wallet.calls == sent
