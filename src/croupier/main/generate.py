"""Writes everything that is made from the code: reference pages, error pages, openapi.json, .env.example.

``python -m croupier.main.generate`` writes, ``--check`` only says what is not fresh (exit code 1).
"""

import json
import sys
from pathlib import Path

from croupier.api.operator.app import openapi_document
from croupier.main.reference import (
    command_page,
    currency_page,
    dialect_pages,
    error_pages,
    finding_pages,
    game_pages,
    lifecycle_page,
    mutants_page,
    rules_page,
    settings_page,
    wallet_bugs_page,
)

ROOT = Path(__file__).resolve().parents[3]

# Folders in which every file is generated: one that no source asks for any more is removed.
OWNED = ("docs/dialects", "docs/errors", "docs/games")


def generated() -> dict[str, str]:
    """Path from the project's root -> text."""
    return {
        **{f"docs/dialects/{name}": text for name, text in dialect_pages.pages().items()},
        **{f"docs/errors/{name}": text for name, text in error_pages.pages().items()},
        **{f"docs/errors/{name}": text for name, text in finding_pages.pages().items()},
        **{f"docs/games/{name}": text for name, text in game_pages.pages().items()},
        "docs/reference/command-line.md": command_page.page(),
        "docs/reference/currencies.md": currency_page.page(),
        "docs/reference/round-lifecycle.md": lifecycle_page.page(),
        "docs/reference/mutants.md": mutants_page.page(ROOT),
        "docs/reference/settings.md": settings_page.page(),
        "docs/reference/wallet-rules.md": rules_page.page(),
        "docs/reference/wallet-bugs.md": wallet_bugs_page.page(),
        ".env.example": settings_page.example(),
        "openapi.json": json.dumps(openapi_document(), indent=1, ensure_ascii=False) + "\n",
    }


def stale(root: Path, wanted: dict[str, str]) -> list[str]:
    """Paths whose content differs from what the code says, and files that should no longer exist."""
    changed = [path for path, text in wanted.items() if read(root / path) != text]
    return sorted(changed) + left_over(root, wanted)


def left_over(root: Path, wanted: dict[str, str]) -> list[str]:
    present = [
        file.relative_to(root).as_posix() for folder in OWNED for file in (root / folder).rglob("*") if file.is_file()
    ]
    return sorted(path for path in present if path not in wanted)


def read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def write(root: Path, wanted: dict[str, str]) -> None:
    for path in left_over(root, wanted):
        (root / path).unlink()
    for path, text in wanted.items():
        if read(root / path) != text:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")


def main(*, check: bool) -> int:
    """0: all is fresh now. 1: `check`, and something was not."""
    wanted = generated()
    different = stale(ROOT, wanted)
    if not check:
        write(ROOT, wanted)
    for path in different:
        print(f"{path}: {'is not fresh; run make generate and look at the difference' if check else 'written'}")
    return 1 if check and different else 0


if __name__ == "__main__":
    raise SystemExit(main(check="--check" in sys.argv[1:]))
