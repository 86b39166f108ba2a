"""A round of the past, folded from the journal."""

from collections.abc import AsyncIterator

from croupier.domain.ids import locate_round
from croupier.domain.parties import Seat
from croupier.rounds.events import RepairOpened
from croupier.rounds.repairs import Repair, is_about, repair_step, repairing
from croupier.rounds.round import Round
from croupier.rounds.seat import SeatState, apply
from croupier.store import formats
from croupier.store.records import Journal, Record

LOOK_BACK = 200
"""Records searched for the one that opened a round; a round has one or two for each action of its player."""


async def past_round(journal: Journal, seat: Seat, seq: int, *, to_the_last: bool = False) -> Round | None:
    """The round whose opening record is the last one at or before `seq`; None when there is none near it.

    `to_the_last`: with the answers that came after its end.
    """
    first = max(1, seq - LOOK_BACK)
    records = await journal.read(seat.seat_id, first, seq - first + 1)
    opening = next((r.seq for r in reversed(records) if r.opening), None)
    if opening is None:
        return None
    state = SeatState(seat)
    async for record in _from(journal, seat, opening):
        events = formats.decode(record.format, record.payload)
        is_next = record.opening and record.seq != opening
        for event in formats.before_carry(events) if is_next else formats.from_carry(events):
            state, _ = apply(state, event)
        if is_next or (state.round is not None and state.round.finished and not to_the_last):
            break
    return state.round


async def as_written(journal: Journal, seat: Seat, r: Round) -> Round:
    """The round by the journal, while memory waits to hear of it: another process may have told its player already.

    Raises Unavailable.
    """
    place = locate_round(r.round_id)
    assert place is not None, "we have made this id"
    return await past_round(journal, seat, place[1]) or r


async def past_repair(journal: Journal, seat: Seat, seq: int) -> Repair | None:
    """The repair that the record at `seq` opens, as it is now."""
    repair: Repair | None = None
    async for record in _from(journal, seat, seq):
        for event in formats.decode(record.format, record.payload):
            if isinstance(event, RepairOpened) and record.seq == seq:
                repair = repairing(event)
            elif repair is not None and is_about(event, repair):
                repair, _ = repair_step(repair, event)
        if repair is None or repair.ended:
            break
    return repair


async def _from(journal: Journal, seat: Seat, seq: int) -> AsyncIterator[Record]:
    while records := await journal.read(seat.seat_id, seq, 100):
        for record in records:
            yield record
        seq = records[-1].seq + 1
