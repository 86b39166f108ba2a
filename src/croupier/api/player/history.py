"""The player's own past rounds in this game."""

from urllib.parse import parse_qs

import msgspec

from croupier.api.platform import Platform
from croupier.api.player.sessions import PlaySession
from croupier.api.wire import cursor_of, key_of, rfc3339_or_none
from croupier.domain.ids import locate_round
from croupier.domain.instants import rfc3339
from croupier.domain.parties import Seat, SeatKey
from croupier.domain.refusal import Refused
from croupier.runtime.views import bet_of
from croupier.store.reads import RoundFilter, freshness, list_rounds

PAGE = 20
PAGE_MAX = 100


class PastRound(msgspec.Struct, frozen=True):
    round_id: str
    state: str
    bet: int
    win: int
    currency: str
    opened_at: str
    closed_at: str | None
    campaign_id: str | None = None


class PastRounds(msgspec.Struct, frozen=True):
    items: list[PastRound]
    next_cursor: str | None
    as_of: str
    """Everything recorded before is in the list."""


async def player_history(platform: Platform, session: PlaySession, query: bytes) -> tuple[PastRounds, int]:
    """And how many milliseconds it may lie behind."""
    limit, cursor = _page(query)
    if session.row.mode == "demo":
        return await _demo_history(platform, session, limit, key_of(cursor)), 0
    row = session.row
    seen = await freshness(platform.pool, platform.now())
    wanted = RoundFilter(player_id=row.player_id, game_ids=(row.game_id,), played=True)
    rows = await list_rounds(platform.pool, row.operator_id, wanted, limit + 1, key_of(cursor))
    shown = rows[:limit]
    more = cursor_of(shown[-1].opened_at, shown[-1].round_id) if len(rows) > limit else None
    listed = PastRounds(
        [
            PastRound(
                *(r.round_id, r.state, r.bet, r.win, r.currency),
                opened_at=rfc3339(r.opened_at),
                closed_at=rfc3339_or_none(r.closed_at),
                campaign_id=r.campaign_id,
            )
            for r in shown
        ],
        more,
        rfc3339(seen.as_of),
    )
    return listed, seen.lag_ms


async def _demo_history(
    platform: Platform, session: PlaySession, limit: int, last: tuple[int, str] | None
) -> PastRounds:
    """`last`: the key of the page before's last row; the round's id says where in the stream it began."""
    place = None if last is None else locate_round(last[1])
    if last is not None and (place is None or place[0] != session.row.seat_id):
        raise Refused("invalid_cursor", param="cursor")
    row = session.row
    seat = Seat(row.seat_id, SeatKey(row.operator_id, row.player_id, row.game_id, row.mode))
    rounds = await platform.play_money.rounds(seat, limit + 1, None if place is None else place[1])
    shown = rounds[:limit]
    return PastRounds(
        [
            PastRound(
                r.round_id,
                r.state,
                bet_of(r),
                r.win,
                row.session.currency,
                rfc3339(r.opened_at),
                rfc3339_or_none(r.closed_at),
            )
            for r in shown
        ],
        cursor_of(shown[-1].opened_at, shown[-1].round_id) if len(rounds) > limit else None,
        rfc3339(platform.now()),
    )


def _page(query: bytes) -> tuple[int, str | None]:
    given = parse_qs(query.decode("latin-1"), keep_blank_values=True)
    for name in given:
        if name not in {"limit", "cursor"}:
            raise Refused("unknown_field", f"There is no parameter {name[:64]!r} here.", param=name[:64])
    text = given.get("limit", [str(PAGE)])[-1]
    limit = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(PAGE_MAX)) else 0
    if not 1 <= limit <= PAGE_MAX:
        raise Refused("invalid_value", f"limit is a number from 1 to {PAGE_MAX}.", param="limit")
    return limit, given.get("cursor", [None])[-1]
