"""The store's eras, without a database: what a restore from a backup changes, and when an operator may play again.

Each restore begins an era, so that every record says on which side of it it was written.
"""

import datetime as dt
from collections.abc import Iterable

import msgspec

from croupier.domain.days import DAY_US
from croupier.domain.parties import Operator


class StoreState(msgspec.Struct, frozen=True):
    """`restored_at` in microseconds, 0 = never; `restoring`: begun and not ended."""

    era: int = 1
    restored_at: int = 0
    restoring: bool = False

    def begun(self, now: int, newest: int | None) -> "StoreState":
        """A restore is under way: no server starts. `newest`: when the last record that survived was written.

        Seats of before are known by their time, so the restore is later than all of them, also on a machine whose clock
        is behind the one that wrote them.
        """
        return StoreState(self.era + 1, max(now, (newest or 0) + 1), restoring=True)


class Uncompared(msgspec.Struct, frozen=True):
    """A day and currency of which no statement was compared since the restore."""

    day: dt.date
    currency: str


def missing(operator: Operator, restored_at: int, compared: Iterable[tuple[dt.date, str | None]]) -> list[Uncompared]:
    """What has to be compared before the operator's players may bet. `compared`: days with currency, None = all."""
    if not operator.compare_from:
        return []
    done = set(compared)
    first, last = (at // DAY_US for at in (operator.compare_from, restored_at))
    days = [dt.date(1970, 1, 1) + dt.timedelta(days=day) for day in range(first, last + 1)]
    wanted = ((day, currency) for day in days for currency in operator.currencies)
    return [Uncompared(day, c) for day, c in wanted if (day, None) not in done and (day, c) not in done]
