"""How a suspended round goes on, once two people have compared both sides. A correcting record, never an edit."""

from collections.abc import Iterable
from itertools import product

import msgspec
from msgspec.structs import replace

from croupier.domain.refusal import Refused
from croupier.rounds.answers import free_after_all
from croupier.rounds.commands import Command, PlayGame, SendCall
from croupier.rounds.events import ResolvedByStaff
from croupier.rounds.round import Effect, Kind, Pending, Round, Transaction, TransactionState
from croupier.rounds.transitions import close, exchanged, giving_back, without_local_bet

Next = tuple[Round, tuple[Command, ...]]

POSSIBLE: dict[Kind, dict[str, tuple[TransactionState, Effect]]] = {
    # A bet is never `pending` again: an id that was in doubt is not sent a second time.
    "bet": {
        "accepted": ("accepted", "moved"),
        # For no money, but one of the free rounds that the operator counts itself.
        "free_round": ("accepted", "moved"),
        "declined": ("declined", "none"),
        "reversed": ("reversed", "unsure"),
    },
    "win": {"accepted": ("accepted", "moved"), "declined": ("declined", "none"), "pending": ("pending", "unsure")},
    "rollback": {"accepted": ("accepted", "moved"), "declined": ("declined", "none"), "pending": ("pending", "unsure")},
    "end_round": {"accepted": ("accepted", "none"), "declined": ("declined", "none"), "pending": ("pending", "unsure")},
}
"""What two people may say of a transaction in doubt."""

DOUBTS_MAX = 4
"""Transactions in doubt whose combinations are tried; a round has one or two."""

TOO_OLD = "too_old"

VOID, SUSPENDED = "void", "suspended"
"""What may be proposed of a round that is open; all other proposals are states in which a suspended one goes on."""

IN_DOUBT = frozenset({"pending", "sending", "unknown", "conflict"})


def must_have_a_stake(r: Round) -> None:
    """Asked before a void is proposed, not when its record is read: a journal that holds one is read as ever."""
    if r.settlement:
        sentence = "This round pays in one sum what free rounds have won: no stake can go back. Suspend it instead."
        raise Refused("invalid_resolution", sentence, round_id=r.round_id)


def resolved(r: Round, e: ResolvedByStaff) -> Next:
    """Q-21, T-13."""
    if r.state != "suspended":
        raise Refused("round_not_suspended", "Only a suspended round can be resolved.", round_id=r.round_id)
    if e.proposed_by == e.approved_by:
        raise Refused("second_person_needed", "Another person must approve what you proposed.", round_id=r.round_id)
    for transaction_id, state in e.settled:
        r = _settled(r, transaction_id, state, e.at)
    match e.to:
        case "closed" | "cancelled" as end if _may_end(r, end):
            return close(r, e.at, end), ()
        case "in_play" if _may_be_played(r):
            return _played_on(r, e.at)
        case "rolling_back" if not r.settlement and not any(
            t.kind == "win" and t.state != "declined" for t in r.transactions
        ):
            said = {transaction_id for transaction_id, _ in e.settled}
            return _taken_back(r, said, e.at)
        case "paying" if [t.kind for t in r.owed] in (["win"], ["end_round"]) and len(_in_doubt(r)) == 1:
            r = replace(r, state="paying", cause=None, changed_at=e.at)
            return r, tuple(SendCall(t.transaction_id) for t in r.owed)
    open_ids = ", ".join(t.transaction_id for t in _in_doubt(r)) or "none"
    raise _invalid(r, f"This round cannot go on as {e.to}. Transactions in doubt: {open_ids}.")


def _invalid(r: Round, detail: str) -> Refused:
    return Refused("invalid_resolution", detail, money="being_checked", round_id=r.round_id)


def _settled(r: Round, transaction_id: str, state: str, at: int) -> Round:
    t = r.transaction(transaction_id)
    known = POSSIBLE[t.kind].get(state) if t is not None else None
    if t is None or known is None:
        raise _invalid(r, f"{transaction_id} cannot become {state}.")
    if state == "pending" and t.why == TOO_OLD:
        # T-17: two people do not make the operator remember. Who pays by hand says `accepted` then.
        raise _invalid(r, f"{transaction_id} is too old to be sent: the operator may have forgotten it.")
    t = replace(t, state=known[0], effect=known[1], why="resolved")
    if state == "free_round":
        before = r
        r, t = free_after_all(r, t)
        if r is before:
            raise _invalid(r, f"{transaction_id} could not take a free round of the operator's.")
    r = exchanged(r, t, at)
    bet = r.transaction(t.reference) if t.kind == "rollback" and state == "accepted" and t.reference else None
    return exchanged(r, replace(bet, state="reversed"), at) if bet is not None else r


def _in_doubt(r: Round) -> list[Transaction]:
    return [t for t in r.transactions if t.state in IN_DOUBT]


