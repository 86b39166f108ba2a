"""The feed of finished rounds, asked for page after page: each once, in the order in which they ended."""

from types import SimpleNamespace

from croupier.api.actions.rounds import DAY_US, SETTLED_US, list_finished
from croupier.dialects.actions import ListFinished
from croupier.domain.parties import Operator
from store.played import MONDAY
from store.test_projections import follow, journal, projections, stream, write

__all__ = ["journal", "projections"]  # pytest finds them by name

CASINO = Operator("casino", "pragmatic", "https://casino.example", ("testKey",), ("EUR",))
STRANGER = Operator("stranger", "pragmatic", "https://stranger.example", ("testKey",), ("EUR",))


async def test_every_finished_round_is_told_once(journal, projections):
    streams = [await stream(journal, name) for name in ("anna", "bert")]
    for one in streams:
        await write(journal, one.opened())
        for bet in range(1, 21):
            await write(journal, one.bet(bet), one.accepted(0))
        await write(journal, one.bet(99), one.declined(), one.bet(98))  # came to nothing; is open
    await follow(projections)
    ended = max(one.at for one in streams)
    platform = SimpleNamespace(pool=journal.pool, now=lambda: ended + SETTLED_US + 1)

    told, since = [], MONDAY
    while True:
        page = await list_finished(platform, CASINO, ListFinished(since, 7))
        assert len(page.rounds) <= 7
        assert all(since <= one.closed_at < page.until for one in page.rounds)
        told += page.rounds
        if page.until == since or not page.rounds:
            break
        since = page.until
    assert sorted(one.bet for one in told) == sorted([*range(1, 21)] * 2)
    assert len({one.round_id for one in told}) == 40
    assert [one.closed_at for one in told] == sorted(one.closed_at for one in told)
    assert (await list_finished(platform, STRANGER, ListFinished(MONDAY, 7))).rounds == ()


async def test_nothing_of_the_last_minute_and_never_more_than_a_day(journal, projections):
    one = await stream(journal, "anna")
    await write(journal, one.opened(), one.bet(1), one.accepted(0))
    await follow(projections)
    soon = SimpleNamespace(pool=journal.pool, now=lambda: one.at + SETTLED_US - 1_000_000)
    page = await list_finished(soon, CASINO, ListFinished(MONDAY, 7))
    assert (page.rounds, page.until) == ((), MONDAY)
    later = SimpleNamespace(pool=journal.pool, now=lambda: MONDAY + 30 * DAY_US)
    page = await list_finished(later, CASINO, ListFinished(MONDAY - 2 * DAY_US, 7))
    assert (page.rounds, page.until) == ((), MONDAY - DAY_US)
