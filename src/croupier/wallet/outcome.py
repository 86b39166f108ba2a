"""What a wallet's answer means. Doubt is a value, not an exception."""

import msgspec

from croupier.domain.parties import Limits


class Accepted(msgspec.Struct, frozen=True, gc=False, tag="accepted", array_like=True):
    """The wallet did it, now or earlier. `balance` in minor units, None where the dialect has none.

    Where the operator counts free rounds: whether it took one instead of the amount, and how many are left.
    """

    balance: int | None
    operator_reference: str | None = None
    free_round_charged: bool | None = None
    free_rounds_left: int | None = None


class Introduced(Accepted, frozen=True, gc=False, tag="introduced", array_like=True):
    """Whose token it is, as its wallet says. `token`: in place of the one that was asked with.

    `limits` in minor units.
    """

    player_id: str = ""
    currency: str = ""
    token: str | None = None
    country: str | None = None
    jurisdiction: str | None = None
    limits: Limits = Limits()


class Declined(msgspec.Struct, frozen=True, gc=False, tag="declined", array_like=True):
    """Certainly no money moved. `reason`: a code of contract.md §3, or ``not_found``, ``not_sent``."""

    reason: str
    message: str = ""
    balance: int | None = None


class Unknown(msgspec.Struct, frozen=True, gc=False, tag="unknown", array_like=True):
    """Perhaps money moved. `why`: ``timeout``, ``http_500``, ``not_json``, ``wrong_currency``, …

    `retry_after_ms`: what a 429 or 503 asked for, at most 15 minutes, or the API's own rule for this answer. `alarm`:
    people hear of it at once where money is owed.
    """

    why: str
    detail: str = ""
    retry_after_ms: int | None = None
    alarm: bool = False


class Conflict(msgspec.Struct, frozen=True, gc=False, tag="conflict", array_like=True):
    """The same id with other content: only people can say what is right."""

    why: str


Outcome = Accepted | Declined | Unknown | Conflict
