"""A disk that fails or dawdles, as PostgreSQL sees it: `strace` puts errors and delays into its system calls."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crashes.doomed import children_of

SCOPE = Path("/proc/sys/kernel/yama/ptrace_scope")
ATTACHED_S = 10.0
WRITES = "pwrite64,pwritev,pwritev2"
SYNCS = "fdatasync,fsync"


def why_not() -> str | None:
    """Why strace cannot be used here, or None when it can."""
    if shutil.which("strace") is None:
        return "strace is missing (Debian, Ubuntu: apt install strace)"
    tried = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, check=False)
    if tried.returncode != 0:
        return "strace may not trace here (ptrace is forbidden)"
    # PostgreSQL is no child of strace: Yama's usual setting lets root alone attach to it.
    scope = SCOPE.read_text().strip() if SCOPE.exists() else "0"
    return None if scope == "0" or os.geteuid() == 0 else f"strace may not attach (ptrace_scope is {scope})"


class Injected:
    """What strace has done so far."""

    def __init__(self, log: Path) -> None:
        self.log = log

    @property
    def times(self) -> int:
        told = self.log.read_text(errors="replace")
        return told.count("(INJECTED)") + told.count("(DELAYED)")


@contextmanager
def injected(postmaster: int, calls: str, what: str, log: Path) -> Iterator[Injected]:
    """While it lasts the server and its processes, also those to come, meet `what`: ``error=EIO:when=5``."""
    pids = [postmaster, *children_of(postmaster)]
    command = ["strace", "-f", "-q", "-o", str(log), "-e", f"trace={calls}", "-e", f"inject={calls}:{what}"]
    log.touch()
    tracer = subprocess.Popen([*command, *(f"-p{pid}" for pid in pids)], stderr=subprocess.PIPE)
    try:
        until = time.monotonic() + ATTACHED_S
        while not all(_traced(pid) for pid in pids):
            assert tracer.poll() is None, tracer.stderr.read() if tracer.stderr else ""
            assert time.monotonic() < until, "strace did not attach"
            time.sleep(0.01)
        yield Injected(log)
    finally:
        tracer.send_signal(signal.SIGTERM)  # it lets go of everybody
        tracer.wait(10)


def _traced(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return True  # ended meanwhile
    return "TracerPid:\t0\n" not in status
