"""Faults to switch on in the casino's wallet, to watch what the platform makes of them."""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from typing import Literal

import msgspec

Answering = Literal[
    "as it should", "late", "not at all", "with status 500", "with a page", "with a text", "with a refusal"
]

SLOW_S = 7
REMEMBERED = 100_000


class Fault(msgspec.Struct, frozen=True):
    """`calls`: which kinds it meets, each transaction at its first attempt only, so that every round finds its end.

    `moves_money`: the wallet books the call before it spoils the answer.
    """

    answers: Answering
    moves_money: bool
    calls: frozenset[str]
    title: str
    effect: str


_BET_WIN = frozenset({"bet", "win"})
_ALL = _BET_WIN | {"rollback"}

FAULTS: dict[str, Fault] = {
    "off": Fault("as it should", True, frozenset(), "Off", "The wallet answers as it should."),
    "slow": Fault(
        "late",
        True,
        _BET_WIN,
        "Slow",
        f"Money moves at once, the answer takes {SLOW_S} s: longer than the platform waits, so it rolls the bet back.",
    ),
    "lost_answers": Fault(
        "not at all",
        True,
        _ALL,
        "Lost answers",
        "Money moves, then the line is cut. A bet is rolled back; a win or rollback is sent again and counted once.",
    ),
    "http_500": Fault(
        "with status 500",
        True,
        _BET_WIN,
        "Error 500",
        "Money moves, the answer is an error. It proves nothing: the bet is rolled back, the win is sent again.",
    ),
    "html": Fault(
        "with a page",
        False,
        _BET_WIN,
        "HTML page",
        "Status 200 with a web page instead of JSON, as from a proxy in between. Nothing moved, but nobody can know.",
    ),
    "wrong_balance": Fault(
        "with a text",
        True,
        _BET_WIN,
        "Wrong balance format",
        'Money moves, the balance comes as "999.50" instead of 99950. Ill-typed, so it proves nothing.',
    ),
    "insufficient_funds": Fault(
        "with a refusal",
        False,
        frozenset({"bet"}),
        "Insufficient funds",
        "Every bet is refused. This is a clear answer: the round ends as declined and nothing is rolled back.",
    ),
}
"""What the code does and what the page says."""


class Breaker:
    """Which fault is on, for how many transactions of a hundred, and which of them it has met already."""

    def __init__(self) -> None:
        self.mode = "off"
        self.share = 100
        self.seed = 0
        self.calls = frozenset[str]()
        self._met: OrderedDict[str, None] = OrderedDict()

    def switch(self, mode: str, share: int = 100, seed: int = 0, calls: Iterable[str] = ()) -> None:
        """KeyError for an unknown mode. `calls`: only these of the kinds that the fault meets."""
        met = FAULTS[mode].calls
        self.mode, self.share, self.seed, self.calls = mode, share, seed, met & (frozenset(calls) or met)
        self._met.clear()

    def meets(self, kind: str, transaction_id: str) -> str | None:
        """The mode that spoils this attempt, or None. Which transactions it picks depends on the seed alone."""
        if kind not in self.calls or transaction_id in self._met:
            return None
        if _percent(self.seed, transaction_id) >= self.share:
            return None
        self._met[transaction_id] = None
        if len(self._met) > REMEMBERED:
            self._met.popitem(last=False)
        return self.mode


def _percent(seed: int, transaction_id: str) -> int:
    digest = hashlib.sha256(f"{seed}/{transaction_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % 100
