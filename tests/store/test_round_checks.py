"""The second guard: what a finished round must be is a constraint of the table as well."""

import uuid

import asyncpg
import pytest

from croupier.store.connect import Connection, connect

GOOD_ROUND = {
    "round_id": "rd",
    "seat_id": uuid.UUID(int=1),
    "seq": 1,
    "operator_id": "o",
    "player_id": "p",
    "game_id": "g",
    "game_version": "1",
    "session_id": "s",
    "bet_mode": "base",
    "state": "closed",
    "cause": None,
    "stake": 1,
    "bet": 1,
    "win": 5,
    "paid": 5,
    "pending": 0,
    "steps": 1,
    "currency": "EUR",
    "opened_at": 1,
    "changed_at": 2,
    "closed_at": 2,
}


@pytest.mark.parametrize(
    ("changed", "refused_by"),
    [
        ({}, None),
        ({"paid": 0, "cause": "conflict"}, None),
        ({"state": "paying", "closed_at": None, "paid": 0, "pending": 1}, None),
        ({"state": "declined", "bet": 0, "win": 0, "paid": 0}, None),
        ({"paid": 0, "cause": "summed"}, None),
        ({"cause": "summed"}, "summed_paid_nothing"),
        ({"paid": 0}, "closed_has_paid"),
        ({"pending": 1}, "finished_owes_nothing"),
        ({"closed_at": None}, "finished_has_an_end"),
        ({"state": "paying"}, "finished_has_an_end"),
        ({"state": "declined"}, "declined_moved_nothing"),
        ({"state": "cancelled", "cause": "unknown_bet"}, "cancelled_gave_back"),
        ({"bet": -1}, "rounds_bet_check"),
    ],
)
async def test_the_second_guard_is_in_the_database(
    postgres_dsn: str, changed: dict[str, object], refused_by: str | None
) -> None:
    connection: Connection = await connect(postgres_dsn, "test")
    row = {**GOOD_ROUND, **changed}
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    insert = connection.execute(f"INSERT INTO rounds ({', '.join(row)}) VALUES ({places})", *row.values())
    if refused_by is None:
        await insert
    else:
        with pytest.raises(asyncpg.CheckViolationError, match=refused_by):
            await insert
    await connection.close()
