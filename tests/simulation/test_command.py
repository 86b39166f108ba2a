"""The command itself, as somebody runs it."""

import subprocess
import sys
import time
from pathlib import Path


def test_a_long_run_that_is_stopped_tells_what_it_has_found():
    command = [sys.executable, "-m", "croupier.simulation", "--long", "--rounds-per-seed", "5"]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    children, until = Path(f"/proc/{run.pid}/task/{run.pid}/children"), time.monotonic() + 60
    while not children.read_text():  # it plays in processes of their own
        assert time.monotonic() < until, "it does not begin"
        time.sleep(0.05)
    run.terminate()
    told, complaints = run.communicate(timeout=60)
    assert told.startswith("rounds "), complaints
    assert told.endswith(" violations 0\n")
    assert run.returncode == 0
    assert "Traceback" not in complaints
