"""An operator's own `get_player` and `change_balance`: sessions, limits, two purses; and no care taken of races."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from croupier.wallet.calls import Context
from croupier.wallet.outcome import Accepted, Declined
from croupier_wallet import InsufficientFunds, Player
from wallet_sdk.calls import EXPIRES_AT, Bet, Rollback, Win, balance, bet, fresh, roll, win
from wallet_sdk.houses import House, accepted


class Careless:
    """Reads a number, and writes the number that it computed: what the ledger's lock has to put up with."""

    def get_player(self, sql, call):
        row = sql.one(f"SELECT money, currency FROM {sql.name('user')} WHERE name = ?", call.player_id)
        return None if row is None else Player(row[1], row[0])

    def change_balance(self, sql, player, delta, call):
        sql.execute(f"UPDATE {sql.name('user')} SET money = ? WHERE name = ?", player.balance + delta, call.player_id)


class Strict(Careless):
    """Knows sessions, and a limit of 500 a bet."""

    def get_player(self, sql, call):
        player = super().get_player(sql, call)
        if player is None or call.kind != "bet":
            return player
        if call.operator_token != f"token of {call.player_id}":
            return Player(player.currency, player.balance, refuses_bets="session_expired")
        if call.amount > 500:
            return Player(player.currency, player.balance, refuses_bets="limit_reached")
        return player


class TwoPurses:
    """Cash first, then the bonus. What a bet took from each is noted under the bet, for its rollback."""

    def get_player(self, sql, call):
        row = sql.one("SELECT cash, bonus FROM purses WHERE name = ?", call.player_id)
        return None if row is None else Player("EUR", row[0] + row[1])

    def change_balance(self, sql, player, delta, call):
        cash, bonus = sql.one("SELECT cash, bonus FROM purses WHERE name = ?", call.player_id)
        if call.kind == "rollback":
            parts = sql.one("SELECT cash, bonus FROM parts WHERE bet = ?", call.bet_transaction_id)
        elif delta > 0:
            parts = (delta, 0)
        else:
            of_cash = min(cash, -delta)
            if bonus < -delta - of_cash:
                raise InsufficientFunds
            parts = (-of_cash, delta + of_cash)
            sql.execute("INSERT INTO parts VALUES (?, ?, ?)", call.transaction_id, *(-part for part in parts))
        sql.execute(
            "UPDATE purses SET cash = cash + ?, bonus = bonus + ? WHERE name = ?", parts[0], parts[1], call.player_id
        )


def with_players(house: House, players) -> House:
    return House(house.kind, house.place, players)


def test_twelve_bets_at_once_are_all_taken_by_a_function_that_reads_and_then_writes(house):
    careless, player = with_players(house, Careless()), fresh("p")
    house.open(player, 1000)
    with ThreadPoolExecutor(12) as threads:
        outcomes = list(threads.map(careless.say, [bet(player, fresh("b"), 10) for _ in range(12)]))
    assert all(map(accepted, outcomes))
    assert house.balance(player) == 880


def who(player: str, token: str) -> Context:
    return Context(player, "ses_1", "krakens-hoard", "EUR", token)


def test_a_session_is_asked_for_on_bets_only(house):
    strict, player = with_players(house, Strict()), fresh("p")
    house.open(player, 1000)
    good, invented = who(player, f"token of {player}"), who(player, "invented")
    b1, b2 = fresh("b"), fresh("b")
    refused = Declined("session_expired", "session expired", 1000)
    assert strict.say(Bet(invented, fresh("b"), "rd", 100, EXPIRES_AT)) == refused
    assert strict.say(Bet(who(player, "token of q"), fresh("b"), "rd", 100, EXPIRES_AT)) == refused
    assert accepted(strict.say(Bet(good, b1, "rd", 100, EXPIRES_AT)))
    assert accepted(strict.say(Bet(good, b2, "rd", 100, EXPIRES_AT)))
    assert strict.say(Win(invented, fresh("w"), "rd", 150, b1)).balance == 950
    assert strict.say(Rollback(invented, fresh("r"), "rd", b2, 0)).balance == 1050


def test_a_limit_is_not_called_missing_funds(house):
    strict, player = with_players(house, Strict()), fresh("p")
    house.open(player, 1000)
    good = who(player, f"token of {player}")
    assert strict.say(Bet(good, fresh("b"), "rd", 501, EXPIRES_AT)).reason == "limit_reached"
    assert accepted(strict.say(Bet(good, fresh("b"), "rd", 500, EXPIRES_AT)))


