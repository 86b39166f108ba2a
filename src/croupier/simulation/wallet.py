"""The operator's half: a wallet by the book, with the seed's quirks, that answers bytes with bytes."""

import random
from collections import Counter

import msgspec

from croupier.dialects import OPERATOR_HALVES
from croupier.dialects.operator_half import BadRequest, issued_to, read_again
from croupier.domain.exchange import HttpRequest, HttpResponse
from croupier.domain.parties import Operator
from croupier.simulation.agreed import Watched
from croupier.simulation.faults import Faults, Quirks
from croupier.wallet.book import Account, Book, Entry, MemoryPages
from croupier.wallet.calls import Balance, Batch, Bet, EndRound, Prize, Rollback, WalletCall, Win
from croupier.wallet.outcome import Accepted, Conflict, Declined, Outcome

NEVER = 2**62


class Movement(msgspec.Struct, frozen=True):
    """One change of a player's balance, as the operator's own statement shows it. `by` is the call's id."""

    at: int
    by: str
    kind: str
    player_id: str
    round_id: str
    change: int


class CarelessBook(Book):
    """A book without tombstones: it does not remember a rollback of a bet that it has not seen."""

    def _rollback(self, call: Rollback, account: Account) -> Outcome:
        if self.pages.entry(call.bet_transaction_id) is None:
            return Declined("not_found", balance=account.balance)
        return super()._rollback(call, account)


class SimulatedWallet:
    """Receives requests in whatever order the network brings them."""

    def __init__(
        self, quirks: Quirks, faults: Faults, rng: random.Random, operator: Operator, watched: Watched
    ) -> None:
        self.operator = operator
        self.half = OPERATOR_HALVES[operator.dialect]
        self.watched = watched
        self.quirks = quirks
        self.faults = faults
        self.rng = rng
        self.pages = MemoryPages()
        self.book = Book(self.pages) if quirks.tombstones else CarelessBook(self.pages)
        self.statement: list[Movement] = []
        self.ended_sessions: set[str] = set()
        self.happened: Counter[str] = Counter()
        self.rolled_back: set[str] = set()
        """Bets for which a rollback has arrived, known or not."""
        self.rounds: dict[str, str] = {}
        """Round as the wallet knows it -> ours."""
        self.forgotten: set[str] = set()
        """Rounds of which a restart from an older copy undid something."""
        self._copy: tuple[dict[str, Account], dict[str, Entry], int] | None = None

    def back_up(self) -> None:
        self._copy = dict(self.pages.accounts), dict(self.pages.entries), len(self.statement)

    def restore(self) -> None:
        """The wallet as it was at the last copy. What it did since never happened, as far as it knows."""
        if self._copy is not None:
            accounts, entries, lines = self._copy
            changed = [e for name, e in self.pages.entries.items() if entries.get(name) != e]
            self.forgotten |= {self.rounds[e.round_id] for e in changed}
            self.pages.accounts, self.pages.entries = dict(accounts), dict(entries)
            del self.statement[lines:]

    def receive(self, request: HttpRequest, at: int) -> HttpResponse:
        """The honest answer to these bytes, `at` the operator's arrival time (microseconds)."""
        now = at + self.quirks.skew_us
        try:
            call = self._read(request, now if self.quirks.checks_timestamps else None)
        except BadRequest as error:
            self.happened[f"refused as {error.code}"] += 1
            return self.half.refuse(request, error)
        # Some APIs do not tell our ids; the statement has them all the same, for whoever compares.
        asked = self.watched.call_of(request)
        if not isinstance(asked, Balance) and not isinstance(call, Balance):
            self.rounds[call.round_id] = asked.round_id
        outcome = self._answer(call, now, asked.id)
        answer = self.half.answer(request, call, outcome, self.operator)
        return self.half.signed(request, answer, self.operator, now)

    def _read(self, request: HttpRequest, at: int | None) -> WalletCall:
        call = self.half.read(request, self.operator, at)
        if isinstance(call, Win) and call.free_rounds_ended:
            account = self.pages.account(self.pages.issues.get(call.round_id, ""))
            return call if account is None else issued_to(call, account.player_id, account.currency)
        account = self.pages.account(call.context.player_id) if not call.context.currency else None
        return call if account is None else read_again(self.half.read, request, self.operator, at, account.currency)

    def _answer(self, call: WalletCall, now: int, name: str) -> Outcome:
        if isinstance(call, Balance | EndRound | Prize | Batch):
            return self.book.answer(call, now)
        if self.quirks.conflicts and self.faults.strikes("wallet conflict", self.quirks.conflicts):
            return Conflict("transaction_conflict")
        if isinstance(call, Win) and self._refuses(call):
            self.faults.count("wallet refuses a win")
            return Declined("session_expired")
        if isinstance(call, Bet) and not self.quirks.obeys_expiry:
            call = msgspec.structs.replace(call, expires_at=NEVER)
        seen = self.pages.entry(call.transaction_id)
        before = self.book.balance(call.context.player_id)
        outcome = self.book.answer(call, now)
        self._noted(call, seen, self.book.balance(call.context.player_id) - before, now, name)
        taken = isinstance(call, Bet) and isinstance(outcome, Accepted)
        if taken and self.quirks.lies_when_declining and self.faults.strikes("wallet lies: declined and taken", 0.15):
            return Declined("limit_reached")
        return outcome

    def _refuses(self, win: Win) -> bool:
        """A wallet that looks at the session of a win, until its bug is repaired."""
        careless = self.quirks.refuses_wins_of_ended_sessions and self.faults.on
        return careless and win.context.session_id in self.ended_sessions

    def _noted(self, call: Bet | Win | Rollback, seen: Entry | None, change: int, now: int, name: str) -> None:
        match call:
            case Win() if seen is not None:
                self.happened["win answered as already processed"] += 1
            case Bet() if seen is not None and seen.state == "tombstone":
                self.happened["tombstone refuses a late bet"] += 1
            case Bet() if call.transaction_id in self.rolled_back and change:
                self.happened["bet taken after a rollback arrived"] += 1
            case Rollback():
                self.rolled_back.add(call.bet_transaction_id)
        if change:
            kind = type(call).__name__.lower()
            round_id = self.rounds[call.round_id]
            self.statement.append(Movement(now, name, kind, call.context.player_id, round_id, change))
