"""The guide's pages and the samples within them, found by the title of their fence."""

import re
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>\w+)(?: title=\"(?P<title>[^\"]+)\")?\n(?P<body>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)


def samples(page: str, language: str | None = None) -> list[tuple[str | None, str]]:
    """``(title, text)`` of each fenced sample of a page, in order, without its indentation."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return [
        (found["title"], textwrap.dedent(found["body"]))
        for found in FENCE.finditer(text)
        if language in (None, found["language"])
    ]


def sample(page: str, title: str) -> str:
    """The one sample with this title."""
    (text,) = [text for name, text in samples(page) if name == title]
    return text
