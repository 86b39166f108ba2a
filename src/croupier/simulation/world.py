"""One seed's world: a wallet, a network, a disk, players, and the platform's processes one after another."""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Mapping
from hashlib import blake2b

import msgspec

from croupier.dialects import DIALECTS
from croupier.domain.parties import Seat, SeatKey, Session
from croupier.domain.refusal import Refused
from croupier.games.catalogue import GAMES
from croupier.games.game import Game
from croupier.runtime.entropy import Seeded, SeededIds
from croupier.runtime.views import RoundView
from croupier.simulation.agreed import Watched, operator_of, weather_for
from croupier.simulation.auditor import Auditor, Violation
from croupier.simulation.clock import SimulatedClock, VirtualTimeLoop
from croupier.simulation.faults import Faults, Mix, mix_of
from croupier.simulation.fleet import Fleet
from croupier.simulation.network import Wire
from croupier.simulation.players import RICH, Player, Request
from croupier.simulation.process import Complaints, Dropped, Machine, Operators, OwnedTasks, Process
from croupier.simulation.promotions import Promotions
from croupier.simulation.replay import by_round, replay
from croupier.simulation.statements import carry_out, compare, repair
from croupier.simulation.store import Disk
from croupier.simulation.surroundings import Surroundings
from croupier.simulation.wallet import SimulatedWallet
from croupier.store.leases import MemoryLeases
from croupier.store.records import Unavailable
from croupier.wallet.dialect import Dialect

OPERATOR = "casino"
PLAYERS = 12
TWO_WINDOWS = (0, 3)
CHAOS_S = 2 * 86_400.0
"""Longest virtual time of play; a wallet that is always down would never let a seed reach its rounds."""
HEAL_S = 2 * 3600.0
"""B of I-10: virtual time in which everything must have come to rest once faults stop."""
CURRENCIES = ("EUR", "EUR", "EUR", "JPY")
DRAWN = "drawn"


class Report(msgspec.Struct):
    """What one seed did and found. `trace` is the same for the same seed and commit."""

    seed: str
    rounds: int
    faults: int
    virtual_s: float
    trace: str
    violations: list[Violation]
    counted: dict[str, int]
    sometimes: dict[str, int]
    dialect: str = "native"


