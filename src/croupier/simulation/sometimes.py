"""What a long run must have met, or its silence proves little."""

from collections import Counter
from collections.abc import Mapping

from croupier.domain.parties import Session
from croupier.simulation.bets import BetSeen
from croupier.simulation.crashes import POINTS
from croupier.simulation.evidence import RoundSeen
from croupier.simulation.rest import Sends, given_back
from croupier.simulation.wallet import Movement
from croupier.wallet.outcome import Declined, Unknown

OPEN_BREAKER = "breaker open while a win goes through"

SOMETIMES = (
    "late acceptance during rollback",
    "win answered as already processed",
    "not-found too early",
    "not-found believed",
    "tombstone refuses a late bet",
    "bet taken after a rollback arrived",
    "extra bet with unknown outcome",
    "extra bet given back and hand resumed",
    "session ended with an open round",
    "session expired with an open round",
    "suspended by conflict",
    "suspended by age",
    "resolved by two people",
    "voided and given back",
    "abandoned and played out",
    "send dropped by the fence",
    "bet asked for again and accepted",
    "alarm about a pending win or rollback",
    "bet given back because nothing could be drawn",
    "round stopped because the game failed after a draw",
    *POINTS.values(),
    "difference found by comparing statements",
    "reconciliation repairs a bet later than max_life",
    "free round given back",
    "last free round used",
    "free round won all it may",
    "free round raced for",
    OPEN_BREAKER,
    *("restore that lost money's records", "lost bet found by reconciliation"),
    *("round suspended after a restore", "play resumed after a restore"),
)
"""Counted by the auditor and the wallet."""

FAULTS = (
    *(
        f"crash {point}"
        for point in ("before_append", "after_append", "before_send", "answer_read", "sleeping", "while_writing")
    ),
    *("pause", "random source failed", "wallet restarted without its last minutes", "restored from a backup"),
    *("store unknown_written", "store unknown_late", "store unknown_lost", "store outage", "outage"),
    *("wire late_request", "wire twice_late", "connection lost", "restart", "clock step", "stall"),
)
"""Counted where they are injected."""


def missing(sometimes: Counter[str], counted: Counter[str]) -> list[str]:
    return [name for name in SOMETIMES if not sometimes[name]] + [name for name in FAULTS if not counted[name]]


def count(
    some: Counter[str],
    r: RoundSeen,
    movements: list[Movement],
    sends: Sends,
    sessions: Mapping[str, Session],
) -> None:
    """Add what this round met."""
    some["suspended by conflict"] += "conflict" in r.causes
    some["suspended by age"] += "too old" in r.causes
    some["resolved by two people"] += r.resolutions > 0
    some["voided and given back"] += r.voided
    some["abandoned and played out"] += any(play.action == "abandon" for play in r.plays)
    some["alarm about a pending win or rollback"] += r.alarms
    some["round stopped because the game failed after a draw"] += any("check failed" in why for why in r.causes)
    some["bet given back because nothing could be drawn"] += r.unplayable
    some["session ended with an open round"] += r.session_ended_while_open
    session = sessions.get(r.bets[0].session_id)
    late = session is not None and any(play.event.at > session.expires_at for play in r.plays)
    some["session expired with an open round"] += late
    for bet in r.bets:
        _bet(some, r, bet, sends)
        undone = sends.all(bet.rollback_id)
        some["late acceptance during rollback"] += any(
            movement.by == bet.transaction_id and movement.at > first.at
            for movement in movements
            for first in undone[:1]
        )


def _bet(some: Counter[str], r: RoundSeen, bet: BetSeen, sends: Sends) -> None:
    attempts = sends.all(bet.transaction_id)
    declines = [e.outcome.reason for _, e in bet.answers if isinstance(e.outcome, Declined)]
    some["send dropped by the fence"] += "not_sent" in declines
    some["bet asked for again and accepted"] += len(attempts) > 1 and bet.played
    back = given_back(r, bet, sends)
    if bet is not r.bets[0]:
        doubted = bet.exhausted is not None or any(isinstance(e.outcome, Unknown) for _, e in bet.answers)
        some["extra bet with unknown outcome"] += doubted
        some["extra bet given back and hand resumed"] += back and any(play.place > bet.place for play in r.plays)
    believed = back and any(
        isinstance(answer.outcome, Declined) and answer.outcome.reason == "not_found"
        for answer in r.rollback_answers.get(bet.rollback_id, ())
    )
    some["not-found believed"] += believed
    left = max((attempt.time for attempt in attempts), default=0.0)
    early = any(one.time < left + sends.max_life_s and not one.fault for one in sends.all(bet.rollback_id))
    some["not-found too early"] += believed and early
