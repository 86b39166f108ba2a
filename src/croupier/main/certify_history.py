"""`.croupier/history.jsonl`: what earlier runs found, a line each. Kept on the user's disk, sent nowhere."""

import json
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from croupier.conformance.progress import JUDGED, RED, Progress, progress
from croupier.conformance.runner import GREEN
from croupier.conformance.verdict import Result

HISTORY = Path(".croupier/history.jsonl")


class Run(msgspec.Struct, frozen=True):
    """`at` in seconds; `red` and `judged`: ids of rules, which the first releases did not note."""

    at: int
    wallet_url: str
    green: bool = False
    whole: bool = True
    red: tuple[str, ...] = ()
    judged: tuple[str, ...] = ()


_decode = msgspec.json.Decoder(Run).decode


def noted(url: str, results: Sequence[Result], *, whole: bool) -> tuple[str, Progress | None]:
    """Keeps this run of the wallet at `url`. The clock, where a `whole` level is green for the first time, and what
    changed; nothing of either where there is nothing to say, or no place to keep it.
    """
    now = int(time.time())
    try:
        past = _past(url)
        _add(url, now, results, whole=whole)
    except OSError:
        return "", None
    return (_clock([one for one in past if one.whole], now, results) if whole else ""), progress(_known(past), results)


def _past(url: str) -> list[Run]:
    lines = HISTORY.read_bytes().splitlines() if HISTORY.is_file() else []
    return [one for one in map(_run, lines) if one is not None and one.wallet_url == url]


def _run(line: bytes) -> Run | None:
    """None for a line that was torn, or written by somebody else: a run is not worth the report of the next."""
    try:
        return _decode(line)
    except (ValueError, RecursionError):
        return None


def _add(url: str, now: int, results: Sequence[Result], *, whole: bool) -> None:
    HISTORY.parent.mkdir(parents=True, exist_ok=True)
    line = {
        "at": now,
        "wallet_url": url,
        "green": _green(results),
        "rules": len(results),
        "whole": whole,
        "red": [one.rule.id for one in results if one.verdict in RED],
        "judged": [one.rule.id for one in results if one.verdict in JUDGED],
    }
    with HISTORY.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def _known(past: Sequence[Run]) -> dict[str, bool]:
    """Rule -> whether it was red when it was judged last."""
    return {name: name in one.red for one in past for name in one.judged}


def _clock(past: Sequence[Run], now: int, results: Sequence[Result]) -> str:
    """Minutes and runs until all was green for the first time."""
    if not _green(results) or any(one.green for one in past):
        return ""
    minutes = (now - past[0].at) // 60 if past else 0
    return f"green after {minutes} min, {len(past) + 1} run{'s' if past else ''}"


def _green(results: Sequence[Result]) -> bool:
    return all(result.verdict in GREEN for result in results)
