"""May this operator's players play for money? By a green check of its very wallet, or because staff said so."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from croupier.domain.days import DAY_US
from croupier.domain.parties import Operator
from croupier.store.audit import Actor, add_entry
from croupier.store.certifications import Certification, latest_whole
from croupier.store.connect import Connection, Pool
from croupier.store.registry import ChangedMeanwhile

LEVELS = ("money-safe", "production")
GOOD_FOR_US = 30 * DAY_US
"""A check that is older says little about the wallet of today."""

Missing = Literal["not_compared", "no_whole_check", "not_green", "too_old", "other_wallet", "other_rules"]
STAFF = "staff"


class Standing(msgspec.Struct, frozen=True):
    """`certification`: what real play may be opened by, or the check that comes closest; None: there is none.

    `missing` is empty when it may.
    """

    certification: Certification | None
    missing: tuple[Missing, ...]


def judged(operator: Operator, latest: Certification | None, rule_set: str, now: int) -> Standing:
    """`latest`: the newest whole check, green or not."""
    missing: list[Missing] = ["not_compared"] if operator.compare_from else []
    if latest is None:
        return Standing(None, (*missing, "no_whole_check"))
    tried = latest.wallet
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
    return judged(operator, await latest_whole(db, operator.operator_id, LEVELS), rule_set, now)


async def open_to_play(  # noqa: PLR0917
    db: Connection, operator: Operator, opened_by: str, actor: Actor, missing: Sequence[Missing], now: int
) -> None:
    """Real play begins, and the audit log says who opened it and why. `opened_by`: the certification, or STAFF.

    ChangedMeanwhile: its wallet is at another address by now than the one that was looked at.
    """
    opened = await db.fetchval(
        """UPDATE operators SET settings = settings || $2::jsonb
           WHERE operator_id = $1 AND settings ->> 'wallet_url' = $3 RETURNING operator_id""",
        *(operator.operator_id, msgspec.json.encode({"went_live": opened_by}).decode(), operator.wallet_url),
    )
    if opened is None:
        raise ChangedMeanwhile(operator.operator_id)
    await add_entry(db, now, operator.operator_id, "go_live", opened_by, actor, missing=list(missing))


def moved(before: Operator, after: Operator, reason: str) -> tuple[Operator, dict[str, object] | None]:
    """A live wallet at another address has not been checked there: its play closes, or goes on by staff's `reason`.

    With what the audit log is told of it; None where nothing of that has happened. A new key closes nothing: a wallet
    that does not know it refuses, and moves no money.
    """
    if before.test or not before.went_live or before.wallet_url == after.wallet_url:
        return after, None
    after = msgspec.structs.replace(after, went_live=STAFF if reason else "")
    return after, {"act": "move_wallet", "what": after.wallet_url, "from": before.wallet_url, "open": bool(reason)}
