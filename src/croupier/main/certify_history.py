"""`.croupier/history.jsonl`: what earlier runs found, a line each. Kept on the user's disk, sent nowhere."""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from croupier.conformance.progress import JUDGED, RED, Progress, progress
from croupier.conformance.runner import GREEN
from croupier.conformance.verdict import Result

HISTORY = Path(".croupier/history.jsonl")


def noted(url: str, results: Sequence[Result], *, whole: bool) -> tuple[str, Progress | None]:
    """Keeps this run of the wallet at `url`. The clock, where a `whole` level is green for the first time, and what
    changed; nothing of either where there is nothing to say, or no place to keep it.
    """
    now = int(time.time())
    try:
        past = _past(url)
        _add(url, now, results, whole=whole)
    except (OSError, ValueError):
        return "", None
    return (_clock([one for one in past if one.get("whole", True)], now, results) if whole else ""), progress(
        _known(past), results
    )


def _past(url: str) -> list[dict[str, Any]]:
    lines = HISTORY.read_text("utf-8").splitlines() if HISTORY.is_file() else []
    return [one for one in map(json.loads, lines) if one.get("wallet_url") == url]


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


def _known(past: Sequence[dict[str, Any]]) -> dict[str, bool]:
    """Rule -> whether it was red when it was judged last."""
    return {name: name in one["red"] for one in past if "red" in one for name in one["judged"]}


def _clock(past: Sequence[dict[str, Any]], now: int, results: Sequence[Result]) -> str:
    """Minutes and runs until all was green for the first time."""
    if not _green(results) or any(one.get("green") for one in past):
        return ""
    minutes = (now - int(past[0]["at"])) // 60 if past else 0
    return f"green after {minutes} min, {len(past) + 1} run{'s' if past else ''}"


def _green(results: Sequence[Result]) -> bool:
    return all(result.verdict in GREEN for result in results)
