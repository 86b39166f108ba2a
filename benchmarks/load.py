"""Players over kept-alive connections. In a closed loop: whenever a spin is answered, whoever waited longest spins."""

import asyncio
import itertools
import json
import sys
import time
from collections import deque
from typing import Any

import httptools
import uvloop

from benchmarks.machine import let_others_first

_request_ids = itertools.count()


class Player(asyncio.Protocol):
    """`think_s`: pause between an answer and the next spin."""

    def __init__(self, plays: "Plays", token: str, host: str) -> None:
        self.plays = plays
        self.head = (
            f"POST /play/v1/rounds HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\n"
            "content-type: application/json\r\ncontent-length: "
        ).encode()
        self.sent_at = 0.0
        self.status_ok = False
        self.run = f"{time.time_ns():x}"

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.parser = httptools.HttpResponseParser(self)

    def spin(self) -> None:
        body = b'{"request_id":"%s-%d","bet":100}' % (self.run.encode(), next(_request_ids))
        self.sent_at = time.perf_counter()
        self.transport.write(self.head + str(len(body)).encode() + b"\r\n\r\n" + body)

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def on_message_begin(self) -> None:
        self.parts: list[bytes] = []

    def on_body(self, part: bytes) -> None:
        if len(self.parts) < 4:
            self.parts.append(part)

    def on_message_complete(self) -> None:
        status = self.parser.get_status_code()
        self.plays.answered(self, status, time.perf_counter() - self.sent_at)
        self.parser = httptools.HttpResponseParser(self)

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.plays.over:
            self.plays.failures["connection lost"] = self.plays.failures.get("connection lost", 0) + 1


class Plays:
    """`rate`: spins a second over all players, 0 = as fast as answers come."""

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self.latencies: list[float] = []
        self.failures: dict[str, int] = {}
        self.counting = False
        self.over = False
        self.idle: deque[Player] = deque()
        """Whoever waited longest is next, so that every seat gets its turn."""

    def answered(self, player: Player, status: int, seconds: float) -> None:
        if self.counting:
            if 200 <= status < 300:
                self.latencies.append(seconds)
            else:
                name = f"{status} {b''.join(player.parts)[:160].decode(errors='replace')}"
                self.failures[name] = self.failures.get(name, 0) + 1
        if self.over:
            return
        self.idle.append(player)
        if not self.rate:
            self.idle.popleft().spin()

    async def paced(self) -> None:
        """Spins at even distances; a spin that finds no free player is left out and counted."""
        start, sent = time.perf_counter(), 0
        while not self.over:
            due = int((time.perf_counter() - start) * self.rate)
            while sent < due:
                sent += 1
                if self.idle:
                    self.idle.popleft().spin()
                else:
                    self.failures["no free player"] = self.failures.get("no free player", 0) + 1
            await asyncio.sleep(0.001)


async def play(
    host: str, port: int, tokens: list[str], warm_s: float, run_s: float, rate: float, in_flight: int
) -> dict[str, Any]:
    """`in_flight`: spins at once in a closed loop; with more players than that they take turns."""
    plays = Plays(rate)
    loop = asyncio.get_running_loop()
    players = [
        (await loop.create_connection(lambda t=token: Player(plays, t, f"{host}:{port}"), host, port))[1]
        for token in tokens
    ]
    print("ready", flush=True)
    pacing = None
    plays.idle.extend(players)
    if rate:
        pacing = asyncio.create_task(plays.paced())
    else:
        for _ in range(min(in_flight, len(players))):
            plays.idle.popleft().spin()
    await asyncio.sleep(warm_s)
    print("begin", flush=True)
    plays.counting = True
    began = time.perf_counter()
    await asyncio.sleep(run_s)
    plays.counting = False
    took = time.perf_counter() - began
    print("end", flush=True)
    plays.over = True
    if pacing is not None:
        await pacing
    await asyncio.sleep(0.3)
    done = sorted(plays.latencies)
    return {
        "rounds": len(done),
        "seconds": took,
        "rounds_per_s": len(done) / took,
        "p50_ms": 1000 * done[len(done) // 2] if done else None,
        "p99_ms": 1000 * done[len(done) * 99 // 100] if done else None,
        "failures": plays.failures,
    }


if __name__ == "__main__":
    let_others_first()
    job = json.load(sys.stdin)
    print(json.dumps(uvloop.run(play(**job))), flush=True)
