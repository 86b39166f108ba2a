"""Players and the groups that some APIs put them in."""

from croupier.api.actions.checks import check_currency, check_language
from croupier.api.platform import Platform
from croupier.dialects.actions import FindGroup, FindPlayer, Group, PutGroup, PutPlayer
from croupier.domain.parties import Operator, Player
from croupier.domain.refusal import Refused
from croupier.store import groups
from croupier.store import players as rows
from croupier.store.connect import Connection
from croupier.store.players import CurrencyIsFixed, PlayerRow


def checked_player(operator: Operator, wanted: PutPlayer) -> Player:
    """Refused ``unknown_currency`` or ``unsupported_language``."""
    check_currency(operator, wanted.currency)
    check_language(wanted.language)
    return Player(
        operator.operator_id,
        wanted.player_id,
        wanted.currency,
        wanted.nickname,
        wanted.country,
        wanted.language,
        group_id=wanted.group_id,
    )


async def write_player(db: Connection, player: Player, at: int) -> tuple[PlayerRow, bool]:
    """True when the player is new. Refused ``currency_is_fixed``."""
    try:
        return await rows.put_player(db, player, at)
    except CurrencyIsFixed as fixed:
        raise currency_is_fixed(player.player_id, fixed.args[0]) from None


def currency_is_fixed(player_id: str, currency: str) -> Refused:
    detail = f"Player {player_id} has {currency}; a player keeps the first currency."
    return Refused("currency_is_fixed", detail, param="currency")


async def put_player(platform: Platform, operator: Operator, wanted: PutPlayer) -> Player:
    player = checked_player(operator, wanted)
    async with platform.pool.acquire() as db, db.transaction():
        row, _ = await write_player(db, player, platform.now())
    return row.player


async def find_player(platform: Platform, operator: Operator, wanted: FindPlayer) -> Player | None:
    row = await rows.get_player(platform.pool, operator.operator_id, wanted.player_id)
    return row.player if row is not None else None


async def put_group(platform: Platform, operator: Operator, wanted: PutGroup) -> Group:
    check_currency(operator, wanted.currency)
    group = groups.PlayerGroup(wanted.group_id, wanted.currency, wanted.settings)
    async with platform.pool.acquire() as db, db.transaction():
        stored = await groups.put_group(db, operator.operator_id, group, platform.now())
    if stored.currency != wanted.currency:
        detail = f"Group {wanted.group_id} has {stored.currency}; a group keeps the first currency."
        raise Refused("currency_is_fixed", detail, param="currency")
    return Group(stored.group_id, stored.currency, stored.settings)


async def find_group(platform: Platform, operator: Operator, wanted: FindGroup) -> Group | None:
    found = await groups.get_group(platform.pool, operator.operator_id, wanted.group_id)
    return Group(found.group_id, found.currency, found.settings) if found is not None else None
