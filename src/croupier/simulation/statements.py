"""Where a wallet forgot, or a message came later than any rule bears: the product's own reconciliation must find all.

The operator's book is its statement. Nothing may be missed, nothing invented, and what is repaired by rule is repaired.
"""

from collections.abc import Iterable, Iterator, Mapping

from croupier.domain.days import day_range
from croupier.ledger.asked import CLOCKS_DIFFER_US
from croupier.ledger.operator_statement import Line, State, as_sum
from croupier.ledger.reconciliation import Comparison, Ours, Report, Scope, reversals_in
from croupier.rounds.repairs import Repair
from croupier.rounds.round import Round, Transaction
from croupier.rounds.seat import SeatState, apply
from croupier.runtime.repairs import Repairs
from croupier.simulation.clock import START_US
from croupier.simulation.evidence import Finding, events_of
from croupier.simulation.fleet import Fleet
from croupier.simulation.process import Items
from croupier.simulation.store import Disk
from croupier.simulation.wallet import SimulatedWallet
from croupier.store.eras import Uncompared
from croupier.store.memory import Stream
from croupier.wallet.book import NAMELESS, Entry

WAITS = frozenset({"round_suspended", "settling"})
"""Differences that are no news: people or the next attempt see to them."""


def compare(disk: Disk, wallet: SimulatedWallet, until: int) -> Report:
    """As `croupier reconcile` does, with a statement over everything from the first moment."""
    lines = list(_lines(_named(wallet.pages.entries), until))
    scope = Scope(START_US - 10**12, until + 10**12, complete=True)
    return _compared(scope, lines, _all_ours(disk), wallet.operator.operator_id)


def compare_day(disk: Disk, wallet: SimulatedWallet, one: Uncompared, now: int) -> Report:
    """With a statement of what the operator moved on this day in this currency, `now` microseconds."""
    start, end = day_range(one.day)
    moved = {movement.by: movement.at for movement in wallet.statement}
    entries = [e for e in _named(wallet.pages.entries) if e.currency == one.currency and e.transaction_id in moved]
    lines = [
        line
        for entry in entries
        for line in _lines([entry], moved[entry.transaction_id])
        if start <= line.at < min(end, now)
    ]
    ours = {name: t for name, t in _all_ours(disk).items() if t.currency == one.currency}
    scope = Scope(start, end, complete=now >= end + 2 * CLOCKS_DIFFER_US)
    return _compared(scope, lines, ours, wallet.operator.operator_id)


def _all_ours(disk: Disk) -> dict[str, Ours]:
    return {t.transaction_id: t for stream in disk.streams.by_id.values() for t in _ours(stream)}


def _compared(scope: Scope, lines: list[Line], ours: Mapping[str, Ours], operator_id: str) -> Report:
    comparison = Comparison(scope, reversals_in(lines))
    for line in lines:
        summed = as_sum(line, operator_id)
        known = line if line.transaction_id in ours else summed if summed.transaction_id in ours else line
        comparison.line(known, ours.get(known.transaction_id))
    for t in ours.values():
        if t.kind in ("bet", "win") and t.state in ("accepted", "pending", "sending"):
            comparison.transaction(t)
    return comparison.report()


async def repair(report: Report, fleet: Fleet) -> int:
    """Carry out what is decided by rule; returns how many bets went back."""
    done = 0
    for difference in report.differences:
        if difference.action == "roll_back" and difference.ours is not None:
            process = await fleet.any()
            work = Repairs(process.runner).roll_back(
                difference.ours.round_id, difference.transaction_id, f"rp-{difference.transaction_id}"
            )
            result = await process.answer(work)
            done += result is not None and result[0] == "rolled_back"
    return done


async def carry_out(items: Items, fleet: Fleet) -> None:
    """What late answers have told, as a worker of the platform does."""
    for (round_id, transaction_id), item in items.asked.items():
        if item == "roll_back":
            process = await fleet.any()
            await process.answer(Repairs(process.runner).roll_back(round_id, transaction_id, f"late-{transaction_id}"))


def missed(report: Report, differing: Mapping[str, str], astray: frozenset[str]) -> Iterable[Finding]:
    """`differing`: rounds whose money differs by the auditor's own count, and how. `astray`: those that may."""
    told: set[str] = set()
    for difference in report.differences:
        side = difference.ours if difference.ours is not None else difference.theirs
        assert side is not None
        told.add(side.round_id)
        if side.round_id not in astray and difference.code not in WAITS:
            what = f"reconciliation invents {difference.code} of {difference.transaction_id}"
            yield "I-01", side.round_id, what
    for round_id, what in differing.items():
        if round_id not in told:
            yield "I-01", round_id, f"reconciliation finds nothing; {what}"


def _ours(stream: Stream) -> Iterator[Ours]:
    """Every transaction as the product holds it."""
    state = SeatState(stream.seat)
    rounds: dict[str, Round] = {}
    repairs: dict[str, Repair] = {}
    for record in stream.records:
        for event in events_of(record):
            state, _ = apply(state, event)
            if state.round is not None:
                rounds[state.round.round_id] = state.round
            repairs.update((one.repair_id, one) for one in state.repairs)
    key = stream.seat.key
    for r in rounds.values():
        assert r.session is not None, "a round has a session"
        changed = {t.transaction_id: t for one in repairs.values() for t in (one.bet, one.rollback)}
        held = {t.transaction_id: changed.pop(t.transaction_id, t) for t in r.transactions}
        held.update((t.transaction_id, t) for t in changed.values() if t.reference in held)
        for t in held.values():
            rollbacks = tuple(
                (o.transaction_id, o.state, o.effect)
                for o in held.values()
                if o.kind == "rollback" and o.reference == t.transaction_id
            )
            currency, player = r.session.currency, key.player_id
            yield _one(t, r, currency, player, rollbacks)


def _one(t: Transaction, r: Round, currency: str, player_id: str, rollbacks: tuple[tuple[str, str, str], ...]) -> Ours:
    return Ours(
        *(t.transaction_id, t.kind, t.state, t.effect, t.amount, currency, player_id, r.round_id, r.state),
        first_sent_at=t.first_sent_at,
        last_sent_at=t.last_sent_at,
        rollbacks=rollbacks,
    )


def _named(entries: Mapping[str, Entry]) -> Iterable[Entry]:
    return (entry for name, entry in entries.items() if not name.startswith(NAMELESS))


def _lines(entries: Iterable[Entry], at: int) -> Iterator[Line]:
    for number, entry in enumerate(entries, 2):
        if entry.state == "tombstone":
            continue  # moved nothing
        state: State = "accepted"
        if entry.state in ("declined", "reversed"):
            state = entry.state
        yield Line(
            *(number, entry.transaction_id, entry.kind, entry.amount, entry.currency, entry.player_id),
            *(entry.round_id, state, at),
        )
