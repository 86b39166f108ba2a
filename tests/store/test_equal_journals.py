"""Memory and PostgreSQL answer every sequence of calls alike: what the simulation proves on one holds on the other."""

import asyncio
import itertools
import os
import time
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from croupier.campaigns.claims import Claim
from croupier.domain.parties import Seat, SeatKey
from croupier.store.embedded import EmbeddedPostgres
from croupier.store.journal import PostgresJournal
from croupier.store.memory import MemoryJournal, Streams
from croupier.store.records import Claimed, Journal, Record, RequestRepeated, Stale
from postgres import dsn_of, new_database

Run = Callable[[Coroutine[Any, Any, Any]], Any]
Pair = tuple[Journal, Journal]

_games = itertools.count(1)
PLAYERS = ("anna", "bert")
WRITERS = (0, 1)


@pytest.fixture(scope="module")
def pair(postgres_server: EmbeddedPostgres) -> Iterator[tuple[Run, tuple[Pair, Pair]]]:
    """(memory, PostgreSQL), each with two writers, and how to run what they do."""
    with asyncio.Runner() as runner:
        dsn = dsn_of(postgres_server, runner.run(new_database(postgres_server)))
        streams = Streams()

        def now() -> int:
            return time.time_ns() // 1000

        memory = tuple(MemoryJournal(streams, now=now, random=os.urandom) for _ in WRITERS)
        stored = tuple(PostgresJournal(dsn, now=now, random=os.urandom, pool_size=2) for _ in WRITERS)
        for journal in stored:
            runner.run(journal.open())
        yield runner.run, ((memory[0], stored[0]), (memory[1], stored[1]))
        for journal in stored:
            runner.run(journal.close())


def test_memory_and_postgres_answer_alike(pair: tuple[Run, tuple[Pair, Pair]]) -> None:
    run, writers = pair

    class Calls(RuleBasedStateMachine):
        @initialize()
        def seats(self) -> None:
            self.game = game = f"g{next(_games)}"
            self.last = dict.fromkeys(PLAYERS, 0)
            self.seats_of: dict[str, tuple[Seat, Seat]] = {
                name: tuple(run(one.seat(SeatKey("casino", name, game, "real"))) for one in writers[0])
                for name in PLAYERS
            }

        def both(
            self, player: str, writer: int, call: Callable[[Journal, Seat], Coroutine[Any, Any, object]]
        ) -> object:
            ends = []
            for journal, seat in zip(writers[writer], self.seats_of[player], strict=True):
                try:
                    ends.append(run(call(journal, seat)))
                except (Stale, RequestRepeated, Claimed) as failed:
                    ends.append((type(failed), getattr(failed, "seq", None)))
            assert ends[0] == ends[1]
            return ends[0]

        @rule(
            player=st.sampled_from(PLAYERS),
            writer=st.sampled_from(WRITERS),
            back=st.integers(0, 2),
            request=st.none() | st.integers(1, 4),
            opening=st.booleans(),
            payload=st.binary(max_size=5),
            claimed=st.lists(st.integers(1, 9), max_size=2, unique=True),
        )
        def append(  # noqa: PLR0917 - Hypothesis names them
            self,
            player: str,
            writer: int,
            back: int,
            request: int | None,
            opening: bool,
            payload: bytes,
            claimed: list[int],
        ) -> None:
            """`back` 0 is the next place; others are taken, or the first one."""
            seq = max(1, self.last[player] + 1 - back)
            request_id = None if request is None else f"r{request}"

            async def call(journal: Journal, seat: Seat) -> object:
                claims = tuple(Claim("free_round", f"{self.game}/{n}") for n in claimed)
                await journal.append(
                    Record(seat.seat_id, seq, 100 + seq, 1, payload, request_id, opening, claims=claims)
                )
                return "written"

            if self.both(player, writer, call) == "written":
                assert seq == self.last[player] + 1
                self.last[player] = seq

        @rule(player=st.sampled_from(PLAYERS), writer=st.sampled_from(WRITERS))
        def load(self, player: str, writer: int) -> None:
            async def call(journal: Journal, seat: Seat) -> object:
                return [plain(r) for r in await journal.load(seat.seat_id)]

            self.both(player, writer, call)

        @rule(
            player=st.sampled_from(PLAYERS),
            writer=st.sampled_from(WRITERS),
            first=st.integers(1, 6),
            limit=st.integers(1, 3),
        )
        def read(self, player: str, writer: int, first: int, limit: int) -> None:
            async def call(journal: Journal, seat: Seat) -> object:
                return [plain(r) for r in await journal.read(seat.seat_id, first, limit)]

            self.both(player, writer, call)

        @rule(player=st.sampled_from(PLAYERS), writer=st.sampled_from(WRITERS), request=st.integers(1, 4))
        def find(self, player: str, writer: int, request: int) -> None:
            self.both(player, writer, lambda journal, seat: journal.find_request(seat.seat_id, f"r{request}"))

        @rule(writer=st.sampled_from(WRITERS), first=st.integers(1, 9))
        def last_claim(self, writer: int, first: int) -> None:
            async def call(journal: Journal, _: Seat) -> object:
                last = await journal.last_claim("free_round", f"{self.game}/{first}" if first > 6 else f"{self.game}/")
                return last and (last.key, last.seq)

            self.both("anna", writer, call)

    def plain(r: Record) -> tuple[object, ...]:
        """Without seat and writer, which differ by their nature."""
        return r.seq, r.at, r.format, r.payload, r.request_id, r.opening

    run_state_machine_as_test(
        Calls,
        settings=settings(
            max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
