"""An Idempotency-Key: one effect and one answer, however often and however close together it is sent."""

import asyncio

import pytest

from croupier.domain.exchange import NoAnswer

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def sessions(house, casino):
    query = "SELECT count(*) FROM sessions WHERE operator_id = $1"
    return await house.worker.platform.pool.fetchval(query, casino.operator.operator_id)


def key(text):
    return {"Idempotency-Key": text}


async def test_the_same_request_again_gets_the_same_answer_and_no_second_effect(house, casino):
    await casino.player("ida")
    body = {"player_id": "ida", "game_id": "krakens-hoard"}
    first = await casino.call("POST", "/sessions", json=body, headers=key("k-1"))
    asked, count = len(house.wallets.calls), await sessions(house, casino)

    again = await casino.call("POST", "/sessions", json=body, headers=key("k-1"))

    assert (again.status_code, again.content) == (first.status_code, first.content) == (201, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert (len(house.wallets.calls), await sessions(house, casino)) == (asked, count)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/players/ivy", {"currency": "JPY"}),
        ("PUT", "/players/other", {"currency": "EUR"}),
        ("POST", "/demo-sessions", {"game_id": "krakens-hoard", "currency": "EUR"}),
    ],
    ids=["another body", "another address", "another call"],
)
async def test_the_key_of_another_request_is_refused(casino, method, path, body):
    await casino.call("PUT", "/players/ivy", json={"currency": "EUR"}, headers=key("k-2"))
    answer = await casino.call(method, path, json=body, headers=key("k-2"))
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")


async def test_ten_at_once_have_one_effect(house, casino):
    await casino.player("jo")
    before = await sessions(house, casino)
    body = {"player_id": "jo", "game_id": "krakens-hoard"}
    answers = await asyncio.gather(
        *(casino.call("POST", "/sessions", json=body, headers=key("k-3")) for _ in range(10))
    )
    done = [a for a in answers if a.status_code == 201]
    assert {a.status_code for a in answers} <= {201, 409}
    assert {a.json()["code"] for a in answers if a.status_code == 409} <= {"idempotency_in_flight"}
    assert len({a.json()["session_id"] for a in done}) == 1
    assert await sessions(house, casino) == before + 1


async def test_a_refused_request_leaves_the_key_free(house, casino, broken_wallet):
    await casino.player("kim")
    body = {"player_id": "kim", "game_id": "krakens-hoard"}
    broken_wallet(NoAnswer("timeout"))
    refused = await casino.call("POST", "/sessions", json=body, headers=key("k-4"))
    assert (refused.status_code, refused.json()["code"]) == (424, "wallet_unreachable")
    house.wallets.fails = None
    assert (await casino.call("POST", "/sessions", json=body, headers=key("k-4"))).status_code == 201


async def test_keys_of_two_operators_do_not_meet(house, casino):
    other = await house.casino("other")
    for one in (casino, other):
        answer = await one.call(
            "PUT", f"/players/{one.operator.operator_id}-p", json={"currency": "EUR"}, headers=key("k-5")
        )
        assert answer.status_code == 201


async def test_a_key_is_free_after_a_day(house, casino):
    await casino.call("PUT", "/players/lea", json={"currency": "EUR"}, headers=key("k-6"))
    await house.worker.platform.pool.execute(
        "UPDATE idempotency_keys SET claimed_at = claimed_at - 86400000001 WHERE key = 'k-6'"
    )
    answer = await casino.call("PUT", "/players/mia", json={"currency": "EUR"}, headers=key("k-6"))
    assert answer.status_code == 201


async def test_a_claim_of_a_process_that_died_is_taken_over(house, casino):
    await casino.call("PUT", "/players/nia", json={"currency": "EUR"}, headers=key("k-7"))
    died = "UPDATE idempotency_keys SET status = NULL, reply = NULL, claimed_at = claimed_at - $1 WHERE key = 'k-7'"
    await house.worker.platform.pool.execute(died, 0)
    body = {"json": {"currency": "EUR"}, "headers": key("k-7")}
    running = await casino.call("PUT", "/players/nia", **body)
    assert running.json()["code"] == "idempotency_in_flight"
    await house.worker.platform.pool.execute(died, 61_000_000)
    assert (await casino.call("PUT", "/players/nia", **body)).status_code == 200


async def test_two_keys_in_one_call_are_refused(house, casino):
    """Which of them counts would be a guess."""
    headers = [("Authorization", f"Bearer {casino.api_key}"), ("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    answer = await house.http.put("/api/v1/players/twice", json={"currency": "EUR"}, headers=headers)
    assert (answer.status_code, answer.json()["code"], answer.json()["param"]) == (
        *(422, "invalid_value"),
        "Idempotency-Key",
    )
    assert (await casino.call("GET", "/players/twice")).status_code == 404
