"""Layer 5: times in an answer that are in another zone or unit than UTC."""

import datetime as dt
import re

from croupier.diagnosis.finding import LIKELY, Finding
from croupier.wallet.answer_shape import leaves

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?")
NEAR_S = 120
HOUR_S = 3600


def of_times(value: object, now: int | None) -> list[Finding]:
    """`now`: microseconds."""
    if now is None:
        return []
    findings = []
    for at, said in leaves(value):
        ahead = _ahead_s(said, now // 1_000_000)
        if ahead is None:
            continue
        hours = round(ahead / HOUR_S)
        if 0 < abs(hours) <= 14 and abs(ahead - hours * HOUR_S) <= NEAR_S:
            text = (
                f"`{'.'.join(at)}` is {abs(hours)} h {'ahead' if hours > 0 else 'behind'}: local time (UTC{hours:+d})?"
            )
            findings.append(Finding("CRP-TIME-001", LIKELY, text))
    return findings


def _ahead_s(said: object, now_s: int) -> int | None:
    """How far a text that is a moment is ahead, in seconds."""
    if not isinstance(said, str) or not _MOMENT.fullmatch(said):
        return None
    try:
        moment = dt.datetime.fromisoformat(said)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return round(moment.timestamp()) - now_s
