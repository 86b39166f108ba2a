"""``python -m fuzz.run``: one case again, or all targets in turn until the time is up; finds go to .fuzz."""

import argparse
import time
import traceback
from pathlib import Path

from fuzz.target import Found, Session
from fuzz.targets import TARGETS

KEPT = Path(".fuzz")
TURN = 200
"""Cases of a target before the next one has its turn."""


def place_of(found: Found) -> tuple[str, str, int]:
    """Where it was raised: the same place is told once."""
    last = traceback.extract_tb(found.error.__traceback__)[-1]
    return type(found.error).__name__, last.filename, last.lineno or 0


def shown(found: Found) -> str:
    case = found.case
    trace = "".join(traceback.format_exception(found.error))
    return f"{case.target}: {case.of.name}\n{case.data[:2000]!r}\n{trace}\nagain: {case.replay}\n"


def keep(found: Found) -> None:
    KEPT.mkdir(exist_ok=True)
    name = f"{found.case.target.replace('/', '-')}-{found.case.seed}-{found.case.number}"
    (KEPT / f"{name}.bin").write_bytes(found.case.data)
    (KEPT / f"{name}.txt").write_text(shown(found), "utf-8", "backslashreplace")


def long(names: list[str], seed: int, minutes: float) -> int:
    sessions = [Session(TARGETS[name], seed) for name in names]
    places: set[tuple[str, str, int]] = set()
    until, number = time.monotonic() + minutes * 60, 0
    while time.monotonic() < until:
        for session in sessions:
            for one in range(number, number + TURN):
                found = session.run(one)
                if found is not None and place_of(found) not in places:
                    places.add(place_of(found))
                    keep(found)
                    print(shown(found))  # noqa: T201 - a command prints
        number += TURN
    print(f"seed {seed}: {number:,} cases of each of {len(sessions)} targets, {len(places)} findings")  # noqa: T201 - a command prints
    return 1 if places else 0


def main() -> int:
    asked = argparse.ArgumentParser(prog="fuzz.run", description=__doc__, epilog="Targets: " + ", ".join(TARGETS))
    asked.add_argument("target", nargs="*", choices=[[], *TARGETS], metavar="TARGET", help="none = all of them")
    asked.add_argument("--seed", type=int, default=0, help="0 = of the clock; it is printed")
    asked.add_argument("--case", type=int, help="only this one")
    asked.add_argument("--minutes", type=float, default=10, help="of all targets in turn (default 10)")
    given = asked.parse_args()
    names, seed = given.target or list(TARGETS), given.seed or time.time_ns() % 1_000_000_007
    if given.case is None:
        return long(names, seed, given.minutes)
    for name in names:
        session = Session(TARGETS[name], seed)
        case, _ = session.case(given.case)
        found = session.run(given.case)
        print(f"{name}: {case.of.name}\n{case.data[:2000]!r}\n{dict(session.said)}" if found is None else shown(found))  # noqa: T201 - a command prints
        if found is not None:
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
