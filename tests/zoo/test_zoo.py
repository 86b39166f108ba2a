"""Every wallet of the catalogue, over real HTTP: the round ends where the catalogue says, and so do the books."""

import asyncio

import msgspec
import pytest

from croupier.dialects import DIALECTS
from croupier.dialects.native.wallet import Native
from croupier.domain.exchange import HttpRequest, HttpResponse, NoAnswer
from croupier.domain.parties import Operator
from croupier.rounds.events import StillPending, WalletAnswered
from croupier.sandbox.bugs import BUGS, End
from croupier.wallet.calls import WalletCall
from croupier.wallet.outcome import Accepted, Outcome
from zoo.conftest import SURE_WIN, Zoo

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOUR_MS = 3_600_000

ENDS = [
    pytest.param(name, call, end, id=f"{name}-{call}")
    for name, bug in BUGS.items()
    for call, end in (("bet", bug.on_bet), ("win", bug.on_win))
    if end is not None
]


@pytest.mark.parametrize(("name", "call", "end"), ENDS)
async def test_end(zoo: Zoo, name: str, call: str, end: End):
    wallet = await zoo.wallet(name, signed=BUGS[name].signs_wrongly)
    player = await wallet.player("krakens-hoard" if call == "bet" else "european-roulette")
    await wallet.switch(name, ("win",) if call == "win" else ())
    r = await player.bet(SURE_WIN if call == "win" else None)
    age_s = await r.reaches(end.state)
    assert age_s >= end.after_s
    if end.alarm:
        await _waits(zoo, r, end.state)
    if end.repaired:
        await wallet.switch("off")
        await r.reaches(end.repaired)
    assert bool(await wallet.differences()) is bool(end.differ)
    if end.differ:
        # Nothing of this round counts in our book, and the casino keeps the bet.
        ours, theirs, balances = await wallet.books()
        assert (ours.players[player.player_id].net, theirs.players[player.player_id].bets) == (0, 100)
        assert balances == {player.player_id: -100}
        assert {code for code, _ in await wallet.reconcile()} == {end.differ}
    else:
        assert await wallet.reconcile() == []
    if end.differ == "bet_not_counted":
        assert await wallet.differences() == [], "rolled back by itself"
        assert await r.state() == end.state, "a finished round keeps its state"


async def _waits(zoo: Zoo, r, state: str) -> None:
    """A quarter of an hour passes: the call goes on, nothing is believed, people are told twice."""
    until = r.age_s + 1000
    while r.age_s < until:
        await asyncio.sleep(0.01)
        zoo.clock.step(20)
        assert await r.state() == state
    events = await r.events()
    pending = {event.transaction_id for event in events if isinstance(event, StillPending)}
    assert len(pending) == 1
    accepted = {e.transaction_id for e in events if isinstance(e, WalletAnswered) and isinstance(e.outcome, Accepted)}
    assert not pending & accepted


async def test_a_refused_win_is_told_to_people_at_once(zoo: Zoo):
    """It is owed whatever the wallet says, so it goes on being sent; but nobody should learn of it by waiting."""
    wallet = await zoo.wallet("refuses")
    player = await wallet.player("european-roulette")
    await wallet.switch("checks-sessions-of-wins")
    r = await player.bet(SURE_WIN)
    await asyncio.sleep(1.5)  # it is refused again meanwhile: that is not told again
    assert r.age_s < 60
    (told,) = [event for event in await r.events() if isinstance(event, StillPending)]
    assert (told.why, told.attempts) == ("session_expired", 1)


class Reads400(Native):
    """A dialect whose wallet says with status 400 what it does not know, and can be trusted to mean it."""

    def outcome(
        self,
        call: WalletCall,
        operator: Operator,
        answer: HttpResponse | NoAnswer,
        at: int,
        request: HttpRequest | None = None,
    ) -> Outcome:
        if isinstance(answer, HttpResponse) and answer.status == 400:
            answer = msgspec.structs.replace(answer, status=200)
        return super().outcome(call, operator, answer, at, request)


