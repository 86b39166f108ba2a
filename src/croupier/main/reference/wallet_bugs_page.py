"""docs/reference/wallet-bugs.md: the catalogue of misbehaving wallets, and where each leads."""

from croupier.sandbox.bugs import BUGS, Bug, End

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


def page() -> str:
    return INTRODUCTION + HEAD + "".join(row(name, bug) for name, bug in BUGS.items())


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
