"""`croupier demo` as a process of its own, for as long as a test needs it."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ports import free_port

ROOT = Path(__file__).resolve().parents[2]
CROUPIER = Path(sys.executable).with_name("croupier")
START_SECONDS = 60
STOP_SECONDS = 20


def start_demo(
    data: Path, program: tuple[str, ...] = (str(CROUPIER),), port: int = 0, **environment: str
) -> Iterator[dict[str, Any]]:
    """A demo of its own, as `croupier demo` starts it: its JSON line, plus `log`, `data`, `pid`."""
    log = data / "demo.log"
    command = [
        *program, "demo", "--json", "--no-browser",
        "--history", "0", "--port", str(port or free_port(2)), "--data", str(data / "data"),
    ]  # fmt: skip
    with log.open("wb") as errors:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=errors,
            stdin=subprocess.DEVNULL,
        )
        try:
            line = first_line(process)
            if not line.startswith(b"{"):
                pytest.fail(f"the demo did not start: {line!r}\n{log.read_text(errors='replace')[-4000:]}")
            yield {**json.loads(line), "log": log, "data": data / "data", "pid": process.pid}
        finally:
            stop(process)


def first_line(process: subprocess.Popen[bytes]) -> bytes:
    """The first line of stdout; empty when the process ends or START_SECONDS pass."""
    timer = threading.Timer(START_SECONDS, process.terminate)
    timer.start()
    try:
        assert process.stdout is not None
        return process.stdout.readline()
    finally:
        timer.cancel()


def stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        pytest.fail(f"the demo did not stop within {STOP_SECONDS} s of SIGINT")


def pid_of(parent: int, what: str) -> int:
    """The process below `parent` whose command line names `what`."""
    waiting = [parent]
    while waiting:
        pid = waiting.pop()
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        if pid != parent and (what in command.split(" ")[0] or f" {what}" in command):
            return pid
        waiting += [int(c) for t in Path(f"/proc/{pid}/task").glob("*") for c in (t / "children").read_text().split()]
    raise AssertionError(f"{what} does not run")
