"""What may leave for the wallet, and when not any more: the auditor's reading of the wire."""

from collections.abc import Iterable

from croupier.simulation.evidence import Finding, Reader, RoundSeen, Silence
from croupier.simulation.network import Sent
from croupier.simulation.rest import Sends
from croupier.simulation.store import Disk

SEND_WINDOW_US = 5_100_000
HEARD_AFTER_S = 15.0
"""Longest time until a writer that waits hears that its record landed."""
OWNED = False
"""Whether a round that one living process drives is left alone by the others. Until then a second process may take a
bet back while the first, stopped just then, has it in hand; and the first does not learn of it before it writes."""
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
        self.alone = alone or OWNED

    def audit(self, sends: Sends) -> Iterable[Finding]:
        """I-08 one content for ever; I-03 nothing that no record asks for, and no bet beside its rollback."""
        for name, attempts in sends.of.items():
            r = self.reader.by_transaction.get(name)
            if len({attempt.content for attempt in attempts}) > 1:
                yield "I-08", r.round_id if r is not None else "", f"{name} was sent with different contents"
            if r is None:
                if attempts[0].call != "balance":
                    yield "I-03", "", f"{attempts[0].call} {name} was sent, and no record asks for it"
                continue
            if attempts[0].call == "bet":
                yield from self._bet(r, name, attempts, sends.all("r_" + name[2:]))
            elif attempts[-1].time - attempts[0].time > self.retention_s - RETENTION_MARGIN_S:
                yield "I-08", r.round_id, f"{name} was sent when the operator may have forgotten it"
            for silence in r.silences:
                if self._broken(r, silence, attempts):
                    yield "I-10", r.round_id, f"{name} was sent while the round was suspended"

    def _bet(self, r: RoundSeen, name: str, attempts: list[Sent], rollbacks: list[Sent]) -> Iterable[Finding]:
        asked = next(bet for bet in r.bets if bet.transaction_id == name)
        if rollbacks and attempts[-1].time > rollbacks[0].time and self._knew(attempts[-1], rollbacks[0]):
            yield "I-03", r.round_id, f"bet {name} was sent after its rollback"
        if self.clock_is_true and attempts[0].at > asked.at + SEND_WINDOW_US:
            yield "I-03", r.round_id, f"bet {name} left {attempts[0].at - asked.at} us after its stamp"
        if len(attempts) > r.opened.terms.bet_attempts:
            yield "I-03", r.round_id, f"bet {name} was sent {len(attempts)} times"

    def _knew(self, bet: Sent, rollback: Sent) -> bool:
        return self.alone or bet.writer == rollback.writer

    def _broken(self, r: RoundSeen, silence: Silence, attempts: list[Sent]) -> bool:
        """A suspended round sends nothing, once the sender knows: whoever wrote the reason knows it soon."""
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
