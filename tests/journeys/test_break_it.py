"""Every switch of Break it: what the player is told about the money, and where the round ends."""

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest

from journeys.books import differences
from journeys.players import SETTLING, Player, perform, sit, table, until_answered


@dataclass(frozen=True)
class Case:
    """`told`: the answer's code and `money`; `ends`: the state in which the round comes to rest."""

    mode: str
    told: tuple[str, str] | None
    ends: str


# The first attempt of each transaction is broken. A spin without a win makes one call, so `paying` may not occur.
CASES = (
    Case("off", None, "closed"),
    Case("slow", ("wallet_unknown", "not_placed"), "cancelled"),
    Case("lost_answers", ("wallet_unknown", "being_checked"), "cancelled"),
    Case("http_500", ("wallet_unknown", "not_placed"), "cancelled"),
    Case("html", ("wallet_unknown", "not_placed"), "cancelled"),
    Case("wrong_balance", ("wallet_unknown", "not_placed"), "cancelled"),
    Case("insufficient_funds", ("insufficient_funds", "not_placed"), "declined"),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.mode)
def test_the_player_is_told_what_happened_to_the_money(demo: dict[str, Any], case: Case) -> None:
    (player,) = table(demo, 1, seed=100 + CASES.index(case))
    status, answer, end = perform(_spin(player, case.mode))
    if case.told is None:
        assert status == 200
    else:
        assert status in (402, 424)
        assert (answer["code"], answer["money"]) == case.told
        assert len(answer["detail"]) > 30, "a sentence, not a code"
    assert end["state"] == case.ends
    assert perform(differences(demo["data"], f"p{100 + CASES.index(case)}-")) == []


async def _spin(player: Player, mode: str) -> tuple[int, dict[str, Any], dict[str, Any]]:
    await sit([player])
    await player.casino.call("POST", "/break", {"mode": mode})
    try:
        answered = await player.platform.call(
            "POST", "/play/v1/rounds", {"request_id": "one", "bet": 100}, player.token
        )
        assert answered is not None, "the platform answers whatever the wallet does"
        status, answer = answered
        for _ in range(200):
            seen = await player.platform.call("GET", f"/play/v1/rounds/{answer['round_id']}", token=player.token)
            assert seen is not None
            if seen[1]["state"] not in SETTLING:
                return status, answer, seen[1]
            await asyncio.sleep(0.1)
        raise AssertionError(f"the round stays {seen[1]['state']}")
    finally:
        await player.casino.call("POST", "/break", {"mode": "off"})
        await _answers_again(player)


async def _answers_again(player: Player) -> None:
    """So many unclear answers may stop new bets for a while, and should. Three that are taken show that it is over."""
    taken = 0
    for number in range(200):
        spin = {"request_id": f"calm-{number}", "bet": 100}
        answered = await player.platform.call("POST", "/play/v1/rounds", spin, player.token)
        taken = taken + 1 if answered is not None and answered[0] == 200 else 0
        if taken == 3:
            return
        await asyncio.sleep(0.25)
    raise AssertionError(f"no bet is taken any more: {answered}")


def test_a_repeated_request_gets_the_same_answer_and_moves_no_money(demo: dict[str, Any]) -> None:
    (player,) = table(demo, 1, seed=200)
    first, second, other = perform(_twice(player))
    assert first == second
    assert other[0] == 409
    assert other[1]["code"] == "request_id_reused"
    assert perform(differences(demo["data"], "p200-")) == []


async def _twice(player: Player) -> tuple[Any, Any, Any]:
    await sit([player])
    body = {"request_id": "same", "bet": 100}
    first = await player.platform.call("POST", "/play/v1/rounds", body, player.token)
    second = await player.platform.call("POST", "/play/v1/rounds", body, player.token)
    other = await player.platform.call("POST", "/play/v1/rounds", {**body, "bet": 200}, player.token)
    return first, second, other


def test_ten_spins_at_once_in_one_session_are_one_round(demo: dict[str, Any]) -> None:
    """The wallet is slow, so that the first bet is still on its way when the others arrive."""
    (player,) = table(demo, 1, seed=300)
    answers, rounds = perform(_at_once(player))
    assert sorted((status, answer["code"]) for status, answer in answers) == [
        *[(409, "round_in_progress")] * 9,
        (424, "wallet_unknown"),
    ]
    assert {answer["round_id"] for _, answer in answers} == {rounds[0]["round_id"]}
    assert len(rounds) == 1
    assert perform(differences(demo["data"], "p300-")) == []


async def _at_once(player: Player) -> tuple[list[tuple[int, Any]], list[dict[str, Any]]]:
    """The ten answers, and all rounds of the player as its casino sees them."""
    await sit([player])
    await player.casino.call("POST", "/break", {"mode": "slow"})
    try:
        spins = ({"request_id": f"at-once-{n}", "bet": 100} for n in range(10))
        calls = (player.platform.call("POST", "/play/v1/rounds", spin, player.token) for spin in spins)
        heard = await asyncio.gather(*calls)
    finally:
        await player.casino.call("POST", "/break", {"mode": "off"})
    path = f"/api/v1/rounds?player_id={player.player_id}"
    rounds = await until_answered(player.platform, "GET", path, token=player.api_key)
    answers = [answered for answered in heard if answered is not None]
    assert len(answers) == 10, "the platform answers whatever the wallet does"
    return answers, rounds["items"]
