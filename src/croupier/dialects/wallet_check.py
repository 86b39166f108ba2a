"""The action by which an API has its operator's wallet checked."""

from dataclasses import dataclass

import msgspec

from croupier.dialects.actions import Action


class CheckedRule(msgspec.Struct, frozen=True, kw_only=True):
    """`verdict`: PASS, WARN, FAIL, BLOCKED, SKIP or ERROR. The rest is in words, and empty where there is nothing."""

    rule_id: str
    requirement: str
    verdict: str
    expected: str = ""
    got: str = ""
    note: str = ""
    cause: str = ""
    fix: str = ""


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """A check of the operator's wallet. `why`: it ended before all was judged. `url`: where all of it is shown."""

    green: bool
    why: str
    rules: tuple[CheckedRule, ...]
    url: str


@dataclass(frozen=True, slots=True)
class CheckWallet(Action[Checked]):
    """Tries these rules, and those that they stand on, against the operator's wallet, with this player; waits for it.

    Refused ``certification_running``, ``players_needed``, ``too_many_requests``.
    """

    rules: tuple[str, ...]
    player_id: str
    currency: str
    operator_token: str | None = None