async def test_not_found_as_400_in_a_dialect_that_knows_the_body(zoo: Zoo, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(DIALECTS, "reads-400", Reads400())
    wallet = await zoo.wallet("reads-400", dialect="reads-400")
    player = await wallet.player("krakens-hoard")
    await wallet.switch("not-found-as-400")
    r = await player.bet()
    assert await r.reaches("cancelled") >= 660
    assert await wallet.differences() == []


async def test_declines_and_takes_when_declines_are_not_trusted(zoo: Zoo):
    wallet = await zoo.wallet("distrusted", declines_trusted=False)
    player = await wallet.player("krakens-hoard")
    await wallet.switch("declines-and-takes")
    r = await player.bet()
    assert await r.reaches("cancelled") < 60
    assert await wallet.differences() == []
    assert (await wallet.books())[2] == {player.player_id: 0}


async def test_answers_twice_and_the_second_counts_for_nothing(zoo: Zoo):
    """A hundred bets of one amount: were a surplus answer taken for the next call's, some end would not fit."""
    wallet = await zoo.wallet("twice")
    player = await wallet.player("european-roulette")
    await wallet.switch("answers-twice")
    for _ in range(30):
        r = await player.bet(SURE_WIN)
        assert (r.status, r.told["state"]) == (200, "closed")
    assert await wallet.differences() == []
    references = [e.outcome.operator_reference for e in await r.events() if isinstance(e, WalletAnswered)]
    assert len(set(references)) == len(references) == 60


@pytest.mark.parametrize(("declared", "state", "paid"), [(True, "suspended", 1), (False, "closed", 2)])
async def test_forgets_ids(zoo: Zoo, declared: bool, state: str, paid: int):
    """The win is booked, its answer lost, and the wallet out of reach for two hours."""
    wallet = await zoo.wallet("forgetful", retry_base_ms=60_000, **({"id_retention_ms": HOUR_MS} if declared else {}))
    player = await wallet.player("european-roulette")
    await wallet.switch("forgets-ids", ("win",))
    r = await player.bet(SURE_WIN)
    assert await r.state() == "paying"
    await wallet.stop()
    for _ in range(240):
        zoo.clock.step(30)
        await asyncio.sleep(0.005)
    await wallet.restart(bug="forgets-ids", fault="off")
    await r.reaches(state)
    ours, theirs, balances = await wallet.books()
    us, them = ours.players[player.player_id], theirs.players[player.player_id]
    win = them.wins // paid
    assert win > 0
    assert us.wins == (0 if declared else win)
    assert balances == {player.player_id: paid * win - 100}
    assert {code for code, _ in await wallet.reconcile()} == {"round_suspended" if declared else "moved_twice"}


BACK_S = 600


async def test_loses_last_minutes(zoo: Zoo):
    """Dead for three hours, then back without its last five minutes: rounds finish, and what it lost is told apart."""
    wallet = await zoo.wallet("restored")
    early, late, waiting = [await wallet.player("european-roulette") for _ in range(3)]
    zoo.clock.step(-BACK_S)
    assert (await early.bet(SURE_WIN)).status == 200
    zoo.clock.back()
    await wallet.switch("takes-and-fails")  # this player's bet is in doubt when the wallet dies
    owed = await waiting.bet(SURE_WIN)
    await wallet.switch("off")
    answer = await late.bet(SURE_WIN)
    assert answer.status == 200
    await wallet.stop()
    for _ in range(180):
        zoo.clock.step(60)
        await asyncio.sleep(0.005)
    await wallet.restart(bug="loses-last-minutes")
    await owed.reaches("cancelled")
    ours, theirs, balances = await wallet.books()
    kept, lost = ours.players[early.player_id], ours.players[late.player_id]
    assert theirs.players[early.player_id].net == kept.net == balances[early.player_id]
    assert (lost.bets, lost.wins) == (100, answer.told["win"])
    assert balances[late.player_id] == 0, "the casino knows nothing of it"
    assert (ours.players[waiting.player_id].net, balances[waiting.player_id]) == (0, 0)
    found = await wallet.reconcile(clocks_differ_s=BACK_S + 60)
    assert found == [("bet_missing", late.player_id), ("win_missing", late.player_id)]
