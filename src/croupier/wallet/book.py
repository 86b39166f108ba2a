"""What a correct operator does with our calls: a pure model of its wallet.

The rules are here once. `Book` keeps its pages in memory for demo sessions and the simulation; the sandbox casino
puts a database under the same rules by giving its own `Pages`.
"""

from typing import Literal, Protocol

import msgspec

from croupier.wallet.calls import Balance, Batch, Bet, EndRound, Prize, Rollback, WalletCall, Win
from croupier.wallet.outcome import Accepted, Conflict, Declined, Outcome

CLOCK_DIFFERENCE_US = 30_000_000
"""A bet is taken this long after its `expires_at`: the two clocks need not agree."""


NAMELESS = "undo:"
"""Begins the key of a rollback that has no id of its own: in statements the bet's state says it."""

Kind = Literal["bet", "win", "rollback"]
State = Literal["taken", "declined", "reversed", "tombstone", "done"]


class Account(msgspec.Struct, frozen=True):
    """A player's money, in minor units of one currency. A blocked player cannot bet but is paid and refunded, and so
    is one who has reached a limit.

    `free_rounds`: those that the operator itself counts. `token`: of the player's session, which bets must carry;
    empty when the session is over, None where the operator does not look.
    """

    player_id: str
    currency: str
    balance: int
    blocked: bool = False
    free_rounds: int = 0
    limited: bool = False
    token: str | None = None


class Entry(msgspec.Struct, frozen=True):
    """What the operator remembers of a transaction id, for ever.

    `state` of a bet: ``taken``, ``declined``, ``reversed`` or ``tombstone`` (rolled back before it arrived); of a
    rollback always ``done``, and of a win but for one that a list of rollbacks has ``reversed``. `reference`: the bet
    that a win or rollback names. `campaign_id`: of a free round, whose bet took nothing.
    """

    transaction_id: str
    kind: Kind
    player_id: str
    currency: str
    round_id: str
    amount: int
    reference: str
    state: State
    outcome: Accepted | Declined
    settled: bool = False
    campaign_id: str | None = None

    @property
    def charged(self) -> bool:
        """The bet took one of the operator's own free rounds, and no money."""
        return isinstance(self.outcome, Accepted) and self.outcome.free_round_charged is True

    @property
    def moved(self) -> int:
        """What a bet took from the player."""
        return self.amount if self.campaign_id is None else 0


class Pages(Protocol):
    """Where accounts and entries are kept. What one `Book.answer` writes must become durable as a whole."""

    def account(self, player_id: str) -> Account | None: ...
    def put_account(self, account: Account) -> None: ...
    def entry(self, transaction_id: str) -> Entry | None: ...
    def put_entry(self, entry: Entry) -> None: ...
    def bet_of_round(self, player_id: str, round_id: str) -> Entry | None:
        """The first bet of the round that was taken; for APIs whose wins name no bet."""
        ...

    def issued_to(self, campaign_id: str) -> str | None:
        """Whom the operator has given these free rounds, where their sum is told without saying it."""
        ...

    def new_reference(self) -> str:
        """The operator's own transaction id, never the same twice."""
        ...


