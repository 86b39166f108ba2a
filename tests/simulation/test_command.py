"""The command itself, as somebody runs it."""

import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from croupier.simulation.command import counts, too_little
from croupier.simulation.seeds import Totals
from croupier.simulation.sometimes import FAULTS, SOMETIMES


def test_a_long_run_that_is_stopped_tells_what_it_has_found():
    command = [sys.executable, "-m", "croupier.simulation", "--long", "--rounds-per-seed", "5"]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    children, until = Path(f"/proc/{run.pid}/task/{run.pid}/children"), time.monotonic() + 60
    while not children.read_text():  # it plays in processes of their own
        assert time.monotonic() < until, "it does not begin"
        time.sleep(0.05)
    run.terminate()
    told, complaints = run.communicate(timeout=60)
    assert "\nrounds " in told, complaints
    assert told.endswith(" violations 0\n")
    assert run.returncode == 0
    assert "Traceback" not in complaints


def met(seeds=300, rounds=105_000, faults=460_000, without=""):
    """A run that met everything, but for one thing."""
    sometimes, counted = (Counter(dict.fromkeys(names, 100)) for names in (SOMETIMES, FAULTS))
    sometimes.pop(without, None)
    return Totals(seeds=seeds, rounds=rounds, faults=faults, sometimes=sometimes, counted=counted)


@pytest.mark.parametrize(
    ("totals", "whole", "finding"),
    [
        (met(), True, None),
        (met(rounds=99_999), True, "Only 99,999 rounds, 100,000 are needed."),
        (met(seeds=299), True, "Only 299 seeds, 300 are needed."),
        (met(faults=299_999), True, "Only 299,999 faults, 300,000 are needed."),
        (met(rounds=99_999, without="suspended by age"), True, "Never happened: suspended by age"),
        (met(seeds=40, rounds=2_400, faults=9_000, without="suspended by age"), False, None),
        (met(seeds=99, without="suspended by age"), False, "Never happened: suspended by age"),
    ],
)
def test_a_run_that_proves_too_little_says_why(totals, whole, finding):
    assert too_little(totals, whole=whole)[-1:] == ([finding] if finding else [])


def test_faults_are_told_by_where_they_strike():
    totals = Totals(counted=Counter({"wire dns": 1_200, "wire html": 3, "crash sleeping": 2, "stall": 4}))
    assert list(counts(totals)) == ["wire: dns 1,200, html 3", "crash: sleeping 2", "other: stall 4"]
