"""The catalogue of bugs that real wallets have, each to be switched on alone: what it does, which rule it breaks,
where the platform's round ends. Data: the behaviour behind a name is in `misbehaviour`.
"""

from collections.abc import Callable
from typing import Literal

import msgspec

from croupier.sandbox.misbehaviour import (
    Rules,
    Spoil,
    as_a_bare_404,
    as_a_page,
    as_status_400,
    as_status_500,
    balance_as_fraction,
    by_the_book,
    checks_sessions_of_wins,
    declines_and_takes,
    duplicates_are_errors,
    forgets_ids,
    other_currency,
    refuses_rollbacks,
    settles_after_rollback,
    stale_balance,
    unspoilt,
    without_tombstones,
)
from croupier.sandbox.misracing import Race
from croupier.sandbox.misreading import Reads
from croupier.sandbox.misreading import by_the_book as read_by_the_book
from croupier.wallet.calls import WalletCall

State = Literal["closed", "cancelled", "declined", "suspended", "paying", "rolling_back"]


class End(msgspec.Struct, frozen=True):
    """Where a round comes to rest that met the bug. `alarm`: people are told a minute after the first sending.

    `after_s`: not before this age of the round. `repaired`: the state after the bug is gone, where the round waits for
    that. `differ`: the casino's book and ours do not agree afterwards; what reconciliation finds then, as a code of
    `ledger.differences`.
    """

    state: State
    after_s: int = 0
    alarm: bool = False
    repaired: State | None = None
    differ: str = ""


class Bug(msgspec.Struct, frozen=True, kw_only=True):
    """`does`, `breaks`, `note`: sentences. `on_bet`, `on_win`: the end when a bet, or a win alone, meets the bug.

    `calls`: which kinds it meets; `first_only`: each transaction at its first attempt only. `bet_arrives`: a bet's
    first attempt reaches the book at once, late, or never. `with_fault`: what of `break_it.FAULTS` brings it to light.
    `reads`: how it understands a request. `race`: instead of `rules`, looking and acting apart. `hung_up`: instead of
    `rules`, for bets and wins whose client closed the connection meanwhile. `forgets_at_start`: see
    `SqlitePages.forget`. `delay`: seconds before it does anything, with `in_turns` one call after the other.
    `dialect`: its answers are in the words of this one; empty = of each.
    """

    wallet: str
    does: str
    breaks: str
    on_bet: End | None = None
    on_win: End | None = None
    note: str = ""
    calls: frozenset[str] = frozenset({"bet", "win", "rollback"})
    first_only: bool = False
    bet_arrives: Literal["at once", "late", "never"] = "at once"
    rules: Rules = by_the_book
    spoil: Spoil = unspoilt
    answers: Literal["once", "twice", "slowly", "never", "not in HTTP"] = "once"
    skew_us: int = 0
    signs_wrongly: bool = False
    forgets_at_start: str = ""
    with_fault: str = "off"
    reads: Reads = read_by_the_book
    race: Race | None = None
    hung_up: Rules | None = None
    delay: Callable[[WalletCall], float] | None = None
    in_turns: bool = False
    dialect: str = ""


QUEUE_S = 20.0
"""How late a bet arrives that waited in the wallet's queue: longer than a sensible time-out, shorter than its life."""

_BET, _BET_WIN = frozenset({"bet"}), frozenset({"bet", "win"})
_CANCELLED, _CLOSED = End("cancelled"), End("closed")
_OWED = End("paying", alarm=True, repaired="closed")
_CHECKING = End("rolling_back", alarm=True, repaired="cancelled")

NONE = Bug(wallet="", does="It answers as it should.", breaks="", on_bet=_CLOSED, on_win=_CLOSED)

