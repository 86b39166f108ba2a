"""The ledger on SQLite keeps the same rules as the book in memory, also when work beside it fails."""

import asyncio

import pytest

from croupier.sandbox.ledger import Ledger
from croupier.wallet.book import Account
from croupier.wallet.calls import Bet, Context
from croupier.wallet.outcome import Accepted
from wallet.book_steps import PLAYERS, START, shown, steps
from wallet.book_stories import STORIES


@pytest.mark.parametrize("name", STORIES)
async def test_story(tmp_path, name: str):
    ledger = Ledger(tmp_path / "casino.sqlite3")
    for player_id, blocked in PLAYERS.items():
        account = Account(player_id, "EUR", START, blocked)
        await ledger.do(lambda pages, account=account: pages.put_account(account))
    for line, call, at, expected in steps(STORIES[name]):
        assert shown(await ledger.answer(call, at)) == expected, line
    await ledger.close()


async def test_work_that_fails_takes_only_itself_back(tmp_path):
    ledger = Ledger(tmp_path / "casino.sqlite3")
    await ledger.do(lambda pages: pages.put_account(Account("p", "EUR", 1000)))
    who = Context("p", "s", "g", "EUR")

    def fails(pages) -> None:
        pages.put_account(Account("p", "EUR", 5))
        raise LookupError("on purpose")

    results = await asyncio.gather(
        ledger.answer(Bet(who, "b1", "rd1", 100, 0), 0),
        ledger.do(fails),
        ledger.answer(Bet(who, "b2", "rd2", 100, 0), 0),
        return_exceptions=True,
    )
    assert results[0] == Accepted(900, "casino-1")
    assert isinstance(results[1], LookupError)
    assert results[2] == Accepted(800, "casino-2")
    await ledger.close()


async def test_references_are_never_given_twice(tmp_path):
    path, given = tmp_path / "casino.sqlite3", []
    for run in range(3):
        ledger = Ledger(path)
        if run == 0:
            await ledger.do(lambda pages: pages.put_account(Account("p", "EUR", 250)))
        for n in range(2):
            # The third of these is declined and has no reference.
            outcome = await ledger.answer(Bet(Context("p", "s", "g", "EUR"), f"b{run}-{n}", "rd", 100, 0), 0)
            if isinstance(outcome, Accepted):
                given.append(outcome.operator_reference)
        if run == 1:
            await ledger.do(lambda pages: pages.put_account(Account("p", "EUR", 250)))
        await ledger.close()
    assert len(given) == len(set(given)) == 4
