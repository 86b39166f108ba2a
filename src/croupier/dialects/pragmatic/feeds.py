"""Data feeds: what was played since a point in time, as CSV. They are asked for with login and password, not a hash."""

import hmac
from datetime import UTC, datetime

from croupier.dialects.actions import FinishedRound, ListFinished, Steps, ask
from croupier.dialects.forms import Fields
from croupier.dialects.pragmatic.asked import wrong
from croupier.dialects.pragmatic.names import shown
from croupier.domain.exchange import HttpResponse
from croupier.domain.ids import round_number
from croupier.domain.parties import Operator
from croupier.domain.refusal import Refused

PATH = "/DataFeeds/gamerounds/finished"
ROUNDS_MAX = 10_000
BACK_MAX_MS = 31 * 86_400_000
"""Longest time that a feed may go back."""

_COLUMNS = "extPlayerID,gameID,playSessionID,startDate,endDate,status,type,bet,win,currency"
_CSV = (("content-type", "text/csv; charset=UTF-8"), ("cache-control", "no-store"))
_TEXT = (("content-type", "text/plain; charset=UTF-8"),)
_STATUS = {"unauthenticated": 401, "method_not_allowed": 405, "busy": 503, "internal_error": 500}


def may_read(password: str, operator: Operator) -> bool:
    """The password is the secret key."""
    given = password.encode("utf-8", "surrogatepass")
    return any(hmac.compare_digest(given, secret.encode()) for secret in operator.wallet_secrets)


def finished(fields: Fields, at: int) -> Steps[HttpResponse]:
    """The first line is the `timepoint` of the next question, in milliseconds; what ends then or later stands there."""
    since = fields.whole("timepoint", 0, 1 << 53)
    if not 0 <= at // 1000 - since <= BACK_MAX_MS:
        raise wrong("timepoint", "milliseconds since 1970, not in the future and at most 31 days ago")
    found = yield from ask(ListFinished(since * 1000, ROUNDS_MAX))
    until = found.until // 1000
    lines = [f"timepoint={until}", _COLUMNS]
    lines += [_line(one) for one in found.rounds if one.closed_at < until * 1000]
    return HttpResponse(200, _CSV, ("\n".join(lines) + "\n").encode("ascii"))


def refusal(refused: Refused) -> HttpResponse:
    text = (refused.detail or refused.code).encode("utf-8", "replace")
    return HttpResponse(_STATUS.get(refused.code, 400), _TEXT, text[:500])


def _line(one: FinishedRound) -> str:
    fields = (
        *(one.player_id, one.game_id, str(round_number(one.round_id)), _moment(one.opened_at), _moment(one.closed_at)),
        *("COMPLETED", "F" if one.campaign_id is not None else "R"),
        *(format(shown(one.bet, one.currency), "f"), format(shown(one.win, one.currency), "f"), one.currency),
    )
    return ",".join(fields)


def _moment(at: int) -> str:
    """UTC."""
    return datetime.fromtimestamp(at // 1_000_000, UTC).strftime("%Y-%m-%d %H:%M:%S")
