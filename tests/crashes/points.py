"""The crash points C0 to C9: where in the life of a round a process dies, and how the round ends then."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Point:
    """`at`: a record's append, or the sending of a call. `of`: which record (``opens``, ``plays``) or which call.

    `when`: ``before`` it, ``during`` (the bytes have left, no answer came), ``after`` it, or ``cut``: of the record
    only the wallet's answer becomes durable, and then it dies. `ends`: how the round of a first bet may stand whose
    process died here; none: there is no such round.
    """

    at: Literal["append", "send"]
    of: str
    when: Literal["before", "during", "after", "cut"]
    ends: frozenset[str]

    def allows(self, state: str | None, *, extra: bool) -> bool:
        """`state` None: no such round. `extra`: the bet was for an action, and its round goes on in any case."""
        if extra:
            return state in (None, "in_play", "closed")
        return state in self.ends if self.ends else state is None


_NONE = frozenset[str]()
_UNDONE = frozenset({"cancelled"})
_PLAYED = frozenset({"in_play", "closed"})

POINTS = {
    "C0": Point("append", "opens", "before", _NONE),
    "C1": Point("append", "opens", "after", _UNDONE),
    "C2": Point("send", "bet", "during", _UNDONE),
    "C3": Point("send", "bet", "after", _UNDONE),
    "C4": Point("append", "plays", "cut", _PLAYED),
    "C5": Point("append", "plays", "before", _UNDONE),
    "C6": Point("append", "plays", "after", _PLAYED),
    "C7": Point("send", "win", "before", _PLAYED),
    "C7 in flight": Point("send", "win", "during", _PLAYED),
    "C8": Point("send", "win", "after", _PLAYED),
    "C9": Point("send", "rollback", "before", _UNDONE),
    "C9 in flight": Point("send", "rollback", "during", _UNDONE),
    "C9 answered": Point("send", "rollback", "after", _UNDONE),
}
