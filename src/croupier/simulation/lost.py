"""What a restore took from the journal and not from the wallet: the auditor's rules for the time after it.

The operator's statement must name each lost transaction as one that the platform does not know, and nothing else.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from croupier.domain.days import day_range
from croupier.ledger.reconciliation import Report
from croupier.rounds.events import BetRequested, Recovered, SuspendedByStaff
from croupier.simulation.evidence import Finding, Reader, RoundSeen, events_of
from croupier.simulation.network import Sent
from croupier.simulation.statements import WAITS
from croupier.simulation.store import Disk
from croupier.simulation.wallet import Movement
from croupier.store.eras import Uncompared
from croupier.wallet.book import Entry

UNKNOWN = "unknown_transaction"


@dataclass
class Lost:
    """`kept`: so many records were in the backup. Without a restore nothing is lost."""

    kept: int = 0
    ids: frozenset[str] = frozenset()
    """Transactions that only lost records had asked for."""
    undone: frozenset[str] = frozenset()
    """Rollbacks that had left: of a bet that is known they may be told as unknown, its reversal is seen at the bet."""
    seats: frozenset[uuid.UUID] = frozenset()
    """Those that were in the backup."""
    rounds_kept: frozenset[str] = frozenset()
    waiting: dict[uuid.UUID, tuple[int, str]] = field(default_factory=dict)
    """Seat -> the place of its next record, and the round that waited for a bet or its player in the backup."""
    reports: list[tuple[Uncompared, int, Report]] = field(default_factory=list)
    """What staff has compared before play was open again, and when."""

    @classmethod
    def between(cls, before: Reader, after: Reader, disk: Disk, sent: Iterable[Sent]) -> "Lost":
        """`before`: the journal as it was; `after`, and `disk`: as it is now."""
        last = {seat_id: seen.rounds[-1] for seat_id, seen in after.seats.items() if seen.rounds}
        return cls(
            kept=len(disk.landed),
            ids=frozenset(before.by_transaction.keys() - after.by_transaction.keys()),
            undone=frozenset(one.transaction_id for one in sent if one.call == "rollback"),
            seats=frozenset(after.seats),
            rounds_kept=frozenset(r.round_id for seen in after.seats.values() for r in seen.rounds),
            waiting={
                seat_id: (len(disk.streams.by_id[seat_id].records) + 1, r.round_id)
                for seat_id, r in last.items()
                if _waits(r)
            },
        )

    def known(self, movements: Iterable[Movement]) -> list[Movement]:
        """Those that the journal can tell of."""
        return [movement for movement in movements if movement.by not in self.ids]

    def audit(
        self, disk: Disk, report: Report | None, entries: Mapping[str, Entry], statement: Iterable[Movement]
    ) -> Iterator[Finding]:
        """`report`: everything compared with everything, when all is at rest."""
        yield from self._journal(disk)
        for one, at, of_day in self.reports:
            start, end = day_range(one.day)
            gone = {
                m.by
                for m in self._moved(statement)
                if start <= m.at < min(at, end) and entries[m.by].currency == one.currency
            }
            yield from self._named(of_day, gone, f"{one.day} {one.currency}")
        if report is None:
            return
        gone = {name for name, entry in entries.items() if name in self.ids and entry.state != "tombstone"}
        yield from self._named(report, gone, "all days")
        for difference in report.differences:
            side = difference.ours
            if side is not None and difference.code not in WAITS:
                what = f"{difference.code} of {difference.transaction_id}, which no restore has taken"
                yield "I-01", side.round_id, what

    def count(self, some: Counter[str], disk: Disk, statement: Iterable[Movement]) -> None:
        """Add what a long run must have met."""
        if not self.kept:
            return
        bets = {movement.by for movement in self._moved(statement) if movement.kind == "bet"}
        found = {d.transaction_id for *_, report in self.reports for d in report.differences if d.code == UNKNOWN}
        some["restore that lost money's records"] += bool(bets)
        some["lost bet found by reconciliation"] += len(bets & found)
        some["round suspended after a restore"] += len(self.waiting)
        some["play resumed after a restore"] += any(record.opening for record in disk.landed[self.kept :])

    def _moved(self, statement: Iterable[Movement]) -> Iterator[Movement]:
        return (movement for movement in statement if movement.by in self.ids)

    def _named(self, report: Report, gone: set[str], of: str) -> Iterator[Finding]:
        named = {d.transaction_id for d in report.differences if d.code == UNKNOWN}
        for name in sorted(gone - named):
            yield "I-01", "", f"the comparison of {of} does not name {name}, which a restore has taken"
        for name in sorted(named - self.ids - self.undone):
            yield "I-01", "", f"the comparison of {of} names {name}, which no restore has taken"

    def _journal(self, disk: Disk) -> Iterator[Finding]:
        before, after = disk.eras[: self.kept], disk.eras[self.kept :]
        if before and after and max(before) >= min(after):
            yield "I-02", "", f"records of era {min(after)} were written after a restore from era {max(before)}"
        for record in disk.landed[self.kept :]:
            if record.seat_id in self.seats and any(isinstance(event, BetRequested) for event in events_of(record)):
                yield "I-02", "", f"record {record.seq} begins a round in {record.seat_id}, which has lost its end"
        for seat_id, (place, round_id) in self.waiting.items():
            written = (e for r in disk.streams.by_id[seat_id].records[place - 1 :] for e in events_of(r))
            first = next((event for event in written if not isinstance(event, Recovered)), None)
            if not isinstance(first, SuspendedByStaff) or first.round_id != round_id:
                yield "I-07", round_id, "it went on after a restore, although the lost time may have ended it"


def _waits(r: RoundSeen) -> bool:
    """For the answer to a bet, or for its player: what is owed goes on under ids that the wallet knows."""
    if r.stopped or r.ended or r.voided or r.unplayable or r.sum is not None or r.finished_play is not None:
        return False
    return bool(r.plays) or (r.bets[0].exhausted is None and not r.bets[0].answers)
