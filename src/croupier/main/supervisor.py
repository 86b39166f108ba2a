"""The parent of all our processes: starts them in order, starts again what dies, stops everything when it is told to.

Children die with their parent: the kernel sends them a signal when this process is gone, however it went.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

from croupier.store.embedded import EmbeddedPostgres

POLL_S = 0.05
GRACE_S = 10.0
BACK_OFF_S = (0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0)
HEALTHY_S = 20.0
"""A child that lived this long starts its next life without waiting."""

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


class CannotStart(Exception):
    """A part did not come up; the text says which and why."""


def die_with_parent() -> None:
    """The kernel ends this process when the one that started it is gone."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


@dataclass
class Child:
    """One process of ours. `ready_url` answers 2xx when it can be used; `once`: when it ends, its work is done."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    ready_url: str | None = None
    once: bool = False
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    failures: int = 0
    due_at: float = 0.0

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            # A Ctrl-C in the terminal is for the parent, which stops its children in order.
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - one system call, and no thread runs yet
        )
        self.started_at = time.monotonic()

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def is_ready(self) -> bool:
        if self.ready_url is None:
            return self.running
        try:
            with urllib.request.urlopen(self.ready_url, timeout=1) as answer:  # noqa: S310 - our own address
                return 200 <= int(answer.status) < 300
        except (urllib.error.URLError, OSError):
            return False


class Supervisor:
    """`say` hears in a line what is started, died and starts again."""

    def __init__(
        self, database: EmbeddedPostgres | None, children: Sequence[Child], say: Callable[[str], None]
    ) -> None:
        self.database = database
        self.children = list(children)
        self.say = say
        self._stop = False
        self._database_died_at = 0.0

    def handle_signals(self) -> None:
        """SIGINT and SIGTERM end `run`; call it before anything is started."""
        signal.signal(signal.SIGINT, self._asked_to_stop)
        signal.signal(signal.SIGTERM, self._asked_to_stop)

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stop = True

    @property
    def stopping(self) -> bool:
        return self._stop

    def start(self, child: Child, timeout_s: float = 60.0) -> None:
        """Start a child and wait until it answers. CannotStart when it ends or takes too long."""
        child.start()
        if child not in self.children:
            self.children.append(child)
        until = time.monotonic() + timeout_s
        while not child.is_ready():
            if self._stop:
                raise CannotStart(f"{child.name}: stopped while starting")
            if not child.running:
                assert child.process is not None
                raise CannotStart(f"{child.name} ended with exit code {child.process.returncode} before it answered")
            if time.monotonic() > until:
                raise CannotStart(f"{child.name} did not answer at {child.ready_url} within {timeout_s:.0f} s")
            time.sleep(POLL_S)

    def finish(self, child: Child) -> None:
        """Run a `once` child to its end; a stop that is asked for meanwhile ends it."""
        child.start()
        self.children.append(child)
        while child.running and not self._stop:
            time.sleep(POLL_S)
        if not child.running:
            self.children.remove(child)

    def run(self) -> None:
        """Keep everything running until asked to stop."""
        while not self._stop:
            self._tend_database()
            for child in self.children:
                if not child.once:
                    self._tend(child)
            time.sleep(POLL_S)

    def _tend_database(self) -> None:
        database = self.database
        if database is None or database.process is None or database.process.poll() is None:
            return
        self.say(f"database ended (exit code {database.process.returncode}), starting it again")
        pause = 1.0 if time.monotonic() - self._database_died_at < HEALTHY_S else 0.0
        self._database_died_at = time.monotonic()
        time.sleep(pause)
        database.start()

    def _tend(self, child: Child) -> None:
        now = time.monotonic()
        if child.running:
            return
        if child.process is not None:
            code = child.process.returncode
            lived = now - child.started_at
            child.failures = 0 if lived > HEALTHY_S else child.failures + 1
            wait = BACK_OFF_S[min(child.failures, len(BACK_OFF_S) - 1)]
            child.due_at = now + wait
            child.process = None
            self.say(f"{child.name} ended (exit code {code}), starting it again" + (f" in {wait:g} s" if wait else ""))
        if now >= child.due_at:
            child.start()

    def stop(self) -> None:
        """Children first, newest first, each with time to finish what it holds; the database last."""
        for child in reversed(self.children):
            if child.running and child.process is not None:
                child.process.send_signal(signal.SIGTERM)
        until = time.monotonic() + GRACE_S
        for child in reversed(self.children):
            if child.process is None:
                continue
            try:
                child.process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.say(f"{child.name} did not stop in time and is ended")
                child.process.kill()
                child.process.wait()
        if self.database is not None:
            self.database.stop()


def module(name: str, *arguments: str) -> list[str]:
    """The command that runs one of our modules with this Python."""
    return [sys.executable, "-m", name, *arguments]
