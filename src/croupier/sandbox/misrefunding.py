"""Wallets whose rollbacks are wrong."""

from croupier.sandbox.misbehaviour import by_the_book
from croupier.sandbox.misbooking import FREE_PRICE, REFUSED, as_new, moved, named, seen, was_free
from croupier.sandbox.pages import SqlitePages
from croupier.wallet.calls import Batch, Bet, Rollback, WalletCall
from croupier.wallet.outcome import Accepted, Declined, Outcome


def _of_taken_bet(pages: SqlitePages, call: WalletCall) -> bool:
    bet = named(pages, call) if isinstance(call, Rollback) else None
    return bet is not None and bet.kind == "bet" and bet.state == "taken" and bet.player_id == call.context.player_id


def does_nothing(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    account = pages.account(call.context.player_id)
    if _of_taken_bet(pages, call) and account is not None:
        return Accepted(account.balance, pages.new_reference())
    return by_the_book(pages, call, at)


def for_each_id(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    bet = named(pages, call) if isinstance(call, Rollback) else None
    if bet is not None and bet.state == "reversed" and seen(pages, call) is None:
        by_the_book(pages, call, at)
        return moved(pages, call.context.player_id, bet.amount)
    return by_the_book(pages, call, at)


def unknown_is_an_error(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    if isinstance(call, Rollback) and named(pages, call) is None:
        return REFUSED
    return by_the_book(pages, call, at)


def forgets_unknown(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    if isinstance(call, Rollback) and named(pages, call) is None:
        account = pages.account(call.context.player_id)
        return Declined("not_found", balance=account.balance if account is not None else None)
    return by_the_book(pages, call, at)


def revives_bets(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    first = seen(pages, call)
    if isinstance(call, Bet) and first is not None and first.state == "reversed":
        return as_new(pages, call, at)
    return by_the_book(pages, call, at)


def of_declined_bets(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    bet = named(pages, call) if isinstance(call, Rollback) else None
    if bet is not None and bet.state == "declined" and seen(pages, call) is None:
        by_the_book(pages, call, at)
        return moved(pages, call.context.player_id, bet.amount)
    return by_the_book(pages, call, at)


def of_wins(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    win = named(pages, call) if isinstance(call, Rollback) else None
    if win is not None and win.kind == "win":
        return moved(pages, call.context.player_id, win.amount)
    return by_the_book(pages, call, at)


def of_anyone(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    bet = named(pages, call) if isinstance(call, Rollback) else None
    if bet is not None and bet.player_id != call.context.player_id:
        return moved(pages, call.context.player_id, bet.amount)
    return by_the_book(pages, call, at)


def of_the_whole_round(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    if isinstance(call, Rollback) and _of_taken_bet(pages, call):
        lines = pages.lines(call.context.player_id, 200)
        others = [one for one in lines if one.round_id == call.round_id and one.kind == "bet" and one.state == "taken"]
        by_the_book(pages, call, at)
        more = sum(one.amount for one in others if one.transaction_id != call.bet_transaction_id)
        return moved(pages, call.context.player_id, more)
    return by_the_book(pages, call, at)


def lists_again(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    """Gives a bet that it gave back already back once more, when a list names it."""
    undone = [one for one in call.calls if isinstance(one, Rollback)] if isinstance(call, Batch) else []
    bets = [bet for bet in (named(pages, one) for one in undone) if bet is not None and bet.kind == "bet"]
    again = sum(bet.amount for bet in bets if bet.state == "reversed")
    outcome = by_the_book(pages, call, at)
    return moved(pages, call.context.player_id, again) if again else outcome


def takes_double_win(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    bet = named(pages, call) if isinstance(call, Rollback) else None
    if bet is not None and bet.settled and bet.player_id == call.context.player_id:
        lines = pages.lines(call.context.player_id, 200)
        won = sum(one.amount for one in lines if one.round_id == bet.round_id and one.kind == "win")
        return moved(pages, call.context.player_id, bet.amount - 2 * won)
    return by_the_book(pages, call, at)


def only_in_its_round(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    bet = named(pages, call) if isinstance(call, Rollback) else None
    if isinstance(call, Rollback) and bet is not None and call.round_id != bet.round_id and bet.kind == "bet":
        return REFUSED if bet.player_id == call.context.player_id else by_the_book(pages, call, at)
    return by_the_book(pages, call, at)


def of_free_bets(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    bet = named(pages, call) if isinstance(call, Rollback) else None
    if bet is not None and was_free(bet) and bet.state == "taken":
        by_the_book(pages, call, at)
        return moved(pages, call.context.player_id, bet.amount or FREE_PRICE)
    return by_the_book(pages, call, at)
