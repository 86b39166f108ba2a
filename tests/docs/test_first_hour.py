"""The page of the wallet SDK: its two functions work as printed, and its commands are those that the tool prints."""

import pytest
from guide import sample, samples

from croupier.main.init_commands import FRAMEWORKS
from croupier_wallet import Call, PlayerTable, SqlLedger, postgresql, sqlite

PAGE = "first-hour.md"
TABLES = (
    "CREATE TABLE accounts (login text PRIMARY KEY, cash integer, currency text, closed integer)",
    "CREATE TABLE sessions (token text, login text)",
    "INSERT INTO accounts VALUES ('ada', 1000, 'EUR', 0), ('bob', 1000, 'EUR', 1)",
    "INSERT INTO sessions VALUES ('t-ada', 'ada'), ('t-bob', 'bob')",
)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_commands_are_those_that_init_prints(framework):
    lines = sample(PAGE, f"third terminal: {framework}").splitlines()
    assert lines == ["cd casino", *FRAMEWORKS[framework].commands(9000)]
    assert sample(PAGE, f"second terminal: {framework}") == (
        f"croupier init wallet --framework {framework} --folder casino\n"
    )


@pytest.fixture
def ledger(tmp_path):
    names: dict = {}
    exec(sample(PAGE, "players.py"), names)
    database = sqlite(tmp_path / "wallet.db")
    for statement in TABLES:
        with database.transaction() as sql:
            sql.execute(statement)
    ledger = SqlLedger(database, names["Players"]())
    ledger.create_tables()
    return ledger


def said(ledger, kind, name, **named):
    call = {"player_id": "ada", "operator_token": "t-ada", "session_id": "s", "game_id": "g", "round_id": "rd"} | named
    return ledger.answer(Call(kind=kind, transaction_id=name, currency="EUR", expires_at=100, **call), now=0)


def test_the_two_functions_of_the_page(ledger):
    bob, nobody = {"player_id": "bob", "operator_token": "t-bob"}, {"operator_token": None}
    assert '"balance":837' in said(ledger, "bet", "b1", amount=163)
    assert '"balance":837' in said(ledger, "bet", "b1", amount=163)
    assert "session_expired" in said(ledger, "bet", "b2", amount=1, operator_token="t-bob")
    assert "session_expired" in said(ledger, "bet", "b3", amount=1, **nobody)
    assert "player_blocked" in said(ledger, "bet", "b4", amount=1, **bob)
    assert "insufficient_funds" in said(ledger, "bet", "b5", amount=838)
    assert '"balance":1116' in said(ledger, "win", "w1", amount=279, bet_transaction_id="b1", **nobody)
    assert '"balance":1116' in said(ledger, "rollback", "r1", bet_transaction_id="b9", **nobody)
    assert "already_rolled_back" in said(ledger, "bet", "b9", amount=1)


def test_the_column_of_the_page():
    names: dict = {}
    exec(sample(PAGE, "wallet.py").replace("import psycopg", "psycopg = None"), names)
    assert isinstance(names["players"], PlayerTable)
    assert type(names["database"]) is type(postgresql(lambda: None))


def test_every_sample_is_named():
    assert all(title for title, _ in samples(PAGE))
