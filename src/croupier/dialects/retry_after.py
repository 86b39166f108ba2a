"""How long an answer asks us to wait."""

from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime

from croupier.domain.exchange import HttpResponse
from croupier.domain.instants import EPOCH

RETRY_AFTER_MAX_MS = 900_000


def retry_after_ms(answer: HttpResponse, at: int) -> int | None:
    """What a 429 or 503 asks for, at most 15 minutes; seconds or an HTTP date."""
    text = answer.header("retry-after") if answer.status in (429, 503) else None
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        return min(int(text[:9]) * 1000, RETRY_AFTER_MAX_MS)
    try:
        moment = parsedate_to_datetime(text)
        wait = moment.astimezone(UTC) - EPOCH - timedelta(microseconds=at)
    except (ValueError, TypeError, OverflowError):
        return None
    return max(0, min(wait // timedelta(milliseconds=1), RETRY_AFTER_MAX_MS))
