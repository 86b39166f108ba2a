"""A round and its transactions: values that `step` replaces, never changes."""

from typing import Literal

import msgspec

from croupier.domain.parties import Session
from croupier.rounds.events import FreeRound, Terms

RoundState = Literal[
    "new", "betting", "in_play", "paying", "rolling_back", "suspended", "closed", "declined", "cancelled"
]
STATES: tuple[RoundState, ...] = (
    *("new", "betting", "in_play", "paying", "rolling_back", "suspended", "closed", "declined", "cancelled"),
)
FINISHED = frozenset({"closed", "declined", "cancelled"})
SETTLING = frozenset({"betting", "paying", "rolling_back"})
"""States that wait for a wallet, never for the player."""

SETTLEMENT = "settlement"
"""The mode of a round in which nothing is played: it pays what a player's `summed` free rounds have won."""

SUMMED = "summed"
"""The cause of a round that closed without paying its win, because a settlement will."""

Kind = Literal["bet", "win", "rollback", "end_round"]
TransactionState = Literal["pending", "sending", "accepted", "declined", "unknown", "reversed", "conflict"]
Effect = Literal["moved", "none", "unsure"]


class Transaction(msgspec.Struct, frozen=True, gc=False):
    """One movement that we ask of the operator's wallet; its content never changes, its state does."""

    transaction_id: str
    kind: Kind
    amount: int
    session_id: str
    state: TransactionState = "sending"
    effect: Effect = "unsure"
    reference: str | None = None
    attempts: int = 1
    first_sent_at: int = 0
    last_sent_at: int = 0
    expires_at: int = 0
    operator_reference: str | None = None
    request_id: str | None = None
    why: str | None = None
    action: str | None = None
    """The action that this bet pays; None: the opening one, or no bet."""
    choice: bytes | None = None


class Step(msgspec.Struct, frozen=True, gc=False):
    """One action of the player that was played, with all that was drawn and shown."""

    at: int
    request_id: str | None
    action: str
    choice: bytes | None
    cost: int
    draws: tuple[tuple[int, int], ...]
    reveals: bytes


class Pending(msgspec.Struct, frozen=True, gc=False):
    """An action that is asked for or paid, and not yet played. `transaction_id` of its bet, None when it is free."""

    at: int
    request_id: str | None
    action: str
    choice: bytes | None
    cost: int
    transaction_id: str | None


class Round(msgspec.Struct, frozen=True, gc=False):
    """From the first bet to the last payment: the unit of account and of dispute."""

    round_id: str = ""
    state: RoundState = "new"
    session: Session | None = None
    game_version: str = ""
    mode: str = "base"
    choice: bytes | None = None
    stake: int = 0
    unit: int = 1
    terms: Terms = Terms()
    transactions: tuple[Transaction, ...] = ()
    steps: tuple[Step, ...] = ()
    pending: Pending | None = None
    game_state: bytes = b"null"
    offers: tuple[tuple[str, int], ...] = ()
    win: int = 0
    opened_at: int = 0
    changed_at: int = 0
    closed_at: int | None = None
    cause: str | None = None
    free_round: FreeRound | None = None

    @property
    def finished(self) -> bool:
        return self.state in FINISHED

    @property
    def in_motion(self) -> bool:
        """Somebody has to go on with it: it waits for a wallet or for a draw, not for its player or for people."""
        return self.state in SETTLING or (self.state == "in_play" and self.pending is not None)

    @property
    def only_owed(self) -> bool:
        """It was decided, and ends as soon as the wallet has taken what it is sent.

        Not so while the bet of a later action goes back: after that the hand is played on.
        """
        return self.state == "paying" or (self.state == "rolling_back" and not self.played_on)

    @property
    def played_on(self) -> bool:
        """Q-07: once what goes back now has gone back, the round is in play again, as before the action."""
        return self.cause == "unknown_bet" and bool(self.steps)

    def transaction(self, transaction_id: str) -> Transaction | None:
        for t in self.transactions:  # a generator would cost more than the search
            if t.transaction_id == transaction_id:
                return t
        return None

    def asked_by(self, request_id: str) -> bool:
        """Whether this request has led to something in the round."""
        for t in self.transactions:  # loops, as below
            if t.request_id == request_id:
                return True
        for played in self.steps:
            if played.request_id == request_id:
                return True
        return self.pending is not None and self.pending.request_id == request_id

    def asked(self, request_id: str) -> tuple[str, bytes | None] | None:
        """Action and choice of this request, played or not; None when nothing is left that tells."""
        for played in (*self.steps, self.pending):
            if played is not None and played.request_id == request_id:
                return played.action, played.choice
        for t in self.transactions:
            if t.request_id == request_id:
                return t.action or "bet", t.choice
        return None

    @property
    def free_bet(self) -> Transaction | None:
        """The opening bet of a free round, which the player does not pay."""
        return self.transactions[0] if self.free_round is not None else None

    @property
    def settlement(self) -> bool:
        return self.free_round is not None and self.free_round.ended != ""

    @property
    def told_later(self) -> int:
        """What the round has won and its settlement pays, minor units."""
        return self.win if self.cause == SUMMED else 0

    @property
    def staked(self) -> int:
        """What the wallet confirmed as bet and has not got back, minor units."""
        return sum([t.amount for t in self.transactions if t.kind == "bet" and t.state == "accepted"])

    @property
    def paid(self) -> int:
        """What the wallet confirmed as win, minor units."""
        return sum([t.amount for t in self.transactions if t.kind == "win" and t.state == "accepted"])

    @property
    def owed(self) -> tuple[Transaction, ...]:
        """Transactions that must still be sent until the wallet has taken them."""
        return tuple([t for t in self.transactions if t.state in ("pending", "sending")])
