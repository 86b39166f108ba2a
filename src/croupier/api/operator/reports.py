"""Statistics: what was bet and won, by day, game, set, currency and player. Sums equal the ledger's to the cent."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from croupier.api.fields import CurrencyCode, Id, Moment, Params, Text, View
from croupier.api.operator.caller import TheCaller, ThePlatform
from croupier.api.operator.errors import errors
from croupier.api.operator.games import games_named
from croupier.api.operator.reading import Fresh
from croupier.api.platform import Platform
from croupier.api.wire import decimal_of, instant
from croupier.domain.days import day_of
from croupier.domain.instants import rfc3339
from croupier.domain.money import CURRENCIES
from croupier.domain.refusal import Refused
from croupier.games.game import Game
from croupier.ledger.returns import Played, band, measured
from croupier.store.players import list_game_sets
from croupier.store.statistics import DailyFilter, Sums, daily_sums

router = APIRouter(tags=["Statistics"])

DIMENSIONS = ("day", "game", "game_set", "currency", "player")
DEFAULT_DAYS = 30
DAYS_MAX = 1100
ROWS_MAX = 10_000

Group = tuple[str | None, ...]


class ReportParams(Params):
    from_: Moment | None = Field(None, alias="from", description="First day, UTC; default 30 days back")
    to: Moment | None = Field(None, description="Last day, UTC, inclusive; default today")
    by: str = Field("game,currency", max_length=64, description="Of day, game, game_set, currency, player")
    game_id: Text | None = None
    game_set: Id | None = None
    currency: CurrencyCode | None = None
    player_id: Id | None = None


class ReportRow(View):
    """Shares are strings: 0.961234 is 96.1234 %. `rtp_low` and `rtp_high`: the middle 99 % of what chance gives."""

    day: str | None = None
    game_id: str | None = None
    game_set: str | None = None
    player_id: str | None = None
    currency: str
    exponent: int
    rounds: int
    bets: int
    wins: int
    ggr: int
    rtp: str | None = Field(examples=["0.961234"])
    rtp_theory: str | None
    rtp_low: str | None
    rtp_high: str | None
    hit_frequency: str | None = Field(examples=["0.312500"])
    free_rounds_cost: int = Field(description="Part of wins: what free rounds paid. They have no bet and no say in rtp")


class Report(View):
    items: list[ReportRow]
    totals: list[ReportRow] = Field(description="One row per currency")
    as_of: str
    lag_ms: int


@router.get("/reports/games", summary="Bets, wins and return to player", responses=errors())
async def get_report(
    params: Annotated[ReportParams, Query()], caller: TheCaller, platform: ThePlatform, seen: Fresh
) -> Report:
    """Closed rounds on the UTC day on which they closed. Every row has one currency; money is never converted."""
    by = _dimensions(params.by)
    first, last = _days(params, platform.now())
    games = await games_named(platform, caller.operator_id, params.game_id, params.game_set)
    wanted = DailyFilter(first, last, games, params.currency, params.player_id)
    sums = await daily_sums(platform.pool, caller.operator_id, wanted, by_day="day" in by, by_player="player" in by)
    sets = await _sets(platform, caller.operator_id) if "game_set" in by else {}
    groups: dict[Group, list[Sums]] = defaultdict(list)
    totals: dict[Group, list[Sums]] = defaultdict(list)
    for one in sums:
        totals[None, None, None, None, one.currency].append(one)
        for game_set in sets.get(one.game_id, [None]):
            groups[_group(one, game_set, by)].append(one)
    if len(groups) > ROWS_MAX:
        raise Refused("invalid_value", f"That are {len(groups)} rows; ask for a shorter time.", param="by")
    return Report(
        items=[_row(group, parts, platform.games) for group, parts in groups.items()],
        totals=[
            _row(group, parts, platform.games) for group, parts in sorted(totals.items(), key=lambda t: t[0][4] or "")
        ],
        as_of=rfc3339(seen.as_of),
        lag_ms=seen.lag_ms,
    )


def _dimensions(text: str) -> frozenset[str]:
    by = frozenset(text.split(",")) - {""}
    for name in sorted(by):
        if name not in DIMENSIONS:
            raise Refused("invalid_value", f"by is a list of {', '.join(DIMENSIONS)}.", param="by")
    return by


def _days(params: ReportParams, now: int) -> tuple[dt.date, dt.date]:
    last = _day(params.to, "to") or day_of(now)
    first = _day(params.from_, "from") or last - dt.timedelta(days=min(DEFAULT_DAYS, last.toordinal()) - 1)
    if first > last or (last - first).days > DAYS_MAX:
        raise Refused("invalid_value", f"from must not be after to, and within {DAYS_MAX} days.", param="from")
    return first, last


def _day(text: str | None, param: str) -> dt.date | None:
    at = instant(text, param)
    return day_of(at) if at is not None else None


async def _sets(platform: Platform, operator_id: str) -> dict[str, list[str | None]]:
    """Game -> the sets it is in."""
    sets: dict[str, list[str | None]] = {}
    for one in await list_game_sets(platform.pool, operator_id, 1000, ""):
        for game_id in one.game_ids:
            sets.setdefault(game_id, []).append(one.set_id)
    return sets


def _group(one: Sums, game_set: str | None, by: frozenset[str]) -> Group:
    return (
        one.day.isoformat() if one.day is not None else None,
        one.game_id if "game" in by else None,
        game_set,
        one.player_id,
        one.currency,
    )


def _row(group: Group, parts: list[Sums], games: Mapping[str, Game]) -> ReportRow:
    day, game_id, game_set, player_id, currency = group
    assert currency is not None
    rounds, bets, wins = (sum(getattr(p, name) for p in parts) for name in ("rounds", "bets", "wins"))
    played = [_played(p, games) for p in parts]
    expected = band(played)
    return ReportRow(
        day=day,
        game_id=game_id,
        game_set=game_set,
        player_id=player_id,
        currency=currency,
        exponent=CURRENCIES[currency].exponent,
        rounds=rounds,
        bets=bets,
        wins=wins,
        ggr=bets - wins,
        rtp=_share(measured(played)),
        rtp_theory=_share(expected.theory if expected else None),
        rtp_low=_share(expected.low if expected else None),
        rtp_high=_share(expected.high if expected else None),
        hit_frequency=_share(Fraction(sum(p.hits for p in parts), rounds) if rounds else None),
        free_rounds_cost=sum(p.free_cost for p in parts),
    )


def _played(sums: Sums, games: Mapping[str, Game]) -> Played:
    """The promise is the base mode's; a game that is gone promises nothing any more."""
    game = games.get(sums.game_id)
    theory = None if game is None else game.rtp.get("base", next(iter(game.rtp.values())))
    return Played(
        sums.bets, sums.wins - sums.free_cost, sums.bets_squared, theory, None if game is None else game.variance
    )


def _share(value: Fraction | None) -> str | None:
    return None if value is None else decimal_of(value, 6)
