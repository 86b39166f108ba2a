"""Wallets that are wrong about players: their sessions, blocks, limits and currencies."""

from collections import Counter
from collections.abc import Callable

import msgspec

from croupier.domain.money import CURRENCIES
from croupier.sandbox.misbehaviour import Rules, by_the_book
from croupier.sandbox.misbooking import as_new, named, seen
from croupier.sandbox.pages import SqlitePages
from croupier.sandbox.purses import is_purse, owner
from croupier.wallet.book import Account
from croupier.wallet.calls import Balance, Bet, EndRound, Rollback, WalletCall, Win
from croupier.wallet.outcome import Accepted, Declined, Outcome

REMEMBERED_US = 300_000_000
SLOW_S = 2.6
SLOW_FROM = 28
"""Of a player's balances: three of thirty are five per cent and more."""
TURN_S = 0.15


def over(account: Account | None) -> bool:
    return account is not None and account.token == ""


def refuses(kinds: type[Win] | type[Rollback] | tuple[type[Win], type[Rollback]], of: str, reason: str) -> Rules:
    """What is owed, to players who are ``blocked`` or whose session is ``over``."""

    def rules(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
        account = pages.account(call.context.player_id)
        meant = over(account) if of == "over" else account is not None and account.blocked
        return Declined(reason) if isinstance(call, kinds) and meant else by_the_book(pages, call, at)

    return rules


def takes_bets(of: Callable[[SqlitePages, Bet, Account], bool]) -> Rules:
    """With a session that it should look at, for accounts and tokens that `of` says yes to."""

    def rules(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
        account = pages.account(call.context.player_id)
        if isinstance(call, Bet) and account is not None and account.token is not None and of(pages, call, account):
            pages.put_account(msgspec.structs.replace(account, token=None))
            outcome = by_the_book(pages, call, at)
            left = pages.account(call.context.player_id)
            assert left is not None, "it was there before"
            pages.put_account(msgspec.structs.replace(left, token=account.token))
            return outcome
        return by_the_book(pages, call, at)

    return rules


def invented(pages: SqlitePages, call: Bet, account: Account) -> bool:
    return bool(account.token) and pages.player_of(call.context.operator_token or "") is None


def ended(pages: SqlitePages, call: Bet, account: Account) -> bool:  # noqa: ARG001 - as takes_bets asks
    return account.token == ""


def of_another(pages: SqlitePages, call: Bet, account: Account) -> bool:
    holder = pages.player_of(call.context.operator_token or "")
    return holder is not None and holder != account.player_id


def limit_as_funds(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    outcome = by_the_book(pages, call, at)
    limited = isinstance(outcome, Declined) and outcome.reason == "limit_reached"
    return msgspec.structs.replace(outcome, reason="insufficient_funds") if limited else outcome


def one_balance(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    """Shows the first purse's balance for all."""
    if isinstance(call, Balance) and is_purse(call.context.player_id):
        first = pages.account(owner(call.context.player_id))
        assert first is not None, "a purse has an owner"
        return Accepted(first.balance)
    return by_the_book(pages, call, at)


def in_hundredths(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    """Keeps two decimals of every amount, whatever the currency has."""
    account = pages.account(call.context.player_id)
    if isinstance(call, Bet | Win) and account is not None:
        step = 10 ** max(0, CURRENCIES[account.currency].exponent - 2)
        call = msgspec.structs.replace(call, amount=call.amount // step * step)
    return by_the_book(pages, call, at)


def end_only_once() -> Rules:
    ended_rounds: set[tuple[str, str]] = set()

    def rules(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
        if isinstance(call, EndRound):
            one = (call.context.player_id, call.round_id)
            if one in ended_rounds:
                return Declined("not_possible")
            ended_rounds.add(one)
        return by_the_book(pages, call, at)

    return rules


def trusts_amount(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    """Gives back what the rollback says instead of what the bet took."""
    bet, first = (named(pages, call), seen(pages, call)) if isinstance(call, Rollback) else (None, None)
    taken = bet is not None and bet.state == "taken" and bet.campaign_id is None
    outcome = by_the_book(pages, call, at)
    if isinstance(call, Rollback) and taken and first is None and bet is not None and call.amount != bet.amount:
        account = pages.account(call.context.player_id)
        assert account is not None, "the rollback was booked"
        balance = account.balance + call.amount - bet.amount
        pages.put_account(msgspec.structs.replace(account, balance=balance))
        return Accepted(balance, pages.new_reference())
    return outcome


def forgets_ids(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    booked = pages.booked_at(call.id)
    if booked is not None and at - booked > REMEMBERED_US and isinstance(call, Win):
        return as_new(pages, call, at)
    return by_the_book(pages, call, at)


# ── how long it takes ────────────────────────────────────────────────────────────────────────────────────────────────


def slow_when_asked_often() -> Callable[[WalletCall], float]:
    asked: Counter[str] = Counter()

    def delay(call: WalletCall) -> float:
        asked[call.context.player_id] += 1
        return SLOW_S if asked[call.context.player_id] >= SLOW_FROM else 0

    return delay


def turns_of_players() -> Callable[[WalletCall], float]:
    """Handing a lock from one player to another takes time; a player alone does not notice."""
    last = [""]

    def delay(call: WalletCall) -> float:
        before, last[0] = last[0], call.context.player_id
        return TURN_S if before != last[0] else 0

    return delay
