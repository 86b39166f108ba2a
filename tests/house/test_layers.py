"""Imports point down: the contracts of pyproject.toml hold."""

import subprocess
import sys
from pathlib import Path

from tree import ROOT


def test_import_contracts_hold():
    tool = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([tool, "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
