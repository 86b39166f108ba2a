"""Every bad request has a code of its own, changes nothing, and is never our fault (5xx)."""

import json
import re

import asyncpg
import pytest

from api.player_refusals import PLAYER, PLAYER_READS, TOKENS
from api.refusals import OPERATOR
from croupier.domain.errors import ERRORS

pytestmark = pytest.mark.asyncio(loop_scope="module")


def filled(value, known):
    text = value if isinstance(value, str) else json.dumps(value)
    for name, real in known.items():
        text = text.replace("{" + name + "}", real)
    return text


def body_of(body, known):
    if body is None or isinstance(body, bytes):
        return body
    return (body if isinstance(body, str) else filled(body, known)).encode()


FOLLOWS = ("projector", "exchange", "workers", "alembic", "rounds", "transactions", "daily", "stopped")
"""Tables that follow the others in their own time: the journal is what counts."""


async def everything(house):
    """All rows of all tables, without the moments at which sessions were heard of; and what every wallet holds."""
    rows = {}
    async with house.worker.platform.pool.acquire() as db:
        tables = await db.fetch(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
            " AND NOT relispartition AND has_table_privilege(oid, 'SELECT')"
        )
        for name in (row[0] for row in tables):
            if not name.startswith(FOLLOWS):
                found = await db.fetch(f"SELECT (to_jsonb(t) - 'seen_at')::text FROM \"{name}\" AS t")
                rows[name] = sorted(row[0] for row in found)
    assert {"journal", "sessions", "players", "idempotency_keys"} <= set(rows)
    wallets = {host: dict(w.pages.accounts) for host, w in house.wallets.by_host.items()}
    return rows, wallets


NOTATION = re.compile(r"\[\^|A-Z|\\\\|\{\d|[$^]|regex|pattern")


def is_a_clear_refusal(answer, status, code, param):
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), problem
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["status"] == status == ERRORS[code].status
    assert problem["doc_url"] == f"/docs/errors/{code}"
    assert problem["title"]
    assert problem["detail"]
    assert problem["hint"]
    assert problem.get("param") == param
    assert not NOTATION.search(problem["detail"]), "said for people, not as a pattern"
    return problem


@pytest.mark.parametrize("row", OPERATOR, ids=[row[0] for row in OPERATOR])
async def test_an_operators_bad_request(house, casino, row):
    _, method, path, body, status, code, param = row
    await casino.player("ana")
    before = await everything(house)

    headers = {"content-type": "application/json"} if body is not None else {}
    content = body_of(body, {"player": "ana"})
    answer = await casino.call(method, filled(path, {"player": "ana"}), content=content, headers=headers)

    is_a_clear_refusal(answer, status, code, param)
    assert await everything(house) == before


@pytest.mark.parametrize("row", PLAYER, ids=[row[0] for row in PLAYER])
async def test_a_players_bad_request(house, casino, row):
    _, path, body, status, code, param = row
    await casino.player("ben")
    seat = await casino.open("ben")
    before = await everything(house)

    answer = await seat.call("POST", path, content=body_of(body, {}))

    problem = is_a_clear_refusal(answer, status, code, param)
    assert problem["money"] in ("not_placed", "placed")
    assert await everything(house) == before


@pytest.mark.parametrize("row", PLAYER_READS, ids=[row[0] for row in PLAYER_READS])
async def test_a_players_bad_read(casino, row):
    _, path, param = row
    await casino.player("ben")
    seat = await casino.open("ben")
    is_a_clear_refusal(await seat.call("GET", path), 422, "invalid_value", param)


@pytest.mark.parametrize("row", TOKENS, ids=[row[0] for row in TOKENS])
async def test_a_bad_launch_token(house, row):
    _, body, status, code = row
    before = await everything(house)
    answer = await house.http.post("/play/v1/sessions", content=body_of(body, {}))
    is_a_clear_refusal(answer, status, code, answer.json().get("param"))
    assert await everything(house) == before


async def test_a_launch_token_opens_the_game_once(house, casino):
    await casino.player("cleo")
    launched = await casino.launch("cleo")
    token = launched["launch_url"].split("token=")[1].split("&")[0]
    assert (await house.http.post("/play/v1/sessions", json={"token": token})).status_code == 201
    again = await house.http.post("/play/v1/sessions", json={"token": token})
    is_a_clear_refusal(again, 401, "launch_token_used", None)


async def test_a_launch_token_is_good_for_a_minute(house, casino):
    await casino.player("dora")
    launched = await casino.launch("dora")
    token = launched["launch_url"].split("token=")[1].split("&")[0]
    await age(house, launched["session_id"], "launch_expires_at", 61)
    answer = await house.http.post("/play/v1/sessions", json={"token": token})
    is_a_clear_refusal(answer, 401, "launch_token_expired", None)


