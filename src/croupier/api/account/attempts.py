"""Failed sign-ins are slowed down, per account and per address."""

from collections import OrderedDict

from croupier.api.problems import Problem

FREE = 5
"""Failures without a pause."""
FIRST_PAUSE_S = 2
LONGEST_PAUSE_S = 900
FORGOTTEN_US = 3600 * 1_000_000
REMEMBERED = 10_000


class Attempts:
    """In memory: a restart forgives, which an attacker cannot cause."""

    def __init__(self) -> None:
        self._failed: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def check(self, who: tuple[str, ...], at: int) -> None:
        """`who`: the account and the address. Refused ``too_many_requests`` while one of them has to wait."""
        for name in who:
            failures, last = self._failed.get(name, (0, 0))
            if at - last > FORGOTTEN_US:
                continue
            left = pause_s(failures) - (at - last) // 1_000_000
            if left > 0:
                raise Problem("too_many_requests", f"Too many failures. Try again in {left} s.", retry_after=left)

    def failed(self, who: tuple[str, ...], at: int) -> None:
        for name in who:
            failures, last = self._failed.pop(name, (0, 0))
            self._failed[name] = (failures + 1 if at - last <= FORGOTTEN_US else 1, at)
        while len(self._failed) > REMEMBERED:
            self._failed.popitem(last=False)

    def succeeded(self, account: str) -> None:
        self._failed.pop(account, None)


def pause_s(failures: int) -> int:
    """Seconds to wait after that many failures: none, then doubling."""
    if failures < FREE:
        return 0
    return min(LONGEST_PAUSE_S, FIRST_PAUSE_S << min(failures - FREE, 10))
