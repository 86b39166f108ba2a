"""Wallets whose book is wrong: each breaks one rule of `croupier certify`, and as little else as it can."""

from collections import Counter
from typing import Literal

import msgspec

from croupier.sandbox.misbehaviour import AGAIN, Rules, by_the_book
from croupier.sandbox.misreading import VERB
from croupier.sandbox.pages import SqlitePages
from croupier.wallet.book import Account, Entry
from croupier.wallet.calls import Balance, Batch, Bet, EndRound, Prize, Rollback, WalletCall, Win
from croupier.wallet.outcome import Accepted, Declined, Outcome

REFUSED = Declined("not_possible")
"""A code that no dialect has."""
ROUNDS_KEPT = 15
FREE_PRICE = 50
"""What such a wallet takes a free bet to cost where the call says 0."""
DRIFT_AFTER = 60
CUT = frozenset({29, 115, 435})
"""Amounts that lose their last digit when they are multiplied by 100 as binary floats."""


def seen(pages: SqlitePages, call: WalletCall) -> Entry | None:
    return None if isinstance(call, Balance | EndRound) else pages.entry(call.transaction_id)


def named(pages: SqlitePages, call: Rollback | Win) -> Entry | None:
    return pages.entry(call.bet_transaction_id)


def as_new(pages: SqlitePages, call: Bet | Win | Rollback, at: int) -> Outcome:
    """As if the id were unknown."""
    again = msgspec.structs.replace(call, transaction_id=(call.transaction_id + AGAIN + pages.new_reference())[:90])
    return by_the_book(pages, again, at)


def moved(pages: SqlitePages, player_id: str, change: int) -> Accepted:
    account = pages.account(player_id)
    assert account is not None, "the call named it"
    left = max(0, account.balance + change)
    pages.put_account(msgspec.structs.replace(account, balance=left))
    return Accepted(left, pages.new_reference())


