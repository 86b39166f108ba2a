"""docs/reference/wallet-rules.md: every rule that `croupier certify` tries, from the rules themselves."""

from croupier.conformance.profiles import PROFILES, Profile
from croupier.conformance.rule import GROUPS, RULES, Rule
from croupier.sandbox.rule_bugs import RULE_BUGS

HEAD = """\
# Rules of a wallet

What [`croupier certify`](../certifying.md) tries, in the order in which it does. A *must* that is broken is a FAIL, a
*should* is a WARN. A rule stands after others: when one of those fails it is BLOCKED, so that one mistake is one
finding. *Shown by* is the bug of the reference wallet that breaks this rule: `croupier sandbox --bug NAME`.

`B0` is the balance before; in amounts *bet*, *win* and *other* are 1.63, 2.79 and 0.57: no two known mistakes leave the
same balance with them.

"""


def page() -> str:
    text = HEAD
    for group in GROUPS:
        rules = [rule for rule in RULES.values() if rule.group == group]
        text += f"## {group.capitalize()}\n\n| Rule | | Otherwise | After | Causes | Shown by |\n"
        text += "|---|---|---|---|---|---|\n"
        text += "".join(map(_row, rules)) + "\n"
    text += "## By dialect\n\nWhat a dialect's own documents leave open or do not have.\n\n"
    text += "| Dialect | Rule | |\n|---|---|---|\n"
    for dialect, profile in PROFILES.items():
        text += "".join(f"| {dialect} | {rule} | must |\n" for rule in profile.must)
        text += "".join(f"| {dialect} | {rule} | should{_agreed(profile, rule)} |\n" for rule in profile.should)
        text += "".join(f"| {dialect} | {rule} | skipped: {why} |\n" for rule, why in profile.skip.items())
    return text


def _agreed(profile: Profile, rule: str) -> str:
    return "; must where a win of 0 ends a lost round" if rule in profile.must_with_zero_win else ""


def _row(rule: Rule) -> str:
    cells = (
        f"{rule.id} `{rule.address}`",
        f"{rule.requirement} *{rule.level}*",
        rule.guards,
        ", ".join(rule.after) or "–",
        " ".join(f"[{code}](../errors/{code}.md)" for code in rule.causes[:3]),
        _bug(rule),
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _bug(rule: Rule) -> str:
    """–: the reference wallet cannot break this rule yet."""
    return f"`{rule.bug}`" if rule.bug in RULE_BUGS else "–"


def fields(identifier: str) -> dict[str, str]:
    """What `croupier explain` prints of a rule."""
    rule = RULES[identifier]
    return {
        "rule": rule.id,
        "address": rule.address,
        "level": rule.level,
        "requirement": rule.requirement,
        "otherwise": rule.guards,
        "after": ", ".join(rule.prerequisites) or "–",
        "causes": ", ".join(rule.causes),
        "shown by": f"croupier sandbox --bug {rule.bug}" if rule.bug in RULE_BUGS else "–",
    }
