"""The latest whole check is made again when its days are over: once, as it was, and by nobody's hand."""

import msgspec
import pytest

from croupier.api.actions.rechecks import check_again
from croupier.store.audit import audit_entries
from croupier.store.certifications import certifications
from croupier.store.rechecks import DAY_US, due

pytestmark = pytest.mark.asyncio(loop_scope="module")
PLAYERS = ["t1", "t2", "t3"]


async def whole(casino, level: str = "basic") -> str:
    asked = await casino.call("POST", "/certifications", json={"level": level, "player_ids": PLAYERS})
    assert asked.status_code == 201, asked.text
    return asked.json()["certification_id"]


async def age(house, certification_id: str, days: float, state: str = "finished") -> None:
    await house.worker.platform.pool.execute(
        "UPDATE certifications SET state = $2, asked_at = $3 WHERE certification_id = $1",
        *(certification_id, state, house.worker.platform.now() - int(days * DAY_US)),
    )


async def test_without_a_whole_check_there_is_nothing_to_repeat(house):
    casino = await house.casino("beginner")
    await casino.call("PUT", "/certifications/schedule", json={"every_days": 1})
    shown = (await casino.call("GET", "/certifications/schedule")).json()
    assert (shown["certification_id"], shown["next_at"]) == (None, None)


async def test_it_is_made_again_once_and_as_it_was(house):
    casino = await house.casino("repeater")
    pool, now = house.worker.platform.pool, house.worker.platform.now
    first = await whole(casino)
    set_ = await casino.call("PUT", "/certifications/schedule", json={"every_days": 7})
    assert set_.json()["certification_id"] == first
    assert '"recheck_days":7' in (await audit_entries(pool, "repeater"))[-1].entry
    await age(house, first, 6.9)
    assert [one.operator_id for one in await due(pool, now())] == []
    await age(house, first, 7.1)
    await check_again(house.worker.platform)
    await check_again(house.worker.platform)
    made, before = await certifications(pool, "repeater", 10)
    assert before.certification_id == first
    assert (made.asked, made.asked_by) == (before.asked, "schedule")
    await casino.call("DELETE", f"/certifications/{made.certification_id}")


async def test_what_is_switched_off_or_runs_is_left_alone(house):
    casino = await house.casino("sleeper")
    pool, now = house.worker.platform.pool, house.worker.platform.now
    first = await whole(casino)
    await age(house, first, 40)
    assert [one for one in await due(pool, now()) if one.operator_id == "sleeper"] == []
    await casino.call("PUT", "/certifications/schedule", json={"every_days": 30})
    assert [one.operator_id for one in await due(pool, now()) if one.operator_id == "sleeper"] == ["sleeper"]
    await age(house, first, 40, "queued")
    assert [one for one in await due(pool, now()) if one.operator_id == "sleeper"] == []
    await casino.call("DELETE", f"/certifications/{first}")


@pytest.mark.parametrize(
    ("gate", "levels", "repeated"),
    [
        ("", ("basic", "basic"), 1),  # nothing stricter was made
        ("", ("money-safe", "basic"), 0),  # the first would open play
        ("", ("production", "money-safe"), 1),  # either would
        ("money-safe", ("money-safe", "production", "basic"), 1),  # a stricter one counts as well
        ("production", ("production", "money-safe", "basic"), 0),  # play was opened by no less
    ],
)
async def test_what_is_repeated_is_as_strict_as_what_opens_play(house, gate, levels, repeated):
    casino = await house.casino("strict-" + "-".join((gate or "none", *levels)))
    made = {}
    for number, level in enumerate(levels):
        made[number] = await whole(casino, level)
        await age(house, made[number], 20 - number)
    if gate:
        opened_by = msgspec.json.encode({"went_live": made[levels.index(gate)]}).decode()
        await house.worker.platform.pool.execute(
            "UPDATE operators SET settings = settings || $2::jsonb WHERE operator_id = $1",
            casino.operator.operator_id,
            opened_by,
        )
    shown = (await casino.call("GET", "/certifications/schedule")).json()
    assert shown["certification_id"] == made[repeated]


@pytest.mark.parametrize(("operator_id", "played"), [("real", False), ("played", True)])
async def test_a_live_operators_players_must_not_have_played_since(house, operator_id, played):
    casino = await house.casino(operator_id)
    pool = house.worker.platform.pool
    first = await whole(casino)
    if played:
        await casino.player("t2")
        await casino.launch("t2")
    await age(house, first, 8)
    live = '{"test": false, "recheck_days": 7}'
    await pool.execute(
        "UPDATE operators SET settings = settings || $2::jsonb WHERE operator_id = $1", operator_id, live
    )
    await check_again(house.worker.platform)
    checks = await certifications(pool, operator_id, 10)
    assert [one.asked_by for one in checks] == (["API key"] if played else ["schedule", "API key"])
    if not played:
        await casino.call("DELETE", f"/certifications/{checks[0].certification_id}")


@pytest.mark.parametrize("days", [-1, 31, "7", None])
async def test_days_have_bounds(casino, days):
    assert (await casino.call("PUT", "/certifications/schedule", json={"every_days": days})).status_code == 422
