"""The operator's clock: heard in its wallet's answers, told in its account, counted in its next bets."""

import asyncio
from email.utils import formatdate

import pytest

from api.conftest import Casino, House
from croupier.domain.exchange import HttpResponse
from croupier.store.clocks import clock_of, note_clock
from croupier.wallet.clocks import ClockOffset, max_life_ms

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def answers(house: House, casino: Casino, seconds: int, many: int = 6) -> None:
    """As the wallet would give them: what it says of the time is heard even when it refuses."""
    await casino.player("ann")
    for _ in range(many):
        date = formatdate(house.worker.platform.now() / 1_000_000 + seconds, usegmt=True)
        house.wallets.fails = HttpResponse(503, (("Date", date),), b"")
        await casino.call("POST", "/sessions", json={"player_id": "ann", "game_id": "krakens-hoard"})
    house.wallets.fails = None


async def test_a_clock_that_lags_is_told_to_its_owner_only_and_makes_bets_live_longer(house: House) -> None:
    late, other = await house.casino("late"), await house.casino("other")
    await answers(house, late, -400)
    directory = house.worker.platform.directory
    assert max_life_ms(directory.get("late")) == 660_000
    for _ in range(60):
        await house.worker.care.note_clocks()
        if await clock_of(house.worker.platform.pool, "late") is not None:
            break
        await asyncio.sleep(0.1)
    for _ in range(100):
        if directory.get("late").clock_lag_ms is not None:
            break
        await asyncio.sleep(0.05)  # until a heartbeat has told of new settings
    assert max_life_ms(directory.get("late")) == (300 + 420 + 30 + 5 + 30) * 1000
    seen = (await late.call("GET", "/clock")).json()
    assert seen["max_life_ms"] == 785_000
    assert seen["samples"] >= 5
    assert -402_000 < seen["lowest_ms"] <= seen["offset_ms"] <= seen["highest_ms"] < -398_000
    assert seen["finding"]["code"] == "CRP-SIG-008"
    assert " s behind; 30 s are allowed." in seen["finding"]["detail"]
    nothing = (await other.call("GET", "/clock")).json()
    assert (nothing["measured_at"], nothing["offset_ms"], nothing["finding"]) == (None, None, None)


async def test_the_lag_rises_at_once_and_falls_after_an_hour(house: House) -> None:
    casino = await house.casino("wavering")
    platform, hour = house.worker.platform, 3_600_000_000
    version = await platform.registry.version()
    seen = []
    for at, lag_ms in ((1, 30_000), (2, 300_000), (3, 30_000), (hour, 60_000), (hour + 3, 60_000), (hour + 4, 30_000)):
        await note_clock(platform.pool, casino.operator.operator_id, at, ClockOffset(9, 0, 0, 0, lag_ms))
        found = await clock_of(platform.pool, casino.operator.operator_id)
        assert found is not None
        seen.append((found.offset.lag_ms, await platform.registry.version() - version))
    # The second figure: how often workers were told to read their settings anew.
    assert seen == [(30_000, 0), (300_000, 1), (300_000, 1), (300_000, 1), (60_000, 2), (60_000, 2)]


async def test_an_operator_that_is_not_known_has_no_clock(house: House) -> None:
    await note_clock(house.worker.platform.pool, "nobody", 1, ClockOffset(9, 0, 0, 0, 30_000))
    assert await clock_of(house.worker.platform.pool, "nobody") is None
