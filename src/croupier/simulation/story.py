"""A round told line by line: what was recorded, what left, what the operator moved. For people who look for a flaw."""

from collections.abc import Iterable
from itertools import groupby

from croupier.rounds.events import ActionRequested, BetRequested, Event, GamePlayed, ResolvedByStaff, WalletAnswered
from croupier.simulation.clock import START_US
from croupier.simulation.evidence import Reader, events_of
from croupier.simulation.network import Sent
from croupier.simulation.store import Disk
from croupier.simulation.wallet import Movement

Line = tuple[float, str]


def tell(round_id: str, disk: Disk, reader: Reader, sent: list[Sent], statement: list[Movement]) -> tuple[str, ...]:
    """In the order of time, seconds since the simulation began. Empty for a round that nobody knows."""
    names = {name for name, owner in reader.by_transaction.items() if owner.round_id == round_id}
    lines = [
        *_records(round_id, disk),
        *_sends([one for one in sent if one.transaction_id in names]),
        *(
            ((m.at - START_US) / 1_000_000, f"operator: {m.kind} {_short(m.by)} moves {m.change:+}")
            for m in statement
            if m.round_id == round_id
        ),
    ]
    return tuple(f"{at:12.3f}  {text}" for at, text in sorted(lines, key=lambda line: line[0]))


def _records(round_id: str, disk: Disk) -> Iterable[Line]:
    for seat_id, stream in disk.streams.by_id.items():
        inside = False
        for record in stream.records:
            for event in events_of(record):
                # What a record carries over from the round before stands before the request of the next.
                inside = event.round_id == round_id if isinstance(event, BetRequested) else inside
                if inside:
                    yield disk.times[seat_id, record.seq], f"record {record.seq} by {record.writer[:6]}: {say(event)}"


def _sends(sent: list[Sent]) -> Iterable[Line]:
    for (call, name, fault, writer), group in groupby(
        sent, key=lambda one: (one.call, one.transaction_id, one.fault, one.writer)
    ):
        attempts = list(group)
        times = f" {len(attempts)} times until {attempts[-1].time:.3f}" if len(attempts) > 1 else ""
        fate = f", {fault}" if fault else ""
        yield attempts[0].time, f"sent by {writer[:6]}: {call} {_short(name)}{times}{fate}"


def say(event: Event) -> str:
    """One event in a few words."""
    match event:
        case BetRequested():
            return f"bet of {event.amount} requested, {_short(event.transaction_id)}"
        case ActionRequested():
            paid = f", costs {event.cost}, {_short(event.transaction_id or '')}" if event.cost else ""
            return f"{event.action} requested{paid}"
        case WalletAnswered():
            return f"{_short(event.transaction_id)} answered {event.outcome}"
        case GamePlayed():
            end = f", finished, win {event.win} {_short(event.win_id or '')}" if event.finished else ""
            return f"{event.action} played with {len(event.draws)} draws{end}"
        case ResolvedByStaff():
            settled = ", ".join(f"{_short(name)} {state}" for name, state in event.settled)
            return f"resolved to {event.to}: {settled}"
        case _:
            return str(event)[:160]


def _short(name: str) -> str:
    return name[:10]
