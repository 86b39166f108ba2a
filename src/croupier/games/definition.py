"""A game's definition file: read without floats, brought to one canonical form, named by its hash."""

import hashlib
import json
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import msgspec

from croupier.games.game import Json


class BadDefinition(Exception):
    """The definition cannot be used. `issues`: one sentence for each fault."""

    def __init__(self, issues: list[str]) -> None:
        super().__init__("; ".join(issues))
        self.issues = issues


class Identity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The ``[game]`` table, the same for every kind of game. `version` is a label; the fingerprint is the identity."""

    id: str
    name: str
    kind: str
    version: str
    released_at: str
    volatility: str
    features: tuple[str, ...]


class _Float(str):
    """The text of a float literal, kept until its place in the file is known."""

    __slots__ = ()


def parse(text: str) -> dict[str, Json]:
    """The tree of a TOML text. BadDefinition names every float in it: multipliers and odds are whole numbers here."""
    tree = tomllib.loads(text, parse_float=_Float)
    issues = [f"{path}: {value} is a float; use whole units" for path, value in _leaves(tree) if type(value) is _Float]
    if issues:
        raise BadDefinition(issues)
    return tree


def _leaves(value: Json, path: str = "") -> Iterator[tuple[str, Json]]:
    if isinstance(value, dict):
        for key, child in value.items():
            yield from _leaves(child, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _leaves(child, f"{path}[{index}]")
    else:
        yield path, value


def read_text(package: str, name: str) -> str:
    """A file that lies beside a game's code."""
    return files(package).joinpath(name).read_text(encoding="utf-8")


def fingerprint(tree: dict[str, Any], *sources: str) -> str:
    """SHA-256 of what decides the game's behaviour: the definition without its label, and the text of its rules.

    Canonical form: keys sorted, UTF-8 JSON without spaces.
    """
    game = {key: value for key, value in tree["game"].items() if key != "version"}
    canonical = {**tree, "game": game, "sources": [hashlib.sha256(text.encode()).hexdigest() for text in sources]}
    text = json.dumps(canonical, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
