"""Asking again for the checks whose time has come."""

import logging

from croupier.api.actions.certifications import ask_for_check
from croupier.api.platform import Platform
from croupier.domain.refusal import Refused
from croupier.store.rechecks import BY, due
from croupier.store.sessions import who_played

log = logging.getLogger("croupier.certifications")


async def check_again(platform: Platform) -> None:
    """One that cannot be made now is tried again by the next look; it never holds up another operator's."""
    for one in await due(platform.pool, platform.now()):
        try:
            ids = [player.partition(" ")[0] for player in one.asked.players]
            if not one.test and (played := await who_played(platform.pool, one.operator_id, ids)):
                log.warning("%s is not checked again: player %s has played", one.operator_id, played)
                continue
            operator = await platform.directory.find(one.operator_id)
            async with platform.pool.acquire() as db, db.transaction():
                await ask_for_check(platform, db, operator, one.asked, BY)
        except (Refused, LookupError) as refused:
            log.warning("%s is not checked again: %s", one.operator_id, refused)
