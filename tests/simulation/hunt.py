"""``python -m simulation.hunt`` (``make mutants``): lets every mistake be made, and writes down what noticed it.

With names: only those.
"""

import json
import os
import subprocess
import sys

from rich.console import Console
from rich.progress import track

from simulation.edits import EDITS, Edit
from simulation.hunts import HUNTS, KILLED, Hunt, recorded


def hunted(hunt: Hunt, before: int) -> dict[str, str] | None:
    """By which seed, beginning with the one that did it the last time."""
    seed = before if hunt.kills(before) else hunt.seed()
    if seed is None or hunt.found(seed):
        return None  # unseen, or the honest code is not clean under it: then it proves nothing
    return {"said": hunt.said, "by": f"seed {seed}", "shows": hunt.invariant}


def noticed(name: str, edit: Edit) -> dict[str, str] | None:
    """By its test, which passes on the honest code."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", edit.test]
    honest = subprocess.run(command, capture_output=True, check=False)
    edited = subprocess.run(command, capture_output=True, check=False, env={**os.environ, "CROUPIER_EDIT": name})
    killed = honest.returncode == 0 and edited.returncode == 1
    return {"said": edit.said, "by": edit.test, "shows": "test"} if killed else None


def main(only: list[str]) -> int:
    """0: all were noticed."""
    console = Console(stderr=True)
    before = recorded()
    hunts = {hunt.name: hunt for hunt in HUNTS}
    killed, alive = {name: end for name, end in before.items() if only and name in {*hunts, *EDITS}}, []
    for name in track(only or [*hunts, *EDITS], "mutants", console=console, disable=not console.is_terminal):
        if name in hunts:
            last = before.get(name, {}).get("by", "seed 0").removeprefix("seed ")
            end = hunted(hunts[name], int(last))
        else:
            end = noticed(name, EDITS[name])
        if end is None:
            alive.append(name)
            killed.pop(name, None)
            console.print(f"{name} was not noticed", style="red")
        else:
            killed[name] = end
    KILLED.write_text(
        json.dumps({name: killed[name] for name in (*hunts, *EDITS) if name in killed}, indent=1, ensure_ascii=False)
        + "\n",
        encoding="utf-8",
    )
    print(f"mutants {len(hunts) + len(EDITS)} killed {len(killed)} alive {len(alive)}")  # noqa: T201 - its result
    return 1 if alive else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
