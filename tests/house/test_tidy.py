"""The house rules that a machine can read: sizes, names, secrets, and integers where money is."""

import ast
import re
from pathlib import Path

import pytest
from tree import CODE, ROOT, TEXT, committed, texts

LINES_MAX = 400
VAGUE = {"common", "core", "helper", "helpers", "manager", "managers", "misc", "service", "services", "util", "utils"}

KINDS = TEXT | {".cjs", ".example", ".jsonl", ".npmrc", ".php", ".png", ".sql", ".typed"}

# Where an amount, a multiplier or a probability lives.
EXACT = ("dialects", "domain", "games", "ledger", "rounds", "wallet")

# The shell that the simulator runs unchanged: it may await only what `World` gives it.
SIMULATED = ("runtime/round_runner.py", "runtime/recovery.py", "store/memory.py")
REAL_WORLD = {"time", "datetime", "random", "secrets", "socket", "ssl", "threading", "subprocess"}

SECRETS = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "a live API key": re.compile(r"sk_live_[A-Za-z0-9_-]{20,}"),
    "a path of somebody's machine": re.compile(r"(?<![\w.])/(?:home|Users)/[a-z][\w-]*/"),
}

PUBLIC = {"tests/dialects/hub88/operator.yaml"}
"""Holds a throw-away key that signs the wire examples."""


def test_no_file_is_too_long_to_hold_in_mind():
    too_long = {name: n for name, text in texts(CODE) if (n := text.count("\n")) > LINES_MAX}
    assert not too_long, "look for the second noun in these"


def test_no_vague_names():
    vague = [str(path) for path in committed() if {part.split(".")[0].lower() for part in path.parts} & VAGUE]
    assert not vague, "name what it does"


def test_only_what_people_write_is_committed():
    """A wheel that pip had left in the folder was, once."""
    assert not [str(path) for path in committed() if path.suffix not in KINDS]


@pytest.mark.parametrize("what", SECRETS)
def test_nothing_private_is_committed(what):
    assert not [name for name, text in texts() if SECRETS[what].search(text) and str(name) not in PUBLIC]


def floats_in(tree: ast.AST) -> list[int]:
    """Lines with a float literal, the name `float` (unless compared with, to refuse one), or a true division.

    Where fractions are imported a division is theirs: mypy knows the difference.
    """
    refused = {id(side) for node in ast.walk(tree) if isinstance(node, ast.Compare) for side in node.comparators}
    fractions = "fractions" in imports_of(tree)
    return [
        node.lineno
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id == "float" and id(node) not in refused)
        or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and not fractions and not is_path(node))
    ]


def is_path(node: ast.BinOp) -> bool:
    """A quotient of paths: something in it is a text or a call of `Path` or `files`."""
    return any(
        (isinstance(part, ast.Call) and ast.unparse(part.func).split(".")[-1] in {"Path", "files"})
        or (isinstance(part, ast.Constant) and isinstance(part.value, str))
        for part in ast.walk(node)
    )


def imports_of(tree: ast.AST) -> set[str]:
    """Top-level names of all imported modules."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("package", EXACT)
def test_no_float_near_money(package):
    found = [
        f"{name}:{line}"
        for name, text in texts({".py"}, below=f"src/croupier/{package}/")
        for line in floats_in(ast.parse(text))
    ]
    assert not found


@pytest.mark.parametrize(
    ("code", "is_float"),
    [
        ("rate = 0.5", True),
        ("win = float(amount)", True),
        ("half = amount / 2", True),
        ("half = amount // 2", False),
        ("refused = kind is float", False),
        ("from fractions import Fraction\nrtp = Fraction(paid) / staked", False),
        ("from fractions import Fraction\nrtp = Fraction(0.96)", True),
        ("folder = Path('games') / name", False),
    ],
)
def test_the_float_rule_sees_floats(code, is_float):
    assert bool(floats_in(ast.parse(code))) is is_float


@pytest.mark.parametrize("name", SIMULATED)
def test_what_is_simulated_never_reaches_past_the_world(name):
    tree = ast.parse((ROOT / "src/croupier" / name).read_text(encoding="utf-8"))
    assert not imports_of(tree) & REAL_WORLD
    # `asyncio.timeout` is fine: it reads the loop's clock, which the simulation replaces as well.
    named = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert "asyncio.sleep" not in named, "sleep through World.clock"


def test_every_python_file_is_found():
    """The rules above read what git lists: they would be hollow if it listed nothing."""
    assert Path("src/croupier/domain/money.py") in committed()
