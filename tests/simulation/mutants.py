"""Mistakes that the simulator must find. Each is a context manager that breaks one rule while it is open.

The numbers are those of the list of mutants in the rules of money.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from msgspec.structs import replace

from croupier.campaigns import claims
from croupier.dialects.native.wallet import Native
from croupier.domain.exchange import HttpResponse
from croupier.ledger import postings
from croupier.rounds import answers, seat
from croupier.rounds.commands import PlayGame, SendCall
from croupier.rounds.events import BetRequested, GamePlayed, Terms, WalletAnswered
from croupier.rounds.round import Pending
from croupier.rounds.transitions import exchanged, roll_back
from croupier.runtime import driver, live_seat, requests
from croupier.runtime.driver import Driver
from croupier.runtime.live_seat import Recorder
from croupier.wallet import retry
from croupier.wallet.outcome import Accepted, Conflict, Declined, Unknown

Mutant = Iterator[None]


@contextmanager
def new_id_on_retry() -> Mutant:
    """M-01: a new transaction id on every retry of a win."""
    honest = Driver._ask

    async def ask(self, live, operator, t, attempt):
        named = replace(t, transaction_id=f"{t.transaction_id}-{attempt}") if attempt > 1 and t.kind == "win" else t
        return await honest(self, live, operator, named, attempt)

    with patch.object(Driver, "_ask", ask):
        yield


def giving_up(kind: str) -> Mutant:
    honest = Driver._send

    async def send(self, live, command, attempts):
        t = self._open_transaction(live, command.transaction_id)
        if t is not None and t.kind == kind and attempts.get(t.transaction_id, 0) >= 3:
            return []
        return await honest(self, live, command, attempts)

    with patch.object(Driver, "_send", send):
        yield


@contextmanager
def win_given_up() -> Mutant:
    """M-02: a win is given up after three tries."""
    yield from giving_up("win")


@contextmanager
def rollback_given_up() -> Mutant:
    """M-03: a rollback is given up after three tries."""
    yield from giving_up("rollback")


@contextmanager
def every_not_found_trusted() -> Mutant:
    """M-04: every not-found is believed."""
    with patch.object(answers, "not_found_is_final", lambda *_: True):
        yield


@contextmanager
def shown_before_durable() -> Mutant:
    """M-06: memory is ahead of the store, and the player is told from memory."""

    async def record(self, live, event, request_id=None):
        await self.regain(live)
        now = max(self.world.clock.now(), live.at)
        move = live_seat._Move(live.state)
        self._follow(live, move, event, now)
        before, live.state = live.state, move.state
        if move.events:
            if any(isinstance(one, GamePlayed) for one in move.events):
                driver.tell(live)
            opening = isinstance(event, BetRequested)
            head = [*live.carry, seat.carried(before)] if opening else live.carry
            claimed = claims.claims_between(before.seat.key, before.round, move.state.round)
            writer = await self._append(live, [*head, *move.events], now, request_id, claimed, opening=opening)
            live.owner = writer if type(event) in live_seat.OWNING else live.owner
        return move.commands

    with patch.object(Recorder, "record", record):
        yield


@contextmanager
def played_without_acceptance() -> Mutant:
    """M-07: silence is taken for consent."""
    honest = answers._bet_answered

    def answered(r, t, e):
        if isinstance(e.outcome, Unknown):
            return replace(exchanged(r, replace(t, state="accepted"), e.at), state="in_play"), (PlayGame(),)
        return honest(r, t, e)

    with patch.object(answers, "_bet_answered", answered):
        yield


@contextmanager
def drawn_again_after_a_crash() -> Mutant:
    """M-08: a process that loads a round which waits for its win draws it again."""
    honest = Recorder.load

    async def load(self, live):
        await honest(self, live)
        r = live.round
        if r is not None and r.state == "paying" and r.steps:
            last = r.steps[-1]
            pending = Pending(last.at, last.request_id, last.action, last.choice, 0, None)
            kept = tuple(t for t in r.transactions if t.kind != "win")
            before = replace(r, state="in_play", steps=r.steps[:-1], pending=pending, transactions=kept)
            live.state = replace(live.state, round=before)

    with patch.object(Recorder, "load", load):
        yield


def statuses_declined(family: int) -> Mutant:
    honest = Native.outcome

    def outcome(self, call, operator, answer, *rest):
        if isinstance(answer, HttpResponse) and answer.status // 100 == family:
            return Declined("limit_reached")
        return honest(self, call, operator, answer, *rest)

    with patch.object(Native, "outcome", outcome):
        yield


@contextmanager
def client_errors_taken_as_declines() -> Mutant:
    """M-09: any 4xx is taken as a decline."""
    yield from statuses_declined(4)


@contextmanager
def server_errors_taken_as_declines() -> Mutant:
    """M-10: any 5xx is taken as a decline."""
    yield from statuses_declined(5)


@contextmanager
def double_played_on_unknown() -> Mutant:
    """M-13: a double whose answer is unknown is played."""
    honest = answers._bet_answered

    def answered(r, t, e):
        if r.steps and isinstance(e.outcome, Unknown):
            return honest(r, t, replace(e, outcome=Accepted(None)))
        return honest(r, t, e)

    with patch.object(answers, "_bet_answered", answered):
        yield


@contextmanager
def whole_round_rolled_back_after_an_outcome() -> Mutant:
    """M-14: a whole round is rolled back after an outcome was shown."""
    honest = answers.exhausted

    def exhausted(r, bet, at, why):
        if not r.steps:
            return honest(r, bet, at, why)
        return roll_back(exchanged(r, replace(bet, state="accepted"), at), at, "unknown_bet")

    with patch.object(answers, "exhausted", exhausted):
        yield


@contextmanager
def session_checked_on_wins() -> Mutant:
    """M-15: the session is looked at before a win is sent."""
    honest = Driver._send

    async def send(self, live, command, attempts):
        t = self._open_transaction(live, command.transaction_id)
        session = live.state.session
        over = live.state.session_ended is not None or session.expires_at <= self.world.clock.now()
        return [] if t is not None and t.kind == "win" and over else await honest(self, live, command, attempts)

    with patch.object(Driver, "_send", send):
        yield


@contextmanager
def failed_double_kept() -> Mutant:
    """M-18: a double that was declined is played all the same."""
    honest = answers._bet_answered

    def answered(r, t, e):
        if r.steps and isinstance(e.outcome, Declined):
            return replace(exchanged(r, replace(t, state="declined"), e.at), state="in_play"), (PlayGame(),)
        return honest(r, t, e)

    with patch.object(answers, "_bet_answered", answered):
        yield


@contextmanager
def second_round_beside_an_open_one() -> Mutant:
    """M-19: neither the check of the request nor the seat looks at the open round."""
    honest = seat.SeatState.open_round.fget
    blind = {seat._opened.__code__, requests.Requests.bet.__code__}
    assert all("open_round" in code.co_names for code in blind), "somebody else looks at it by now"

    def open_round(self):
        return None if sys._getframe(1).f_code in blind else honest(self)

    with patch.object(seat.SeatState, "open_round", property(open_round)):
        yield


@contextmanager
def suspended_round_goes_on_sending() -> Mutant:
    """M-20: a suspended round goes on sending."""
    honest = answers.answered

    def answered(r, e):
        after, commands = honest(r, e)
        stopped = isinstance(e.outcome, Conflict) and after.state == "suspended"
        return after, (SendCall(e.transaction_id, again=True),) if stopped else commands

    def open_transaction(self, live, transaction_id):
        return live.round.transaction(transaction_id) if live.round is not None else None

    with patch.object(answers, "answered", answered), patch.object(Driver, "_open_transaction", open_transaction):
        yield


@contextmanager
def wins_in_another_currency() -> Mutant:
    """M-22: a win is sent in another currency."""
    honest = driver.call_of

    def call_of(state, t):
        call = honest(state, t)
        return replace(call, context=replace(call.context, currency="EUR")) if t.kind == "win" else call

    with patch.object(driver, "call_of", call_of):
        yield


@contextmanager
def bet_sent_after_its_rollback() -> Mutant:
    """M-26: one more try, just to be sure."""
    honest = Driver._send

    async def send(self, live, command, attempts):
        commands = await honest(self, live, command, attempts)
        for t in live.round.transactions if live.round is not None else ():
            if t.kind == "rollback" and live.round.state == "rolling_back" and not attempts.get(t.transaction_id):
                bet = live.round.transaction(t.reference)
                attempts[t.transaction_id] = 1
                await self._ask(live, self.operators.get(live.state.seat.key.operator_id), t, 1)
                await self._ask(live, self.operators.get(live.state.seat.key.operator_id), bet, 2)
        return commands

    with patch.object(Driver, "_send", send):
        yield


@contextmanager
def fence_not_checked() -> Mutant:
    """M-28: the send window is not looked at after a pause."""
    honest = Driver._send_bet

    async def send(self, live, operator, round_id, t, *, again):
        return await honest(self, live, replace(operator, send_window_ms=10**9), round_id, t, again=again)

    with patch.object(Driver, "_send_bet", send):
        yield


@contextmanager
def win_sent_after_retention() -> Mutant:
    """M-29: a win is sent when its id may have been forgotten."""
    with patch.object(retry, "too_old", lambda *_: False):
        yield


@contextmanager
def rollback_posted_twice() -> Mutant:
    """M-30: a rollback is posted twice in the ledger."""
    honest = postings._moved

    def moved(key, r, earlier, t):
        entry = honest(key, r, earlier, t)
        return entry + [posting for posting in entry if posting.cause == "rollback"]

    with patch.object(postings, "_moved", moved):
        yield


@contextmanager
def breaker_stops_wins() -> Mutant:
    """M-31: while the breaker is open, wins wait as well."""
    honest = Driver._send

    async def send(self, live, command, attempts):
        t = self._open_transaction(live, command.transaction_id)
        breaker = self.admission.of(live.state.seat.key.operator_id).breaker
        while t is not None and t.kind == "win" and not breaker.closed:
            await self.world.clock.sleep(1.0)
        return await honest(self, live, command, attempts)

    with patch.object(Driver, "_send", send):
        yield


@contextmanager
def answer_credited_to_another_transaction() -> Mutant:
    """M-32: an answer about a win ends the rollback before it, if there is one; or the other way round."""
    honest = driver.answered

    def answered(t, answer, attempt=0) -> WalletAnswered:
        event = honest(t, answer, attempt)
        return replace(event, outcome=Accepted(None)) if t.kind == "rollback" else event

    with patch.object(driver, "answered", answered):
        yield


@contextmanager
def operator_skew_left_out() -> Mutant:
    """M-44: `max_life` covers the bet's own life only."""
    with patch.object(requests, "Terms", lambda **terms: Terms(**{**terms, "max_life_ms": 30_000})):
        yield


@contextmanager
def draws_not_kept() -> Mutant:
    """A draw is shown from memory, and another one is recorded."""
    honest = live_seat.Recorder.drawn_once

    def drawn_once(self, live, r, now):
        live.drawn = None
        played = honest(self, live, r, now)
        return replace(played, draws=played.draws[1:]) if isinstance(played, GamePlayed) else played

    with patch.object(live_seat.Recorder, "drawn_once", drawn_once):
        yield
