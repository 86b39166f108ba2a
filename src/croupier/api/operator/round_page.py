"""One round as its operator sees it: folded from the journal, event by event, with what each moved."""

from collections.abc import AsyncIterator

import msgspec
from msgspec.structs import replace

from croupier.api.operator.money_told import Around, heard
from croupier.domain.parties import Seat, SeatKey
from croupier.ledger.postings import Posting, postings_between, repair_postings
from croupier.rounds import events as ev
from croupier.rounds.repairs import Repair
from croupier.rounds.round import Round
from croupier.rounds.seat import SeatState, apply
from croupier.runtime.wallet_calls import why_of
from croupier.store import formats
from croupier.store.records import Journal, Record

PAGE = 100
PAGES_MAX = 20
LOOK_BACK = 8
"""Records before a round in which its first balance is looked for: the round before it has fewer."""


class Happening(msgspec.Struct, frozen=True):
    """`at` in microseconds; `what` an event's name; `detail` a sentence."""

    at: int
    what: str
    detail: str


class RoundPage(msgspec.Struct, frozen=True):
    """`ledger`: postings with the time of the event that moved them. `balances`: by transaction, as the wallet said."""

    round: Round
    timeline: tuple[Happening, ...]
    ledger: tuple[tuple[int, Posting], ...]
    balances: dict[str, Around]


async def read_round(journal: Journal, seat: Seat, seq: int) -> RoundPage | None:
    """The round that the record at `seq` opens; None when no round begins there."""
    state = SeatState(seat)
    timeline: list[Happening] = []
    ledger: list[tuple[int, Posting]] = []
    balances: dict[str, Around] = {}
    balance = await _balance_before(journal, seat, seq)
    async for record in _records(journal, seat, seq):
        if record.seq == seq and not record.opening:
            return None
        is_next = record.opening and record.seq != seq
        written = formats.decode(record.format, record.payload)
        for event in formats.before_carry(written) if is_next else formats.from_carry(written):
            before = state.round
            state, _ = apply(state, event)
            at = getattr(event, "at", record.at)
            balance = heard(event, balance, balances)
            over = before is not None and before.finished and isinstance(event, ev.SeatEvent)
            if not over and (detail := detail_of(event)) is not None:
                timeline.append(Happening(at, name_of(event), detail))
            if state.round is not None and state.round is not before:
                moved = postings_between(seat.key, before or Round(), state.round)
                ledger.extend((at, posting) for posting in moved)
        if is_next:
            break
    if state.round is None:
        return None
    unanswered = {t.transaction_id: (balance, None) for t in state.round.transactions}
    return RoundPage(state.round, tuple(timeline), tuple(ledger), {**unanswered, **balances})


async def _balance_before(journal: Journal, seat: Seat, seq: int) -> int | None:
    """What the wallet said last before the round; None when a session has begun since."""
    balance: int | None = None
    for record in await journal.read(seat.seat_id, max(0, seq - LOOK_BACK), LOOK_BACK + 1):
        if record.seq > seq:
            break
        written = formats.decode(record.format, record.payload)
        # The end of the round before is often written with the beginning of this one.
        for event in written if record.seq < seq else formats.before_carry(written):
            balance = heard(event, balance, {})
    return balance


def with_repair(page: RoundPage, key: SeatKey, repair: Repair, asked_at: int) -> RoundPage:
    """The round with what a reconciliation did about one of its bets after it had ended."""
    known = {t.transaction_id: t for t in page.round.transactions}
    known |= {t.transaction_id: t for t in (repair.rollback, repair.bet)}
    known[repair.bet.transaction_id] = replace(
        page.round.transaction(repair.bet.transaction_id) or repair.bet,
        state=repair.bet.state,
        effect=repair.bet.effect,
    )
    at = repair.rollback.last_sent_at
    told = [
        Happening(asked_at, "repair_opened", f"Reconciliation found {repair.bet.transaction_id} with the operator.")
    ]
    if repair.ended:
        done = repair.rollback.state == "accepted"
        end = "The wallet has given it back." if done else f"Its rollback failed: {repair.rollback.why}. People decide."
        told.append(Happening(at, "repair_ended", end))
    return RoundPage(
        replace(page.round, transactions=tuple(known.values())),
        (*page.timeline, *told),
        (*page.ledger, *((at, posting) for posting in repair_postings(key, None, repair))),
        page.balances,
    )


async def _records(journal: Journal, seat: Seat, seq: int) -> AsyncIterator[Record]:
    """Those of this round and, at most, what else came before the next one began."""
    for _ in range(PAGES_MAX):
        records = await journal.read(seat.seat_id, seq, PAGE)
        for record in records:
            yield record
        if len(records) < PAGE:
            return
        seq = records[-1].seq + 1


def name_of(event: ev.Event) -> str:
    return str(type(event).__struct_config__.tag)


def detail_of(event: ev.Event) -> str | None:
    """What happened, in a sentence; None for what is of no interest to a reader of this round."""
    match event:
        case ev.FreeRoundsEnded():
            free = event.free_round
            return f"Free rounds of {free.campaign_id} are over ({free.ended}): they have won {free.won}."
        case ev.BetRequested():
            return f"A bet of {event.amount} was asked for ({event.mode})."
        case ev.ActionRequested():
            return f"The player chose {event.action}" + (f", which costs {event.cost}." if event.cost else ".")
        case ev.BetSent():
            return f"Bet {event.transaction_id} was sent again."
        case ev.WalletAnswered():
            said = type(event.outcome).__name__.lower()
            why = why_of(event.outcome)
            return f"The wallet answered {event.transaction_id}: {said}" + (f", {why}." if why else ".")
        case ev.RetriesExhausted():
            return f"The fate of {event.transaction_id} is not known ({event.why}); it is rolled back."
        case ev.GamePlayed():
            if event.finished:
                return f"The game was played: {event.action}. The win is {event.win}."
            return f"The game was played: {event.action}. The player chooses next."
        case ev.StillPending():
            return f"{event.transaction_id} is not acknowledged after {event.attempts} attempts: {event.why}."
        case ev.TooOld():
            return f"{event.transaction_id} is too old to be repeated safely; people decide."
        case ev.AbandonmentDue():
            return "The player did not come back in time; the game's rule ended the round."
        case ev.GameUnavailable() | ev.CheckFailed():
            return f"The game could not go on: {event.why}."
        case ev.VoidApproved():
            return f"Voided by {event.proposed_by} and {event.approved_by}: {event.reason}."
        case ev.SuspendedByStaff():
            return f"Suspended by {event.by}: {event.reason}."
        case ev.ResolvedByStaff():
            return f"Resolved to {event.to} by {event.proposed_by} and {event.approved_by}: {event.reason}."
        case ev.RepairOpened():
            return f"Reconciliation found bet {event.bet_id} with the operator; it is rolled back."
        case ev.SessionOpened():
            return f"The player opened the game again (session {event.session.session_id})."
        case ev.SessionEnded():
            return f"Session {event.session_id} ended: {event.reason}."
        case ev.PlayerReturned():
            return "The player returned to the round."
        case _:
            return None
