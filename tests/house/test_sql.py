"""Query texts are made of constants. What else is put into one stands here, with the reason why no input reaches it."""

import ast
import re

import pytest
from tree import texts

QUERY = re.compile(
    r"\b(SELECT\b.*\bFROM|INSERT\b.*\bINTO|UPDATE\b.*\bSET|DELETE FROM|SET LOCAL|CREATE (TEMPORARY )?TABLE"
    r"|FROM \w+ WHERE)\b",
    re.IGNORECASE | re.DOTALL,
)
CONSTANT = re.compile(r"_?[A-Z][A-Z_]*(\.\w+)?")

TABLES = "our own tables and columns, written in this file"
REASONS = {
    "croupier_wallet/ledger.py": {"again": "a choice between two texts"},
    "croupier_wallet/players.py": dict.fromkeys(
        ("', '.join(map(sql.name, columns))", "sql.name(self.table)", "sql.name(self.id)", "balance", "enough"),
        "names from the operator's own set-up; `sql.name` refuses what is no plain name",
    ),
    "croupier_wallet/schema.py": dict.fromkeys(("ids", "end"), "the words of one database or another"),
    "croupier/sandbox/pages.py": {"sign": "one of two signs", "where": "a condition written in this file"},
    "croupier/store/journal.py": dict.fromkeys(("name", "value"), "settings of the planner, from `BY_INDEX`"),
    "croupier/store/partitions.py": dict.fromkeys(("name", "_bound(first)", "_bound(first + 1)"), "a number of ours"),
    "croupier/store/projection_tables.py": dict.fromkeys(
        (
            *("table", "arrays", "added", "self.new", "types", "key", "changed", "condition"),
            *("', '.join(columns)", "', '.join(self.columns)", "', '.join(key)"),
        ),
        TABLES,
    ),
    "croupier/store/reconciliations.py": {"', '.join(Summary.__struct_fields__)": TABLES},
    "croupier/store/statistics.py": dict.fromkeys(
        (
            *("', '.join(columns)", "', '.join(groups)", "'daily' if with_players else 'daily_games'"),
            "'AND ($6::text IS NULL OR player_id = $6)' if with_players else ''",
        ),
        TABLES,
    ),
}


def put_in(tree: ast.AST) -> set[str]:
    """What is put into query texts of this module, by f-string, `+`, `%` or `format`, unless it is a constant."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and QUERY.search(_literal(node)):
            found |= {ast.unparse(part.value) for part in node.values if isinstance(part, ast.FormattedValue)}
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod) and _is_query(node.left):
            found.add(ast.unparse(node.right))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_query(node.func.value):
            found |= {ast.unparse(part) for part in (*node.args, *(k.value for k in node.keywords))}
    return {what for what in found if not CONSTANT.fullmatch(what)}


def _literal(text: ast.JoinedStr) -> str:
    return "".join(part.value for part in text.values if isinstance(part, ast.Constant))


def _is_query(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(QUERY.search(node.value))


def known(name: str) -> set[str]:
    return {what for place, reasons in REASONS.items() if name.endswith(place) for what in reasons}


SOURCES = {name: text for below in ("src/", "sdk/python/src/") for name, text in texts({".py"}, below=below)}


def test_nothing_but_constants_is_put_into_a_query():
    found = {name: put_in(ast.parse(text)) - known(name) for name, text in SOURCES.items()}
    assert not {name: what for name, what in found.items() if what}, "pass it as a parameter, or give the reason above"


@pytest.mark.parametrize("place", REASONS)
def test_each_reason_is_still_needed(place):
    (text,) = (text for name, text in SOURCES.items() if name.endswith(place))
    assert set(REASONS[place]) <= put_in(ast.parse(text))


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ('db.fetch(f"SELECT * FROM rounds WHERE player_id = {player}")', {"player"}),
        ('db.fetch("SELECT * FROM rounds WHERE player_id = " + player)', {"player"}),
        ('db.fetch("DELETE FROM rounds WHERE player_id = %s" % player)', {"player"}),
        ('db.fetch("DELETE FROM rounds WHERE player_id = {}".format(player))', {"player"}),
        ('db.fetch(f"SELECT {_COLUMNS} FROM rounds WHERE player_id = $1", player)', set()),
        ('log(f"{what} was deleted")', set()),
    ],
)
def test_the_rule_sees_what_is_put_in(code, what):
    assert put_in(ast.parse(code)) == what
