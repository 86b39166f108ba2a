"""`croupier demo` with a worker that dies on order, and with whatever stands between the parts (see `house`)."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from croupier.main import demo, processes, supervisor
from croupier.main.cli import app
from croupier.main.supervisor import Child
from croupier.store.embedded import EmbeddedPostgres
from croupier.store.embedded_place import Place

TESTS = Path(__file__).resolve().parents[1]
DSN, WALLET = "CROUPIER_TEST_DSN", "CROUPIER_TEST_WALLET"
POSTGRES_CLOCK = "CROUPIER_TEST_POSTGRES_CLOCK"
"""A file with what `faketime` adds to PostgreSQL's clock: ``+3600``."""


def faketime() -> str | None:
    """The library of Debian's package faketime."""
    return next(map(str, Path("/usr/lib").glob("*/faketime/libfaketime.so.1")), None)


def doomed_children(*given: Any) -> tuple[Child, ...]:
    """The platform's processes; the worker is ours, and may reach its database by another way."""
    children = processes.platform_children(*given)
    for child in children:
        if "croupier.main.worker" in child.command:
            child.command = [sys.executable, "-m", "crashes.doomed"]
            child.environment = {
                **child.environment,
                "PYTHONPATH": os.pathsep.join((str(TESTS), os.environ.get("PYTHONPATH", ""))).rstrip(os.pathsep),
                **({"CROUPIER_DATABASE_URL": os.environ[DSN]} if DSN in os.environ else {}),
            }
    return children


class OtherTime(EmbeddedPostgres):
    """PostgreSQL lives by another clock; its stop-watch goes right."""

    def _spawn(self, where: Place) -> "subprocess.Popen[bytes]":
        other = {
            "LD_PRELOAD": faketime() or "",
            "FAKETIME_TIMESTAMP_FILE": os.environ[POSTGRES_CLOCK],
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        os.environ.update(other)
        try:
            return super()._spawn(where)
        finally:
            for name in other:
                del os.environ[name]


def doom() -> None:
    """Put our parts in the place of the demo's, in this process."""
    demo.platform_children = doomed_children
    supervisor.HEALTHY_S = 0.3  # here children die all the time, and it is not their fault
    if POSTGRES_CLOCK in os.environ and faketime():
        processes.EmbeddedPostgres = OtherTime
    if WALLET in os.environ:
        reached = demo.demo_operator
        demo.demo_operator = lambda settings, dsn, _: reached(settings, dsn, os.environ[WALLET])


if __name__ == "__main__":
    doom()
    app()
