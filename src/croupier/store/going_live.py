"""May this operator's players play for money? By a green check of its very wallet, or because staff said so."""

from typing import Literal

import msgspec

from croupier.domain.instants import rfc3339
from croupier.domain.parties import Operator
from croupier.store.audit import canonical
from croupier.store.certifications import Certification, certifications
from croupier.store.connect import Connection, Pool
from croupier.store.registry import Audited

LEVELS = ("money-safe", "production")
GOOD_FOR_US = 30 * 86_400 * 1_000_000
"""A check that is older says little about the wallet of today."""
LOOKED_AT = 50

Missing = Literal["no_whole_check", "not_green", "too_old", "other_wallet", "other_rules"]
STAFF = "staff"


class Standing(msgspec.Struct, frozen=True):
    """`certification`: what real play may be opened by, or the check that comes closest; None: there is none.

    `missing` is empty when it may.
    """

    certification: Certification | None
    missing: tuple[Missing, ...]


def judged(operator: Operator, checks: list[Certification], rule_set: str, now: int) -> Standing:
    """`checks`: the newest first. A newer check that is not green outweighs an older one that is."""
    whole = [one for one in checks if one.asked.whole and one.asked.level in LEVELS and one.state == "finished"]
    if not whole:
        return Standing(None, ("no_whole_check",))
    latest = whole[0]
    tried = latest.wallet
    missing: list[Missing] = []
    if not latest.green:
        missing.append("not_green")
    if latest.asked_at < now - GOOD_FOR_US:
        missing.append("too_old")
    if tried is None or (tried.wallet_url, tried.dialect) != (operator.wallet_url, operator.dialect):
        missing.append("other_wallet")
    if tried is None or tried.rule_set != rule_set:
        missing.append("other_rules")
    return Standing(latest, tuple(missing))


async def standing(db: Pool, operator: Operator, rule_set: str, now: int) -> Standing:
    return judged(operator, await certifications(db, operator.operator_id, LOOKED_AT), rule_set, now)


async def open_to_play(db: Connection, operator: Operator, by: str, actor: dict[str, object], now: int) -> None:
    """Real play begins, and the audit log says who opened it and why. `by`: the certification, or STAFF."""
    await db.execute(
        "UPDATE operators SET settings = settings || $2::jsonb WHERE operator_id = $1",
        *(operator.operator_id, msgspec.json.encode({"went_live": by}).decode()),
    )
    await db.execute("SELECT add_audit($1, $2, $3, $4)", *_audited(operator, "go_live", by, actor, now))


def moved(
    before: Operator, after: Operator, actor: dict[str, object], reason: str, now: int
) -> tuple[Operator, Audited | None]:
    """A live wallet at another address has not been checked there: its play closes, or goes on by staff's `reason`.

    With the entry for the audit log; None where nothing of that has happened. A new key closes nothing: a wallet that
    does not know it refuses, and moves no money.
    """
    if before.test or not before.went_live or before.wallet_url == after.wallet_url:
        return after, None
    after = msgspec.structs.replace(after, went_live=STAFF if reason else "")
    told = {**actor, "from": before.wallet_url, "reason": reason, "open": bool(reason)}
    return after, _audited(after, "move_wallet", after.wallet_url, told, now)


def _audited(operator: Operator, act: str, what: str, actor: dict[str, object], now: int) -> Audited:
    entry = canonical({"at": rfc3339(now), "operator": operator.operator_id, "act": act, "object": what, **actor})
    return now, operator.operator_id, what, entry
