"""How the wallets of the catalogue misbehave: rules that replace those of the book, and answers that are spoilt."""

from collections.abc import Callable

import msgspec

from croupier.domain.exchange import HttpResponse
from croupier.sandbox.pages import SqlitePages
from croupier.wallet.book import Book
from croupier.wallet.calls import Balance, Bet, EndRound, Rollback, WalletCall, Win
from croupier.wallet.outcome import Accepted, Conflict, Declined, Outcome

Rules = Callable[[SqlitePages, WalletCall, int], Outcome]
"""What the wallet does with a call that arrived at this moment (microseconds)."""

Spoil = Callable[[HttpResponse], HttpResponse]

REMEMBERED_US = 3_600_000_000
"""How long `forgets_ids` knows an id: an hour."""

AGAIN = "~again"
"""Ends the key under which the book holds the second movement of one id; the statement shows that id twice."""

_NEVER = 2**62
_HTML = (("content-type", "text/html; charset=utf-8"),)


def by_the_book(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    return Book(pages).answer(call, at)


def without_tombstones(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    if isinstance(call, Rollback) and pages.entry(call.bet_transaction_id) is None:
        return Declined("not_found")
    if isinstance(call, Bet):
        call = msgspec.structs.replace(call, expires_at=_NEVER)
    return by_the_book(pages, call, at)


def duplicates_are_errors(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    if pages.entry(call.id) is not None:
        return Declined("duplicate_transaction")
    return by_the_book(pages, call, at)


def forgets_ids(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    booked = pages.booked_at(call.id)
    if booked is not None and at - booked > REMEMBERED_US and not isinstance(call, Balance | EndRound):
        call = msgspec.structs.replace(call, transaction_id=call.id + AGAIN)
    return by_the_book(pages, call, at)


def settles_after_rollback(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    outcome = by_the_book(pages, call, at)
    bet = pages.entry(call.bet_transaction_id) if isinstance(call, Rollback) else None
    if bet is not None and bet.state == "reversed":
        account, again = pages.account(bet.player_id), bet.transaction_id + AGAIN
        assert account is not None, "the bet was taken from it"
        if pages.entry(again) is None:
            pages.put_entry(msgspec.structs.replace(bet, transaction_id=again, state="taken"))
            pages.put_account(msgspec.structs.replace(account, balance=account.balance - bet.amount))
    return outcome


def declines_and_takes(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    outcome = by_the_book(pages, call, at)
    return Declined("limit_reached") if isinstance(call, Bet) and isinstance(outcome, Accepted) else outcome


def refuses_rollbacks(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    if isinstance(call, Rollback) and pages.entry(call.bet_transaction_id) is not None:
        return Conflict("transaction_conflict")
    return by_the_book(pages, call, at)


def checks_sessions_of_wins(pages: SqlitePages, call: WalletCall, at: int) -> Outcome:
    return Declined("session_expired") if isinstance(call, Win) else by_the_book(pages, call, at)


def unspoilt(response: HttpResponse) -> HttpResponse:
    return response


def as_status_400(response: HttpResponse) -> HttpResponse:
    return msgspec.structs.replace(response, status=400) if _not_found(response) else response


def as_a_bare_404(response: HttpResponse) -> HttpResponse:
    return HttpResponse(404, (), b"") if _not_found(response) else response


def as_status_500(_: HttpResponse) -> HttpResponse:
    return HttpResponse(500, _HTML, b"<h1>Internal Server Error</h1>")


def as_a_page(_: HttpResponse) -> HttpResponse:
    return HttpResponse(200, _HTML, b"<!doctype html><title>Maintenance</title><h1>Back soon</h1>")


def other_currency(response: HttpResponse) -> HttpResponse:
    return _changed(response, "currency", lambda currency: "USD" if currency != "USD" else "EUR")


def stale_balance(response: HttpResponse) -> HttpResponse:
    return _changed(response, "balance", lambda _: 4711)


def balance_as_fraction(response: HttpResponse) -> HttpResponse:
    return _changed(response, "balance", lambda balance: msgspec.Raw(f"{balance}.0".encode()))


def _not_found(response: HttpResponse) -> bool:
    return b'"unknown_transaction"' in response.body


def _changed(response: HttpResponse, name: str, change: Callable[[object], object]) -> HttpResponse:
    members = msgspec.json.decode(response.body)
    if name in members:
        members[name] = change(members[name])
    return msgspec.structs.replace(response, body=msgspec.json.encode(members))
