"""Whatever is said in which order, the SDK answers as the platform's reference wallet, and holds the same money."""

import itertools
import tempfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from croupier.wallet.book import Book
from croupier.wallet.calls import Balance, Bet, Context, Rollback, Win
from croupier.wallet.outcome import Accepted, Unknown
from wallet.book_steps import EXPIRES_AT, shown
from wallet_sdk.houses import House

_MEMORY = Path("/dev/shm")  # thousands of calls, and no crash among them
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def fast_house():
    with tempfile.TemporaryDirectory(prefix="croupier-", dir=_MEMORY if _MEMORY.is_dir() else None) as folder:
        yield House("sqlite", str(Path(folder) / "wallet.db")).build()


def calls(prefix: str):
    """Few ids and few amounts, so that they meet: also a bet's id for a win, a campaign now and then."""
    ids = st.integers(0, 3).map(lambda n: f"{prefix}t{n}")
    who = st.builds(
        Context,
        st.sampled_from("pqxn").map(lambda name: prefix + name),
        st.just("s"),
        st.just("g"),
        st.sampled_from(["EUR", "EUR", "EUR", "USD"]),
    )
    rounds, amounts = st.sampled_from(["rd1", "rd2"]), st.sampled_from([0, 1, 163, 837, 1000, 1001])
    campaigns = st.sampled_from([None, None, "spring"])
    return st.one_of(
        st.builds(Balance, who, st.just("c")),
        st.builds(Bet, who, ids, rounds, amounts, st.just(EXPIRES_AT), campaigns),
        st.builds(Win, who, ids, rounds, amounts, ids, st.booleans(), campaigns),
        st.builds(Rollback, who, ids, rounds, ids, st.just(0)),
    )


says = st.lists(st.tuples(calls(""), st.sampled_from([-1, 30, 31])), max_size=20)


@settings(max_examples=150, deadline=None)
@given(said=says)
def test_both_say_the_same(fast_house, said):
    prefix, book = f"x{next(_numbers)}-", Book()
    for name, blocked in (("p", False), ("q", False), ("x", True)):
        book.open_account(prefix + name, "EUR", 1000, blocked=blocked)
        fast_house.open(prefix + name, 1000, blocked=blocked)
    references: dict[str, str] = {}
    for said_call, late in said:
        call, at = prefixed(said_call, prefix), EXPIRES_AT + late * 1_000_000
        fast_house.now = at / 1_000_000
        wanted, found = book.answer(call, at), fast_house.say(call, at)
        assert told(found) == told(wanted), call
        assert balance_in(found) == balance_in(wanted), call
        if isinstance(wanted, Accepted) and wanted.operator_reference is not None:
            # Whatever the ids look like: the same where the book's is the same, another where it is another.
            known = references.setdefault(wanted.operator_reference, found.operator_reference)
            assert known == found.operator_reference
    assert len(set(references.values())) == len(references)
    for name in ("p", "q", "x"):
        assert fast_house.balance(prefix + name) == book.balance(prefix + name)


def prefixed(call, prefix):
    named = {"context": msgspec.structs.replace(call.context, player_id=prefix + call.context.player_id)}
    for field in ("transaction_id", "bet_transaction_id"):
        if hasattr(call, field):
            named[field] = prefix + getattr(call, field)
    return msgspec.structs.replace(call, **named)


def told(outcome) -> str:
    """A win whose bet is unknown proves nothing over the native wire."""
    return "not_found" if outcome == Unknown("unknown_transaction") else shown(outcome)


def balance_in(outcome) -> int | None:
    return None if told(outcome) == "not_found" else getattr(outcome, "balance", None)
