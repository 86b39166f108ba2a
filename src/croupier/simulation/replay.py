"""The product's own reading of its journal, held against the auditor's evidence: state, and double-entry ledger.

The auditor uses neither `step` nor `apply`; here both are on trial.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from croupier.ledger.postings import account_of, balance_of, house, postings_between, promo, wallet
from croupier.rounds.round import Round
from croupier.rounds.seat import SeatState, apply
from croupier.simulation.evidence import Finding
from croupier.simulation.wallet import Movement
from croupier.store import formats
from croupier.store.memory import Stream


def replay(stream: Stream, in_memory: SeatState, seq: int, statement: Mapping[str, int] | None) -> Iterable[Finding]:
    """Fold one stream from empty. `in_memory`: what a process knows of it, up to `seq`.

    `statement`: round -> what the operator's movements add up to, minor units; None = it is not to be relied on.
    """
    state = then = SeatState(stream.seat)
    key = stream.seat.key
    moved: dict[str, int] = defaultdict(int)
    rounds: dict[str, Round] = {}
    for record in stream.records:
        for event in formats.decode(record.format, record.payload):
            before = state.round
            state, _ = apply(state, event)
            after = state.round
            if after is None or after is before:
                continue
            same_round = before is not None and before.round_id == after.round_id
            postings = postings_between(key, before if same_round and before is not None else Round(), after)
            accounts = (wallet(key), account_of(after), house(key), promo(key))
            if sum(balance_of(account, postings) for account in accounts):
                yield "I-02", after.round_id, f"the postings of {type(event).__name__} do not sum to zero"
            moved[after.round_id] += balance_of(wallet(key), postings)
            rounds[after.round_id] = after
        then = state if record.seq == seq else then
    if then != in_memory:
        yield "I-09", state.last_round_id or "", "the journal replayed from empty gives another state than memory has"
    if statement is None:
        return
    for round_id, r in rounds.items():
        if r.finished and moved[round_id] != statement.get(round_id, 0):
            told = f"the ledger gives the player {moved[round_id]}, the operator {statement.get(round_id, 0)}"
            yield "I-01", round_id, told


def by_round(statement: Iterable[Movement]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for movement in statement:
        sums[movement.round_id] += movement.change
    return sums
