"""Which bug of the catalogue the wallet has now, and which of its calls meet it."""

from collections import OrderedDict
from collections.abc import Iterable

from croupier.sandbox.bugs import NONE, Bug
from croupier.sandbox.finding_bugs import EVERY_BUG
from croupier.sandbox.finding_switches import OFF, bug_of

REMEMBERED = 100_000


class BugSwitch:
    def __init__(self, name: str = OFF) -> None:
        self._met: OrderedDict[str, None] = OrderedDict()
        self.switch(name)

    def switch(self, name: str, calls: Iterable[str] = ()) -> None:
        """LookupError for an unknown name. `calls`: only these kinds meet it, instead of all the bug has."""
        name = bug_of(name)
        self.bug = NONE if name == OFF else EVERY_BUG[name]
        self.name = name
        self._calls = frozenset(calls) or self.bug.calls
        self._met.clear()

    def meets(self, kind: str, call_id: str) -> tuple[Bug, bool]:
        """The bug for this attempt, `NONE` when it is spared; and whether it is the transaction's first."""
        first = call_id not in self._met
        self._met[call_id] = None
        if len(self._met) > REMEMBERED:
            self._met.popitem(last=False)
        spared = kind not in self._calls or (self.bug.first_only and not first)
        return (NONE if spared else self.bug), first
