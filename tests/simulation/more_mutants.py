"""More mistakes that the simulator must find; as `mutants`, each breaks one rule while it is open."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from msgspec.structs import replace

from croupier.dialects.native import wallet as native
from croupier.rounds import answers, lifecycle
from croupier.rounds.commands import PlayGame
from croupier.rounds.events import BetSent
from croupier.rounds.round import Pending
from croupier.rounds.seat import apply
from croupier.rounds.transitions import close, exchanged, roll_back
from croupier.runtime import driver, late_answers, round_runner
from croupier.runtime.driver import Driver
from croupier.runtime.game_table import GameTable
from croupier.runtime.live_seat import Recorder
from croupier.runtime.requests import Requests
from croupier.runtime.round_runner import RoundRunner
from croupier.store.memory import MemoryJournal
from croupier.store.records import Stale, Unavailable
from croupier.wallet.outcome import Accepted, Declined

Mutant = Iterator[None]


@contextmanager
def not_found_judged_by_arrival() -> Mutant:
    """M-05: a not-found counts when it arrives late enough, whenever its request was sent."""
    honest = answers._rollback_answered

    def answered(r, t, e):
        return honest(r, t, replace(e, sent_at=e.at))

    with patch.object(answers, "_rollback_answered", answered):
        yield


@contextmanager
def wrong_echo_taken_as_accepted() -> Mutant:
    """M-11: nobody looks whether the answer speaks of the player's currency."""
    honest = native._done

    def done(call, members):
        return honest(call, {**members, "currency": call.context.currency})

    with patch.object(native, "_done", done):
        yield


@contextmanager
def late_acceptance_revives_a_cancelled_round() -> Mutant:
    """M-12: the round was given up and the bet taken back; then the acceptance arrives, and the round is played."""
    honest = answers._late

    def late(r, t, e):
        if r.state == "cancelled" and t.kind == "bet" and isinstance(e.outcome, Accepted) and r.pending is None:
            asked = Pending(t.first_sent_at, t.request_id, "bet", r.choice, t.amount, t.transaction_id)
            r = exchanged(r, replace(t, state="accepted"), e.at)
            return replace(r, state="in_play", pending=asked, closed_at=None), (PlayGame(),)
        return honest(r, t, e)

    with patch.object(answers, "_late", late):
        yield


@contextmanager
def late_acceptance_of_what_was_not_found_forgotten() -> Mutant:
    """The wallet takes a bet after its "no such bet" was believed, says so, and nobody gives it back."""
    with patch.object(late_answers, "item_of", lambda *_: None):
        yield


@contextmanager
def money_through_a_float() -> Mutant:
    """M-21: amounts become euros and cents again on their way to the wallet."""
    honest = driver.call_of

    def call_of(state, t):
        return honest(state, replace(t, amount=int(t.amount / 100 * 100)))

    with patch.object(driver, "call_of", call_of):
        yield


@contextmanager
def stamped_after_the_send() -> Mutant:
    """M-27: a further attempt of a bet leaves first and is recorded then."""
    honest = Driver._send_bet

    async def send_bet(self, live, operator, round_id, t, *, again):
        if again:
            await self._ask(live, operator, t, t.attempts + 1)
        return await honest(self, live, operator, round_id, t, again=again)

    with patch.object(Driver, "_send_bet", send_bet):
        yield


@contextmanager
def unsigned_answer_believed() -> Mutant:
    """M-33: where answers must be signed, one without a signature is believed as well."""
    honest = native._signature_doubt

    def doubt(call, operator, answer, at):
        told = honest(call, operator, answer, at)
        return None if told == "unsigned" else told

    with patch.object(native, "_signature_doubt", doubt):
        yield


@contextmanager
def second_record_after_a_stale_one() -> Mutant:
    """M-43: the first of two records is refused as stale, and the next one of the same state is accepted."""
    honest = Recorder._append

    async def append(self, live, *what, **more):
        while True:
            try:
                return await honest(self, live, *what, **more)
            except Stale:
                live.seq += 1

    with patch.object(Recorder, "_append", append):
        yield


@contextmanager
def sent_while_still_being_written() -> Mutant:
    """A bet leaves when its record is on its way to the store, not when it is there."""
    honest = Recorder._append

    async def append(self, live, events, at, *what, opening):
        if opening:
            r = apply(live.state, events[-1])[0].round
            state = replace(live.state, round=r)
            operator = OPERATORS[0].get(live.state.seat.key.operator_id)
            await CALLS[0].ask(operator, driver.call_of(state, r.transactions[0]))
        return await honest(self, live, events, at, *what, opening=opening)

    born = Driver.__init__

    def init(self, *args):
        born(self, *args)
        CALLS[:], OPERATORS[:] = [self.calls], [self.operators]

    with patch.object(Recorder, "_append", append), patch.object(Driver, "__init__", init):
        yield


CALLS: list[object] = []
OPERATORS: list[object] = []


@contextmanager
def closing_events_forgotten() -> Mutant:
    """What waits to ride in the next record is left out of it."""
    honest = Recorder._append

    async def append(self, live, events, *what, opening):
        ridden = len(live.carry) if opening else 0
        return await honest(self, live, events[ridden:], *what, opening=opening)

    with patch.object(Recorder, "_append", append):
        yield


