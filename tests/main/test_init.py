"""`croupier init wallet` writes what the user then owns, and nothing of the user's is lost."""

import json
import re
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from croupier.main.cli import app
from croupier.main.init_commands import FRAMEWORKS
from wallet_sdk.test_stands_alone import PACKAGE


def init(folder, framework="fastapi", *options):
    command = ["init", "wallet", "--framework", framework, "--folder", str(folder), *options]
    return CliRunner().invoke(app, command, env={"COLUMNS": "200"})


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_sdk_lies_beside_the_wallet_with_the_glue_of_one_framework(tmp_path, framework):
    printed = json.loads(init(tmp_path, framework, "--json").stdout)
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert written == set(printed["files"])
    glue = {f"croupier_wallet/{name}.py" for name in FRAMEWORKS}
    assert written & glue == {f"croupier_wallet/{framework}.py"}
    for name in written:
        if name.startswith("croupier_wallet/"):
            assert (tmp_path / name).read_bytes() == (PACKAGE.parent / name).read_bytes()


def test_it_says_what_to_run_and_where_to_paste(tmp_path):
    said = init(tmp_path, "flask", "--port", "9123").stdout
    assert f"  cd {tmp_path}\n  python3 -m venv .venv\n  .venv/bin/pip install flask waitress\n" in said
    assert "  .venv/bin/waitress-serve --listen=127.0.0.1:9123 --threads=16 wallet:app\n" in said
    assert '  app.register_blueprint(blueprint, url_prefix="/wallet")\n' in said
    assert "croupier certify --wallet-url http://127.0.0.1:9123/wallet" in said


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "wallet.py").write_text("mine")
    done = init(tmp_path)
    assert done.exit_code == 2
    assert "wallet.py" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["wallet.py"], "all of it, or nothing"


def test_a_second_run_changes_nothing_either(tmp_path):
    init(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert init(tmp_path).exit_code == 2
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_secret_that_is_there_stays_and_a_new_one_is_nobody_elses(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a/.env").write_text("OTHER=1\nCROUPIER_WALLET_SECRET=whsec_mine\n")
    assert init(tmp_path / "a").exit_code == 0
    assert "whsec_mine" in (tmp_path / "a/.env").read_text()
    (tmp_path / "own").mkdir()
    (tmp_path / "own/.env").write_text("OTHER=1")
    assert "Kept\n  .env\n" in init(tmp_path / "own").stdout
    assert re.fullmatch(r"OTHER=1\n#.*\nCROUPIER_WALLET_SECRET=whsec_\S+\n", (tmp_path / "own/.env").read_text())
    secrets = set()
    for name in ("b", "c"):
        init(tmp_path / name)
        secrets |= set(re.findall(r"whsec_\S+", (tmp_path / name / ".env").read_text()))
        assert ".env" in (tmp_path / name / ".gitignore").read_text().split()
    assert len(secrets) == 2


def put_secret(tmp_path, *options, given="whsec_bmV3"):
    (tmp_path / "printed.json").write_text(json.dumps({"id": "casino", "wallet_secret": given}))
    command = ["init", "secret", str(tmp_path / "printed.json"), "--folder", str(tmp_path / "a"), *options]
    return CliRunner().invoke(app, command, env={"COLUMNS": "400"})


@pytest.mark.parametrize(
    ("before", "options", "after"),
    [
        ("", (), "CROUPIER_WALLET_SECRET=whsec_bmV3\n"),
        ("A=1\n", (), "A=1\nCROUPIER_WALLET_SECRET=whsec_bmV3\n"),
        ("CROUPIER_WALLET_SECRET=\nB=2\n", (), "CROUPIER_WALLET_SECRET=whsec_bmV3\nB=2\n"),
        ("CROUPIER_WALLET_SECRET=whsec_bmV3\n", (), "CROUPIER_WALLET_SECRET=whsec_bmV3\n"),
        ("A=1\nCROUPIER_WALLET_SECRET=whsec_mine\nB=2\n", (), None),
        (
            "A=1\nCROUPIER_WALLET_SECRET=whsec_mine\nB=2\n",
            ("--force",),
            "A=1\nCROUPIER_WALLET_SECRET=whsec_bmV3\nB=2\n",
        ),
    ],
)
def test_the_platforms_secret_goes_in_and_one_of_the_users_own_is_kept(tmp_path, before, options, after):
    (tmp_path / "a").mkdir()
    env = tmp_path / "a/.env"
    env.write_text(before)
    done = put_secret(tmp_path, *options)
    assert done.exit_code == (2 if after is None else 0)
    assert env.read_text() == (before if after is None else after)
    if after is None:
        assert "it is kept" in done.stderr
        assert "--force" in done.stderr


def test_a_secret_that_init_made_up_gives_way_to_the_platforms(tmp_path):
    init(tmp_path / "a")
    assert put_secret(tmp_path).exit_code == 0
    assert (tmp_path / "a/.env").read_text().endswith("\nCROUPIER_WALLET_SECRET=whsec_bmV3\n")
    assert put_secret(tmp_path, given="whsec_b3RoZXI=").exit_code == 2, "that one is the platform's"


def test_what_holds_no_secret_is_refused(tmp_path):
    (tmp_path / "x.json").write_text('{"id": "casino"}')
    for name in ("x.json", "nothing.json"):
        done = CliRunner().invoke(app, ["init", "secret", str(tmp_path / name)], env={"COLUMNS": "200"})
        assert done.exit_code == 2
        assert "has no wallet_secret" in done.stderr


def test_into_a_django_project_goes_only_the_app(tmp_path):
    (tmp_path / "manage.py").write_text("theirs")
    done = init(tmp_path, "django", "--json")
    assert json.loads(done.stdout)["commands"][:2] == ["pip install django waitress", "python3 manage.py migrate"]
    own = {name for name in json.loads(done.stdout)["files"] if not name.startswith("croupier_wallet/")}
    assert own == {
        *(".env", ".gitignore", "wallet/__init__.py", "wallet/urls.py"),
        *("wallet/migrations/__init__.py", "wallet/migrations/0001_ledger.py"),
    }
    assert (tmp_path / "manage.py").read_text() == "theirs"


def test_an_installed_sdk_is_not_copied(tmp_path):
    assert init(tmp_path, "fastapi", "--installed").exit_code == 0
    assert not (tmp_path / "croupier_wallet").exists()


def test_an_unknown_framework_is_answered_with_those_there_are(tmp_path):
    done = init(tmp_path, "rails")
    assert done.exit_code == 2
    assert "fastapi, django, flask" in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("database", ["sqlite", "postgresql", "mysql"])
def test_the_copied_sdk_prints_the_tables_for_a_migration(tmp_path, database):
    init(tmp_path)
    command = [sys.executable, "-m", "croupier_wallet", database]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.count("CREATE TABLE") == 2
    assert ("ascii_bin" in done.stdout) is (database == "mysql"), "ids that differ in case only are different"
