"""Games and the operator's own sets of them."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import Response

from croupier.api.fields import CurrencyCode, Id, Page, Strict, Text, View
from croupier.api.operator.caller import TheCaller, ThePlatform
from croupier.api.operator.effects import Done, TheEffect
from croupier.api.operator.errors import errors
from croupier.api.platform import Platform
from croupier.api.wire import cursor_of, decimal_of, key_of
from croupier.domain.instants import rfc3339
from croupier.domain.money import CURRENCIES
from croupier.domain.parties import LANGUAGES
from croupier.domain.refusal import Refused
from croupier.games.game import Game
from croupier.store.connect import Connection
from croupier.store.players import GameSet, delete_game_set, get_game_set, list_game_sets, put_game_set

router = APIRouter(tags=["Games"])

SHAPES = ("landscape", "square", "portrait")
"""Of the pictures that the pages' build draws of each game, `web/src/art/images.tsx`."""


class GameView(View):
    id: str = Field(examples=["krakens-hoard"])
    name: str
    kind: str = Field(examples=["slot"])
    version: str
    fingerprint: str = Field(description="SHA-256 of the rules")
    rtp: dict[str, str] = Field(description="Bet mode -> return to player", examples=[{"base": "0.961234"}])
    rtp_method: str
    volatility: str = Field(description="low, medium or high")
    hit_frequency: str
    max_win: int = Field(description="Largest win, as a multiple of the stake")
    features: list[str]
    bet_levels: dict[str, list[int]] = Field(description="Currency -> stakes in minor units")
    bet_modes: dict[str, int]
    languages: list[str]
    currencies: list[str]
    free_rounds: bool = Field(description="Whether campaigns can give rounds of it")
    demo: bool
    images: dict[str, str] = Field(
        description="Shape -> address of an SVG: landscape (8:5), square and portrait (3:4). The address stays, the "
        "picture may be kept for a day",
        examples=[{"landscape": "https://croupier.example/games/krakens-hoard/landscape.svg"}],
    )
    released_at: str
    rules: Any


class GameList(View):
    items: list[GameView]
    next_cursor: str | None


class GameParams(Page):
    kind: str | None = Field(None, max_length=64)
    feature: str | None = Field(None, max_length=64)
    currency: CurrencyCode | None = None
    language: str | None = Field(None, max_length=16)
    game_set: Id | None = None


class GameSetBody(Strict):
    name: Text = Field(examples=["Sea adventures"])
    game_ids: list[Text] = Field(max_length=500, examples=[["krakens-hoard"]])


class GameSetView(View):
    id: str
    name: str
    game_ids: list[str]
    updated_at: str


class GameSetList(View):
    items: list[GameSetView]
    next_cursor: str | None


@router.get("/games", summary="Games", responses=errors("invalid_cursor"))
async def get_games(params: Annotated[GameParams, Query()], caller: TheCaller, platform: ThePlatform) -> GameList:
    """Sorted by id. Filters add up."""
    within = await games_of_set(platform, caller.operator_id, params.game_set)
    after = (key_of(params.cursor) or (0, ""))[1]
    found = [
        game
        for game_id, game in sorted(platform.games.items())
        if game_id > after
        and (within is None or game_id in within)
        and params.kind in {None, game.kind}
        and (params.feature is None or params.feature in game.features)
        and (params.currency is None or params.currency in currencies_of(game))
        and (params.language is None or params.language in LANGUAGES)
    ]
    shown = found[: params.limit]
    more = cursor_of(0, shown[-1].game_id) if len(found) > params.limit else None
    currencies = caller.operator.currencies
    return GameList(items=[_view(game, currencies, platform.links.public) for game in shown], next_cursor=more)


@router.get("/games/{game_id}", summary="One game", responses=errors("not_found"))
async def get_one_game(game_id: Annotated[Id, Path()], caller: TheCaller, platform: ThePlatform) -> GameView:
    game = platform.games.get(game_id)
    if game is None:
        raise Refused("not_found", f"There is no game {game_id}.")
    return _view(game, caller.operator.currencies, platform.links.public)


@router.get("/game-sets", summary="Game sets", responses=errors("invalid_cursor"))
async def get_game_sets(page: Annotated[Page, Query()], caller: TheCaller, platform: ThePlatform) -> GameSetList:
    after = (key_of(page.cursor) or (0, ""))[1]
    found = await list_game_sets(platform.pool, caller.operator_id, page.limit + 1, after)
    shown = found[: page.limit]
    more = cursor_of(0, shown[-1].set_id) if len(found) > page.limit else None
    return GameSetList(items=[_set_view(one) for one in shown], next_cursor=more)


