"""docs/reference/wallet-bugs.md: the catalogue of misbehaving wallets, where each leads, and which finding it shows."""

from croupier.diagnosis.catalogue import CATALOGUE
from croupier.sandbox.bugs import BUGS, Bug, End
from croupier.sandbox.finding_bugs import EVERY_BUG
from croupier.sandbox.finding_switches import IN_THE_LOG, NOT_SHOWN, SHOWN_BY

INTRODUCTION = """\
# Wallets that misbehave

Real wallets have bugs. The reference wallet can have each of these, alone: `croupier sandbox --bug NAME` starts it so,
`croupier sandbox --list-bugs` lists them, and `POST /bug {"name": …}` switches while it runs.

The platform meets every one of them in its own tests (`tests/zoo/test_zoo.py`), over real HTTP, with its production
settings; clocks are stepped, so that hours take moments. *Alarm*: people are told 1 minute, 15 minutes and 4 hours
after the first sending, and at once when the wallet plainly refuses what is owed. *Books differ*: the casino holds what
our ledger does not; `croupier reconcile` finds it in the casino's statement under that name. Everywhere else both books
are equal to the minor unit, and it finds nothing.

"""
HEAD = "| Wallet | What it does | Rule it breaks | Where the round ends | Shown by |\n|---|---|---|---|---|\n"
BY_FINDING = """
## By finding

`croupier sandbox --bug crp-json-003`, with the code of any [finding](../errors/findings.md) of this table, starts the
wallet with the bug that shows it: the rule named beside it breaks, and `croupier certify` tells this cause first.

| Finding | | Bug | Rule |
|---|---|---|---|
"""
BY_NO_WALLET = """
No wallet can show these:

| Finding | | Why |
|---|---|---|
"""


def page() -> str:
    text = INTRODUCTION + HEAD + "".join(row(name, bug) for name, bug in BUGS.items())
    text += BY_FINDING + "".join(shown(code, name) for code, name in SHOWN_BY.items())
    return (
        text
        + BY_NO_WALLET
        + "".join(f"| {link(code)} | {CATALOGUE[code].title} | {why} |\n" for code, why in NOT_SHOWN.items())
    )


def shown(code: str, name: str) -> str:
    bug = EVERY_BUG[name]
    rule = "seen in the API log, where signed answers are agreed" if code in IN_THE_LOG else bug.breaks
    only = f", with `--dialect {bug.dialect}`" if bug.dialect not in ("", "native") else ""
    return f"| {link(code)} | {CATALOGUE[code].title} | `{name}`{only} | {rule} |\n"


def link(code: str) -> str:
    return f"[{code}](../errors/{code}.md)"


def row(name: str, bug: Bug) -> str:
    ends = [(call, end) for call, end in (("bet", bug.on_bet), ("win", bug.on_win)) if end is not None]
    told = " ".join(f"Met by a {call}: {ended(end)}." for call, end in ends)
    cells = [
        f"{bug.wallet} `{name}`",
        bug.does,
        bug.breaks,
        " ".join(part for part in (told, bug.note) if part),
        "<br>".join(f"`{test}`" for test in tests(name, bug)),
    ]
    return f"| {' | '.join(cells)} |\n"


def ended(end: End) -> str:
    words = f"`{end.state}`"
    if end.after_s:
        words += f" after {end.after_s} s"
    if end.alarm:
        words += " with alarm"
    if end.repaired is not None:
        words += f", then `{end.repaired}` once it is repaired"
    return words + (f", books differ: `{end.differ}`" if end.differ else "")


def tests(name: str, bug: Bug) -> list[str]:
    """`test_end[…]` for what the catalogue says; a wallet without that has a test of its own name."""
    calls = [call for call, end in (("bet", bug.on_bet), ("win", bug.on_win)) if end is not None]
    return [f"test_end[{name}-{call}]" for call in calls] or ["test_" + name.replace("-", "_")]
