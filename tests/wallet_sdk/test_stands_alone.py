"""The SDK needs nothing: its wheel works in an environment that has nothing else, and no file imports the platform."""

import ast
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from croupier.wallet.signature import signed_headers
from wallet_sdk.houses import SECRET

ROOT = Path(__file__).resolve().parents[2] / "sdk/python"
PACKAGE = ROOT / "src/croupier_wallet"
GLUE = {"fastapi.py": {"fastapi"}, "django.py": {"django"}, "flask.py": {"flask"}}
CODE = sorted(path for path in PACKAGE.glob("*.py"))
ALL_MAX = 650
RULES = ("signature.py", "money.py", "server.py", "ledger.py")
RULES_MAX = 310
GLUE_MAX = 40

PROGRAM = """
import sys
before = set(sys.modules)
import json, sqlite3
from croupier_wallet import PlayerTable, SqlLedger, WalletServer, sqlite

connection = sqlite3.connect("wallet.db")
connection.execute("CREATE TABLE players (id text, balance integer, currency text)")
connection.execute("INSERT INTO players VALUES ('p-1', 1000, 'EUR')")
connection.commit()
ledger = SqlLedger(sqlite("wallet.db"), PlayerTable("players"))
ledger.create_tables()
asked = json.load(sys.stdin)
server = WalletServer(ledger, [asked["secret"]], clock=lambda: asked["now"])
status, headers, body = server.handle("POST", "/bet", asked["headers"], asked["body"].encode())
others = {name.partition(".")[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names)
print(json.dumps([status, json.loads(body), sorted(others - {"croupier_wallet"})]))
"""


@pytest.mark.timeout(120)
def test_the_wheel_alone_answers_a_bet(tmp_path):
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path, ROOT], check=True)
    (wheel,) = tmp_path.glob("croupier_wallet-*.whl")
    needs = [line for line in metadata(wheel).splitlines() if line.startswith("Requires-Dist")]
    assert needs
    assert all("; extra == " in line for line in needs), "frameworks and drivers only for who asks for them"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "empty"], check=True)
    python = tmp_path / "empty/bin/python"
    subprocess.run([*pip, "--python", python, "install", "--no-index", "--no-deps", wheel], check=True)
    body = (
        '{"amount":163,"currency":"EUR","expires_at":"2027-01-15T08:00:00.000Z","game_id":"g","player_id":"p-1",'
        '"round_id":"rd","session_id":"s","transaction_id":"b_1","type":"bet"}'
    )
    now = 1_800_000_000
    asked = {"secret": SECRET, "now": now, "body": body}
    asked["headers"] = dict(signed_headers((SECRET,), "b_1", now * 1_000_000, body.encode()))
    done = subprocess.run(
        [python, "-I", "-c", PROGRAM], input=json.dumps(asked), cwd=tmp_path, check=True, capture_output=True, text=True
    )
    status, answer, others = json.loads(done.stdout)
    assert (status, answer["balance"]) == (200, 837)
    assert others == [], "modules that are not Python's own"


def metadata(wheel: Path) -> str:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith("/METADATA")]
        return archive.read(name).decode()


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.name)
def test_a_file_imports_python_itself_and_its_own_framework(path):
    others = imported(path) - set(sys.stdlib_module_names) - {"croupier_wallet"}
    assert others == GLUE.get(path.name, set())


def code_lines(path: Path) -> int:
    """Lines with code: no blanks, comments or docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    strings = [node for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)]
    texts = {line for node in strings for line in range(node.lineno, node.end_lineno + 1)}
    lines = path.read_text("utf-8").splitlines()
    return sum(
        1
        for number, line in enumerate(lines, 1)
        if line.strip() and not line.strip().startswith("#") and number not in texts
    )


def test_it_can_be_read_in_an_hour():
    """Many casinos read what they let near their money."""
    sizes = {path.name: code_lines(path) for path in CODE}
    assert max(sizes[name] for name in GLUE) <= GLUE_MAX
    assert sum(sizes[name] for name in RULES) <= RULES_MAX, sizes
    assert sum(sizes.values()) - sum(sizes[name] for name in GLUE) <= ALL_MAX, sizes
