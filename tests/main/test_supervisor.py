"""The parent of our processes: what dies is started again, what is told to stop stops, and nobody outlives it."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from croupier.main.processes import must_be_free
from croupier.main.supervisor import CannotStart, Child, Supervisor

FOREVER = [sys.executable, "-c", "import time; time.sleep(600)"]


def until(condition, seconds=20.0):
    """Waits for something that another process does."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.fixture
def running():
    """A supervisor over one child, running in this process."""
    said = []
    child = Child("sleeper", FOREVER)
    supervisor = Supervisor(None, (), said.append)
    supervisor.start(child)
    thread = threading.Thread(target=supervisor.run)
    thread.start()
    yield supervisor, child, said
    supervisor._stop = True
    thread.join()
    supervisor.stop()


def kill_and_wait(child):
    """Ends the child and waits for its next life."""
    first = child.process.pid
    os.kill(first, signal.SIGKILL)
    until(lambda: (now := child.process) is not None and now.pid != first and now.poll() is None)


def test_a_child_that_dies_is_started_again(running):
    _, child, said = running
    kill_and_wait(child)
    assert "sleeper ended (exit code -9)" in said[0]


def test_a_child_that_dies_at_once_is_started_ever_more_slowly(running):
    _, child, said = running
    for _ in range(3):
        kill_and_wait(child)
    assert [line.rpartition(" in ")[2] for line in said[1:]] == ["0.25 s", "0.5 s"]


def test_stop_ends_the_children():
    child = Child("sleeper", FOREVER)
    supervisor = Supervisor(None, (), lambda _: None)
    supervisor.start(child)
    pid = child.process.pid
    supervisor.stop()
    assert not alive(pid)


def test_a_child_that_never_answers_is_said_so():
    supervisor = Supervisor(None, (), lambda _: None)
    with pytest.raises(CannotStart, match="deaf did not answer"):
        supervisor.start(Child("deaf", FOREVER, ready_url="http://127.0.0.1:9/readyz"), timeout_s=0.3)
    supervisor.stop()
    with pytest.raises(CannotStart, match="brief ended with exit code 3"):
        supervisor.start(Child("brief", [sys.executable, "-c", "raise SystemExit(3)"], ready_url="http://127.0.0.1:9/"))


PARENT = """
import sys, time
from croupier.main.supervisor import Child, Supervisor
supervisor = Supervisor(None, (), print)
child = Child("sleeper", [sys.executable, "-c", "import time; time.sleep(600)"])
supervisor.start(child)
print(child.process.pid, flush=True)
supervisor.run()
"""


def test_no_child_outlives_a_parent_that_was_killed():
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    pid = int(parent.stdout.readline())
    assert alive(pid)
    parent.kill()
    parent.wait()
    until(lambda: not alive(pid))


def test_a_taken_port_is_a_clear_error():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotStart, match=f"port {port} is taken"):
            must_be_free("127.0.0.1", port)
    must_be_free("127.0.0.1", port)
