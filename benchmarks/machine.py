"""What the operating system says of processes and of the disk."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TICK_US = 1_000_000 // os.sysconf("SC_CLK_TCK")

IN_MEMORY = Path("/dev/shm")
"""Where there is such a folder, latencies are measured on it: what a disk adds now and then belongs to the disk."""


def cpu_us(pids: list[int]) -> int:
    """User and system time of these processes so far, microseconds."""
    total = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
        except OSError:
            continue
        total += (int(fields[11]) + int(fields[12])) * TICK_US
    return total


def tree(pid: int) -> list[int]:
    """A process and all its descendants."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*"):
        try:
            for child in (task / "children").read_text().split():
                found += tree(int(child))
        except OSError:
            continue
    return found


def memory_mb(pid: int) -> float:
    """Resident memory of one process, megabytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")


def fsync_us(folder: Path, seconds: float = 1.5) -> list[float]:
    """How long a small write to a file that is there already, and its fsync, take in this folder; microseconds, sorted.

    With pauses, as commits have: shared disks answer most of them at once and let one of a thousand wait for long.
    """
    took = []
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(bytes(1 << 20))
        os.fsync(file.fileno())
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            began = time.perf_counter()
            os.pwrite(file.fileno(), b"x" * 8192, len(took) % 128 * 8192)
            os.fdatasync(file.fileno())
            took.append(1e6 * (time.perf_counter() - began))
            time.sleep(0.001)
    return sorted(took)


def round_trip_us(times: int = 5_000) -> float:
    """Mean time of a message to another process on loopback and back, microseconds: what two wake-ups cost here.

    On a virtual machine with two cores it may be 15 or 60 in the same minute, and every round makes six such ways.
    """
    with socket.create_server(("127.0.0.1", 0)) as door:
        echo = subprocess.Popen([sys.executable, "-c", _ECHO, str(door.getsockname()[1])])
        line, _ = door.accept()
    with line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        began = time.perf_counter()
        for _ in range(times):
            line.send(b"x" * 300)
            line.recv(1000)
        took = time.perf_counter() - began
    echo.wait(10)
    return 1e6 * took / times


_ECHO = """
import socket, sys
line = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
while data := line.recv(1000):
    line.send(data)
"""


def let_others_first() -> None:
    """This process never takes a core from one that runs: players and wallets are other machines in real life.

    Otherwise each of their answers would stop the platform in mid-round and cool its caches.
    """
    if hasattr(os, "SCHED_BATCH"):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