class Simulation:
    """`games`: those that are played, the catalogue's when None. `mix`: the weather, the seed's when None.

    `faults`: what draws or places them. `dialect`: what the platform and its casino speak.
    """

    def __init__(
        self,
        seed: int | str,
        rounds: int,
        games: Mapping[str, Game] | None = None,
        mix: Mix | None = None,
        faults: Faults | None = None,
        *,
        dialect: str = "native",
    ) -> None:
        self.seed = seed
        self.goal = rounds
        self.games = GAMES if games is None else games
        self.mix = weather_for(dialect, mix_of(seed) if mix is None else mix)
        self.loop = VirtualTimeLoop()
        self.loop.set_task_factory(OwnedTasks())
        self.rng = self.stream("town")
        self.faults = Faults(self.mix, self.stream("faults")) if faults is None else faults
        self.clock = SimulatedClock(self.loop)
        quirks = self.mix.quirks
        operator = operator_of(dialect, OPERATOR, quirks)
        watched = Watched(DIALECTS[dialect], quirks.bet_attempts)
        self.wallet = SimulatedWallet(quirks, self.faults, self.stream("wallet"), operator, watched)
        self.wire = Wire(self.clock, self.wallet, self.faults, self.stream("wire"), watched)
        self.disk = Disk(self.faults, self.stream("disk"))
        self.operators = Operators(operator)
        self.promotions = Promotions(
            *(OPERATOR, self.games, self.clock.now, self.stream("promotions")),
            operator_counts=DIALECTS[dialect].abilities.free_bets == "none",
            sums=DIALECTS[dialect].abilities.free_sum,
        )
        self.disk.told = self.promotions.landed
        dialects: dict[str, Dialect] = {dialect: watched}
        self.machine = Machine(
            *(self.clock, self.wire, self.disk, self.faults, self.operators, self.games, dialects),
            outcomes=Seeded(seed),
            ids=SeededIds(seed),
            grants=self.promotions,
            leases=MemoryLeases(at=self.clock.now, beat_s=self.mix.beat_s),
            sums=self.promotions.sums,
        )
        self.auditor = Auditor(
            *(self.disk, self.wire, self.wallet, self.operators, self.games),
            promotions=self.promotions,
            clock_is_true=not self.mix.clock_steps,
            heard_after_s=self.mix.adopted_after_s,
            mix=self.mix,
        )
        self.disk.watch = self.auditor.begins
        self.auditor.deaths = self.machine.deaths
        self.over: set[str] = set()
        """Sessions that a restore has ended."""
        self.playing = True
        self.pace_s = self.mix.pace_s
        self.fleet = Fleet(self.machine, self.mix.processes, self.stream("fleet"))
        self.surroundings = Surroundings(self)
        self.replies = blake2b(digest_size=12)

    def stream(self, name: str) -> random.Random:
        return random.Random(f"{self.seed}/{name}")

    # What players know (players.Town)

    def now(self) -> int:
        return self.clock.now()

    def game(self, game_id: str) -> Game:
        return self.games[game_id]

    def promise(self, key: SeatKey) -> str | None:
        return self.promotions.promise(key)

    def bonus(self, key: SeatKey) -> str | None:
        return self.promotions.bonus() if self.games[key.game_id].free_rounds else None

    async def process(self) -> Process:
        return await self.fleet.any()

    def drop_after(self) -> float | None:
        return self.rng.uniform(0.0, 0.3) if self.faults.strikes("connection lost", self.mix.drop) else None

    def session_opened(self, session: Session) -> None:
        self.auditor.sessions[session.session_id] = session

    def session_ended(self, session_id: str) -> None:
        self.wallet.ended_sessions.add(session_id)

    def is_over(self, session: Session) -> bool:
        return session.session_id in self.over

    def shown(self, seat: Seat, request: Request, view: RoundView) -> None:
        self.replies.update(bytes(view.reveals))
        self.auditor.shown(seat, request, view)

    def refused(self, seat: Seat, request: Request, refused: Refused) -> None:
        self.replies.update(refused.code.encode())
        self.auditor.refused(seat, request, refused)

    # The course of things

    def run(self) -> Report:
        complaints = Complaints(self.machine.errors)
        complaints.listen()
        self.loop.set_exception_handler(lambda _, about: self.machine.errors.append(str(about.get("message"))))
        try:
            self.loop.run_until_complete(self._run())
        except Exception as error:  # noqa: BLE001 - whatever it was, it is a finding with a seed
            self.machine.errors.append(repr(error))
        finally:
            virtual = self.loop.time()
            complaints.leave()
            self.loop.close()
        return self._report(virtual)

    async def _run(self) -> None:
        players = [Player(self, *self._seat(n), f"{self.seed}/player{n}") for n in range(PLAYERS)]
        # Two players have a second window, at another game of the same campaigns.
        players += [Player(self, *self._second_window(n), f"{self.seed}/player{n}/2") for n in TWO_WINDOWS]
        self.wallet.pages.issues = self.promotions.issues
        for player in players[:PLAYERS]:
            windows = sum(other.key.player_id == player.key.player_id for other in players)
            self.promotions.knows(player.key.player_id, player.currency, windows=windows)
            rich = player.rng.random() < 0.85
            opening = RICH if rich else 500
            self.auditor.deposit(player.key.player_id, player.currency, opening, self.promotions.counted())
        serving = [asyncio.create_task(life) for life in self.fleet.lives()]
        around = [asyncio.create_task(life) for life in (p.live() for p in players)]
        around += [asyncio.create_task(events) for events in self.surroundings.events()]
        while (self.disk.rounds < self.goal and self.loop.time() < CHAOS_S) or self.fleet.is_closed:
            await asyncio.sleep(5.0)
            if any(task.done() and (task.cancelled() or task.exception()) for task in around):
                break  # it is told below
        self.playing = False
        if self.mix.heals:
            await self._last_straw()
            self.faults.on = False
            self.wire.down_until = self.disk.down_until = 0.0
        for task in around:
            task.cancel()
        ended = await asyncio.gather(*around, return_exceptions=True)
        self.machine.errors.extend(repr(error) for error in ended if isinstance(error, Exception))
        if self.mix.heals:
            self.operators.operator = msgspec.structs.replace(self.operators.operator, enabled=True)
            await self._heal()
            if self.machine.items.asked:
                await carry_out(self.machine.items, self.fleet)
                await self._heal()
        if self.mix.beyond:
            self.auditor.compared = compare(self.disk, self.wallet, self.now())
            self.auditor.before_repairs = list(self.wallet.statement)
            self.auditor.repaired = await repair(self.auditor.compared, self.fleet)
            if self.auditor.repaired:
                await self._heal()  # a repair's record may have come before one that another process still held
            self.auditor.compared_again = compare(self.disk, self.wallet, self.now())
        if self.mix.restored:
            self.auditor.compared_again = compare(self.disk, self.wallet, self.now())
        for life in serving:
            life.cancel()
        await self._read_again()
        await asyncio.gather(*serving, *self.fleet.kill(), return_exceptions=True)

    async def _last_straw(self) -> None:
        """The hardest moment to die: nobody comes back whose request would wake what is left."""
        if self.fleet.living and self.faults.strikes("crash at the end", 0.6):
            self.disk.last_straw = True
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.fleet.living[0].died.wait(), 60.0)
            self.disk.last_straw = False

    async def _read_again(self) -> None:
        """What each process holds in memory, against its journal."""
        sums = by_round(self.auditor.lost.known(self.wallet.statement)) if not self.mix.beyond else None
        for process in await self.fleet.all() if self.mix.heals else []:
            await process.answer(process.runner.close())
            for seat_id, stream in list(self.disk.streams.by_id.items()):
                live = await process.answer(process.runner.seats.live(seat_id))
                if live.carry:
                    continue  # closing events that another process was faster with
                self.auditor.found.extend(replay(stream, live.state, live.seq, sums))
                granted = await process.answer(process.runner.granted(seat_id))
                if granted is not None and live.seq == len(stream.records):
                    self.auditor.left[seat_id] = (granted.campaign.campaign_id, granted.left)

    def _seat(self, n: int) -> tuple[SeatKey, str]:
        game_id = list(self.games)[n % len(self.games)]
        return SeatKey(OPERATOR, f"p{n}", game_id, "real"), CURRENCIES[n % len(CURRENCIES)]

    def _second_window(self, n: int) -> tuple[SeatKey, str]:
        key, currency = self._seat(n)
        others = [game_id for game_id, game in self.games.items() if game.scale and game_id != key.game_id]
        return msgspec.structs.replace(key, game_id=others[0] if others else key.game_id), currency

    async def _heal(self) -> None:
        """Nothing fails any more: until all is at rest and every late message has arrived, at most `HEAL_S`."""
        end = self.loop.time() + HEAL_S
        await asyncio.sleep(self.mix.adopted_after_s)
        while self.loop.time() < end:
            await asyncio.sleep(20.0)
            await self.fleet.any()
            at_rest = not self.fleet.driven() and not self.wire.in_flight and not self.promotions.ended_now()
            # Something may be owed to a wallet that has forgotten its bet: people do not wait for that.
            if at_rest or end - self.loop.time() < HEAL_S / 2:
                # A process that has just begun, or whose new name nobody has heard of: they ask again.
                with contextlib.suppress(Dropped, Unavailable):
                    if not await self.surroundings.settle_suspended(older_than_us=0) and at_rest:
                        return

    def _report(self, virtual_s: float) -> Report:
        violations = self.auditor.audit()
        violations += [Violation("error", "", error, ()) for error in self.machine.errors]
        trace = blake2b(digest_size=12)
        for part in (self.disk.trace, self.wire.trace, self.replies):
            trace.update(part.digest())
        return Report(
            seed=str(self.seed),
            rounds=self.disk.rounds,
            faults=self.faults.total,
            virtual_s=virtual_s,
            trace=trace.hexdigest(),
            violations=violations,
            counted=dict(self.faults.counted),
            sometimes=dict(self.auditor.sometimes + Counter(self.wallet.happened)),
            dialect=self.operators.operator.dialect,
        )


def simulate(
    seed: int | str,
    rounds: int = 350,
    games: Mapping[str, Game] | None = None,
    mix: Mix | None = None,
    *,
    dialect: str = "native",
) -> Report:
    """Play one seed's world to its end and audit it. `dialect`: ``drawn`` = the seed draws what its operator speaks."""
    if dialect == DRAWN:
        dialect = random.Random(f"{seed}/dialect").choice(list(DIALECTS))
    return Simulation(seed, rounds, games, mix, dialect=dialect).run()
