"""Raw exchanges are found again, kept as long as they should be, and never stand in anybody's way."""

import os
import time
from collections.abc import AsyncIterator

import pytest

from croupier.domain.exchange import Exchange, HttpRequest, HttpResponse, NoAnswer, Timing
from croupier.domain.ids import exchange_id
from croupier.store import exchange_retention, exchanges
from croupier.store.audit import Actor, audit_entries
from croupier.store.connect import Pool, open_pool
from croupier.store.exchange_reads import ExchangeFilter, found, grouped, listed, of_round
from croupier.store.exchange_retention import forget_exchanges, kept_of, retention_fault
from croupier.store.exchanges import DAY_US, ExchangeWriter
from croupier.store.own_settings import change_own

NOW = time.time_ns() // 1000
SECOND = 1_000_000


@pytest.fixture
async def pool(postgres_dsn: str) -> AsyncIterator[Pool]:
    pool = await open_pool(postgres_dsn, "test", 2)
    yield pool
    await pool.close()


def exchange(
    at: int = NOW,
    *,
    operator: str = "casino",
    verdict: str = "accepted",
    why: str = "",
    total_us: int = 20_000,
    round_id: str | None = "rd_1",
    answered: bool = True,
    body: bytes = b'{"type":"bet"}',
) -> Exchange:
    timing = Timing(total_us=total_us)
    return Exchange(
        exchange_id=exchange_id(at, os.urandom(7)),
        operator_id=operator,
        direction="out",
        at=at,
        request=HttpRequest("POST", "https://wallet.example/w/bet?x=1", (("a", "b"),), body),
        answer=HttpResponse(200, (), b"{}", timing) if answered else NoAnswer("timeout", timing=timing),
        verdict=verdict,
        why=why,
        round_id=round_id,
        transaction_id="b_1",
        player_id="anna",
        call="bet",
    )


async def kept(pool: Pool, *all_: Exchange) -> ExchangeWriter:
    writer = ExchangeWriter(pool)
    writer.start()
    for one in all_:
        writer.add(one)
    await writer.close()
    return writer


async def test_every_exchange_is_found_by_its_id_with_all_its_bytes(pool: Pool) -> None:
    """Also those without an index row, and none of another operator."""
    mine = [exchange(NOW + n, body=bytes([n % 256]) * 50) for n in range(1400)]
    await kept(pool, *mine, exchange(operator="other"))
    assert await pool.fetchval("SELECT count(*) FROM exchange_index WHERE operator_id = 'casino'") == 1000
    for place in (0, 299, 300, 999, 1000, 1399):
        assert await found(pool, None, "casino", mine[place].exchange_id) == mine[place]
        assert await found(pool, None, "other", mine[place].exchange_id) is None
    assert await found(pool, None, "casino", "ex_nonsense") is None
    size = await pool.fetchval("SELECT sum(bytes) FROM exchange_chunks")
    assert size < 1400 * 100


async def test_what_waits_in_memory_is_found_as_well(pool: Pool) -> None:
    writer = ExchangeWriter(pool)
    one = exchange()
    writer.add(one)
    assert await found(pool, writer, "casino", one.exchange_id) == one
    assert await of_round(pool, writer, "casino", "rd_1", [NOW]) == [one]


async def test_a_round_s_exchanges_come_in_order_from_the_chunks_of_its_time(pool: Pool) -> None:
    bet, win = exchange(NOW, round_id="rd_7"), exchange(NOW + 50_000, round_id="rd_7")
    later = exchange(NOW + 3600 * SECOND, round_id="rd_7", verdict="unknown", why="timeout", answered=False)
    noise = [exchange(NOW + n, round_id="rd_8") for n in range(50)]
    await kept(pool, win, *noise, bet)
    await kept(pool, later)
    assert await of_round(pool, None, "casino", "rd_7", [NOW, NOW + 50_000]) == [bet, win, later]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (ExchangeFilter(), ["slow", "unknown", "plain"]),
        (ExchangeFilter(verdict="unknown"), ["unknown"]),
        (ExchangeFilter(path="/w/bet"), ["slow", "unknown", "plain"]),
        (ExchangeFilter(path="/rollback"), []),
        (ExchangeFilter(player_id="bert"), []),
        (ExchangeFilter(from_at=NOW + 1), ["slow", "unknown"]),
        (ExchangeFilter(to_at=NOW + 2), ["unknown", "plain"]),
        (ExchangeFilter(round_id="rd_1", transaction_id="b_1"), ["slow", "unknown", "plain"]),
    ],
)
async def test_the_list_has_filters(pool: Pool, chosen: ExchangeFilter, expected: list[str]) -> None:
    await kept(
        pool,
        exchange(NOW, why="plain"),
        exchange(NOW + 1, verdict="unknown", why="unknown", answered=False),
        exchange(NOW + 2, why="slow", total_us=2 * SECOND),
        exchange(NOW, operator="other", why="theirs"),
    )
    rows = await listed(pool, "casino", chosen, 10)
    assert [row.why for row in rows] == expected
    paged = []
    before = None
    while page := await listed(pool, "casino", chosen, 1, before):
        paged += page
        before = page[-1].at, page[-1].exchange_id
    assert paged == rows