SetId = Annotated[Id, Path(examples=["sea"])]


@router.get("/game-sets/{set_id}", summary="One game set", responses=errors("not_found"))
async def get_one_game_set(set_id: SetId, caller: TheCaller, platform: ThePlatform) -> GameSetView:
    found = await get_game_set(platform.pool, caller.operator_id, set_id)
    if found is None:
        raise Refused("not_found", f"There is no game set {set_id}.")
    return _set_view(found)


@router.put(
    "/game-sets/{set_id}",
    summary="Create or replace a game set",
    response_model=GameSetView,
    responses={
        201: {"model": GameSetView, "description": "The set is new"},
        **errors("unknown_game", body=True, changes=True),
    },
)
async def put_one_game_set(
    set_id: SetId, body: GameSetBody, caller: TheCaller, platform: ThePlatform, effect: TheEffect
) -> Response:
    for place, game_id in enumerate(body.game_ids):
        if game_id not in platform.games:
            raise Refused("unknown_game", f"There is no game {game_id!r}.", param=f"game_ids.{place}")
    game_set = GameSet(set_id, body.name, tuple(dict.fromkeys(body.game_ids)), platform.now())

    async def write(db: Connection) -> Done:
        known = await get_game_set(db, caller.operator_id, set_id)
        is_new = await put_game_set(db, caller.operator_id, game_set)
        return Done(201 if is_new else 200, _set_view(game_set), _changed(known, game_set))

    return await effect.run(write)


@router.delete(
    "/game-sets/{set_id}",
    summary="Delete a game set",
    status_code=204,
    responses=errors("not_found", changes=True),
)
async def delete_one_game_set(set_id: SetId, caller: TheCaller, effect: TheEffect) -> Response:
    async def write(db: Connection) -> Done:
        known = await get_game_set(db, caller.operator_id, set_id)
        if not await delete_game_set(db, caller.operator_id, set_id):
            raise Refused("not_found", f"There is no game set {set_id}.")
        return Done(204, audit=_changed(known, None))

    return await effect.run(write)


async def games_of_set(platform: Platform, operator_id: str, set_id: str | None) -> tuple[str, ...] | None:
    """The games of a set that a filter names; None without a filter. Refused when there is no such set."""
    if set_id is None:
        return None
    found = await get_game_set(platform.pool, operator_id, set_id)
    if found is None:
        raise Refused("invalid_value", f"There is no game set {set_id}.", param="game_set")
    return found.game_ids


async def games_named(
    platform: Platform, operator_id: str, game_id: str | None, set_id: str | None
) -> tuple[str, ...] | None:
    """The games that both filters leave; None without a filter. Refused when there is no such set."""
    within = await games_of_set(platform, operator_id, set_id)
    if game_id is None:
        return within
    return (game_id,) if within is None or game_id in within else ()


def currencies_of(game: Game) -> list[str]:
    return [code for code in CURRENCIES if _levels(game, code)]


def _levels(game: Game, code: str) -> list[int]:
    try:
        return list(game.bet_levels(code))
    except KeyError:
        return []


def _view(game: Game, currencies: tuple[str, ...], public: str) -> GameView:
    return GameView(
        id=game.game_id,
        name=game.name,
        kind=game.kind,
        version=game.version,
        fingerprint=game.fingerprint,
        rtp={mode: decimal_of(value, 6) for mode, value in game.rtp.items()},
        rtp_method=game.rtp_method,
        volatility=game.volatility,
        hit_frequency=decimal_of(game.hit_frequency, 6),
        max_win=game.max_win,
        features=list(game.features),
        bet_levels={code: _levels(game, code) for code in currencies},
        bet_modes=game.modes,
        languages=list(LANGUAGES),
        currencies=currencies_of(game),
        free_rounds=game.free_rounds,
        demo=True,
        images={shape: f"{public}/games/{game.game_id}/{shape}.svg" for shape in SHAPES},
        released_at=game.released_at,
        rules=game.rules,
    )


def _changed(before: GameSet | None, after: GameSet | None) -> dict[str, object]:
    """For the audit log."""
    told = {"before": before, "after": after}
    return {when: {"name": one.name, "game_ids": one.game_ids} if one else None for when, one in told.items()}


def _set_view(one: GameSet) -> GameSetView:
    return GameSetView(id=one.set_id, name=one.name, game_ids=list(one.game_ids), updated_at=rfc3339(one.updated_at))
