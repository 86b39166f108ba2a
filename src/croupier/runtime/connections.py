"""Keep-alive connections of one operator to one host: every address checked, never more than its share."""

import asyncio
import socket
import ssl
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import perf_counter_ns

from croupier.domain.exchange import Timing
from croupier.runtime.addresses import allowed
from croupier.runtime.http1 import Connection
from croupier.runtime.shares import Shares

WARM = Timing()
ADDRESSES_MAX = 8

_lookups = ThreadPoolExecutor(64, thread_name_prefix="dns")
"""The event loop's own four threads would all hang at the fourth operator whose name server is dead."""

Key = tuple[str, str, int, bool, str]
"""Scheme, host, port, whether private addresses are allowed, and the operator."""

Waiter = asyncio.Future[Connection | None]


class NotConnected(Exception):
    """Certainly nothing was sent. `why` as in `NoAnswer`."""

    def __init__(self, why: str, detail: str) -> None:
        super().__init__(why, detail)
        self.why = why
        self.detail = detail


class Pool:
    def __init__(self, key: Key, shares: Shares, *, idle_s: float, body_max: int) -> None:
        self.key = key
        self.operator_id = key[4]
        self.idle: list[Connection] = []
        self.active: set[Connection] = set()
        self._waiting: tuple[deque[Waiter], deque[Waiter]] = (deque(), deque())
        """What is new, and what is owed: they take turns, so that neither starves the other."""
        self._owed_next = True
        self._members: set[Connection] = set()
        self._opening = 0
        self._loop = asyncio.get_running_loop()
        self._shares = shares
        self._idle_s = idle_s
        self._body_max = body_max
        self._lookup: asyncio.Task[list[str]] | None = None

    @property
    def size(self) -> int:
        return len(self._members) + self._opening

    @property
    def unused(self) -> bool:
        return not (self._members or self._opening or any(self._waiting))

    @property
    def waiting(self) -> int:
        return len(self._waiting[0]) + len(self._waiting[1])

    def take(self, now: float) -> Connection | None:
        """The connection that was used last, or None when there is none to use at once; `now`: loop time."""
        while self.idle:
            connection = self.idle.pop()
            if self._usable(connection, now):
                return connection
            connection.abort()
        return None

    async def open(
        self, deadline: float, tls: Callable[[], ssl.SSLContext], *, owed: bool
    ) -> tuple[Connection, Timing]:
        """A new connection, or one that another call gave back. NotConnected when there is none by the deadline."""
        while not self._reserve():
            given = await self._wait(deadline, owed=owed)
            if given is None:
                break  # a place is reserved for us
            if self._usable(given, self._loop.time()):
                return given, WARM
            given.abort()
        try:
            connection, timing = await self._connect(deadline, tls)
            if connection.transport is None or connection.transport.is_closing():
                raise NotConnected("reset", "closed as soon as it was open")
        except BaseException:
            self._give_back()
            raise
        self._opening -= 1
        self._members.add(connection)
        return connection, timing

    def _reserve(self) -> bool:
        """A place for one more connection, unless others wait for it already or there is none."""
        if any(self._waiting) or not self._shares.room(self.operator_id):
            return False
        self._opening += 1
        self._shares.take(self.operator_id)
        return True

    def _give_back(self) -> None:
        self._opening -= 1
        self._shares.give(self.operator_id)
        self.look_for_room()

    def look_for_room(self) -> None:
        """Whoever waits may open a connection as soon as there is a place for it."""
        while any(self._waiting) and self._shares.room(self.operator_id):
            self._opening += 1
            self._shares.take(self.operator_id)
            if not self._hand_on(None):
                self._opening -= 1
                self._shares.give(self.operator_id)

    def sweep(self, now: float) -> None:
        """End the calls whose deadline has passed and drop what was idle for too long."""
        for connection in [one for one in self.active if one.deadline <= now]:
            connection.give_up("timeout", "no complete answer in time")
        for connection in [one for one in self.idle if not self._usable(one, now)]:
            connection.abort()
        self.look_for_room()

    def close(self) -> None:
        for connection in list(self._members):
            connection.give_up("reset", "our side closed")

    def _usable(self, connection: Connection, now: float) -> bool:
        transport = connection.transport
        return transport is not None and now < connection.idle_until and not transport.is_closing()

    def _released(self, connection: Connection) -> None:
        self.active.discard(connection)
        # A second less than the server promises: the request has to get there.
        promised = connection.idle_limit
        idle_s = self._idle_s if promised is None else min(self._idle_s, promised - 1)
        connection.idle_until = self._loop.time() + idle_s
        if self._shares.over(self.operator_id):
            connection.abort()  # others need it more
        elif not self._hand_on(connection):
            self.idle.append(connection)

    def _closed(self, connection: Connection) -> None:
        self.active.discard(connection)
        if connection in self._members:
            self._members.remove(connection)
            self._shares.give(self.operator_id)
        if connection in self.idle:
            self.idle.remove(connection)
        self.look_for_room()

    def _hand_on(self, connection: Connection | None) -> bool:
        """Wake who has waited longest of those whose turn it is; None means: there is room, open one."""
        while any(self._waiting):
            waiter = (self._waiting[self._owed_next] or self._waiting[not self._owed_next]).popleft()
            if not waiter.done():
                self._owed_next = not self._owed_next
                waiter.set_result(connection)
                return True
        return False

    async def _wait(self, deadline: float, *, owed: bool) -> Connection | None:
        waiter: Waiter = self._loop.create_future()
        self._waiting[owed].append(waiter)
        try:
            async with asyncio.timeout_at(deadline):
                return await waiter
        except (TimeoutError, asyncio.CancelledError) as error:
            if waiter.done() and not waiter.cancelled():
                # It was handed over in the moment of giving up: the next one gets it.
                given = waiter.result()
                if given is None:
                    self._give_back()
                else:
                    self._released(given)
            if isinstance(error, TimeoutError):
                raise NotConnected("timeout", "all connections that this operator may have are busy") from None
            raise

    async def _connect(self, deadline: float, tls: Callable[[], ssl.SSLContext]) -> tuple[Connection, Timing]:
        loop = asyncio.get_running_loop()
        stage = "dns"
        try:
            async with asyncio.timeout_at(deadline):
                asked = perf_counter_ns()
                addresses = await self._addresses()
                named = (perf_counter_ns() - asked) // 1000 if addresses != [self.key[1]] else None
                stage = "connect"
                for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
                    try:
                        # A share of the time for each: one dead address must not use it all.
                        async with asyncio.timeout((deadline - loop.time()) / left):
                            return await self._dial(address, tls, named)
                    except (NotConnected, TimeoutError):
                        if left == 1:
                            raise
        except TimeoutError:
            raise NotConnected("timeout", f"no connection in time ({stage})") from None
        raise NotConnected("dns", "the host has no address")

    async def _addresses(self) -> list[str]:
        host, private = self.key[1], self.key[3]
        if self._lookup is None or self._lookup.done():
            # One question at a time: a dead name server holds one thread per host, not one per call.
            self._lookup = asyncio.ensure_future(_resolve(host, self.key[2]))
            self._lookup.add_done_callback(lambda task: task.cancelled() or task.exception())
        lookup = self._lookup
        await asyncio.wait((lookup,))  # who asked may have no time left, the look-up goes on
        try:
            addresses = lookup.result()
        except (OSError, UnicodeError) as error:
            if isinstance(error, TimeoutError):
                raise
            raise NotConnected("dns", str(error)[:120]) from None
        # One refused address condemns all: a name that points inside as well is a trap, not a wallet.
        if not all(allowed(address, private=private) for address in addresses):
            raise NotConnected("address_not_allowed", "the host leads to an address that may not be called")
        return addresses[:ADDRESSES_MAX]

    async def _dial(
        self, address: str, tls: Callable[[], ssl.SSLContext], named: int | None
    ) -> tuple[Connection, Timing]:
        """`named`: how long the name took, microseconds."""
        scheme, host, port = self.key[:3]
        loop = asyncio.get_running_loop()
        began = perf_counter_ns()
        try:
            sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        except OSError as error:
            raise NotConnected("refused", str(error)[:120]) from None
        try:
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await loop.sock_connect(sock, (address, port))
            if sock.getsockname() == sock.getpeername():
                # Nobody listens: the system made the connection from the very port that it was to be made to.
                raise ConnectionRefusedError("nobody listens there")
        except OSError as error:
            sock.close()
            raise NotConnected("refused", str(error)[:120]) from None
        except BaseException:
            sock.close()
            raise
        connected = perf_counter_ns()
        connection = Connection(self._released, self._closed, self._body_max)
        if scheme == "http":
            await loop.create_connection(lambda: connection, sock=sock)
            return connection, Timing((connected - began) // 1000, dns_us=named)
        try:
            await loop.create_connection(lambda: connection, sock=sock, ssl=tls(), server_hostname=host)
        except (OSError, ValueError) as error:
            raise NotConnected("tls", str(error)[:200]) from None
        return connection, Timing((connected - began) // 1000, (perf_counter_ns() - connected) // 1000, dns_us=named)


async def _resolve(host: str, port: int) -> list[str]:
    """Numeric addresses of the host, in the system's order. OSError when it has none."""
    try:
        # No spelling but the plain one passes here; what else the resolver reads as a number is checked like a name.
        socket.inet_pton(socket.AF_INET6 if ":" in host else socket.AF_INET, host)
    except OSError:
        ask = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        found = await asyncio.get_running_loop().run_in_executor(_lookups, ask)
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))
    return [host]
