"""`croupier operator go-live` and `reopen`: after a green check, a reconciliation, or by the platform's decision."""

import asyncio
import time
from typing import Annotated

import typer

from croupier.conformance.rule import RULE_SET
from croupier.main import certificate_commands  # noqa: F401 - adds its commands
from croupier.main.by_hand import by_hand
from croupier.main.database import registry
from croupier.main.operator_commands import OperatorId, known_operator, operators
from croupier.main.operator_options import reason_of
from croupier.main.plainly import settings, told_plainly
from croupier.main.terminal import FINDINGS, AsJson, Data, fail, show_one
from croupier.store.eras import Uncompared
from croupier.store.going_live import STAFF, Standing, open_to_play, standing
from croupier.store.registry import ChangedMeanwhile
from croupier.store.restore import reopen, uncompared


@operators.command("go-live")
def go_live(
    operator_id: OperatorId,
    uncertified: Annotated[
        str | None,
        typer.Option(metavar="REASON", help="Open play although no check is green; goes into the audit log."),
    ] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Open a live operator to real play. Its wallet's latest whole check must be green."""
    chosen = settings(data=data)
    operator = known_operator(chosen, operator_id)
    if operator.test:
        fail(
            f"{operator_id} is a test operator and stays one; add a live one: croupier operator add ID --live", FINDINGS
        )
    reason = reason_of(uncertified)

    async def run() -> tuple[Standing, str]:
        async with registry(chosen) as known:
            now = time.time_ns() // 1000
            found = await standing(known.pool, operator, RULE_SET, now)
            named = found.certification.certification_id if found.certification and not found.missing else STAFF
            if not found.missing or reason:
                async with known.pool.acquire() as db, db.transaction():
                    try:
                        await open_to_play(db, operator, named, by_hand(reason), found.missing, now)
                    except ChangedMeanwhile:
                        fail(f"operator_changed: {operator_id} has another wallet by now; look again", FINDINGS)
            return found, named

    with told_plainly():
        found, named = asyncio.run(run())
    if found.missing and not reason:
        wanted = ", ".join(code.replace("_", " ") for code in found.missing)
        fail(f"{operator_id} cannot go live: {wanted}. Check its wallet under Integration in its account.", FINDINGS)
    show_one({"id": operator_id, "open_to_play": True, "opened_by": named}, as_json=as_json)


@operators.command("reopen")
def reopen_operator(
    operator_id: OperatorId,
    uncompared_because: Annotated[
        str | None,
        typer.Option("--uncompared", metavar="REASON", help="Although something is missing; goes into the audit log."),
    ] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """After a restore: take bets again. Every day since the backup must have been reconciled."""
    chosen = settings(data=data)
    operator = known_operator(chosen, operator_id)
    if not operator.compare_from:
        fail(f"{operator_id} does not wait for anything: its books were compared, or nothing was restored.", FINDINGS)
    reason = reason_of(uncompared_because)

    async def run() -> list[Uncompared]:
        async with registry(chosen) as known:
            left = await uncompared(known.pool, operator)
            if not left or reason:
                async with known.pool.acquire() as db, db.transaction():
                    await reopen(db, operator, time.time_ns() // 1000, by_hand(reason), left)
            return left

    with told_plainly():
        left = asyncio.run(run())
    missing = [f"{one.day} {one.currency}" for one in left]
    if missing and not reason:
        fail(f"{operator_id} stays closed, not compared since the restore: {', '.join(missing)}.", FINDINGS)
    show_one({"id": operator_id, "reopened": True, "uncompared": missing}, as_json=as_json)


__all__ = ["operators"]
