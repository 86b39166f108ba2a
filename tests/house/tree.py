"""The committed files, for the tests that read the sources as text."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = {".js", ".mjs", ".py", ".ts", ".tsx"}
TEXT = CODE | {".css", ".html", ".json", ".lock", ".md", ".svg", ".toml", ".txt", ".yaml", ".yml", ""}
GENERATED = {"web/src/api.ts", "web/package-lock.json", "openapi.json"}


@cache
def committed() -> tuple[Path, ...]:
    """Paths relative to the project, as git knows them (new files that are not ignored included)."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return tuple(sorted(path for name in listing.stdout.decode().split("\0") if name and (path := Path(name))))


def texts(suffixes: set[str] = TEXT, below: str = "") -> list[tuple[str, str]]:
    """``(path, content)`` of committed text files that people write."""
    found = []
    for path in committed():
        name = path.as_posix()
        if path.suffix in suffixes and name.startswith(below) and name not in GENERATED and (ROOT / path).is_file():
            found.append((name, (ROOT / path).read_text(encoding="utf-8")))
    return found
