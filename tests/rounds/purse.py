"""What an operator's wallet holds of one player, kept as plain dictionaries: nothing of the platform's is asked.

`remembers`: it keeps a tombstone where a bet that was rolled back first would be; otherwise it says "not found", and
takes the bet when it arrives after all. `repeats`: then it says "not found" for ever to the same rollback.
`late`: it takes bets however old they are.
"""

from typing import NamedTuple

from croupier.wallet.outcome import Accepted, Conflict, Declined, Outcome

LIFE_US = 60_000_000
"""Older bets are refused, unless it is `late`."""


class Message(NamedTuple):
    """A call on its way to the operator."""

    transaction_id: str
    kind: str
    amount: int
    round_id: str
    reference: str | None
    sent_at: int


class Purse:
    def __init__(self, *, remembers: bool, repeats: bool, late: bool) -> None:
        self.remembers = remembers
        self.repeats = repeats
        self.late = late
        self.taken: dict[str, int] = {}
        """Bets that it took, also those that it gave back."""
        self.returned: set[str] = set()
        self.paid: dict[str, int] = {}
        self.done: set[str] = set()
        """Rollbacks that it has carried out, or keeps as tombstones."""
        self.settled: set[str] = set()
        self._said: dict[str, Outcome] = {}

    @property
    def net(self) -> int:
        """What the player has more or less than before."""
        kept = sum(amount for bet, amount in self.taken.items() if bet not in self.returned)
        return sum(self.paid.values()) - kept

    def holds(self, bet: str) -> bool:
        return bet in self.taken and bet not in self.returned

    def answer(self, call: Message, at: int, *, willing: bool) -> Outcome:
        """`willing`: whether it takes a new bet."""
        if call.transaction_id not in self._said:
            willing = willing and (self.late or at <= call.sent_at + LIFE_US)
            outcome = getattr(self, f"_{call.kind}")(call, willing)
            if outcome == Declined("not_found") and not self.repeats:
                return outcome
            self._said[call.transaction_id] = outcome
        return self._said[call.transaction_id]

    def carry_out(self, rollback: str, bet: str) -> None:
        """By hand, where its software would repeat for ever what it has said."""
        self.returned.add(bet)
        self.done.add(rollback)

    def _bet(self, call: Message, willing: bool) -> Outcome:
        if not willing:
            return Declined("insufficient_funds")
        self.taken[call.transaction_id] = call.amount
        return Accepted(1000, f"op-{len(self._said)}")

    def _win(self, call: Message, _: bool) -> Outcome:
        if call.reference in self.returned:
            return Conflict("transaction_conflict")
        self.settled.add(call.reference or "")
        self.paid[call.transaction_id] = call.amount
        return Accepted(1000, f"op-{len(self._said)}")

    def _rollback(self, call: Message, _: bool) -> Outcome:
        bet = call.reference or ""
        if bet in self.settled:
            return Conflict("transaction_conflict")
        if bet not in self._said:
            if not self.remembers:
                return Declined("not_found")
            self._said[bet] = Declined("already_rolled_back")
        elif bet in self.taken:
            self.returned.add(bet)
        self.done.add(call.transaction_id)
        return Accepted(1000, f"op-{len(self._said)}")

    def _end_round(self, _: Message, __: bool) -> Outcome:
        return Accepted(1000)
