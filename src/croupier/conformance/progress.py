"""What a run changed since the one before."""

from collections.abc import Mapping, Sequence

import msgspec

from croupier.conformance.verdict import Result

RED = ("FAIL", "WARN")
JUDGED = ("PASS", *RED)


class Progress(msgspec.Struct, frozen=True):
    """Rules by id. What was red and is not judged now, because another rule comes first, is still red."""

    fixed: tuple[str, ...]
    new: tuple[str, ...]
    still: tuple[str, ...]

    @property
    def words(self) -> str:
        """``3 fixed: …; 1 new: …; 4 still: …``"""
        told = (("fixed", self.fixed), ("new", self.new), ("still", self.still))
        return "; ".join(f"{len(ids)} {name}: {', '.join(ids)}" for name, ids in told if ids)


def progress(before: Mapping[str, bool], results: Sequence[Result]) -> Progress | None:
    """`before`: rule -> whether it was red when it was judged last. None when no rule was."""
    if not before:
        return None
    red = [one.rule.id for one in results if one.verdict in RED]
    fixed = [one.rule.id for one in results if one.verdict == "PASS" and before.get(one.rule.id)]
    waits = [one.rule.id for one in results if one.verdict not in JUDGED and before.get(one.rule.id)]
    return Progress(
        tuple(fixed),
        tuple(one for one in red if not before.get(one)),
        tuple(one for one in red if before.get(one)) + tuple(waits),
    )
