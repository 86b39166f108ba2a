"""Calls that arrive at the same moment, on real parallel connections: a barrier, not load."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from croupier.wallet.outcome import Accepted, Declined
from wallet_sdk.calls import bet, fresh, roll, win
from wallet_sdk.houses import House, accepted

BURSTS = 8


def at_once(house: House, calls: list) -> list:
    """Each in a thread of its own that waits for the others. The threads' connections stay open between bursts."""
    barrier = Barrier(len(calls))

    def one(call):
        barrier.wait()
        return house.say(call)

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(one, calls))


@pytest.fixture
def player(house) -> str:
    name = fresh("p")
    house.open(name, 1000)
    return name


def test_the_same_bet_twice(house, player):
    for n in range(1, BURSTS + 1):
        call = bet(player, fresh("b"), 10)
        first, second = at_once(house, [call, call])
        assert first == second == Accepted(1000 - 10 * n, first.operator_reference)
    assert house.balance(player) == 1000 - 10 * BURSTS


def test_the_same_win_twice(house, player):
    for n in range(1, BURSTS + 1):
        named = fresh("b")
        house.say(bet(player, named, 10))
        call = win(player, fresh("w"), 15, named)
        first, second = at_once(house, [call, call])
        assert first == second == Accepted(1000 + 5 * n, first.operator_reference)


def test_a_bet_and_its_rollback(house, player):
    ends = set()
    for _ in range(BURSTS):
        named = fresh("b")
        placed, undone = at_once(house, [bet(player, named, 163), roll(player, named)])
        assert accepted(undone)
        ends.add(type(placed))
        assert house.balance(player) == 1000
        assert house.say(bet(player, named, 163)) == Declined("already_rolled_back", "already rolled back", 1000)
    assert ends <= {Accepted, Declined}, "the bet came first, or it was refused; nothing else"


def test_two_rollbacks_of_one_bet_under_two_ids(house, player):
    for _ in range(BURSTS):
        named = fresh("b")
        house.say(bet(player, named, 163))
        assert all(map(accepted, at_once(house, [roll(player, named, fresh("r")), roll(player, named, fresh("r"))])))
        assert house.balance(player) == 1000


def test_two_bets_of_the_whole_balance(house):
    for _ in range(BURSTS):
        player = fresh("p")
        house.open(player, 500)
        outcomes = at_once(house, [bet(player, fresh("b"), 500), bet(player, fresh("b"), 500)])
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Accepted", "Declined"]
        assert house.balance(player) == 0


def test_twelve_bets_and_wins_of_different_rounds(house, player):
    old = [fresh("b") for _ in range(6)]
    for named in old:
        house.say(bet(player, named, 10))
    calls = [bet(player, fresh("b"), 7) for _ in range(6)] + [win(player, fresh("w"), 11, named) for named in old]
    assert all(map(accepted, at_once(house, calls)))
    assert house.balance(player) == 1000 - 60 - 42 + 66


def test_one_id_used_by_two_players(house):
    for _ in range(BURSTS):
        p, q, named = fresh("p"), fresh("q"), fresh("b")
        house.open(p, 100)
        house.open(q, 100)
        outcomes = at_once(house, [bet(p, named, 30), bet(q, named, 30)])
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Accepted", "Conflict"]
        assert sorted([house.balance(p), house.balance(q)]) == [70, 100]


def test_another_players_rollback_and_the_bet_itself(house):
    """Either the tombstone or the bet is first; whichever it is, nobody gets the other's money."""
    for _ in range(BURSTS):
        p, q, named = fresh("p"), fresh("q"), fresh("b")
        house.open(p, 100)
        house.open(q, 100)
        placed, undone = at_once(house, [bet(p, named, 30), roll(q, named)])
        assert accepted(placed) != accepted(undone)
        assert (house.balance(p), house.balance(q)) == (70 if accepted(placed) else 100, 100)


def test_deposits_by_the_rest_of_the_casino_are_not_lost(house, player):
    """The cashier changes the same column, without knowing of the ledger's lock."""

    def deposit(_):

        house.sql(lambda sql: sql.execute(f"UPDATE {sql.name('user')} SET money = money + 5 WHERE name = ?", player))

    with ThreadPoolExecutor(8) as threads:
        deposits = [threads.submit(deposit, n) for n in range(20)]
        bets = [threads.submit(house.say, bet(player, fresh("b"), 3)) for _ in range(20)]
        assert all(accepted(one.result()) for one in bets)
        for one in deposits:
            one.result()
    assert house.balance(player) == 1000 + 100 - 60


def test_players_do_not_wait_for_each_other(house):
    if house.kind == "sqlite":
        pytest.skip("SQLite has one writer at a time, for the whole file")
    p, q = fresh("p"), fresh("q")
    house.open(p, 100)
    house.open(q, 100)
    with house.database.transaction() as sql:
        sql.execute("INSERT INTO croupier_lock (player_id) VALUES (?)", p)
        assert accepted(house.say(bet(q, fresh("b"), 10))), "p's call hangs, q's is answered"
