"""The ledger balances, every damage to it is found, and a statement of a day is the same for ever."""

import datetime as dt
import os
import time

import pytest

from croupier.domain.parties import SeatKey
from croupier.rounds.events import FreeRound
from croupier.store.catch_up import Behind, catch_up, wait_for_projector
from croupier.store.connect import open_pool
from croupier.store.journal import PostgresJournal
from croupier.store.ledger import NotReached, Position, check_ledger, statement_of
from croupier.store.projection_tables import Projections
from croupier.store.rebuild import rebuild
from croupier.store.statements import entries_csv, rows_csv
from store.played import Stream

DATE = dt.date(1970, 1, 1) + dt.timedelta(days=20_600)


@pytest.fixture
async def books(postgres_dsn):
    """A journal with two operators' rounds of Monday, projected; `write` adds more."""
    journal = PostgresJournal(postgres_dsn, now=lambda: time.time_ns() // 1000, random=os.urandom, pool_size=2)
    await journal.open()
    pool = await open_pool(postgres_dsn, "test", 2)

    class Books:
        dsn = postgres_dsn
        db = pool

        async def stream(self, player, operator="casino", currency="EUR"):
            return Stream(await journal.seat(SeatKey(operator, player, "dice", "real")), currency)

        async def write(self, *records):
            for record in records:
                await journal.append(record)

        async def project(self):
            await catch_up(postgres_dsn, pool, 5)

        async def csv(self, position=None, currency=None):
            asked, rows = await statement_of(pool, "casino", DATE, currency, position)
            text = rows_csv("casino", DATE, asked, rows)
            return asked, text + "".join([part async for part in entries_csv(pool, "casino", DATE, currency, asked)])

    books = Books()
    ana, bo, eve = (
        await books.stream("ana"),
        await books.stream("bo", currency="JPY"),
        await books.stream("eve", "rival"),
    )
    await books.write(ana.opened(), *ana.spin(100, 0), *ana.spin(100, 250), *ana.spin(300, 0))
    await books.write(bo.opened(), bo.bet(50), bo.accepted(70))  # the win is not yet acknowledged
    await books.write(eve.opened(), *eve.spin(999, 0))
    await books.project()
    books.ana, books.bo = ana, bo
    yield books
    await pool.close()
    await journal.close()


async def test_it_balances_and_a_statement_adds_up(books):
    checked = await check_ledger(books.db)
    assert (checked.differences, checked.rounds) == ([], 5)
    _, rows = await statement_of(books.db, "casino", DATE, None, None)
    assert [(r.currency, r.bets, r.wins, r.rollbacks, r.house, r.in_open_rounds) for r in rows] == [
        ("EUR", 500, 250, 0, 250, 0),
        ("JPY", 50, 0, 0, 0, 50),
    ]


DAMAGES = [
    ("UPDATE ledger SET house = house + 1 WHERE bet = 300", {"an entry does not sum to zero"}),
    ("UPDATE ledger SET bet = 301 WHERE bet = 300", {"the wallet's change is not", "bets differ"}),
    (
        "UPDATE ledger SET bet = 301, wallet = -301, round_account = 1 WHERE bet = 300",
        {"bets differ", "the round's ac"},
    ),
    ("INSERT INTO ledger SELECT * FROM ledger WHERE bet = 300", {"an entry is there twice", "bets differ"}),
    ("DELETE FROM ledger WHERE bet = 300", {"bets differ", "the house's account"}),
    ("UPDATE rounds SET paid = 251, win = 251 WHERE win = 250", {"wins differ"}),
    ("DELETE FROM rounds WHERE bet = 300", {"no such round"}),
    ("UPDATE daily SET wins = wins + 1 WHERE currency = 'EUR' AND operator_id = 'casino'", {"the house's account"}),
    ("INSERT INTO stopped_streams SELECT seat_id, 1, 1, 'gap' FROM seats LIMIT 1", {"the projector cannot follow"}),
]


@pytest.mark.parametrize(("damage", "found"), DAMAGES, ids=[d for d, _ in DAMAGES])
async def test_every_damage_is_found(books, damage, found):
    await books.db.execute(damage)
    differences = (await check_ledger(books.db)).differences
    assert all(any(one.what.startswith(start) for one in differences) for start in found), differences
    assert {one.operator_id for one in differences} == {"casino"}


async def test_the_same_position_gives_the_same_bytes_for_ever(books):
    position, first = await books.csv()
    assert (await books.csv()) == (position, first)
    await books.write(books.bo.paid(), *books.ana.spin(100, 0))
    await books.project()

    later, second = await books.csv()
    assert later.xid > position.xid
    assert second != first
    assert await books.csv(position) == (position, first)
    await rebuild(books.dsn)
    await books.project()
    assert await books.csv(position) == (position, first)
    assert (await books.csv(currency="JPY"))[1].count("EUR") == 0
    with pytest.raises(NotReached):
        await books.csv(Position(later.era, later.xid + 1000))
    with pytest.raises(NotReached):
        await books.csv(Position(later.era + 1, later.xid))


async def test_free_rounds_are_paid_by_promotions_and_cost_what_they_won(books):
    dan = await books.stream("dan")

    def free(number):
        return dan.bet(20, FreeRound("spring", number, 20, 5))

    await books.write(dan.opened(), *dan.spin(100, 0))
    await books.write(free(1), dan.accepted(70), dan.paid())
    await books.write(free(2), dan.declined())
    await books.write(free(3), dan.accepted(0))
    await books.write(free(4), dan.accepted(500))  # its win is not yet acknowledged
    await books.project()
    assert (await check_ledger(books.db)).differences == []
    of_dan = "SELECT sum(bet), sum(win), sum(house), sum(promo), sum(round_account) FROM ledger WHERE player_id = 'dan'"
    assert [int(n) for n in await books.db.fetchrow(of_dan)] == [100, 70, 100, -70 - 20, 20]
    daily = "SELECT rounds, bets, wins, hits, free_cost, bets_squared, wins_squared FROM daily WHERE player_id = 'dan'"
    assert [int(n) for n in await books.db.fetchrow(daily)] == [3, 100, 70, 1, 70, 10_000, 0]
    progress = "SELECT used, returned, won FROM campaign_progress WHERE campaign_id = 'spring' AND player_id = 'dan'"
    assert tuple(await books.db.fetchrow(progress)) == (4, 1, 70)
    named = "SELECT kind, amount FROM transactions WHERE player_id = 'dan' AND campaign_id = 'spring' ORDER BY 1, 2"
    assert [tuple(row) for row in await books.db.fetch(named)] == [("bet", 0)] * 4 + [("win", 70), ("win", 500)]

    await books.write(dan.paid())
    await rebuild(books.dsn)
    await books.project()
    assert (await check_ledger(books.db)).differences == []
    assert tuple(await books.db.fetchrow(progress)) == (4, 1, 570)
    assert [int(n) for n in await books.db.fetchrow(of_dan)] == [100, 570, 100, -570, 0]
    await books.db.execute("UPDATE ledger SET promo = promo + 5, house = house - 5 WHERE round_id = $1", dan.last)
    found = {one.what for one in (await check_ledger(books.db)).differences}
    assert found >= {
        "promotions did not pay what a free round won",
        "the house's account differs from the daily totals",
    }


async def test_free_rounds_that_are_told_in_one_sum_cost_it_when_it_is_taken(books):
    dan = await books.stream("dan")
    await books.write(dan.opened(), dan.free_win(1, 70, 2, 0), dan.free_win(2, 30, 2, 70))
    await books.project()
    daily = "SELECT rounds, bets, wins, hits, free_cost, bets_squared FROM daily WHERE player_id = 'dan'"
    progress = "SELECT used, returned, won, paid, told FROM campaign_progress WHERE player_id = 'dan'"
    of_dan = "SELECT sum(win), sum(house), sum(promo), sum(round_account), sum(wallet) FROM ledger"
    of_dan += " WHERE player_id = 'dan'"
    assert (await check_ledger(books.db)).differences == []
    assert [int(n) for n in await books.db.fetchrow(daily)] == [2, 0, 0, 2, 0, 0]
    assert tuple(await books.db.fetchrow(progress)) == (2, 0, 100, 0, False)
    assert [int(n) for n in await books.db.fetchrow(of_dan)] == [0, 0, 0, 0, 0]

    await books.write(dan.ended(FreeRound("issue-1", 3, 0, 2, won=100, local=True, summed=True, ended="played")))
    await books.project()
    assert tuple(await books.db.fetchrow(progress)) == (2, 0, 100, 0, True)
    for _ in range(2):
        assert (await check_ledger(books.db)).differences == []
        await books.write(*([dan.paid()] if dan.seq == 4 else []))
        await rebuild(books.dsn)
        await books.project()
        assert [int(n) for n in await books.db.fetchrow(daily)] == [2, 0, 100, 2, 100, 0]
        assert tuple(await books.db.fetchrow(progress)) == (2, 0, 100, 100, True)
        assert [int(n) for n in await books.db.fetchrow(of_dan)] == [100, 0, -100, 0, 100]
    await books.db.execute("UPDATE rounds SET win = 60 WHERE cause = 'summed' AND win = 70")
    assert {one.what for one in (await check_ledger(books.db)).differences} == {
        "the sum told of free rounds is not what they have won"
    }


async def test_one_operators_entries_are_not_in_anothers_statement(books):
    _, text = await books.csv()
    assert "eve" not in text
    assert "999" not in text


async def test_a_projector_that_lags_is_waited_for_and_told(books):
    await books.write(*books.ana.spin(700, 0))
    other = await Projections.open(books.dsn)
    assert other is not None
    with pytest.raises(Behind):
        await wait_for_projector(books.db, 0.2)
    await other.close()
    await books.project()
    assert await books.db.fetchval("SELECT count(*) FROM ledger WHERE bet = 700") == 1


@pytest.mark.parametrize("next_round_first", [False, True], ids=["at once", "while the player plays on"])
async def test_a_repaired_bet_is_posted_with_its_return_and_its_round_keeps_its_end(books, next_round_first):
    cy = await books.stream("cy")
    await books.write(cy.opened(), cy.bet(40), cy.declined())
    declined = cy.last
    await books.write(cy.repair())
    await books.project()
    states = "SELECT kind, state, effect FROM transactions WHERE round_id = $1 ORDER BY kind"
    assert [tuple(row) for row in await books.db.fetch(states, declined)] == [
        ("bet", "unknown", "unsure"),
        ("rollback", "sending", "unsure"),
    ]
    if next_round_first:
        await books.write(*cy.spin(60, 0))
    await books.write(cy.repaired())
    await books.project()

    assert [tuple(row) for row in await books.db.fetch(states, declined)] == [
        ("bet", "reversed", "moved"),
        ("rollback", "accepted", "moved"),
    ]
    assert await books.db.fetchval("SELECT state FROM rounds WHERE round_id = $1", declined) == "declined"
    entry = await books.db.fetchrow("SELECT bet, rollback, wallet, house FROM ledger WHERE round_id = $1", declined)
    assert tuple(entry) == (40, 40, 0, 0)
    assert (await check_ledger(books.db)).differences == []