def repeats(kind: type[Bet] | type[Win] | type[Rollback]) -> Rules:
    """Does again what it did before."""

    def rules(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
        first = seen(pages, call)
        if isinstance(call, Rollback) and isinstance(call, kind) and first is not None:
            return moved(pages, call.context.player_id, first.amount)
        if isinstance(call, kind) and first is not None and first.state in ("taken", "done"):
            return as_new(pages, call, at)
        return by_the_book(pages, call, at)

    return rules


def off_by(kind: type[Bet] | type[Win], change: int | Literal["all"]) -> Rules:
    """Moves another amount than it says, and answers as if all were right."""

    def rules(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
        first = seen(pages, call)
        outcome = by_the_book(pages, call, at)
        if first is None and isinstance(call, kind) and isinstance(outcome, Accepted):
            sign = -1 if isinstance(call, Bet) else 1
            return moved(pages, call.context.player_id, -sign * call.amount if change == "all" else sign * change)
        return outcome

    return rules


def takes_other_amount(amount_of: dict[int, int]) -> Rules:
    def rules(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
        first = seen(pages, call)
        outcome = by_the_book(pages, call, at)
        if first is None and isinstance(call, Bet) and call.amount in amount_of and isinstance(outcome, Accepted):
            return moved(pages, call.context.player_id, call.amount - amount_of[call.amount])
        return outcome

    return rules


def refuses_zero(kind: type[Bet] | type[Win]) -> Rules:
    def rules(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
        unknown = isinstance(call, Win) and named(pages, call) is None and pages.bet_of_round(*_round(call)) is None
        if isinstance(call, kind) and call.amount == 0 and not unknown and not is_free(pages, call):
            return REFUSED
        return by_the_book(pages, call, at)

    return rules


def _round(call: Win) -> tuple[str, str]:
    return call.context.player_id, call.round_id


def zero_win_needs_bet(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    if isinstance(call, Win) and call.amount == 0 and pages.bet_of_round(*_round(call)) is None:
        return REFUSED
    return by_the_book(pages, call, at)


def refuses_zero_rollback(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    bet = named(pages, call) if isinstance(call, Rollback) else None
    zero = bet is not None and bet.amount == 0 and bet.state == "taken" and not was_free(bet)
    return REFUSED if zero else by_the_book(pages, call, at)


def creates_players(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    if pages.account(call.context.player_id) is None:
        pages.put_account(Account(call.context.player_id, call.context.currency or "EUR", 0))
    return by_the_book(pages, call, at)


def stale_balance_of_bets(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    account, first = pages.account(call.context.player_id), seen(pages, call)
    outcome = by_the_book(pages, call, at)
    if isinstance(call, Bet) and isinstance(outcome, Accepted) and account is not None and first is None:
        return msgspec.structs.replace(outcome, balance=account.balance)
    return outcome


def ignores_currency(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    account = pages.account(call.context.player_id)
    if account is not None:
        context = msgspec.structs.replace(call.context, currency=account.currency)
        call = msgspec.structs.replace(call, context=context)
    return by_the_book(pages, call, at)


def of_round(pages: SqlitePages, player_id: str, round_id: str, kind: str) -> int:
    """How many bets or wins of this round were taken."""
    lines = pages.lines(player_id, 200)
    return sum(
        1 for line in lines if line.round_id == round_id and line.kind == kind and line.state in ("taken", "done")
    )


def one_of_a_round(kind: type[Bet] | type[Win]) -> Rules:
    name = "bet" if kind is Bet else "win"

    def rules(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
        if isinstance(call, kind) and seen(pages, call) is None:
            assert isinstance(call, Bet | Win)
            if of_round(pages, call.context.player_id, call.round_id, name):
                return REFUSED
        return by_the_book(pages, call, at)

    return rules


def closes_round_early(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    if isinstance(call, Win) and seen(pages, call) is None:
        who = call.context.player_id
        if of_round(pages, who, call.round_id, "bet") > 1 and of_round(pages, who, call.round_id, "win"):
            return REFUSED
    return by_the_book(pages, call, at)


def one_open_round(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    if isinstance(call, Bet) and seen(pages, call) is None:
        lines = pages.lines(call.context.player_id, 50)
        bets = [line for line in lines if line.kind == "bet" and line.state == "taken" and not line.settled]
        if any(line.round_id != call.round_id for line in bets):
            return REFUSED
    return by_the_book(pages, call, at)


def new_id_per_retry(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    first = seen(pages, call)
    outcome = by_the_book(pages, call, at)
    if first is not None and isinstance(call, Bet) and isinstance(outcome, Accepted):
        return msgspec.structs.replace(outcome, operator_reference=f"again-{at}")
    return outcome


def pins(of: Literal["game", "session"]) -> Rules:
    """A win belongs to the game, or session, in which its round began."""
    known: dict[str, str] = {}

    def rules(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
        if isinstance(call, Bet | Win):
            mine = call.context.game_id if of == "game" else call.context.session_id
            if known.setdefault(call.round_id, mine) != mine and isinstance(call, Win):
                return REFUSED
        return by_the_book(pages, call, at)

    return rules


def allows_overdraft(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    outcome = by_the_book(pages, call, at)
    if isinstance(call, Bet) and isinstance(outcome, Declined) and outcome.reason == "insufficient_funds":
        return moved(pages, call.context.player_id, -call.amount)
    return outcome


def keeps_a_cent(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    account = pages.account(call.context.player_id)
    if isinstance(call, Bet) and account is not None and call.amount == account.balance and seen(pages, call) is None:
        return Declined("insufficient_funds", balance=account.balance)
    return by_the_book(pages, call, at)


def no_balance_in_refusals(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    outcome = by_the_book(pages, call, at)
    return msgspec.structs.replace(outcome, balance=None) if isinstance(outcome, Declined) else outcome


def bet_repeats_are_errors(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    first = seen(pages, call)
    if isinstance(call, Bet) and first is not None and first.state == "taken" and first.amount == call.amount:
        return Declined("duplicate_transaction")
    return by_the_book(pages, call, at)


def funds_before_id(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    account, first = pages.account(call.context.player_id), seen(pages, call)
    taken = first is not None and first.state == "taken"
    if isinstance(call, Bet) and taken and account is not None and call.amount > account.balance:
        return Declined("insufficient_funds", balance=account.balance)
    return by_the_book(pages, call, at)


def ignores_changed_amount(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    first = seen(pages, call)
    if isinstance(call, Bet) and first is not None and first.amount != call.amount and first.state == "taken":
        return first.outcome
    return by_the_book(pages, call, at)


def ids_per_player(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    first = seen(pages, call)
    if isinstance(call, Bet) and first is not None and first.player_id != call.context.player_id:
        return as_new(pages, call, at)
    return by_the_book(pages, call, at)


def retries_declined(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    first = seen(pages, call)
    if isinstance(call, Bet) and first is not None and first.state == "declined":
        return as_new(pages, call, at)
    return by_the_book(pages, call, at)


def early_wins_are_lost() -> Rules:
    refused: set[str] = set()

    def rules(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
        if isinstance(call, Win) and call.transaction_id in refused:
            return REFUSED
        outcome = by_the_book(pages, call, at)
        if isinstance(call, Win) and isinstance(outcome, Declined):
            refused.add(call.transaction_id)
        return outcome

    return rules


def keeps_few_rounds(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    if isinstance(call, Win | Rollback):
        lines = pages.lines(call.context.player_id, 200)
        rounds = list(dict.fromkeys(line.round_id for line in lines if line.kind == "bet"))
        if call.round_id in rounds[ROUNDS_KEPT:]:
            return REFUSED
    return by_the_book(pages, call, at)


def ignores_expiry(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    return by_the_book(pages, msgspec.structs.replace(call, expires_at=2**62) if isinstance(call, Bet) else call, at)


def drifts() -> Rules:
    """Takes one unit too many after so many bets of a player, as binary fractions that are summed up do."""
    bets: Counter[str] = Counter()

    def rules(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
        first = seen(pages, call)
        outcome = by_the_book(pages, call, at)
        if isinstance(call, Bet) and first is None and isinstance(outcome, Accepted):
            bets[call.context.player_id] += 1
            if bets[call.context.player_id] == DRIFT_AFTER:
                return moved(pages, call.context.player_id, -1)
        return outcome

    return rules


def counts_as_javascript(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    outcome = by_the_book(pages, call, at)
    if isinstance(outcome, Accepted) and outcome.balance is not None and outcome.balance > 2**53:
        return moved(pages, call.context.player_id, outcome.balance & 1)
    return outcome


def negative_amounts(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    if isinstance(call, Bet | Win) and call.amount < 0:
        return moved(pages, call.context.player_id, -call.amount if isinstance(call, Bet) else call.amount)
    return by_the_book(pages, call, at)


def any_verb(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    if isinstance(call, Win) and call.bet_transaction_id == VERB:
        return moved(pages, call.context.player_id, call.amount)
    return by_the_book(pages, call, at)


def is_free(pages: SqlitePages, call: WalletCall) -> bool:
    """The bet of a campaign's free round, or one that may take a free round which the player has."""
    account = pages.account(call.context.player_id)
    has_one = account is not None and account.free_rounds > 0
    return isinstance(call, Bet) and (call.campaign_id is not None or (call.charge_free_round and has_one))


def was_free(bet: Entry) -> bool:
    """It took a free round, a campaign's or one of the operator's own."""
    return bet.campaign_id is not None or bet.charged


def free_bets_cost(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    free = is_free(pages, call)
    outcome = by_the_book(pages, call, at)
    if isinstance(call, Bet) and free and isinstance(outcome, Accepted):
        return moved(pages, call.context.player_id, -(call.amount or FREE_PRICE))
    return outcome


def free_wins_again(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    if isinstance(call, Win) and call.campaign_id is not None and seen(pages, call) is not None:
        return as_new(pages, call, at)
    return by_the_book(pages, call, at)


def free_bets_need_funds(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    account = pages.account(call.context.player_id)
    if is_free(pages, call) and account is not None and not account.balance:
        return Declined("insufficient_funds", balance=0)
    return by_the_book(pages, call, at)


def no_prize_without_round(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    return REFUSED if isinstance(call, Prize) and not call.round_id else by_the_book(pages, call, at)


def no_prize_after_close(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    """Its rounds are closed by their first win."""
    bet = pages.bet_of_round(call.context.player_id, call.round_id) if isinstance(call, Prize) else None
    return REFUSED if bet is not None and bet.settled else by_the_book(pages, call, at)


def win_before_bet(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    """Pays first: a bet above the balance is taken where its own win covers it."""
    account = pages.account(call.context.player_id)
    bet = call.calls[0] if isinstance(call, Batch) else None
    if isinstance(call, Batch) and isinstance(bet, Bet) and account is not None:
        won = sum(one.amount for one in call.calls if isinstance(one, Win))
        if account.balance < bet.amount <= account.balance + won:
            return moved(pages, account.player_id, won - bet.amount)
    return by_the_book(pages, call, at)


def nothing_for(known: set[str]) -> Rules:
    """Ids that it holds for done."""

    def rules(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
        return moved(pages, call.context.player_id, 0) if call.id in known else by_the_book(pages, call, at)

    return rules


def takes_and_refuses(known: set[str]) -> Rules:
    """Ids whose call it refuses after it has booked it."""

    def rules(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
        outcome = by_the_book(pages, call, at)
        return REFUSED if call.id in known else outcome

    return rules


def charges_refused_bets(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    outcome = by_the_book(pages, call, at)
    if isinstance(call, Bet) and isinstance(outcome, Declined) and outcome.reason == "currency_mismatch":
        moved(pages, call.context.player_id, -call.amount)
    return outcome
