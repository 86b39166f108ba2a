"""The table of differences: what we hold, what the operator holds, and what to do when the two do not agree."""

from typing import Literal

import msgspec

Standing = Literal["open", "accepted", "never_held", "returning", "returned", "given_up", "suspended"]
"""Ours. `open`: asked for, no answer yet · `never_held`: declined, or rolled back without a trace of it there ·
`returning`: its rollback is on its way · `returned`: its rollback was confirmed · `given_up`: its repair met a
conflict · `suspended`: its round waits for two people."""

Theirs = Literal["held", "reversed", "absent"]
"""The operator's. `absent`: no line, or one that says it was declined."""

Code = Literal[
    "bet_not_counted",
    "bet_missing",
    "bet_reversed_there",
    "rollback_not_done",
    "win_missing",
    "win_not_owed",
    "repair_failed",
    "content_differs",
    "moved_twice",
    "unknown_transaction",
    "round_suspended",
    "settling",
]

Action = Literal["roll_back", "suspend", "resolve", "compare", "wait"]
"""`roll_back` and `suspend` are done at once; `resolve`: two people decide about the suspended round; `compare`: people
look at both sides, nothing is sent; `wait`: the next attempt ends it."""

AUTOMATIC: frozenset[Action] = frozenset({"roll_back", "suspend"})

# kind, ours, theirs, difference, action. What is not here agrees.
_ROWS: tuple[tuple[str, Standing, Theirs, Code, Action], ...] = (
    ("bet", "accepted", "absent", "bet_missing", "compare"),
    ("bet", "accepted", "reversed", "bet_reversed_there", "compare"),
    ("bet", "never_held", "held", "bet_not_counted", "roll_back"),
    ("bet", "returned", "held", "rollback_not_done", "compare"),
    ("bet", "given_up", "held", "repair_failed", "compare"),
    ("bet", "open", "held", "settling", "wait"),
    ("bet", "open", "reversed", "settling", "wait"),
    ("bet", "returning", "held", "settling", "wait"),
    ("win", "accepted", "absent", "win_missing", "compare"),
    ("win", "never_held", "held", "win_not_owed", "compare"),
    ("win", "open", "held", "settling", "wait"),
    ("rollback", "open", "held", "settling", "wait"),
    *(
        (kind, "suspended", theirs, "round_suspended", "resolve")
        for kind in ("bet", "win", "rollback")
        for theirs in ("held", "reversed", "absent")
    ),
)
_TABLE = {(kind, ours, theirs): (code, action) for kind, ours, theirs, code, action in _ROWS}


class Meaning(msgspec.Struct, frozen=True):
    """For people: what was found, and the next step."""

    title: str
    advice: str


MEANINGS: dict[Code, Meaning] = {
    "bet_not_counted": Meaning(
        "The operator holds a bet that we do not count",
        "Rolled back by itself: the bet's rollback is sent again with its own id. Look again after the next run.",
    ),
    "bet_missing": Meaning(
        "We hold a bet as accepted, the operator has nothing",
        "The operator confirmed this bet. Ask for its log of the transaction; do not ask for the money again.",
    ),
    "bet_reversed_there": Meaning(
        "The operator has given a bet back that was played",
        "Nobody here asked for it. Ask who reversed it; the round and its win stand.",
    ),
    "rollback_not_done": Meaning(
        "The operator confirmed a rollback and holds the bet all the same",
        "The player waits for this amount. The operator corrects its own book; its answer is on the round.",
    ),
    "win_missing": Meaning(
        "We hold a win as paid, the operator has nothing",
        "The operator confirmed this win. It is not sent again by itself, because a second payment could follow.",
    ),
    "win_not_owed": Meaning(
        "The operator paid a win that two people had declined",
        "Compare with the resolution of the round before anybody corrects it.",
    ),
    "repair_failed": Meaning(
        "The operator holds a bet and refused its rollback",
        "The player waits for this amount. The last answer of the wallet is on the round.",
    ),
    "content_differs": Meaning(
        "The same id has another amount, currency, player, round or kind",
        "One side changed what an id means. An unfinished round is suspended until two people resolve it.",
    ),
    "moved_twice": Meaning(
        "This id stands more than once, in one statement or on two days",
        "Money may have moved twice. The operator forgets ids, or exported a line twice: compare with its ledger.",
    ),
    "unknown_transaction": Meaning(
        "The operator has a transaction that we never made",
        "Check that the statement is yours and of this platform. After a restore this is how the lost tail is found.",
    ),
    "round_suspended": Meaning(
        "The round waits for two people",
        "Resolve it under stuck rounds; this line is the evidence.",
    ),
    "settling": Meaning(
        "Not finished on our side yet",
        "Nothing to do: the next attempt ends it.",
    ),
}


def judged(kind: str, ours: Standing, theirs: Theirs) -> tuple[Code, Action] | None:
    """None when the two sides agree."""
    return _TABLE.get((kind, ours, theirs))
