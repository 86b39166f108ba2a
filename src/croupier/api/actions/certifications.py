"""Checks of an operator's wallet: asking for one, and waiting for what it finds."""

from typing import Any

from croupier.api.platform import Platform
from croupier.api.problems import Problem
from croupier.conformance.rule import selected
from croupier.dialects.wallet_check import Checked, CheckedRule, CheckWallet
from croupier.domain.ids import text_of
from croupier.domain.parties import Operator
from croupier.domain.refusal import Refused
from croupier.store.certifications import (
    AlreadyRunning,
    Asked,
    Certification,
    ask_for,
    asked_lately,
    certification_of,
    results_of,
)
from croupier.store.connect import Connection

AN_HOUR = 60
"""So many checks of one operator; each makes some thousand calls."""
LOOK_S = 0.3
PATIENCE_S = 110.0


async def ask_for_check(platform: Platform, db: Connection, operator: Operator, asked: Asked, by: str) -> Certification:
    """Refused ``certification_running`` or ``too_many_requests``."""
    now = platform.now()
    if await asked_lately(db, operator.operator_id, now) >= AN_HOUR:
        raise Problem("too_many_requests", f"{AN_HOUR} checks within an hour are enough.", retry_after=600)
    certification = Certification(
        certification_id="cert_" + text_of(platform.world.ids.random(12)), operator_id=operator.operator_id,
        state="queued", asked=asked, asked_by=by, asked_at=now, wallet=None, began_at=None, ended_at=None,
        why="", fix_first="", verdicts={},
    )  # fmt: skip
    try:
        await ask_for(db, certification)
    except AlreadyRunning:
        raise Refused("certification_running") from None
    return certification


async def check_wallet(platform: Platform, operator: Operator, wanted: CheckWallet) -> Checked:
    if not operator.test:
        raise Refused("players_needed", "A live wallet is checked in the account, with accounts for tests only.")
    asked = Asked(
        rules=tuple(rule.id for rule in selected(wanted.rules)),
        level="money-safe",
        whole=False,
        currency=wanted.currency,
        players=(with_token(wanted.player_id, wanted.operator_token),),
    )
    async with platform.pool.acquire() as db, db.transaction():
        name = (await ask_for_check(platform, db, operator, asked, f"{operator.dialect} API")).certification_id
    until = platform.world.clock.boot() + int(PATIENCE_S * 1_000_000)
    while True:
        found = await certification_of(platform.pool, operator.operator_id, name)
        assert found is not None
        over = found.state not in ("queued", "running")
        if over or platform.world.clock.boot() > until:
            break
        await platform.world.clock.sleep(LOOK_S)
    rules = tuple(_rule(one) for one in await results_of(platform.pool, name))
    why = found.why if over else "It is still running."
    url = f"{platform.links.public}/account/integration/{name}"
    return Checked(green=found.green, why=why, rules=rules, url=url)


def with_token(player_id: str, token: str | None) -> str:
    """As the rules' list of players has it."""
    return f"{player_id} {token}" if token else player_id


def _rule(result: dict[str, Any]) -> CheckedRule:
    first = result["causes"][0] if result["causes"] else None
    return CheckedRule(
        rule_id=result["id"],
        requirement=result["requirement"],
        verdict=result["verdict"],
        expected=result["expected"] or "",
        got=result["got"] or "",
        note=result["note"] or "",
        cause=f"{first['code']}: {first['title']}." if first else "",
        fix=first["fix"] if first else "",
    )
