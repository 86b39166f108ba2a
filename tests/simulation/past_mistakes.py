"""Mistakes that were really made here, found by the simulation. As in `mutants`, each breaks one rule while open."""

import sys
from contextlib import contextmanager
from unittest.mock import patch

from croupier.runtime import recovery, requests
from croupier.runtime.driver import Driver
from croupier.runtime.live_seat import Recorder
from croupier.runtime.orphans import Orphans
from croupier.runtime.seats import Seats
from croupier.store.records import Stale, Unavailable
from simulation.mutants import Mutant


@contextmanager
def draw_kept_for_another_action() -> Mutant:
    """A draw that could not be recorded belongs to its step, whatever the player asks for then."""
    honest = Recorder.drawn_once

    def drawn_once(self, live, r, now):
        if live.drawn is not None and live.drawn[0][:2] == (r.round_id, len(r.steps)):
            return live.drawn[1]
        return honest(self, live, r, now)

    with patch.object(Recorder, "drawn_once", drawn_once):
        yield


@contextmanager
def reload_gives_up_when_the_store_is_away() -> Mutant:
    """Whoever was overtaken in a stream reads it once, outside of the loop that is patient with the store."""
    honest = Driver.settle_what

    async def settle_what(self, live, decide):
        try:
            async with live.lock:
                event = decide()
                return None if event is None else await self.recorder.record(live, event)
        except Unavailable:
            return await honest(self, live, decide)
        except Stale:
            async with live.lock:
                await self.recorder.load(live)
            return await honest(self, live, decide)

    with patch.object(Driver, "settle_what", settle_what):
        yield


@contextmanager
def late_record_not_looked_for() -> Mutant:
    """What a dead process had on its way to the store lands after its successor has read the stream."""

    async def nothing(_):
        pass

    with patch.object(recovery, "_look_again", nothing):
        yield


@contextmanager
def decided_before_the_stream_was_read_again() -> Mutant:
    """The bet is to be taken back; and still is when the stream, read again, says that it was played."""
    honest = Orphans.needed

    async def needed(self, live):
        once = self.outstanding(live)
        with patch.object(self, "outstanding", lambda _: once):
            return await honest(self, live)

    with patch.object(Orphans, "needed", needed):
        yield


@contextmanager
def disabled_operator_takes_doubles() -> Mutant:
    """Only the opening bet asks whether the operator is open."""
    honest = requests.Requests._open_for_bets

    def open_for_bets(self, key):
        opening = sys._getframe(1).f_code is requests.Requests.bet.__code__
        return honest(self, key) if opening else self.operators.get(key.operator_id)

    with patch.object(requests.Requests, "_open_for_bets", open_for_bets):
        yield


@contextmanager
def doubtful_record_forgotten() -> Mutant:
    """Whoever stops waiting for a record goes on as if it had not been written."""
    with patch.object(Recorder, "regain", _certain):
        yield


async def _certain(self, live):
    live.unsure = False


@contextmanager
def failed_draw_kept() -> Mutant:
    """A game that failed once is remembered as failing, whatever people have done about it."""
    honest = Recorder.drawn_once

    def drawn_once(self, live, r, now):
        step = (r.round_id, len(r.steps), r.pending.action, r.pending.choice)
        if live.drawn is not None and live.drawn[0] == step:
            return live.drawn[1]
        played = honest(self, live, r, now)
        live.drawn = (step, played)
        return played

    with patch.object(Recorder, "drawn_once", drawn_once):
        yield


@contextmanager
def answer_held_against_the_next_round() -> Mutant:
    """Another process has ended the round and begun the next one; the answer is about the one before."""

    async def heard(self, live, _round_id, event):
        return await self.settle(live, event)

    with patch.object(Driver, "_heard", heard):
        yield


@contextmanager
def seat_forgotten_in_use() -> Mutant:
    """A process that lost its lease forgets seats that rest, also one for which a request waits just then."""

    def doubt(self):
        for live in list(self._live.values()):
            if live.idle:
                self.forget(live)
            else:
                live.unsure = True

    with patch.object(Seats, "doubt", doubt):
        yield
