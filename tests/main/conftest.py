"""Commands on a database of their own."""

import asyncio

import pytest
from typer.testing import CliRunner

from croupier.main.cli import app
from postgres import dsn_of, new_database


@pytest.fixture
def croupier(postgres_server, tmp_path, monkeypatch):
    """Runs a command on a database of this test; answers exit code and stdout."""
    name = asyncio.run(new_database(postgres_server))
    monkeypatch.setenv("CROUPIER_DATABASE_URL", dsn_of(postgres_server, name))
    monkeypatch.setenv("CROUPIER_DATA", str(tmp_path))
    runner = CliRunner()

    def run(*arguments):
        result = runner.invoke(app, list(arguments))
        return result.exit_code, result.stdout, result.stderr

    return run
