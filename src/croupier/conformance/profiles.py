"""What each dialect leaves open or does not have: rules that only warn, or are skipped, and why. Data."""

import tomllib
from importlib.resources import files
from typing import Literal

import msgspec

from croupier.conformance.rule import Level, Rule


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`should`: a must of the rules that this dialect leaves open. `must`: the reverse. `must_with_zero_win`: a must
    where it was agreed that a win of 0 ends a lost round. `skip`: rule -> why. `has`: abilities that rules may need.
    `money_only`: rules whose answer this API has no words for. `may_lack`: rules that only warn where what they look at
    is not there; what is there must be right. `other_decimals`: what a rule for each
    currency is where one has not two; empty = as it is.
    """

    should: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    must_with_zero_win: tuple[str, ...] = ()
    skip: dict[str, str] = {}
    has: tuple[str, ...] = ()
    money_only: tuple[str, ...] = ()
    may_lack: tuple[str, ...] = ()
    other_decimals: Literal["", "should"] = ""

    def agreed(self, round_end: str) -> "Profile":
        """For an operator whose rounds without a win end so."""
        if round_end != "zero_win":
            return self
        should = tuple(rule for rule in self.should if rule not in self.must_with_zero_win)
        return msgspec.structs.replace(self, should=should)

    def level(self, rule: Rule, *, absent: bool = False) -> Level:
        """`absent`: what the rule looks at was not there at all."""
        if rule.id in self.should or (absent and rule.id in self.may_lack):
            return "should"
        return "must" if rule.id in self.must else rule.level


PROFILES: dict[str, Profile] = msgspec.convert(
    tomllib.loads(files(__package__).joinpath("profiles.toml").read_text(encoding="utf-8")), dict[str, Profile]
)


def profile_of(dialect: str) -> Profile:
    """That of the dialect; one without its own entry is judged by the plain rules."""
    return PROFILES.get(dialect, Profile())
