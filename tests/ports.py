"""Ports for the processes that tests start: below those that the kernel lends to connections.

A port that the kernel lends does not stay free while its server is down. Any connection may take it meanwhile, and one
that is made to it may be made from it: a connection with itself, where each request comes back as its own answer.
"""

import contextlib
import itertools
import os
import random
import socket
from collections.abc import Iterator
from contextlib import ExitStack

LENT_FROM = 32_768
"""Linux's own `ip_local_port_range`; other systems lend higher ones."""
FIRST = 10_000
EACH = 2_000
"""For each of the test runner's processes: none takes what another has chosen and not opened yet."""


def _in_turn() -> Iterator[int]:
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = FIRST + worker * EACH % (LENT_FROM - FIRST - EACH)
    begin = random.SystemRandom().randrange(EACH)  # another run of the tests may be under way beside this one
    return itertools.cycle((*range(first + begin, first + EACH), *range(first, first + begin)))


_ports = _in_turn()


def free_port(in_a_row: int = 1) -> int:
    """The first of so many free ports in a row; none is given twice within hundreds."""
    for _ in range(EACH):
        row = list(itertools.islice(_ports, in_a_row))
        if row[-1] - row[0] == in_a_row - 1 and _free(row):
            return row[0]
    raise RuntimeError(f"no {in_a_row} free ports in a row")


def _free(row: list[int]) -> bool:
    with ExitStack() as probes, contextlib.suppress(OSError):
        for port in row:
            probes.enter_context(socket.socket()).bind(("127.0.0.1", port))
        return True
    return False
