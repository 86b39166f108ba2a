"""When a win or a rollback is sent again, when somebody is told, and when "not found" may be believed.

Moments are microseconds since 1970 UTC, durations milliseconds.
"""

JITTER_MAX = 65_535
ALARMS_MS = (60_000, 900_000, 14_400_000)
"""Ages of an unanswered win or rollback at which people are told: 1 minute, 15 minutes, 4 hours."""

RETENTION_MARGIN_MS = 3_600_000
"""Sending stops this long before the operator may forget the id: a repeat after that could pay twice.

Half of the time that an operator remembers is the most: one that forgets within an hour is still sent to.
"""


def back_off_ms(attempts: int, jitter: int, base_ms: int, cap_ms: int) -> int:
    """Full jitter: 0 up to ``min(cap, base * 2 ** (attempts - 1))``; `attempts` made so far, `jitter` 0..65535.

    Nothing for fewer than one attempt.
    """
    ceiling = min(cap_ms, base_ms << min(attempts - 1, 32)) if attempts > 0 else 0
    return ceiling * jitter // JITTER_MAX


def next_attempt(
    answered_at: int, attempts: int, jitter: int, *, base_ms: int, cap_ms: int, retry_after_ms: int | None = None
) -> int:
    """When to send again. What the operator asked for (``Retry-After``) is waited for, and the jitter added to it."""
    wait = back_off_ms(attempts, jitter, base_ms, cap_ms) + (retry_after_ms or 0)
    return answered_at + wait * 1000


def too_old(first_sent_at: int, at: int, id_retention_ms: int) -> bool:
    """True when the operator may soon forget this id: people compare statements instead (money.md T-17)."""
    margin_ms = min(RETENTION_MARGIN_MS, id_retention_ms // 2)
    return at - first_sent_at >= (id_retention_ms - margin_ms) * 1000


def alarms_between(first_sent_at: int, earlier: int, at: int) -> tuple[int, ...]:
    """The alarm ages (ms) that were passed after `earlier` and up to `at`."""
    return tuple(age for age in ALARMS_MS if earlier < first_sent_at + age * 1000 <= at)


def not_found_is_final(bet_last_sent_at: int, rollback_sent_at: int, max_life_ms: int) -> bool:
    """May "no such bet" end the matter? Only when *this* rollback was sent after the bet could still arrive.

    Judged by sending, not by answering: a "not found" that was delayed on its way back is stale.
    """
    return rollback_sent_at > bet_last_sent_at + max_life_ms * 1000
