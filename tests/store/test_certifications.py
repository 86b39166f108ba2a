"""Checks of wallets that several servers take at once."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from croupier.domain.parties import Operator
from croupier.store.certifications import (
    AT_ONCE,
    MOST,
    SENT_KEPT_DAYS,
    Asked,
    Certification,
    ask_for,
    certifications,
    end,
    forget_certifications,
    keep_result,
    keep_transactions,
    latest_whole,
    result_of,
    sent_by_checks,
    take_next,
)
from croupier.store.connect import Pool, open_pool
from croupier.store.registry import Registry
from croupier.store.vault import Vault

SERVERS = 8


@pytest.fixture
async def pool(postgres_dsn: str) -> AsyncIterator[Pool]:
    pool = await open_pool(postgres_dsn, "test", SERVERS)
    yield pool
    await pool.close()


async def operator(pool: Pool, name: str, went_live: str = "") -> None:
    one = Operator(name, "native", "https://wallet.example", ("s",), ("EUR",), test=False, went_live=went_live)
    await Registry(pool, Vault(bytes(32))).add_operator(one, 1)


async def asked(pool: Pool, operator_id: str, name: str, at: int, *, whole: bool = False) -> None:
    level = "production" if whole else "basic"
    what = Asked(rules=("BAL-01",), level=level, whole=whole, currency="EUR", players=("ana",))
    one = Certification(
        certification_id=name, operator_id=operator_id, state="queued", asked=what, asked_by="test", asked_at=at,
        wallet=None, began_at=None, ended_at=None, why="", fix_first="", verdicts={},
    )  # fmt: skip
    async with pool.acquire() as db:
        await ask_for(db, one)


async def test_however_many_servers_look_at_once_so_many_run_and_the_oldest_first(pool: Pool) -> None:
    for n in range(SERVERS):
        await operator(pool, f"op{n}")
        await asked(pool, f"op{n}", f"cert_{n}", 100 - n)
    for _ in range(5):
        await asyncio.gather(*(pool.execute("SELECT 1") for _ in range(SERVERS)))  # all connections are there
        taken = await asyncio.gather(*(take_next(pool) for _ in range(SERVERS)))
        assert sorted(one for one in taken if one) == [f"cert_{n}" for n in range(SERVERS - AT_ONCE, SERVERS)]
        await pool.execute("UPDATE certifications SET state = 'queued'")


async def test_who_runs_long_gives_its_place_to_the_next_and_who_waits_hears_how_many_are_before(pool: Pool) -> None:
    for n in range(MOST + 4):
        await operator(pool, f"op{n}")
        await asked(pool, f"op{n}", f"cert_{n:02}", n)

    async def ahead() -> list[int]:
        found = [await certifications(pool, f"op{n}", 1) for n in range(MOST + 4)]
        return [one.ahead for (one,) in found if one.state == "queued"]

    assert await ahead() == list(range(MOST + 4))
    for _ in range(MOST // AT_ONCE):
        assert [await take_next(pool) is not None for _ in range(AT_ONCE + 1)] == [True] * AT_ONCE + [False]
        await pool.execute("UPDATE certifications SET taken_at = taken_at - interval '121 seconds'")
    assert await take_next(pool) is None, "each is a process"
    assert await ahead() == [0, 1, 2, 3]
    await end(pool, "cert_00", "finished", 1)
    assert await take_next(pool) == f"cert_{MOST:02}"


async def test_what_checks_have_sent_is_known_as_long_as_statements_of_that_day_are_compared(pool: Pool) -> None:
    await keep_transactions(pool, "op", ["old", "new"])
    await keep_transactions(pool, "op", ["new"])
    await pool.execute(
        "UPDATE certification_transactions SET sent_on = current_date - $1::int WHERE transaction_id = 'old'",
        SENT_KEPT_DAYS,
    )
    await forget_certifications(pool)
    async with pool.acquire() as db:
        assert await sent_by_checks(db, "op", ["old", "new"]) == {"old", "new"}
    await pool.execute("UPDATE certification_transactions SET sent_on = sent_on - 1 WHERE transaction_id = 'old'")
    await forget_certifications(pool)
    async with pool.acquire() as db:
        assert await sent_by_checks(db, "op", ["old", "new"]) == {"new"}


async def test_the_newest_are_kept_and_the_one_that_opened_play(pool: Pool) -> None:
    await operator(pool, "busy", went_live="busy_1")
    await operator(pool, "calm")
    result = {"id": "BAL-01", "verdict": "PASS", "evidence": [], "calls": []}
    for name in ("calm_0", *(f"busy_{n}" for n in range(5))):
        await asked(pool, name[:4], name, ord(name[-1]))
        assert await take_next(pool) == name
        await keep_result(pool, name, 1, result)
        await end(pool, name, "finished", 1, reports={"json": "{}"})
    await forget_certifications(pool, kept=2)
    assert [one.certification_id for one in await certifications(pool, "busy", 10)] == ["busy_4", "busy_3", "busy_1"]
    assert [one.certification_id for one in await certifications(pool, "calm", 10)] == ["calm_0"]
    assert [await result_of(pool, f"busy_{n}", "BAL-01") is not None for n in range(5)] == [0, 1, 0, 1, 1]
    assert await pool.fetchval("SELECT count(*) FROM certification_reports") == 4


async def test_a_whole_check_is_seen_however_many_single_rules_were_tried_since(pool: Pool) -> None:
    await operator(pool, "op")
    await asked(pool, "op", "whole", 0, whole=True)
    for number in range(1, 5):
        await end(pool, await take_next(pool) or "", "finished", 1)
        await asked(pool, "op", f"single_{number}", number)
    await forget_certifications(pool, kept=2)
    found = await latest_whole(pool, "op", ["money-safe", "production"])
    assert found is not None
    assert found.certification_id == "whole"
    assert await latest_whole(pool, "op", ["basic"]) is None