BUGS: dict[str, Bug] = {
    "takes-late-bets": Bug(
        wallet="W-01",
        does="It does not remember a rollback of a bet it has not seen, and takes that bet when it arrives later.",
        breaks="A rolled back bet is refused should it arrive later; a bet is refused after its expires_at.",
        rules=without_tombstones,
        bet_arrives="late",
        on_bet=_CANCELLED,
        note="“Not found” is not believed while the bet may still arrive; the next rollback finds it and undoes it.",
    ),
    "not-found-as-200": Bug(
        wallet="W-02",
        does="It answers the rollback of an unknown bet with unknown_transaction and does not remember it.",
        breaks="A rolled back bet is refused should it arrive later.",
        rules=without_tombstones,
        bet_arrives="never",
        on_bet=End("cancelled", after_s=660),
        note="Cancelled once a “not found” answers a rollback that left after the bet's life (660 s).",
    ),
    "not-found-as-400": Bug(
        wallet="W-03",
        does="It answers the rollback of an unknown bet with status 400 and a body that says so.",
        breaks="Every answer has status 200.",
        rules=without_tombstones,
        spoil=as_status_400,
        bet_arrives="never",
        on_bet=_CHECKING,
        note="Natively another status proves nothing. In a dialect that reads this body it ends as not-found-as-200.",
    ),
    "not-found-as-404": Bug(
        wallet="W-04",
        does="It answers the rollback of an unknown bet with a bare 404.",
        breaks="Every answer has status 200 and a body.",
        rules=without_tombstones,
        spoil=as_a_bare_404,
        bet_arrives="never",
        on_bet=_CHECKING,
        note="A 404 may come from any proxy in between, so the rollback goes on.",
    ),
    "duplicate-is-error": Bug(
        wallet="W-05",
        does="It answers a repeated call with an error of its own instead of the first answer.",
        breaks="A repeated call is answered as the first time.",
        rules=duplicates_are_errors,
        with_fault="http_500",
        on_bet=_CANCELLED,
        on_win=_OWED,
        note="Paid once and never twice; without a clear answer the win stays owed in our book.",
    ),
    "answers-twice": Bug(
        wallet="W-06",
        does="It sends its answer twice on the same connection.",
        breaks="One request has one answer.",
        answers="twice",
        on_bet=_CLOSED,
        on_win=_CLOSED,
        note="The surplus bytes are never taken for the answer to another call: that connection is not used again.",
    ),
    "slow-body": Bug(
        wallet="W-07",
        does="It sends the head of its answer at once and the body byte by byte.",
        breaks="The whole answer comes within the time-out.",
        answers="slowly",
        calls=_BET_WIN,
        first_only=True,
        on_bet=_CANCELLED,
        on_win=_CLOSED,
    ),
    "other-currency": Bug(
        wallet="W-08",
        does="It names another currency in its answer.",
        breaks="currency is that of the request.",
        calls=_BET_WIN,
        spoil=other_currency,
        on_bet=_CANCELLED,
        on_win=_OWED,
    ),
    "balance-of-long-ago": Bug(
        wallet="W-09",
        does="It answers with a balance of long ago.",
        breaks="balance is what the player has after this call.",
        calls=_BET_WIN,
        spoil=stale_balance,
        on_bet=_CLOSED,
        on_win=_CLOSED,
        note="No rule reads the balance.",
    ),
    "web-page": Bug(
        wallet="W-10",
        does="It answers with status 200 and a web page, after it has booked the call.",
        breaks="An answer is JSON.",
        calls=_BET_WIN,
        spoil=as_a_page,
        on_bet=_CANCELLED,
        on_win=_OWED,
    ),
    "signs-wrongly": Bug(
        wallet="W-11",
        does="It signs its answers with another secret than agreed.",
        breaks="With signed answers on, an answer is signed with the answer_secret.",
        signs_wrongly=True,
        on_bet=_CHECKING,
        on_win=_OWED,
        note="Never accepted, whatever the answer says.",
    ),
    "wrong-clock": Bug(
        wallet="W-12",
        does="Its clock is 10 minutes ahead, so it refuses our timestamps.",
        breaks="Clocks follow NTP; a timestamp within 5 minutes is accepted.",
        skew_us=600_000_000,
        on_bet=_CHECKING,
    ),
    "forgets-ids": Bug(
        wallet="W-13",
        does="It forgets transaction ids after an hour and books a repeated call again.",
        breaks="A repeated call is answered as the first time, for as long as the operator has promised.",
        rules=forgets_ids,
        with_fault="http_500",
        note="Declared as id_retention, the round is suspended before a repeat; undeclared, the win is paid twice and "
        "reconciliation finds it.",
    ),
    "settles-after-rollback": Bug(
        wallet="W-14",
        does="It takes a bet again after it has confirmed its rollback.",
        breaks="A rolled back bet stays rolled back.",
        rules=settles_after_rollback,
        with_fault="http_500",
        on_bet=End("cancelled", differ="moved_twice"),
    ),
    "declines-and-takes": Bug(
        wallet="W-15",
        does="It declines a bet and takes the money all the same.",
        breaks="A declined bet moves nothing.",
        calls=_BET,
        rules=declines_and_takes,
        on_bet=End("declined", differ="bet_not_counted"),
        note="Reconciliation rolls the bet back; with the setting declines_trusted off that happens at once.",
    ),
    "takes-and-fails": Bug(
        wallet="W-16",
        does="It takes the money and answers with status 500.",
        breaks="Every answer has status 200.",
        calls=_BET,
        spoil=as_status_500,
        on_bet=_CANCELLED,
    ),
    "refuses-rollbacks": Bug(
        wallet="W-17",
        does="It refuses to roll back a bet it has taken: “closed”, told as transaction_conflict.",
        breaks="A rollback undoes its bet; transaction_conflict means the same id with other content.",
        rules=refuses_rollbacks,
        with_fault="http_500",
        on_bet=End("suspended", differ="round_suspended"),
    ),
    "loses-last-minutes": Bug(
        wallet="W-18",
        does="When it starts again it has lost what it booked in its last five minutes.",
        breaks="What was answered is durable.",
        forgets_at_start="300",
        note="Rounds finish; reconciliation finds what the casino lost.",
    ),
    "amounts-as-fractions": Bug(
        wallet="W-19",
        does="It writes amounts as 99900.0.",
        breaks="Amounts are whole minor units.",
        calls=_BET_WIN,
        spoil=balance_as_fraction,
        on_bet=_CANCELLED,
        on_win=_OWED,
    ),
    "checks-sessions-of-wins": Bug(
        wallet="W-20",
        does="It refuses wins of sessions that it holds for expired.",
        breaks="Wins and rollbacks are taken also for finished or expired sessions.",
        rules=checks_sessions_of_wins,
        on_win=_OWED,
    ),
}