def _may_end(r: Round, end: str) -> bool:
    """Closed = played and paid; cancelled = the player has all his money back."""
    kept = any(t.kind == "bet" and t.state == "accepted" for t in r.transactions)
    paid = any(t.kind == "win" and t.state == "accepted" for t in r.transactions)
    return not _in_doubt(r) and ((kept and (bool(r.steps) or r.settlement)) if end == "closed" else not (kept or paid))


def _may_be_played(r: Round) -> bool:
    return (
        r.transactions[0].state == "accepted"
        and not _in_doubt(r)
        and not any(t.kind in ("win", "end_round") for t in r.transactions)
    )


def _played_on(r: Round, at: int) -> Next:
    """An action whose bet did not come about is dropped: the state is the one from before it."""
    bet = r.transaction(r.pending.transaction_id) if r.pending is not None and r.pending.transaction_id else None
    pending = r.pending if bet is None or bet.state == "accepted" else None
    if pending is None and not r.steps:
        pending = _opening(r)
    r = replace(r, state="in_play", pending=pending, cause=None, changed_at=at)
    return r, (PlayGame(),) if pending is not None else ()


def _opening(r: Round) -> Pending:
    """The action of a round in which nothing was drawn. It was dropped when the bet was to go back."""
    bet, free = r.transactions[0], r.free_round
    cost = free.bet if free is not None and free.operator_counts else bet.amount
    return Pending(r.opened_at, bet.request_id, "bet", r.choice, cost, bet.transaction_id)


def _taken_back(r: Round, said: set[str], at: int) -> Next:
    """Every bet that the wallet holds or may hold goes back; rollbacks that exist are sent again, never made anew.

    `said`: what people have just spoken of. A rollback that they struck out before that is no obstacle any more.
    """
    rollbacks = [t for t in r.transactions if t.kind == "rollback"]
    rolled = {t.reference for t in rollbacks if t.state != "declined" or t.transaction_id in said}
    opening = r.transactions[0].session_id
    before, r = r, without_local_bet(r, at)
    if r is not before and all(t.state == "declined" for t in r.transactions[1:] if t.kind == "bet"):
        return close(replace(r, cause="void"), at, "cancelled"), ()
    for bet in [t for t in r.transactions if t.kind == "bet" and t.transaction_id not in rolled]:
        if bet.state in ("pending", "sending"):
            r = exchanged(r, replace(bet, state="unknown", why="resolved"), at)
        elif bet.state != "accepted":
            continue
        r, _ = giving_back(r, bet, opening, at)
    on_its_way = {t.reference for t in r.owed}
    stuck = any(t.state == "conflict" for t in r.transactions) or any(
        t.kind == "bet" and t.state == "accepted" and t.transaction_id not in on_its_way for t in r.transactions
    )
    if stuck or not on_its_way:
        raise _invalid(r, "Say first what became of the transactions in conflict, or end the round as cancelled.")
    r = replace(r, state="rolling_back", pending=None, offers=(), cause="void", changed_at=at)
    return r, tuple(SendCall(t.transaction_id) for t in r.owed)


class Choice(msgspec.Struct, frozen=True):
    """One way on that the rules allow. `sends`: what is sent to the wallet once two people have chosen it."""

    to: str
    settled: tuple[tuple[str, str], ...]
    after: Round

    @property
    def sends(self) -> tuple[Transaction, ...]:
        return self.after.owed if self.after.state in ("paying", "rolling_back") else ()

    @property
    def balance_change(self) -> int:
        """What the player's balance gains by what is sent, minor units: nothing by the rollback of a bet not held."""
        gone = {t.transaction_id for t in self.after.transactions if t.state in ("declined", "reversed")}
        return sum(t.amount for t in self.sends if t.kind in ("win", "rollback") and t.reference not in gone)


def contradict(r: Round, settled: Iterable[tuple[str, str]]) -> bool:
    """Whether no wallet can have come to this: it gave a bet back that it had never taken."""
    said = dict(settled)
    return any(
        t.kind == "rollback" and said.get(t.transaction_id) == "accepted" and said.get(t.reference or "") == "declined"
        for t in r.transactions
    )


def choices(r: Round, at: int) -> tuple[Choice, ...]:
    """Every way on for a suspended round: each possible truth about each transaction in doubt, and each state."""
    doubtful = [t for t in r.transactions if t.state in IN_DOUBT]
    truths = [[(t.transaction_id, state) for state in POSSIBLE[t.kind]] for t in doubtful[:DOUBTS_MAX]]
    found = []
    for settled in product(*truths):
        if contradict(r, settled):
            continue
        for to in ("closed", "paying", "in_play", "rolling_back", "cancelled"):
            try:
                after, _ = resolved(r, ResolvedByStaff(at, to, settled, "proposer", "approver", ""))
            except Refused:
                continue
            found.append(Choice(to, settled, after))
    return tuple(found)