class MemoryPages:
    """Pages in two dictionaries."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.entries: dict[str, Entry] = {}
        self.issues: dict[str, str] = {}
        self._references = 0

    def account(self, player_id: str) -> Account | None:
        return self.accounts.get(player_id)

    def put_account(self, account: Account) -> None:
        self.accounts[account.player_id] = account

    def entry(self, transaction_id: str) -> Entry | None:
        return self.entries.get(transaction_id)

    def put_entry(self, entry: Entry) -> None:
        self.entries[entry.transaction_id] = entry

    def bet_of_round(self, player_id: str, round_id: str) -> Entry | None:
        found = (e for e in self.entries.values() if e.round_id == round_id and e.player_id == player_id)
        return next((e for e in found if e.kind == "bet" and e.state == "taken"), None)

    def issued_to(self, campaign_id: str) -> str | None:
        return self.issues.get(campaign_id)

    def new_reference(self) -> str:
        self._references += 1
        return f"op-{self._references}"


class Book:
    """The operator's side of the wallet. Outcomes are in our words: a second rollback is `Accepted`, not an error."""

    def __init__(self, pages: Pages | None = None) -> None:
        self.pages: Pages = MemoryPages() if pages is None else pages

    def open_account(self, player_id: str, currency: str, balance: int, *, blocked: bool = False) -> Account:
        account = Account(player_id, currency, balance, blocked)
        self.pages.put_account(account)
        return account

    def balance(self, player_id: str) -> int:
        """Minor units. KeyError for an unknown player."""
        account = self.pages.account(player_id)
        if account is None:
            raise KeyError(player_id)
        return account.balance

    def answer(self, call: WalletCall, at: int) -> Outcome:
        """Apply the call once and say what happened; a repeated one is answered as the first time.

        `at`: when it arrived, microseconds. Conflicts and unknown players leave no trace, everything else does.
        """
        account = self.pages.account(call.context.player_id)
        if account is None:
            return Declined("unknown_player")
        if call.context.currency not in (account.currency, ""):
            return Declined("currency_mismatch")
        match call:
            case Balance() | EndRound():
                left = account.free_rounds if call.context.bonus_id is not None else None
                return Accepted(account.balance, free_rounds_left=left)
            case Bet():
                return self._bet(call, account, at)
            case Win():
                return self._win(call, account)
            case Rollback():
                return self._rollback(call, account)
            case Prize():
                return self._prize(call, account)
            case Batch():
                return self._batch(call, account, at)

    def _bet(self, call: Bet, account: Account, at: int) -> Outcome:
        seen = self.pages.entry(call.transaction_id)
        # Whether the id is known comes before funds and expiry: a repeat of the last-money bet is not a new bet.
        if seen is not None:
            if seen.state == "tombstone" and seen.player_id == account.player_id:
                return Declined("already_rolled_back", balance=account.balance)
            if not _same(seen, "bet", call, ""):
                return Conflict("transaction_conflict")
            if seen.state == "reversed":
                return Declined("already_rolled_back", balance=account.balance)
            return seen.outcome
        refusal = _refusal(call, account, at)
        if refusal is not None:
            declined = Declined(refusal, balance=account.balance)
            # Remembered too, or a late copy would be taken after the player's next deposit.
            self.pages.put_entry(_entry(call, call.amount, "", "declined", declined))
            return declined
        if call.charge_free_round:
            accepted = self._charge(account, call)
        else:
            # A free round takes nothing, whatever amount it names.
            accepted = self._move(account, -call.amount if call.campaign_id is None else 0)
        amount = 0 if accepted.free_round_charged else call.amount
        self.pages.put_entry(_entry(call, amount, "", "taken", accepted))
        return accepted

    def _charge(self, account: Account, call: Bet) -> Accepted:
        """A free round of the operator's own instead of the amount, while there is one."""
        if not account.free_rounds:
            taken = self._move(account, -call.amount)
            return msgspec.structs.replace(taken, free_round_charged=False, free_rounds_left=0)
        left = account.free_rounds - 1
        self.pages.put_account(msgspec.structs.replace(account, free_rounds=left))
        return Accepted(account.balance, self.pages.new_reference(), free_round_charged=True, free_rounds_left=left)

    def _win(self, call: Win, account: Account) -> Outcome:
        seen = self.pages.entry(call.transaction_id)
        if seen is not None:
            same = _same(seen, "win", call, call.bet_transaction_id)
            return seen.outcome if same else Conflict("transaction_conflict")
        named = call.bet_transaction_id
        bet = self.pages.entry(named) if named else self.pages.bet_of_round(account.player_id, call.round_id)
        if bet is None and call.amount > 0 and not call.free_rounds_ended:
            # It may have overtaken its bet: refused without a trace, so that the repeat is paid.
            return Declined("not_found", balance=account.balance)
        if bet is not None and (bet.kind != "bet" or bet.player_id != account.player_id or bet.state != "taken"):
            return Conflict("transaction_conflict")
        if bet is not None and not bet.settled:
            self.pages.put_entry(msgspec.structs.replace(bet, settled=True))
        accepted = self._move(account, call.amount)
        self.pages.put_entry(_entry(call, call.amount, call.bet_transaction_id, "done", accepted))
        return accepted

    def _rollback(self, call: Rollback, account: Account) -> Outcome:
        seen = self.pages.entry(call.transaction_id)
        if seen is not None:
            first = (seen.kind, seen.player_id, seen.reference)
            same = first == ("rollback", account.player_id, call.bet_transaction_id)
            return seen.outcome if same else Conflict("transaction_conflict")
        bet = self.pages.entry(call.bet_transaction_id)
        if bet is None:
            self.pages.put_entry(_tombstone(call))
        elif bet.kind != "bet" or bet.player_id != account.player_id or bet.settled:
            return Conflict("transaction_conflict")
        # The stored bet's amount, never the request's; nothing for a bet that took nothing.
        back = bet.moved if bet is not None and bet.state == "taken" else 0
        if bet is not None and bet.state == "taken":
            self.pages.put_entry(msgspec.structs.replace(bet, state="reversed"))
            if bet.charged:
                account = msgspec.structs.replace(account, free_rounds=account.free_rounds + 1)
                self.pages.put_account(account)
        accepted = self._move(account, back)
        self.pages.put_entry(_entry(call, back, call.bet_transaction_id, "done", accepted))
        return accepted

    def _prize(self, call: Prize, account: Account) -> Outcome:
        win = Win(call.context, call.transaction_id, call.round_id, call.amount, "")
        seen = self.pages.entry(win.transaction_id)
        if seen is not None:
            return seen.outcome if _same(seen, "win", win, "") else Conflict("transaction_conflict")
        accepted = self._move(account, win.amount)
        self.pages.put_entry(_entry(win, win.amount, "", "done", accepted))
        return accepted

    def _batch(self, call: Batch, account: Account, at: int) -> Outcome:
        """All of it or nothing: what would refuse a later part is looked at before the first one moves."""
        match call.calls:
            case (Bet() as bet, Win() as win):
                paired = win.bet_transaction_id in ("", bet.id) and win.round_id == bet.round_id and win.id != bet.id
                bet_seen, win_seen = self.pages.entry(bet.id), self.pages.entry(win.id)
                if not paired or (bet_seen is None and win_seen is not None):
                    return Conflict("transaction_conflict")
                # The bet first: a win must not pay for it.
                taken = self._bet(bet, account, at)
                return self._win(win, self._known(account)) if isinstance(taken, Accepted) else taken
            case calls:
                undone = [one for one in calls if isinstance(one, Rollback)]
                return self._undo(undone, account) if undone == list(calls) else Conflict("not_possible")

    def _undo(self, calls: list[Rollback], account: Account) -> Outcome:
        """Each named transaction once, wins too; what is undone already is passed over."""
        change, named = 0, {one.bet_transaction_id: self.pages.entry(one.bet_transaction_id) for one in calls}
        for entry in named.values():
            if entry is not None and (entry.kind == "rollback" or entry.player_id != account.player_id):
                return Conflict("transaction_conflict")
            if entry is not None and entry.state in ("taken", "done"):
                change += entry.moved if entry.kind == "bet" else -entry.amount
        if account.balance + change < 0:
            return Declined("insufficient_funds", balance=account.balance)
        accepted = self._move(account, change)
        for call in calls:
            entry = named[call.bet_transaction_id]
            open_bet = entry is not None and entry.kind == "bet" and entry.state == "taken"
            back = entry.moved if entry is not None and open_bet else 0
            if entry is None:
                self.pages.put_entry(_tombstone(call))
            elif entry.state in ("taken", "done"):
                self.pages.put_entry(msgspec.structs.replace(entry, state="reversed"))
            if self.pages.entry(call.transaction_id) is None:
                self.pages.put_entry(_entry(call, back, call.bet_transaction_id, "done", accepted))
        return accepted

    def _known(self, account: Account) -> Account:
        return self.pages.account(account.player_id) or account

    def _move(self, account: Account, change: int) -> Accepted:
        balance = account.balance + change
        if change:
            self.pages.put_account(msgspec.structs.replace(account, balance=balance))
        return Accepted(balance, self.pages.new_reference())


