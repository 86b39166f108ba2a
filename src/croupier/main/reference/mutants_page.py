"""docs/reference/mutants.md: which mistakes were made on purpose, and what noticed them; from the last long run."""

import json
from pathlib import Path

INTRODUCTION = """\
# Mistakes made on purpose

A checker that finds nothing may be blind. So each of these mistakes is made in the code, one at a time, and must be
noticed: most by the [simulator](../explanation/simulation.md) alone, the rest by the named test. `make mutants` makes
all of them, looks for the seed or runs the test, and writes this page; the tests make those of the simulator again at
every change. *Shows as* is the [invariant](../explanation/simulation.md#what-the-auditor-checks) that was broken.

| Mistake | Shows as | Noticed by |
|---|---|---|
"""
WAITING = """
Not made yet, because what they would break does not exist yet: M-23 (minimum time of a game cycle) and M-24
(jackpots).
"""


def page(root: Path) -> str:
    killed = json.loads((root / "tests/simulation/killed.json").read_text(encoding="utf-8"))
    rows = sorted(killed.values(), key=lambda row: (not row["said"].startswith("M-"), row["said"][:4]))
    return INTRODUCTION + "".join(f"| {row['said']} | {row['shows']} | `{row['by']}` |\n" for row in rows) + WAITING
