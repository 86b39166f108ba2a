"""A bet as the raw records tell of it, for the auditor."""

from dataclasses import dataclass, field

from croupier.rounds.events import WalletAnswered
from croupier.wallet.outcome import Accepted, Declined, Outcome

Place = tuple[int, int]
"""Where an event stands: record and index within it. Events of one record became durable together."""


@dataclass
class BetSeen:
    """A bet that was asked for. `played` when a draw followed from it, `answers` in the journal's order."""

    transaction_id: str
    amount: int
    action: str
    choice: bytes | None
    session_id: str
    at: int
    place: Place
    answers: list[tuple[Place, WalletAnswered]] = field(default_factory=list)
    stamps: list[tuple[Place, int]] = field(default_factory=list)
    """Further attempts, as they were announced."""
    exhausted: Place | None = None
    """Where it was given up."""
    played: bool = False
    decided: Place | None = None
    """Where two people said that it was accepted."""
    found_late: bool = False
    """Its wallet said that it took it, after its word that there was no such bet had been believed."""
    decided_free: bool = False
    """They said as well that the operator took one of its own free rounds for it."""

    @property
    def rollback_id(self) -> str:
        return "r_" + self.transaction_id[2:]

    @property
    def accepted(self) -> Place | None:
        """Where the first acceptance is recorded."""
        told = next((place for place, e in self.answers if isinstance(e.outcome, Accepted)), None)
        return self.decided if told is None else told

    @property
    def charged(self) -> bool:
        """The operator took one of its own free rounds instead of money."""
        told = next((e.outcome for _, e in self.answers if isinstance(e.outcome, Accepted)), None)
        return self.decided_free if told is None else told.free_round_charged is True


def not_found(outcome: Outcome) -> bool:
    return isinstance(outcome, Declined) and outcome.reason == "not_found"
