"""`--watch`: waits until the wallet's code may have changed: a file in the folders that are watched, or Enter."""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

EVERY_S = 0.3
STILL_S = 0.5
"""An editor, or a build, that goes on writing is waited for."""
IGNORED = {".git", ".venv", "venv", "node_modules", "__pycache__", ".croupier", ".pytest_cache", ".mypy_cache"}
SUFFIXES_IGNORED = {".pyc", ".log", ".db", ".sqlite3", ".db-wal", ".db-shm", ".sqlite3-wal", ".sqlite3-shm"}


def files(paths: Sequence[Path]) -> Iterator[Path]:
    """What people write: no hidden folders, no packages, no database that the wallet itself writes to."""
    for path in paths:
        if path.is_file():
            yield path
        elif path.is_dir():
            yield from files([one for one in sorted(path.iterdir()) if one.name not in IGNORED and _counts(one)])


def _counts(path: Path) -> bool:
    return path.is_dir() or path.suffix not in SUFFIXES_IGNORED


def seen(paths: Sequence[Path]) -> dict[Path, tuple[int, int]]:
    found = {}
    for file in files(paths):
        try:
            told = file.stat()
        except OSError:
            continue  # it went away meanwhile
        found[file] = (told.st_mtime_ns, told.st_size)
    return found


async def told(paths: Sequence[Path], before: dict[Path, tuple[int, int]]) -> str:
    """What changed since `before`, in words. Never ends without a file or Enter."""
    enter, loop = asyncio.Event(), asyncio.get_running_loop()
    keys = sys.stdin is not None and sys.stdin.isatty()

    def pressed() -> None:
        sys.stdin.readline()
        enter.set()

    if keys:
        loop.add_reader(sys.stdin, pressed)
    try:
        while not enter.is_set():
            now = seen(paths)
            changed = sorted({one for one in now.keys() | before.keys() if now.get(one) != before.get(one)})
            if changed:
                await asyncio.sleep(STILL_S)
                more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
                return f"{changed[0]}{more} changed"
            await asyncio.sleep(EVERY_S)
    finally:
        if keys:
            loop.remove_reader(sys.stdin)
    return "Enter"
