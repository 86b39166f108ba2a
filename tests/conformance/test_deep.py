"""`--deep`: the correct wallet ends every story right; a broken one is shown the shortest that it ends wrong."""

import asyncio

import pytest

from conformance.kit import reference_wallet, wallet_of
from croupier.conformance.deep import tell_stories
from croupier.conformance.formats import in_lines


@pytest.fixture(scope="module")
def casino(tmp_path_factory):
    with reference_wallet(tmp_path_factory.mktemp("wallet"), "native") as running:
        yield running


async def told(casino, stories: int, seed: int = 7):
    return await asyncio.to_thread(tell_stories, lambda: wallet_of(casino, "native"), seed, stories)


async def test_the_correct_wallet_ends_every_story_right(casino):
    result = await told(casino, 15)
    assert (result.verdict, result.note) == ("PASS", "")


SHORTEST = {
    "takes-retries-again": ["bet b1 of 0.01", "bet b1 of 0.01 again"],
    "revives-bets": ["bet b1 of 0.01", "rollback of b1", "bet b1 of 0.01 again"],
}


@pytest.mark.parametrize("bug", SHORTEST)
async def test_a_broken_wallet_is_told_the_shortest_story(casino, bug):
    casino.switch_bug(bug)
    result = await told(casino, 60)
    casino.switch_bug("off")
    assert result.verdict == "FAIL"
    assert [line.partition(":")[0] for line in result.story] == SHORTEST[bug]
    lines = in_lines(result)
    assert any(line.startswith("story     bet b1") for line in lines)
    assert any("--deep --seed 7" in line for line in lines)
