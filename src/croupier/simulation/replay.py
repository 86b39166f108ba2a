"""The product's own reading of its journal, held against the auditor's evidence: state, and double-entry ledger.

The auditor uses neither `step` nor `apply`; here both are on trial.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from croupier.ledger.postings import account_of, balance_of, house, postings_between, promo, wallet
from croupier.rounds.events import Event, ResolvedByStaff, WalletAnswered
from croupier.rounds.round import Round
from croupier.rounds.seat import SeatState, apply
from croupier.simulation.evidence import Finding
from croupier.simulation.wallet import Movement
from croupier.store import formats
from croupier.store.memory import Stream
from croupier.wallet.outcome import Accepted


def replay(stream: Stream, in_memory: SeatState, seq: int, statement: Mapping[str, int] | None) -> Iterable[Finding]:
    """Fold one stream from empty. `in_memory`: what a process knows of it, up to `seq`.

    `statement`: round -> what the operator's movements add up to, minor units; None = it is not to be relied on.
    """
    state = then = SeatState(stream.seat)
    key = stream.seat.key
    moved: dict[str, int] = defaultdict(int)
    rounds: dict[str, Round] = {}
    returned: dict[str, int] = defaultdict(int)
    confirmed: set[str] = set()
    """Bets that went back, as the wallet or two people said."""
    for record in stream.records:
        for event in formats.decode(record.format, record.payload):
            confirmed |= _gone_back(event)
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
            returned[after.round_id] += sum(p.amount for p in postings if p.cause == "rollback")
            rounds[after.round_id] = after
        then = state if record.seq == seq else then
    if then != in_memory:
        yield "I-09", state.last_round_id or "", "the journal replayed from empty gives another state than memory has"
    for round_id, r in rounds.items():
        back = sum(t.amount for t in r.transactions if t.kind == "bet" and t.transaction_id in confirmed)
        if returned[round_id] > back:
            yield "I-01", round_id, f"the ledger returns {returned[round_id]}, and {back} was said to have gone back"
    if statement is None:
        return
    for round_id, r in rounds.items():
        if r.finished and moved[round_id] != statement.get(round_id, 0):
            told = f"the ledger gives the player {moved[round_id]}, the operator {statement.get(round_id, 0)}"
            yield "I-01", round_id, told


def _gone_back(event: Event) -> set[str]:
    match event:
        case WalletAnswered(_, name, _, Accepted()) if name.startswith("r_"):
            return {"b_" + name[2:]}
        case ResolvedByStaff(settled=settled):
            back = [name for name, state in settled if state == ("accepted" if name.startswith("r_") else "reversed")]
            return {"b_" + name[2:] for name in back}
    return set()


def by_round(statement: Iterable[Movement]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for movement in statement:
        sums[movement.round_id] += movement.change
    return sums
