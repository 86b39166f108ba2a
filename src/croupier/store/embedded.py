"""A PostgreSQL server of our own, from the binaries of a Python package: no TCP port, one private socket.

`postgres` is a direct child of the process that starts it and dies with it. One lock file per data directory says
who that is, so that a second server is refused and the command line finds a running one.
"""

import ctypes
import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO
from urllib.parse import quote

from croupier.store.embedded_place import CannotRun, Place, make_folder, place

DATABASE = "croupier"
USER = "croupier"
SEGMENT_MB = 1
"""Of the write-ahead log. A commit that needs a new segment writes it in zeros first: 20 to 80 ms for 16 MB."""
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "96MB",
    "synchronous_commit": "on",
    "wal_level": "replica",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "10min",
    "wal_buffers": "8MB",
    "random_page_cost": "1.1",
    "jit": "off",  # our statements are short; compiling them costs more than it gives
    "timezone": "UTC",
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "%a.log",  # a ring of seven files
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_line_prefix": "%m [%p] %a ",
}
STOP_SECONDS = 30
ORPHAN_SECONDS = 40
SPAWN_TRIES = 20
PR_SET_PDEATHSIG = 1

Say = Callable[[str], None]


def _to_stderr(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - the default where nobody listens


class EmbeddedPostgres:
    """The server of one data directory. `say` hears of what takes long."""

    def __init__(self, data: Path, say: Say = _to_stderr) -> None:
        self.data = data
        self.say = say
        self.process: subprocess.Popen[bytes] | None = None
        self._place: Place | None = None
        self._lock: IO[str] | None = None

    @property
    def dsn(self) -> str:
        return _dsn(self.place)

    @property
    def place(self) -> Place:
        if self._place is None:
            self.data.mkdir(parents=True, exist_ok=True)
            self._place = place(self.data)
        return self._place

    def start(self) -> "subprocess.Popen[bytes]":
        """Start it, after making the database cluster when there is none. CannotRun says why not.

        Call it from the main thread: the server dies with the thread that started it.
        """
        self._take_lock()
        where = self.place
        if where.cluster.parent != self.data.resolve():
            self.say(f"database: kept in {where.cluster}, which its own user can reach")
        if not (where.cluster / "PG_VERSION").exists():
            self._create(where)
        make_folder(where.socket, where.account)
        self._end_orphan(where)
        for _ in range(SPAWN_TRIES):
            self.process = self._spawn(where)
            if self._holds_its_files(where):
                return self.process
            if "pre-existing shared memory block" not in self._last_words(where):
                break
            time.sleep(0.25)  # processes of a killed server are still going
        raise CannotRun(f"PostgreSQL did not start: {self._last_words(where)}")

    def wait_ready(self) -> None:
        """Until it takes connections; recovery after a crash may need its time. CannotRun when it died."""
        assert self.process is not None, "start() comes first"
        began = said = time.monotonic()
        while _postmaster(self.place.cluster)[1] != "ready":
            if self.process.poll() is not None:
                raise CannotRun(f"PostgreSQL ended: {self._last_words(self.place)}")
            time.sleep(0.01)
            if time.monotonic() - said > 2:
                said = time.monotonic()
                self.say(f"database: recovering after an unclean stop, {said - began:.0f} s so far")

    def stop(self) -> None:
        """Fast shutdown: connections are ended, nothing committed is lost."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait()
        self.process = None
        if self._lock is not None:
            self._lock.truncate(0)
            self._lock.close()
            self._lock = None

    def _take_lock(self) -> None:
        if self._lock is not None:
            return
        self.data.mkdir(parents=True, exist_ok=True)
        lock = (self.data / "postgres.lock").open("a+", encoding="utf-8")
        try:
            # Held until this process ends, however it ends; the text is for those who ask who it is.
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = _owner(self.data)
            lock.close()
            raise CannotRun(f"{self.data} is in use by process {owner.get('pid', '?')}") from None
        lock.truncate(0)
        json.dump({"pid": os.getpid(), "started": _start_time(os.getpid()), "dsn": self.dsn}, lock)
        lock.flush()
        self._lock = lock

    def _create(self, where: Place) -> None:
        """A new cluster, made beside its place: one that was interrupted is never taken for whole."""
        self.say(f"database: creating it in {self.data.absolute()}, once")
        fresh = where.cluster.with_name(where.cluster.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        make_folder(fresh, where.account)
        options = ("--encoding=UTF8", "--locale=C", "--auth=trust", f"--username={USER}", "--no-instructions")
        _run(where, "initdb", f"--pgdata={fresh}", f"--wal-segsize={SEGMENT_MB}", *options)
        _run(where, "postgres", "--single", "-D", str(fresh), "postgres", text=f"CREATE DATABASE {DATABASE}\n")
        fresh.rename(where.cluster)

    def _spawn(self, where: Place) -> "subprocess.Popen[bytes]":
        options = [f"-c{name}={value}" for name, value in SETTINGS.items()]
        command = [_binary(where, "postgres"), "-D", str(where.cluster), "-k", str(where.socket), *options]
        with (self.data / "postgres.start.log").open("wb") as log:
            # A session of its own: Ctrl-C in a terminal goes to us, and the server outlives its clients.
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with(os.getpid()),  # noqa: PLW1509 - only prctl; runs after the change of user
                user=where.uid,
                group=where.gid,
                extra_groups=where.groups,
            )

    def _holds_its_files(self, where: Place) -> bool:
        """Wait until the server owns its data directory; False when it ended instead."""
        assert self.process is not None
        while self.process.poll() is None:
            pid, status = _postmaster(where.cluster)
            if pid == self.process.pid and status in ("starting", "ready"):
                return True
            time.sleep(0.005)
        return False

    def _end_orphan(self, where: Place) -> None:
        """We hold the lock: a server still running here lost its parent. PostgreSQL is told to stop, then awaited."""
        pid, _ = _postmaster(where.cluster)
        if pid is None:
            return
        if not _serves(pid, where.cluster):
            # Left by a kill; its number may belong to anybody now, which PostgreSQL would take for itself.
            (where.cluster / "postmaster.pid").unlink(missing_ok=True)
            return
        self.say(f"database: waiting for process {pid} of an earlier start to end")
        os.kill(pid, signal.SIGINT)
        began = time.monotonic()
        while _serves(pid, where.cluster):
            if time.monotonic() - began > ORPHAN_SECONDS:
                os.kill(pid, signal.SIGQUIT)
                began = time.monotonic()
            time.sleep(0.05)

    def _last_words(self, where: Place) -> str:
        words = (self.data / "postgres.start.log").read_text(errors="replace").strip()
        return words[-1000:] or f"see {where.cluster / 'log'}"


def dsn_of_running(data: Path) -> str | None:
    """How to reach the server that another process runs for this data directory; None when none does."""
    owner = _owner(data)
    pid, started, dsn = owner.get("pid"), owner.get("started"), owner.get("dsn")
    if isinstance(pid, int) and isinstance(dsn, str) and started is not None and _start_time(pid) == started:
        return dsn
    return None


def _owner(data: Path) -> dict[str, object]:
    try:
        owner = json.loads((data / "postgres.lock").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return owner if isinstance(owner, dict) else {}


def _dsn(where: Place) -> str:
    return f"postgresql://{USER}@/{DATABASE}?host={quote(str(where.socket), safe='')}"


def _binary(where: Place, name: str) -> str:
    return str(where.binaries / "bin" / name)


def _run(where: Place, name: str, *arguments: str, text: str = "") -> None:
    command = [_binary(where, name), *arguments]
    done = subprocess.run(
        command,
        input=text.encode(),
        capture_output=True,
        check=False,
        cwd="/",
        user=where.uid,
        group=where.gid,
        extra_groups=where.groups,
    )
    if done.returncode != 0:
        raise CannotRun(f"{name} failed: {done.stderr.decode(errors='replace').strip()[-1000:]}")


def _die_with(parent: int) -> Callable[[], None]:
    """For the child, between fork and exec: a fast shutdown when its parent dies. Linux only."""
    if sys.platform != "linux":
        return lambda: None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def set_signal() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return set_signal


def _postmaster(cluster: Path) -> tuple[int | None, str]:
    """Process id and status (``starting``, ``ready``, …) that the server wrote into its folder."""
    try:
        lines = (cluster / "postmaster.pid").read_text().split("\n")
    except OSError:
        return None, ""
    pid = int(lines[0]) if lines[0].isdigit() else None
    return pid, lines[7].strip() if len(lines) > 7 else ""


def _serves(pid: int, cluster: Path) -> bool:
    """Whether that process is a server of this cluster, whose working directory is its data directory."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == cluster.resolve()
    except OSError:
        if Path("/proc/self").exists():
            return False
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def _start_time(pid: int) -> str | None:
    """When the process started, as the system tells it; None when there is no such process."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        if Path("/proc/self").exists():
            return None
        done = subprocess.run(["/bin/ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, check=False)
        return re.sub(r"\s+", " ", done.stdout.decode()).strip() or None
    # Field 22; the name in field 2 may hold spaces and parentheses. The boot's id, since the count starts with it.
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return f"{boot}/{fields.rpartition(')')[2].split()[19]}"
