"""docs/reference/settings.md and .env.example, from the fields of `Settings` and the text below each."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import msgspec

from croupier.main.settings import PREFIX, Settings

HEAD = """\
# Settings

Where a setting comes from, the first that has it: the command line, the environment, `croupier.toml` in the working
directory, the default. In `croupier.toml` the names are written without the prefix and in lower case.

| Environment | In `croupier.toml` | Default | What it does |
|---|---|---|---|
"""

TAIL = """
## Per operator

These belong to one operator and are changed with `croupier operator set ID …` while the platform runs:
wallet URL, currencies, origins that may frame the games, time-out, signed answers. `croupier operator set --help` lists
what can be changed.
"""


def page() -> str:
    rows = "".join(
        f"| `{PREFIX}{name.upper()}` | `{name}` | {shown(default)} | {text} |\n" for name, default, text in fields()
    )
    return HEAD + rows + TAIL


def example() -> str:
    """.env.example: every setting with its default, commented out."""
    lines = ["# Settings of croupier serve, with their defaults. docs/reference/settings.md says more.\n"]
    for name, default, text in fields():
        lines.append(f"# {text.replace('`', '')}\n# {PREFIX}{name.upper()}={default}\n")
    return "\n".join(lines)


def fields() -> Iterator[tuple[str, object, str]]:
    """``(name, default, text)``; the text is the string that follows the field in the source."""
    texts = field_texts()
    for field in msgspec.structs.fields(Settings):
        yield field.name, field.default, texts[field.name]


def field_texts() -> dict[str, str]:
    body = ast.parse(inspect.getsource(Settings)).body[0]
    assert isinstance(body, ast.ClassDef)
    return {
        field.target.id: " ".join(text.value.value.split()).replace("``", "`")
        for field, text in zip(body.body, body.body[1:], strict=False)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }


def shown(default: object) -> str:
    if default in ("", None):
        return "empty"
    return f"`{default.as_posix() if isinstance(default, Path) else default}`"
