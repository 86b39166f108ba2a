"""People: they stop rounds, void hands, and settle what is suspended after looking at both sides."""

import random

from croupier.rounds.events import ResolvedByStaff, SuspendedByStaff, VoidApproved
from croupier.rounds.round import Round, Transaction
from croupier.runtime.round_runner import StaffDecision
from croupier.wallet.book import Entry, MemoryPages, Pages

HELD = ("accepted", "free_round")
"""The operator has the bet, paid or taken for one of its own free rounds."""

IN_DOUBT = frozenset({"pending", "sending", "unknown", "conflict"})


def whim(rng: random.Random, r: Round, at: int) -> StaffDecision | None:
    """What staff might do to a round that is open: mostly nothing."""
    luck = rng.random()
    if r.state == "suspended" or luck > 0.5:
        return None
    if luck < 0.25 and r.state in ("in_play", "paying"):
        return VoidApproved(at, "ann", "bob", "a broken symbol", r.round_id)
    return SuspendedByStaff(at, "ann", "looks odd", r.round_id)


def verdict(r: Round, pages: MemoryPages, at: int, restored_at: int = 0) -> ResolvedByStaff | None:
    """How a suspended round goes on, by what the operator's statement says of each transaction in doubt.

    None: what is too old to be sent again must be paid by hand, and stays as it is here; and so does what a restore
    (at `restored_at`, 0 = there was none) has left no true end for.
    """
    was_lost = 0 < r.transactions[0].first_sent_at < restored_at
    settled = _reversed_since(r, pages) if was_lost else {}
    for t in r.transactions:
        if t.state in IN_DOUBT and t.kind != "rollback":
            # The operator knows the sum of free rounds by the name that they have there.
            sum_of = r.free_round.campaign_id if r.settlement and r.free_round is not None and t.kind == "win" else None
            settled[t.transaction_id] = _truth(t, pages.entry(sum_of or t.transaction_id))
    for t in r.transactions:
        if t.state in IN_DOUBT and t.kind == "rollback":
            bet = r.transaction(t.reference or "")
            held = bet is not None and settled.get(bet.transaction_id, bet.state) in HELD
            done = pages.entry(t.transaction_id) is not None
            if held and not done and pages.entry(t.reference or "") is None:
                settled[t.reference or ""] = "reversed"  # the operator has forgotten the bet: nothing can go back
                held = False
            settled[t.transaction_id] = "accepted" if done else "pending" if held else "declined"
    if r.cause == "too_old" and "pending" in settled.values():
        return None
    states = {t.transaction_id: settled.get(t.transaction_id, t.state) for t in r.transactions}
    for t in r.transactions:
        if t.kind == "rollback" and t.reference is not None and states[t.transaction_id] == "accepted":
            states[t.reference] = "reversed"
    wins = [states[t.transaction_id] for t in r.transactions if t.kind == "win"]
    rollbacks = [states[t.transaction_id] for t in r.transactions if t.kind == "rollback"]
    held = any(states[t.transaction_id] in HELD for t in r.transactions if t.kind == "bet")
    if was_lost and _played_since(r, pages):
        # The hand went on in the lost time, and what it came to is in the statement: people settle that money.
        if "pending" in settled.values() or not r.steps:
            return None
        to = "closed"
    elif wins or any(t.kind == "end_round" for t in r.transactions):
        to = "paying" if "pending" in wins else "closed"
    elif "pending" in rollbacks:
        to = "rolling_back"
    elif held and states[r.transactions[0].transaction_id] in HELD:
        to = "in_play"
    else:
        to = "cancelled"
    return ResolvedByStaff(at, to, tuple(settled.items()), "ann", "bob", "compared with the statement")


def _reversed_since(r: Round, pages: Pages) -> dict[str, str]:
    """Bets that we hold as taken, and that were given back when nobody here can remember it."""
    taken = [t.transaction_id for t in r.transactions if t.kind == "bet" and t.state == "accepted"]
    entries = {name: pages.entry(name) for name in taken}
    return {name: "reversed" for name, entry in entries.items() if entry is not None and entry.state == "reversed"}


def _played_since(r: Round, pages: MemoryPages) -> bool:
    """Whether the statement has money of this round, standing, that we know nothing of."""
    known = {t.transaction_id for t in r.transactions}
    return any(
        entry.round_id == r.round_id and entry.transaction_id not in known and entry.state in ("taken", "done")
        for entry in pages.entries.values()
        if entry.kind in ("bet", "win")
    )


def _truth(t: Transaction, entry: Entry | None) -> str:
    if t.kind == "win":
        return "accepted" if entry is not None else "pending"
    state = entry.state if entry is not None else "declined"
    if entry is not None and state == "taken" and entry.charged:
        return "free_round"
    return {"taken": "accepted", "reversed": "reversed"}.get(state, "declined")
