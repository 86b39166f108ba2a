"""Reconciliation in the simulated world: the operator's book as its statement, compared with what is on the disk.

The same comparison and the same repairs as on PostgreSQL; only where the two sides are read from is another place.
"""

from collections.abc import Iterable

from croupier.ledger.operator_statement import Kind, Line, State
from croupier.ledger.reconciliation import Comparison, Ours, Report, Scope, reversals_in
from croupier.rounds.repairs import Repair, changed_by
from croupier.rounds.round import Round, Transaction
from croupier.rounds.seat import SeatState, apply
from croupier.runtime.repairs import Done, Repairs
from croupier.runtime.round_runner import RoundRunner
from croupier.store import formats
from croupier.store.memory import Stream, Streams
from croupier.wallet.book import Entry, MemoryPages

FOR_EVER = Scope(0, 2**62, complete=True, clocks_differ=0)
STATES: dict[str, State] = {
    "taken": "accepted",
    "done": "accepted",
    "reversed": "reversed",
    "declined": "declined",
    "tombstone": "declined",
}


def compare(streams: Streams, pages: MemoryPages) -> Report:
    """Everything that both sides ever did."""
    lines = [_line(number, entry) for number, entry in enumerate(pages.entries.values(), 2)]
    ours = {one.transaction_id: one for stream in streams.by_id.values() for one in transactions_of(stream)}
    comparison = Comparison(FOR_EVER, reversals_in(lines))
    for line in lines:
        comparison.line(line, ours.get(line.transaction_id))
    for one in ours.values():
        if one.kind in ("bet", "win") and one.state in ("accepted", "pending", "sending", "conflict"):
            comparison.transaction(one)
    return comparison.report()


async def repair(runner: RoundRunner, report: Report) -> dict[str, Done | None]:
    """What is automatic, carried out: transaction -> how it ended."""
    repairs = Repairs(runner)
    ended = {}
    for d in report.differences:
        if d.action == "roll_back" and d.ours is not None:
            ended[d.transaction_id] = await repairs.roll_back(
                d.ours.round_id, d.transaction_id, f"rp_{d.transaction_id}"
            )
    return ended


def transactions_of(stream: Stream) -> Iterable[Ours]:
    """Each transaction of the stream as it stands, with what matters of its round."""
    state = SeatState(stream.seat)
    rounds: dict[str, Round] = {}
    changed: dict[str, Transaction] = {}
    of_round: dict[str, str] = {}
    for record in stream.records:
        for event in formats.decode(record.format, record.payload):
            before = {one.repair_id: one for one in state.repairs}
            state, _ = apply(state, event)
            if state.round is not None:
                rounds[state.round.round_id] = state.round
            for one in state.repairs:
                if before.get(one.repair_id) is not one:
                    _changed(before.get(one.repair_id), one, changed, of_round)
    for r in rounds.values():
        repaired = [changed[name] for name, round_id in of_round.items() if round_id == r.round_id]
        yield from _of_round(stream, r, repaired)


def _changed(before: Repair | None, after: Repair, changed: dict[str, Transaction], of_round: dict[str, str]) -> None:
    for t in changed_by(before, after):
        changed[t.transaction_id] = t
        of_round[t.transaction_id] = after.round_id


def _of_round(stream: Stream, r: Round, repaired: list[Transaction]) -> Iterable[Ours]:
    assert r.session is not None
    transactions = {t.transaction_id: t for t in (*r.transactions, *repaired)}
    for t in transactions.values():
        backs = tuple(
            (b.transaction_id, b.state, b.effect)
            for b in transactions.values()
            if b.kind == "rollback" and b.reference == t.transaction_id
        )
        yield Ours(
            t.transaction_id,
            t.kind,
            t.state,
            t.effect,
            t.amount,
            r.session.currency,
            stream.seat.key.player_id,
            r.round_id,
            r.state,
            t.first_sent_at,
            t.last_sent_at,
            backs,
        )


def _line(number: int, entry: Entry) -> Line:
    kind: Kind = entry.kind
    return Line(
        number,
        entry.transaction_id,
        kind,
        entry.amount,
        entry.currency,
        entry.player_id,
        entry.round_id,
        STATES[entry.state],
        number,
    )