async def age(house, session_id, column, seconds):
    moved = await house.worker.platform.pool.execute(
        f"UPDATE sessions SET {column} = {column} - $2 WHERE session_id = $1", session_id, seconds * 1_000_000
    )
    assert moved == "UPDATE 1"


async def test_without_a_token_nothing_is_shown(house):
    for path in ("/session", "/rounds", "/rounds/rd_x", "/rounds/rd_x/replay"):
        answer = await house.http.get(f"/play/v1{path}", headers={"Authorization": "Bearer pt_wrong"})
        problem = is_a_clear_refusal(answer, 401, "unauthenticated", None)
        assert "Launch the game again" in problem["hint"], "a player has no API key"
        answer = await house.http.get(f"/play/v1{path}")
        problem = is_a_clear_refusal(answer, 401, "unauthenticated", None)
        assert "Launch the game again" in problem["hint"]


async def test_an_older_window_is_told_so(casino):
    await casino.player("emma")
    older = await casino.open("emma")
    await casino.open("emma")
    answer = await older.bet("r-1")
    is_a_clear_refusal(answer, 409, "session_replaced", None)


async def test_an_ended_session_takes_no_bets_and_says_so(casino):
    await casino.player("fred")
    seat = await casino.open("fred")
    assert (await casino.call("DELETE", f"/sessions/{seat.session_id}")).status_code == 204
    assert (await casino.call("DELETE", f"/sessions/{seat.session_id}")).status_code == 204
    is_a_clear_refusal(await seat.bet("r-1"), 401, "session_expired", None)
    state = (await casino.call("GET", f"/sessions/{seat.session_id}")).json()
    assert (state["state"], state["end_reason"]) == ("ended", "operator")


async def test_more_than_the_balance_is_not_placed(casino):
    await casino.player("gina", balance=50)
    seat = await casino.open("gina")
    problem = is_a_clear_refusal(await seat.bet("r-1", 100), 402, "insufficient_funds", None)
    assert (problem["money"], problem["balance"]) == ("not_placed", 50)
    assert casino.wallet.book.balance("gina") == 50


async def test_no_message_gives_away_how_we_are_built(house, casino):
    secrets = ("asyncpg", "Traceback", "SELECT", "croupier/", "pydantic", "postgres")
    for _, method, path, body, *_ in OPERATOR:
        headers = {"content-type": "application/json"} if body is not None else {}
        answer = await casino.call(method, path, content=body_of(body, {}), headers=headers)
        assert not any(word in answer.text for word in secrets), answer.text


async def test_the_database_itself_refuses_a_second_use_of_a_launch_token(house, casino):
    """Two exchanges at the very same moment: exactly one wins, whatever the order of their statements."""
    import asyncio

    await casino.player("hugo")
    launched = await casino.launch("hugo")
    token = launched["launch_url"].split("token=")[1].split("&")[0]
    answers = await asyncio.gather(
        *(house.http.post("/play/v1/sessions", json={"token": token}) for _ in range(8)), return_exceptions=True
    )
    assert sorted(a.status_code for a in answers) == [201] + [401] * 7
    assert not isinstance(answers[0], asyncpg.PostgresError)


async def test_an_amount_is_refused_with_its_range(casino):
    await casino.player("ines")
    seat = await casino.open("ines")
    limits = {"player_id": "ines", "game_id": "krakens-hoard", "limits": {"max_bet": -1}}
    for answer in (await seat.bet("r", -1), await casino.call("POST", "/sessions", json=limits)):
        assert "0 to 9007199254740991" in answer.json()["detail"]


@pytest.mark.parametrize("said", [{"jurisdiction": "MT"}, {"jurisdiction": "CA-ON"}, {"ip": "2001:db8::1"}])
async def test_a_session_may_say_where_its_player_is(casino, said):
    await casino.player("jan")
    await casino.launch("jan", **said)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PATCH", "/players/p-1", "GET, PUT"),
        ("PATCH", "/game-sets/sea", "DELETE, GET, PUT"),
        ("OPTIONS", "/retries", "GET, POST"),
        ("PUT", "/reconciliations", "GET, POST"),
        ("TRACE", "/reconciliations", "GET, POST"),
        ("POST", "/clock", "GET"),
    ],
)
async def test_an_unknown_method_is_told_all_that_there_are(casino, method, path, allowed):
    csv = {"content-type": "text/csv"}
    answer = await casino.call(method, path, content=b"a,b\n" if "reconc" in path else b"", headers=csv)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