_KINDS: dict[type[Bet | Win | Rollback], Kind] = {Bet: "bet", Win: "win", Rollback: "rollback"}


def _entry(
    call: Bet | Win | Rollback, amount: int, reference: str, state: State, outcome: Accepted | Declined
) -> Entry:
    return Entry(
        transaction_id=call.transaction_id,
        kind=_KINDS[type(call)],
        player_id=call.context.player_id,
        currency=call.context.currency,
        round_id=call.round_id,
        amount=amount,
        reference=reference,
        state=state,
        outcome=outcome,
        campaign_id=None if isinstance(call, Rollback) else call.campaign_id,
    )


def _tombstone(call: Rollback) -> Entry:
    """Stands where the bet would be: should it arrive later, it is refused."""
    entry = _entry(call, 0, "", "tombstone", Declined("already_rolled_back"))
    return msgspec.structs.replace(entry, transaction_id=call.bet_transaction_id, kind="bet")


def _same(seen: Entry, kind: Kind, call: Bet | Win, reference: str) -> bool:
    """Has this id the content it had the first time?"""
    who = call.context
    amount = 0 if seen.charged else call.amount
    first = (seen.kind, seen.player_id, seen.currency, seen.round_id, seen.amount, seen.reference, seen.campaign_id)
    return first == (kind, who.player_id, who.currency, call.round_id, amount, reference, call.campaign_id)


def _refusal(call: Bet, account: Account, at: int) -> str | None:
    if at > call.expires_at + CLOCK_DIFFERENCE_US:
        return "expired"
    if account.blocked:
        return "player_blocked"
    if account.token is not None and (not account.token or call.context.operator_token != account.token):
        return "session_expired"
    if account.limited:
        return "limit_reached"
    free = call.campaign_id is not None or (call.charge_free_round and account.free_rounds > 0)
    if not free and call.amount > account.balance:
        return "insufficient_funds"
    return None