async def test_when_writing_cannot_follow_plain_successes_are_dropped_and_counted(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchanges, "WAITING_MAX", 5)
    await kept(pool, *(exchange(NOW + n) for n in range(8)), *(exchange(NOW + n, verdict="unknown") for n in range(8)))
    assert await pool.fetchval("SELECT sum(exchanges) FROM exchange_chunks") == 10
    assert await pool.fetchval("SELECT count(*) FROM exchange_index WHERE verdict = 'unknown'") == 5
    assert await pool.fetchval("SELECT dropped FROM exchange_losses WHERE operator_id = 'casino'") == 6


async def test_a_chunk_is_written_when_it_is_full_or_its_second_is_over(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One by one, as they come, each would be a commit of its own beside those of the rounds."""
    monkeypatch.setattr(exchanges, "CHUNK", 3)
    written: list[int] = []

    class Writer(ExchangeWriter):
        async def _write(self, operator_id: str, chunk: list[Exchange]) -> None:
            await super()._write(operator_id, chunk)
            written.append(len(chunk))
            self.add(exchange())  # comes meanwhile

    writer = Writer(pool)
    for _ in range(7):
        writer.add(exchange())
    await writer._write_waiting(everything=False)
    assert written == [3, 3]
    writer.add(exchange(operator="quiet"))
    await writer._write_waiting(everything=False)
    assert written == [3, 3, 3], "one that waited, and two that came"
    await writer._write_waiting(everything=True)
    assert written == [3, 3, 3, 1, 1]
    assert {name: len(waiting) for name, waiting in writer.waiting.items()} == {"casino": 2}


async def test_a_chunk_that_the_database_refuses_does_not_hold_up_the_next(pool: Pool) -> None:
    await kept(pool, exchange(why="nul \0"), exchange(operator="other"))
    await kept(pool, exchange(why="good"))
    assert await pool.fetchval("SELECT dropped FROM exchange_losses WHERE operator_id = 'casino'") == 1
    assert [row.why for row in await listed(pool, "casino", ExchangeFilter(), 10)] == ["good"]


async def test_plain_ones_are_kept_a_week_and_others_three_months(pool: Pool) -> None:
    ages = {"plain": (1, 6, 8), "unknown": (1, 8, 89, 91)}
    for verdict, days in ages.items():
        for age in days:
            await kept(pool, exchange(NOW - age * DAY_US, verdict="accepted" if verdict == "plain" else verdict))
    await forget_exchanges(pool, NOW)
    rows = await listed(pool, "casino", ExchangeFilter(), 20)
    assert [(row.verdict, (NOW - row.at) // DAY_US) for row in rows if row.verdict == "unknown"] == [
        ("unknown", 1),
        ("unknown", 8),
        ("unknown", 89),
    ]
    assert [(NOW - row.at) // DAY_US for row in rows if row.verdict == "accepted"] == [1, 6]


async def test_each_operator_says_for_itself_how_long(pool: Pool) -> None:
    """One that says little, one that says much, and one of before there was anything to say."""
    wishes = {"brief": (1, 7), "long": (30, 400), "old": None}
    for name, days in wishes.items():
        await pool.execute("INSERT INTO operators VALUES ($1, '{}', $2, 0)", name, b"key")
        if days is not None:
            async with pool.acquire() as db, db.transaction():
                wish = dict(zip(("keep_exchanges_days", "keep_failed_days"), days, strict=True))
                await change_own(db, name, wish, Actor("anna", "owner"), NOW)
        for age in (0.5, 2, 6, 8, 29, 31, 89, 91, 399, 401):
            at = NOW - int(age * DAY_US)
            await kept(pool, exchange(at, operator=name), exchange(at - 5 * SECOND, operator=name, verdict="unknown"))
    await forget_exchanges(pool, NOW)
    oldest = {row[0]: (NOW - row[1]) // DAY_US for row in await pool.fetch(
        "SELECT operator_id, min(last_at) FROM exchange_chunks WHERE keep GROUP BY operator_id"
    )}  # fmt: skip
    assert oldest == {"brief": 6, "long": 399, "old": 89}
    assert "30" in (await audit_entries(pool, "long"))[-1].entry


async def test_a_short_wish_shortens_what_succeeded_alone(pool: Pool) -> None:
    await pool.execute("INSERT INTO operators VALUES ('casino', '{\"keep_exchanges_days\": 2}', $1, 0)", b"key")
    for age in (1, 3, 8):
        await kept(pool, exchange(NOW - age * DAY_US))
        await kept(pool, exchange(NOW - age * DAY_US, verdict="unknown"))
    before = await kept_of(pool, "casino")
    await forget_exchanges(pool, NOW)
    rows = await pool.fetch("SELECT last_at, keep FROM exchange_chunks ORDER BY last_at DESC, keep")
    assert [((NOW - row["last_at"]) // DAY_US, row["keep"]) for row in rows] == [
        (1, False), (1, True), (3, True), (8, True),
    ]  # fmt: skip
    after = await kept_of(pool, "casino")
    assert (before.exchanges, after.exchanges, after.since) == (6, 4, NOW - 8 * DAY_US)
    assert 0 < after.bytes < before.bytes


@pytest.mark.parametrize(
    ("plain", "failed", "right"),
    [
        (1, 7, True),
        (400, 400, True),
        (0, 90, False),
        (401, 401, False),
        (7, 6, False),
        (7, 401, False),
        (91, 90, False),
    ],
)
def test_there_are_bounds(plain: int, failed: int, right: bool) -> None:
    assert (retention_fault(plain, failed) is None) is right


async def test_an_operator_has_a_share_of_bytes_and_the_oldest_go_first(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(4):
        await kept(pool, exchange(NOW + n, body=os.urandom(4000), why=f"{n}"))
    await kept(pool, exchange(NOW - SECOND, operator="other", body=os.urandom(4000), why="theirs"))
    monkeypatch.setattr(exchange_retention, "BYTES_MAX", 9000)
    await forget_exchanges(pool, NOW)
    assert [row.why for row in await listed(pool, "casino", ExchangeFilter(), 10)] == ["3", "2"]
    assert [row.why for row in await listed(pool, "other", ExchangeFilter(), 10)] == ["theirs"]


async def test_failures_are_explained_when_they_are_written_and_equal_ones_once(pool: Pool) -> None:
    """In the writer's thread; a plain success costs nothing."""
    asked: list[Exchange] = []

    def cause_of(e: Exchange) -> tuple[str | None, str | None]:
        asked.append(e)
        return (None, None) if e.why.startswith("strange") else ("CRP-NET-004", "yours")

    writer = ExchangeWriter(pool, cause_of)
    writer.start()
    silent = [exchange(NOW + n, verdict="unknown", why="timeout", answered=False, round_id=f"rd_{n}") for n in range(3)]
    for one in (*silent, exchange(NOW + 5), exchange(NOW + 6, verdict="unknown", why="strange: 7")):
        writer.add(one)
    writer.add(exchange(NOW + 7, operator="other", verdict="unknown", why="timeout", answered=False))
    await writer.close()
    assert [(e.operator_id, e.why) for e in asked] == [
        ("casino", "timeout"),
        ("casino", "strange: 7"),
        ("other", "timeout"),
    ]
    rows = await listed(pool, "casino", ExchangeFilter(finding="CRP-NET-004"), 10)
    assert [(row.exchange_id, row.side) for row in rows] == [(e.exchange_id, "yours") for e in reversed(silent)]
    assert [row.why for row in await listed(pool, "casino", ExchangeFilter(finding="unexplained"), 10)] == [
        "strange: 7"
    ]
    assert len(await listed(pool, "casino", ExchangeFilter(side="yours"), 10)) == 3

    late, early = await grouped(pool, "casino", None, None)
    assert (late.finding, late.why, late.exchanges) == (None, "strange", 1)
    assert (early.finding, early.side, early.endpoint) == ("CRP-NET-004", "yours", "/w/bet")
    assert (early.exchanges, early.rounds, early.first_at, early.last_at) == (3, 3, NOW, NOW + 2)
    assert early.last_exchange_id == silent[-1].exchange_id
    assert [one.exchanges for one in await grouped(pool, "casino", NOW + 1, NOW + 6)] == [2]
    assert await grouped(pool, "nobody", None, None) == []