@pytest.fixture
def purses(small_house):
    small_house.sql(lambda sql: sql.execute("CREATE TABLE IF NOT EXISTS purses (name text, cash int, bonus int)"))
    small_house.sql(lambda sql: sql.execute("CREATE TABLE IF NOT EXISTS parts (bet text, cash int, bonus int)"))
    return with_players(small_house, TwoPurses())


def test_a_rollback_gives_each_purse_its_part_back(purses):
    player, named = fresh("p"), fresh("b")
    purses.sql(lambda sql: sql.execute("INSERT INTO purses VALUES (?, 100, 50)", player))

    def parts():
        return purses.sql(lambda sql: sql.one("SELECT cash, bonus FROM purses WHERE name = ?", player))

    assert purses.say(bet(player, named, 130)).balance == 20
    assert tuple(parts()) == (0, 20)
    other = fresh("b")
    assert accepted(purses.say(bet(player, other, 10)))
    assert purses.say(win(player, fresh("w"), 500, other)).balance == 510
    assert purses.say(roll(player, named)).balance == 640
    assert tuple(parts()) == (600, 40)


class TooLate(Careless):
    """The balance went down between the two functions: by a withdrawal, say."""

    def change_balance(self, sql, player, delta, call):
        raise InsufficientFunds


def test_missing_funds_found_only_while_taking_are_a_refusal_too_and_it_stays_one(small_house):
    player, named = fresh("p"), fresh("b")
    small_house.open(player, 1000)
    late = with_players(small_house, TooLate())
    assert late.say(bet(player, named, 10)) == Declined("insufficient_funds", "insufficient funds", 1000)
    assert with_players(small_house, Careless()).say(bet(player, named, 10)).reason == "insufficient_funds"


class Broken(Careless):
    def change_balance(self, sql, player, delta, call):
        super().change_balance(sql, player, delta, call)
        raise RuntimeError("select * from secrets where key = 'whsec_…'")


def test_a_function_that_raises_moves_nothing_and_tells_nothing(house, caplog):
    player, named = fresh("p"), fresh("b")
    house.open(player, 1000)
    outcome = with_players(house, Broken()).say(bet(player, named, 10))
    assert outcome.why == "http_500"
    assert house.balance(player) == 1000
    assert house.entries(player) == 0
    assert "select * from secrets" in caplog.text, "the operator's own log has it"
    assert accepted(house.say(bet(player, named, 10)))


class Mistyped(Careless):
    def change_balance(self, sql, player, delta, call):
        super().change_balance(sql, player, delta, call)
        sql.execute("INSERT INTO nowhere VALUES (?)", delta)


def test_a_statement_that_fails_does_not_keep_the_database_locked(house, caplog):
    """Found by `test_against_the_book`: whoever kept the exception, here the log, kept SQLite's lock."""
    player = fresh("p")
    house.open(player, 1000)
    assert with_players(house, Mistyped()).say(bet(player, fresh("b"), 10)).why in ("http_500", "http_503")
    assert caplog.records
    assert accepted(house.say(bet(player, fresh("b"), 10)))


def test_a_rollback_under_the_id_of_its_bet_is_an_answer_too(house):
    """Found by `test_against_the_book`."""
    player, named = fresh("p"), fresh("b")
    house.open(player, 1000)
    assert accepted(house.say(roll(player, named, named)))
    assert not accepted(house.say(bet(player, named, 10)))
    assert house.balance(player) == 1000


class InEuros(Careless):
    def get_player(self, sql, call):
        player = super().get_player(sql, call)
        return Player(player.currency, player.balance / 100)


def test_a_balance_that_is_no_integer_never_leaves_the_house(small_house):
    player = fresh("p")
    small_house.open(player, 1000)
    outcome = with_players(small_house, InEuros()).say(balance(player))
    assert outcome.why == "http_500"


def test_what_a_withdrawal_takes_at_this_moment_is_not_bet_as_well(house):
    """`PlayerTable` checks funds as it takes them, so a balance that was read before does not count."""

    class Withdrawing:
        def get_player(self, sql, call):
            return house.players.get_player(sql, call)

        def change_balance(self, sql, player, delta, call):
            sql.execute(f"UPDATE {sql.name('user')} SET money = 3 WHERE name = ?", call.player_id)
            house.players.change_balance(sql, player, delta, call)

    player = fresh("p")
    house.open(player, 1000)
    assert isinstance(with_players(house, Withdrawing()).say(bet(player, fresh("b"), 10)), Declined)
    assert not isinstance(house.say(bet(player, fresh("b"), 10)), Accepted)