@contextmanager
def lost_record_settled_by_reading() -> Mutant:
    """An append with unknown result is looked for once; not there means not written."""

    async def settle(self, record):
        there = self.streams.by_id[record.seat_id].records[record.seq - 1 : record.seq]
        return (None if there == [record] else Stale()) if there else Unavailable()

    with patch.object(MemoryJournal, "_settle", settle):
        yield


@contextmanager
def request_ids_not_kept() -> Mutant:
    """A request that is sent again after a lost answer is a new one."""
    honest = Recorder._append

    async def append(self, live, events, at, _, *claims, opening):
        return await honest(self, live, events, at, None, *claims, opening=opening)

    async def known(self, live, request_id):
        return None

    with patch.object(Recorder, "_append", append), patch.object(RoundRunner, "_known", known):
        yield


@contextmanager
def cancelled_after_the_first_rollback() -> Mutant:
    """A hand with two bets is over when one of them was given back."""
    honest = answers._rolled_back

    def rolled_back(r, bet, rollback, at):
        after, commands = honest(r, bet, rollback, at)
        if after.state == "rolling_back" and r.cause != "unknown_bet":
            return close(after, at, "cancelled"), commands
        return after, commands

    with patch.object(answers, "_rolled_back", rolled_back):
        yield


@contextmanager
def refusal_of_a_second_attempt_believed() -> Mutant:
    """The bet was sent twice; the first may have been taken, the second is declined: so it is declined."""
    honest = answers._bet_answered

    def answered(r, t, e):
        once = replace(t, attempts=1) if isinstance(e.outcome, Declined) else t
        return honest(r, once, e)

    with patch.object(answers, "_bet_answered", answered):
        yield


@contextmanager
def untrusted_declines_believed() -> Mutant:
    """The operator's setting that its refusals prove nothing is forgotten."""
    honest = answers._bet_answered

    def answered(r, t, e):
        return honest(replace(r, terms=replace(r.terms, declines_trusted=True)), t, e)

    with patch.object(answers, "_bet_answered", answered):
        yield


@contextmanager
def paid_round_voided() -> Mutant:
    """Two people void a round whose win was already sent, and its bets go back."""
    honest = lifecycle._void_approved

    def void_approved(r, e):
        return roll_back(r, e.at, "void") if r.state == "paying" else honest(r, e)

    with patch.object(lifecycle, "_void_approved", void_approved):
        yield


@contextmanager
def lost_rounds_not_closed_at_the_operator() -> Mutant:
    """An operator that wants a closing win of 0 gets none for a round that lost."""
    honest = lifecycle._game_played

    def game_played(r, e):
        if e.finished and e.win == 0:
            return honest(replace(r, terms=replace(r.terms, zero_win=False)), replace(e, win_id=None))
        return honest(r, e)

    honest_event = GameTable._event

    def event(self, *args):
        played = honest_event(self, *args)
        return replace(played, win_id=None) if played.finished and played.win == 0 else played

    with patch.object(lifecycle, "_game_played", game_played), patch.object(GameTable, "_event", event):
        yield


@contextmanager
def second_hand_half_price() -> Mutant:
    """What a paid action costs is worked out anew, and wrongly."""
    honest = GameTable.price

    def price(self, game, state, action, unit):
        cost = honest(self, game, state, action, unit)
        return cost // 2 if state != b"null" else cost

    with patch.object(GameTable, "price", price):
        yield


@contextmanager
def stake_limit_forgotten() -> Mutant:
    """The session's highest bet is not looked at."""
    honest = Requests._allowed

    def allowed(self, game, session, request, amount):
        return honest(self, game, replace(session, limits=type(session.limits)()), request, amount)

    with patch.object(Requests, "_allowed", allowed):
        yield


@contextmanager
def expired_session_bets() -> Mutant:
    """Whether the session has ended is asked when the game is opened, and never again."""
    honest = Requests._playing

    def playing(self, live, session_id, *, needs_time=True):
        return honest(self, live, session_id, needs_time=False)

    with patch.object(Requests, "_playing", playing):
        yield


@contextmanager
def time_runs_back() -> Mutant:
    """Records carry the wall clock, also when somebody has set it back."""
    honest = Recorder._append

    async def append(self, live, events, at, *what, opening):
        return await honest(self, live, events, self.world.clock.now(), *what, opening=opening)

    with patch.object(Recorder, "_append", append):
        yield


@contextmanager
def tried_after_the_deadline() -> Mutant:
    """A bet may be tried again however long its player waits."""
    honest = Driver._stamp

    def stamp(self, live, t):
        r = live.round
        if r is None or self._open_transaction(live, t.transaction_id) is None:
            return honest(self, live, t)
        return BetSent(self.world.clock.now(), t.transaction_id)

    with patch.object(Driver, "_stamp", stamp), patch.object(answers, "_deadline", lambda r, t: 2**62):
        yield


@contextmanager
def same_id_other_bet() -> Mutant:
    """Whether a repeated request id asks for the same is not looked at."""
    with patch.object(round_runner, "must_be_same", lambda r, request, of_round: None):
        yield
