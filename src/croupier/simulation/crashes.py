"""At which of the points C0…C9 a process died, worked out afterwards from records, sendings and the time of death.

C4, an acceptance recorded alone, cannot be met: acceptance and draw share a record (the auditor checks that).
"""

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from croupier.rounds.events import BetRequested, GamePlayed
from croupier.simulation.bets import BetSeen, Place
from croupier.simulation.evidence import RoundSeen, events_of
from croupier.simulation.rest import Sends
from croupier.simulation.store import Disk
from croupier.store.records import Record

POINTS = {
    "C0": "crash C0: before the first record",
    "C1": "crash C1: bet recorded, not sent",
    "C2": "crash C2: bet sent, no answer",
    "C3": "crash C3: answer read, not recorded",
    "C5": "crash C5: drawn, not recorded",
    "C6": "crash C6: outcome recorded, player not told",
    "C7": "crash C7: win recorded, not answered",
    "C8": "crash C8: win taken, closing record lost",
    "C9": "crash C9: during a rollback",
}
NEVER = float("inf")
TELLING_S = 20.0
"""Longest time that a player waits to be told."""


@dataclass
class Crashes:
    """`begun`: records that a process began to write. `told`: request -> when its outcome was first shown."""

    disk: Disk
    deaths: Mapping[str, float]
    begun: Sequence[tuple[float, Record]]
    told: Mapping[str, float]
    sends: Sends

    def count(self, some: Counter[str], rounds: Sequence[RoundSeen]) -> None:
        for r in rounds:
            for point in self._points(r):
                some[POINTS[point]] += 1
        for point in self._lost():
            some[POINTS[point]] += 1

    def _lost(self) -> Iterator[str]:
        """What was on its way to the store and never arrived."""
        for at, record in self.begun:
            died = self.deaths.get(record.writer, NEVER)
            if died - at > TELLING_S:
                continue  # also when it did not die: what it began then, it did not lose in a crash
            there = self.disk.streams.by_id[record.seat_id].records[record.seq - 1 : record.seq]
            if not there or there[0].payload != record.payload:
                kinds = {type(event) for event in events_of(record)}
                if BetRequested in kinds:
                    yield "C0"
                elif GamePlayed in kinds:
                    yield "C5"

    def _points(self, r: RoundSeen) -> Iterator[str]:
        seat_id = r.seat.seat_id
        for bet in r.bets:
            yield from self._bet(r, bet)
        for play in r.plays:
            written = self._landed(seat_id, play.place)
            died = self.deaths.get(self._writer(seat_id, play.place), NEVER)
            if written <= died < written + TELLING_S and self.told.get(play.request_id or "", NEVER) > died:
                yield "C6"
        won = r.finished_play.win_id if r.finished_play is not None else None
        if won is not None:
            recorded = self._landed(seat_id, r.accepted_at.get(won))
            yield from ("C8" if heard else "C7" for heard in self._interrupted(won, recorded))

    def _bet(self, r: RoundSeen, bet: BetSeen) -> Iterator[str]:
        seat_id = r.seat.seat_id
        writer = self._writer(seat_id, bet.place)
        died = self.deaths.get(writer, NEVER)
        ends = [place for place, _ in bet.answers] + ([bet.exhausted] if bet.exhausted else [])
        decided = min((self._landed(seat_id, place) for place in ends), default=NEVER)
        if self._landed(seat_id, bet.place) <= died < decided:
            mine = [s for s in self.sends.all(bet.transaction_id) if s.writer == writer and s.time <= died]
            heard = any(s.heard is not None and s.heard <= died for s in mine)
            yield "C3" if heard else "C2" if mine else "C1"
        undone = self._landed(seat_id, r.accepted_at.get(bet.rollback_id))
        yield from ("C9" for _ in self._interrupted(bet.rollback_id, undone))

    def _interrupted(self, transaction_id: str, recorded: float) -> Iterator[bool]:
        """For each who had sent it and died before it was recorded as done: whether it had heard of its end."""
        sent = self.sends.all(transaction_id)
        for writer in dict.fromkeys(s.writer for s in sent):
            died = self.deaths.get(writer, NEVER)
            mine = [s for s in sent if s.writer == writer and s.time <= died]
            if mine and died < recorded:
                yield any(s.heard is not None and s.heard <= died and not s.fault for s in mine)

    def _landed(self, seat_id: uuid.UUID, place: Place | None) -> float:
        return NEVER if place is None else self.disk.times[seat_id, place[0]]

    def _writer(self, seat_id: uuid.UUID, place: Place) -> str:
        return self.disk.streams.by_id[seat_id].records[place[0] - 1].writer
