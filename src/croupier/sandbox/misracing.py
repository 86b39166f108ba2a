"""Wallets that look, and act a moment later on what they saw. And those that mind whether the client still listens."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import msgspec

from croupier.sandbox.misbehaviour import AGAIN, Rules, by_the_book
from croupier.sandbox.misbooking import as_new, moved, named, seen
from croupier.sandbox.pages import SqlitePages
from croupier.wallet.book import Entry
from croupier.wallet.calls import Bet, Rollback, WalletCall, Win
from croupier.wallet.outcome import Accepted, Declined, Outcome, Unknown

GAP_S = 0.01
"""Between looking and acting: a round trip to a database."""


class Race(msgspec.Struct, frozen=True):
    """`look`: what it reads first; `act`: what it does `GAP_S` later with that."""

    look: Callable[[SqlitePages, WalletCall], Any]
    act: Callable[[SqlitePages, WalletCall, int, Any], Outcome]


def _known(pages: SqlitePages, call: WalletCall) -> Entry | None:
    return seen(pages, call)


def check_then_act(kind: type[Bet] | type[Win] | type[Rollback]) -> Race:
    def act(pages: SqlitePages, call: WalletCall, at: int, before: Entry | None) -> Outcome:
        now = seen(pages, call)
        if isinstance(call, kind) and before is None and now is not None and now.state in ("taken", "done"):
            if isinstance(call, Rollback):
                return moved(pages, call.context.player_id, now.amount)
            return as_new(pages, call, at)
        return by_the_book(pages, call, at)

    return Race(_known, act)


def _duplicate_key(pages: SqlitePages, call: WalletCall, at: int, before: Entry | None) -> Outcome:
    if isinstance(call, Bet) and before is None and seen(pages, call) is not None:
        return Unknown("duplicate key value violates unique constraint")
    return by_the_book(pages, call, at)


duplicate_key = Race(_known, _duplicate_key)


def _balance(pages: SqlitePages, call: WalletCall) -> int:
    account = pages.account(call.context.player_id)
    return account.balance if account is not None else 0


def _writes_back(pages: SqlitePages, call: WalletCall, at: int, before: int) -> Outcome:
    first = seen(pages, call)
    outcome = by_the_book(pages, call, at)
    taken = isinstance(call, Bet) and first is None and call.campaign_id is None
    if taken and isinstance(call, Bet) and isinstance(outcome, Accepted) and outcome.balance is not None:
        written = before - call.amount
        if written != outcome.balance and not outcome.free_round_charged:
            return moved(pages, call.context.player_id, written - outcome.balance)
    return outcome


lost_update = Race(_balance, _writes_back)


def _overdraws(pages: SqlitePages, call: WalletCall, at: int, before: int) -> Outcome:
    first = seen(pages, call)
    outcome = by_the_book(pages, call, at)
    short = first is None and isinstance(outcome, Declined) and outcome.reason == "insufficient_funds"
    if isinstance(call, Bet) and short and call.amount <= before:
        return moved(pages, call.context.player_id, -call.amount)
    return outcome


parallel_overdraft = Race(_balance, _overdraws)


def _state_of_bet(pages: SqlitePages, call: WalletCall) -> str:
    bet = named(pages, call) if isinstance(call, Rollback) else None
    return bet.state if bet is not None else ""


def _pays_by_state_seen(pages: SqlitePages, call: WalletCall, at: int, before: str) -> Outcome:
    bet, first = (named(pages, call) if isinstance(call, Rollback) else None), seen(pages, call)
    outcome = by_the_book(pages, call, at)
    if bet is not None and first is None and before == "taken" and bet.state == "reversed":
        return moved(pages, call.context.player_id, bet.amount)
    return outcome


rollback_id_race = Race(_state_of_bet, _pays_by_state_seen)


def _misses_tombstone(pages: SqlitePages, call: WalletCall, at: int, before: Entry | None) -> Outcome:
    now = seen(pages, call)
    if isinstance(call, Bet) and before is None and now is not None and now.state == "tombstone":
        return by_the_book(pages, msgspec.structs.replace(call, transaction_id=call.transaction_id + AGAIN), at)
    return by_the_book(pages, call, at)


misses_open_bet = Race(_known, _misses_tombstone)


def deadlocks() -> Race:
    """A win that meets a bet of the same player, both on their way, ends as the database's victim."""
    open_bets: Counter[str] = Counter()

    def look(_: SqlitePages, call: WalletCall) -> bool:
        if isinstance(call, Bet):
            open_bets[call.context.player_id] += 1
        return isinstance(call, Win) and open_bets[call.context.player_id] > 0

    def act(pages: SqlitePages, call: WalletCall, at: int, victim: bool) -> Outcome:  # noqa: FBT001 - what it saw
        if isinstance(call, Bet):
            open_bets[call.context.player_id] -= 1
        elif victim or (isinstance(call, Win) and open_bets[call.context.player_id] > 0):
            return Unknown("deadlock detected")
        return by_the_book(pages, call, at)

    return Race(look, act)


def _takes_first(pages: SqlitePages, call: WalletCall) -> int:
    """The money goes; the id comes later, when the wallet still lives."""
    new = isinstance(call, Bet) and seen(pages, call) is None and pages.account(call.context.player_id) is not None
    if not new or not isinstance(call, Bet) or call.amount > _balance(pages, call):
        return 0
    moved(pages, call.context.player_id, -call.amount)
    return call.amount


def _then_writes(pages: SqlitePages, call: WalletCall, at: int, taken: int) -> Outcome:
    if taken:
        moved(pages, call.context.player_id, taken)
    return by_the_book(pages, call, at)


in_two_steps = Race(_takes_first, _then_writes)


# ── when the client hung up ──────────────────────────────────────────────────────────────────────────────────────────


def stores_and_does_nothing(kind: type[Bet] | type[Win]) -> Rules:
    """The id is there, the money is not moved."""

    def rules(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
        first, before = seen(pages, call), _balance(pages, call)
        outcome = by_the_book(pages, call, at)
        if isinstance(call, kind) and first is None:
            moved(pages, call.context.player_id, before - _balance(pages, call))
        return outcome

    return rules


def rollback_sees_answered_bets() -> tuple[Rules, Rules]:
    """What it does with calls, and with those whose client hung up: such bets are taken and never given back."""
    unheard: set[str] = set()

    def hung_up(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
        if isinstance(call, Bet):
            unheard.add(call.transaction_id)
        return by_the_book(pages, call, at)

    def rules(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
        if isinstance(call, Rollback) and call.bet_transaction_id in unheard:
            return Accepted(_balance(pages, call), pages.new_reference())
        return by_the_book(pages, call, at)

    return rules, hung_up
