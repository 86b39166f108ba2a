"""Players: the operator's id for a person, with one currency for ever."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import Response

from croupier.api.actions.players import checked_player, write_player
from croupier.api.fields import Country, Id, Page, Strict, Text, View
from croupier.api.operator.caller import TheCaller, ThePlatform
from croupier.api.operator.effects import Done, TheEffect
from croupier.api.operator.errors import errors
from croupier.api.wire import cursor_of, key_of
from croupier.dialects.actions import PutPlayer
from croupier.domain.instants import rfc3339
from croupier.domain.money import CURRENCIES
from croupier.domain.refusal import Refused
from croupier.store.connect import Connection
from croupier.store.players import PlayerRow, get_player, list_players

router = APIRouter(tags=["Players"])
PlayerId = Annotated[Id, Path(description="Your own id of the player", examples=["p-1001"])]


class PlayerBody(Strict):
    currency: str = Field(max_length=16, description="Fixed at creation", examples=["EUR"])
    nickname: Text | None = Field(None, examples=["Ana"])
    country: Country | None = Field(None, description="ISO 3166-1 alpha-2", examples=["ES"])
    language: str | None = Field(None, max_length=16, description="en, de, es or pt-BR", examples=["es"])


class PlayerView(View):
    player_id: str = Field(examples=["p-1001"])
    currency: str = Field(examples=["EUR"])
    exponent: int = Field(examples=[2])
    nickname: str | None
    country: str | None
    language: str | None
    created_at: str = Field(examples=["2026-11-22T11:46:00.000Z"])
    updated_at: str


class PlayerList(View):
    items: list[PlayerView]
    next_cursor: str | None


@router.put(
    "/players/{player_id}",
    summary="Create or update a player",
    response_model=PlayerView,
    responses={
        201: {"model": PlayerView, "description": "The player is new"},
        **errors("unknown_currency", "unsupported_language", "currency_is_fixed", body=True, changes=True),
    },
)
async def put_one_player(
    player_id: PlayerId, body: PlayerBody, caller: TheCaller, platform: ThePlatform, effect: TheEffect
) -> Response:
    """Fields that are left out keep what they were."""
    player = checked_player(caller.operator, PutPlayer(player_id, **body.model_dump()))

    async def write(db: Connection) -> Done:
        row, is_new = await write_player(db, player, platform.now())
        # Which fields, not what they say: the log is kept for ever, and players are persons.
        return Done(201 if is_new else 200, _view(row), {"new": is_new, "fields": sorted(body.model_fields_set)})

    return await effect.run(write)


@router.get("/players/{player_id}", summary="One player", responses=errors("not_found"))
async def get_one_player(player_id: PlayerId, caller: TheCaller, platform: ThePlatform) -> PlayerView:
    row = await get_player(platform.pool, caller.operator_id, player_id)
    if row is None:
        raise Refused("not_found", f"There is no player {player_id}.")
    return _view(row)


@router.get("/players", summary="Players, newest first", responses=errors("invalid_cursor"))
async def get_players(page: Annotated[Page, Query()], caller: TheCaller, platform: ThePlatform) -> PlayerList:
    rows = await list_players(platform.pool, caller.operator_id, page.limit + 1, key_of(page.cursor))
    shown = rows[: page.limit]
    more = cursor_of(shown[-1].created_at, shown[-1].player.player_id) if len(rows) > page.limit else None
    return PlayerList(items=[_view(row) for row in shown], next_cursor=more)


def _view(row: PlayerRow) -> PlayerView:
    player = row.player
    return PlayerView(
        player_id=player.player_id,
        currency=player.currency,
        exponent=CURRENCIES[player.currency].exponent,
        nickname=player.nickname,
        country=player.country,
        language=player.language,
        created_at=rfc3339(row.created_at),
        updated_at=rfc3339(row.updated_at),
    )
