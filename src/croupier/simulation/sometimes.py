"""What a long run must have met, or its silence proves little."""

from collections import Counter

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
)
"""Counted by the auditor and the wallet."""

FAULTS = (
    *(
        f"crash {point}"
        for point in ("before_append", "after_append", "before_send", "answer_read", "sleeping", "while_writing")
    ),
    *("store unknown_written", "store unknown_late", "store unknown_lost", "store outage", "outage"),
    *("wire late_request", "wire twice_late", "connection lost", "restart", "clock step", "stall"),
)
"""Counted where they are injected."""


def missing(sometimes: Counter[str], counted: Counter[str]) -> list[str]:
    return [name for name in SOMETIMES if not sometimes[name]] + [name for name in FAULTS if not counted[name]]
