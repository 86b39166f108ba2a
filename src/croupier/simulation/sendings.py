"""What may leave for the wallet, not before which record, and when not any more: the auditor's reading of the wire."""

from collections.abc import Iterable

from croupier.simulation.bets import Place, not_found
from croupier.simulation.evidence import Finding, Reader, RoundSeen, Silence
from croupier.simulation.network import Sent
from croupier.simulation.rest import Sends
from croupier.simulation.store import Disk
from croupier.wallet.outcome import Accepted

SEND_WINDOW_US = 5_100_000
HEARD_AFTER_S = 15.0
"""Longest time until a writer that waits hears that its record landed."""
RETENTION_MARGIN_S = 3600 - 60
"""Sending stops an hour before an id may be forgotten; a minute is for clocks that were set."""


class Sendings:
    """`clock_is_true`: nobody sets the clock in this world. `retention_s`: how long the operator remembers ids.

    `heard_after_s`: at the latest then a process knows of every record, also of one it did not wait for.
    """

    def __init__(
        self, disk: Disk, reader: Reader, *, clock_is_true: bool, heard_after_s: float, retention_s: int, alone: bool
    ) -> None:
        self.disk = disk
        self.reader = reader
        self.clock_is_true = clock_is_true
        self.heard_after_s = heard_after_s
        self.retention_s = retention_s
        self.alone = alone
        self.since = 0.0
        """What left before was audited when all records of that time were there; a restore has taken some."""

    def audit(self, sends: Sends) -> Iterable[Finding]:
        """I-08 one content for ever; I-03 nothing that no record asks for, and no bet beside its rollback."""
        for name, every in sends.of.items():
            attempts = [attempt for attempt in every if attempt.time >= self.since]
            if not attempts:
                continue
            r = self.reader.by_transaction.get(name)
            if len({attempt.content for attempt in every}) > 1:
                yield "I-08", r.round_id if r is not None else "", f"{name} was sent with different contents"
            if r is None:
                if attempts[0].call != "balance":
                    yield "I-03", "", f"{attempts[0].call} {name} was sent, and no record asks for it"
                continue
            if attempts[0].call == "bet":
                yield from self._bet(r, name, attempts, sends.all("r_" + name[2:]))
            elif every[-1].time - every[0].time > self.retention_s - RETENTION_MARGIN_S:
                yield "I-08", r.round_id, f"{name} was sent when the operator may have forgotten it"
            for play in r.plays:
                if play.event.win_id == name and attempts[0].time < self._landed(r, play.place):
                    yield "I-03", r.round_id, f"win {name} left before its record was durable"
            if attempts[0].call == "end_round":
                yield from self._end(r, name, attempts)
            for silence in r.silences:
                if self._broken(r, silence, attempts):
                    yield "I-10", r.round_id, f"{name} was sent while the round was suspended"
        for seen in self.reader.seats.values():
            for r in seen.rounds:
                yield from self._believed(r, sends)

    def _bet(self, r: RoundSeen, name: str, attempts: list[Sent], rollbacks: list[Sent]) -> Iterable[Finding]:
        asked = next(bet for bet in r.bets if bet.transaction_id == name)
        if rollbacks and attempts[-1].time > rollbacks[0].time:
            yield "I-03", r.round_id, f"bet {name} was sent after its rollback"
        if self.clock_is_true and attempts[0].at > asked.at + SEND_WINDOW_US:
            yield "I-03", r.round_id, f"bet {name} left {attempts[0].at - asked.at} us after its stamp"
        if len(attempts) > r.opened.terms.bet_attempts:
            yield "I-03", r.round_id, f"bet {name} was sent {len(attempts)} times"
        stamps = [(asked.place, asked.at), *asked.stamps]
        if len(attempts) > len(stamps):
            yield "I-03", r.round_id, f"bet {name} was sent {len(attempts)} times, announced {len(stamps)} times"
        for attempt, (place, _) in zip(attempts, stamps, strict=False):
            if attempt.time < self._landed(r, place):
                yield "I-03", r.round_id, f"bet {name} left before its stamp was durable"
        if stamps[-1][1] - asked.at > r.opened.terms.deadline_ms * 1000:
            yield "I-03", r.round_id, f"bet {name} was tried again after the player's deadline"

    def _end(self, r: RoundSeen, name: str, attempts: list[Sent]) -> Iterable[Finding]:
        """Only where the API has such a call, after the draw, and after the win was taken."""
        play = r.finished_play
        if play is None or not r.opened.terms.end_round:
            yield "I-03", r.round_id, f"{name} ends a round that is not over"
        elif play.win_id is not None and r.decided.get(play.win_id) != "accepted":
            taken = r.accepted_at.get(play.win_id)
            if taken is None or attempts[0].time < self._landed(r, taken):
                yield "I-03", r.round_id, f"{name} left before the acceptance of win {play.win_id} was durable"

    def _believed(self, r: RoundSeen, sends: Sends) -> Iterable[Finding]:
        """A "not found" ends a rollback only when that attempt was sent after the bet could still arrive."""
        for bet in r.bets:
            last = max([bet.at, *(at for _, at in bet.stamps)])
            for answer in r.rollback_answers.get(bet.rollback_id, ()):
                if isinstance(answer.outcome, Accepted):
                    break  # what comes later is not believed any more
                if not not_found(answer.outcome) or (bet.accepted is not None and bet.exhausted is None):
                    continue
                if answer.sent_at <= last + r.opened.terms.max_life_ms * 1000:
                    yield "I-03", r.round_id, f"a not-found of {bet.rollback_id} was believed too early"
                if answer.sent_at not in {attempt.at for attempt in sends.all(bet.rollback_id)}:
                    yield "I-03", r.round_id, f"a not-found of {bet.rollback_id} was dated {answer.sent_at}"
                break

    def _landed(self, r: RoundSeen, place: Place) -> float:
        return self.disk.times[r.seat.seat_id, place[0]]

    def _broken(self, r: RoundSeen, silence: Silence, attempts: list[Sent]) -> bool:
        """A suspended round sends nothing, once the sender knows: whoever wrote the reason knows it soon.

        Another process that goes on with the round learns of it at its next record, which is not judged here.
        """
        stop = self.disk.streams.by_id[r.seat.seat_id].records[silence.first - 1]
        since = self.disk.times[r.seat.seat_id, silence.first]
        until = self.disk.times[r.seat.seat_id, silence.last] if silence.last is not None else float("inf")
        waited = silence.why in ("conflict", "too old")
        return any(
            since + (HEARD_AFTER_S if waited and attempt.writer == stop.writer else self.heard_after_s)
            < attempt.time
            < until
            for attempt in attempts
            if self.alone or attempt.writer == stop.writer
        )
