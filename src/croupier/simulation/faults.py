"""What may go wrong, how often under this seed, and how often it did.

Uneven on purpose: every seed draws its own mix (swarm testing). Evenly spread faults hide what only a long outage or a
storm of one kind shows.
"""

import math
import random
from collections import Counter
from dataclasses import dataclass, field, replace

from croupier.runtime.lease import BEAT_S, DEAD
from croupier.runtime.recovery import LATE_RECORD_US

WIRE = (
    *("request_lost", "answer_lost", "refused", "dns", "tls", "reset_before", "reset_after"),
    *("late_request", "late_answer", "twice", "twice_late"),
    *("html", "truncated", "not_json", "wrong_currency", "float_balance", "no_reference", "doubled_key", "huge"),
    *("slow_answer", "foreign_answer"),
    *("redirect", "not_found", "request_timeout", "conflict_409", "too_early", "too_many", "too_many_wait"),
    *("error_500", "error_502", "error_503", "error_503_wait", "error_504"),
)
"""Faults of one request. Those of the wallet's answer strike after it has acted, or before: by chance."""

SIGNATURE = ("bad_signature", "old_signature", "forged")
"""Only where this operator's answers must be signed."""

STORE = ("unavailable", "slow", "very_slow", "unknown_written", "unknown_late", "unknown_lost")
"""Faults of one append. `unknown_…`: the writer is told that nobody knows; written, written later, or never."""


RESTORED = 0.04
"""Share of the seeds in which a backup of the platform's store is put back."""

BEYOND = 0.04
"""Share of the seeds in which the wallet loses its memory; the same share again has messages later than `max_life`."""


@dataclass(frozen=True)
class Quirks:
    """What this seed's wallet does differently from the book, and this operator's settings."""

    tombstones: bool = True
    obeys_expiry: bool = True
    checks_timestamps: bool = True
    skew_us: int = 0
    lies_when_declining: bool = False
    declines_trusted: bool = True
    refuses_wins_of_ended_sessions: bool = False
    conflicts: float = 0.0
    signed_answers: bool = False
    zero_win: bool = False
    bet_attempts: int = 1
    id_retention_h: int = 720


@dataclass(frozen=True)
class Mix:
    """How bad the world is under one seed. Chances are per request, append or await."""

    wire: float
    wire_kinds: tuple[str, ...]
    wire_weights: tuple[float, ...]
    store: float
    store_kinds: tuple[str, ...]
    store_weights: tuple[float, ...]
    crash: float
    stall: float
    outage: float
    outage_s: float
    store_outage: float
    drop: float
    clock_steps: bool
    pace_s: float
    """Mean seconds between two actions of a player. A slow world sees long outages, a fast one many races."""
    tend_s: float
    quirks: Quirks
    processes: int = 1
    """Platform processes that serve the same seats over one store."""
    pause: float = 0.0
    """A process stands still (SIGSTOP) while the others go on."""
    pause_s: float = 40.0
    """For so long at most."""
    clocks_differ: bool = False
    no_randomness: float = 0.0
    """Chance per draw that the random source fails."""
    heals: bool = True
    """Faults stop at the end and everything must come to rest; else the world ends in mid-storm."""
    late_s: float = 580.0
    """Latest arrival of a delayed request: within `max_life`, less what the clocks may differ. See `beyond`."""
    forgetful_restarts: bool = False
    """The wallet is restarted from a copy some minutes old."""
    restored: bool = False
    """The platform's own store loses its end in mid-world."""
    approval_s: float = 0.0
    """Until the second person agrees, at most; the player plays on meanwhile."""

    @property
    def beat_s(self) -> float:
        """Seconds between two heartbeats: where days go by, or the wallet is away for hours, they would be all that
        happens.
        """
        return max(BEAT_S, self.pace_s / 4, self.outage_s / 1500 if self.outage else 0.0)

    @property
    def adopted_after_s(self) -> float:
        """Longest time until what a dead process left, also on its way to the store, is gone on with by another."""
        detected = (DEAD + 3) * self.beat_s if self.processes > 1 else 0.0
        return detected + LATE_RECORD_US / 1_000_000 + 4 * self.tend_s + 30.0

    @property
    def beyond(self) -> bool:
        """More than the rules can bear: differences must be found afterwards, by comparing statements."""
        return self.forgetful_restarts or self.late_s > 600


CALM = Mix(
    *(0.0, WIRE, (1.0,) * len(WIRE), 0.0, STORE, (1.0,) * len(STORE)),
    crash=0.0,
    stall=0.0,
    outage=0.0,
    outage_s=0.0,
    store_outage=0.0,
    drop=0.0,
    clock_steps=False,
    pace_s=2.0,
    tend_s=5.0,
    quirks=Quirks(),
)
"""Nothing goes wrong by itself."""


def mix_of(seed: int | str) -> Mix:
    """The world's weather under a seed."""
    rng = random.Random(f"{seed}/mix")

    def some(kinds: tuple[str, ...], share: float) -> tuple[tuple[str, ...], tuple[float, ...]]:
        chosen = tuple(kind for kind in kinds if rng.random() < share) or (rng.choice(kinds),)
        return chosen, tuple(rng.expovariate(1.0) + 0.05 for _ in chosen)

    def intensity(share: float, low: float, high: float) -> float:
        return low * (high / low) ** rng.random() if rng.random() < share else 0.0

    signed = rng.random() < 0.3
    wire_kinds, wire_weights = some(WIRE + SIGNATURE if signed else WIRE, 0.4)
    store_kinds, store_weights = some(STORE, 0.5)
    pace_s = rng.choice((2.0, 15.0, 60.0, 240.0))
    forgets_soon = rng.random() < 0.12
    untrusted = rng.random() < 0.12
    quirks = Quirks(
        tombstones=rng.random() < 0.55,
        obeys_expiry=rng.random() < 0.6,
        checks_timestamps=rng.random() < 0.75,
        skew_us=rng.choice((0, 0, rng.randint(-30_000_000, 30_000_000))),
        declines_trusted=not untrusted,
        lies_when_declining=untrusted and rng.random() < 0.7,
        refuses_wins_of_ended_sessions=rng.random() < 0.1,
        conflicts=rng.choice((0.0, 0.0, 0.0, 0.0, 0.004)),
        signed_answers=signed,
        zero_win=rng.random() < 0.25,
        bet_attempts=rng.choice((1, 1, 1, 2, 3)),
        id_retention_h=2 if forgets_soon else 720,
    )
    mix = Mix(
        wire=intensity(0.95, 0.03, 0.7),
        wire_kinds=wire_kinds,
        wire_weights=wire_weights,
        store=intensity(0.6, 0.005, 0.3),
        store_kinds=store_kinds,
        store_weights=store_weights,
        crash=intensity(0.7, 0.0005, 0.02),
        stall=intensity(0.35, 0.0005, 0.01),
        # Where ids are soon forgotten, outages are long: or nothing would ever be too old.
        outage=max(intensity(0.7, 0.2, 6.0), 4.0 if forgets_soon else 0.0),
        outage_s=max(30.0 * 400.0 ** rng.random(), 5400.0 if forgets_soon else 0.0),
        store_outage=intensity(0.5, 0.2, 6.0),
        drop=intensity(0.5, 0.005, 0.1),
        clock_steps=rng.random() < 0.3,
        pace_s=pace_s,
        tend_s=rng.choice((2.0, 10.0, 60.0)) if pace_s < 20 else 30.0,
        quirks=quirks,
        processes=rng.choice((1, 1, 2, 2, 3)),
        pause=intensity(0.3, 0.0005, 0.01),
        clocks_differ=rng.random() < 0.4,
        no_randomness=intensity(0.25, 0.001, 0.02),
        heals=rng.random() < 0.85,
    )
    luck = rng.random()
    if luck < BEYOND:
        return replace(mix, heals=True, forgetful_restarts=True)
    if luck < 2 * BEYOND:
        careless = replace(quirks, tombstones=False, obeys_expiry=False, checks_timestamps=False)
        kinds = ("late_request", "late_request", "twice_late", "request_lost", "answer_lost")
        mix = replace(mix, wire=max(mix.wire, 0.3), wire_kinds=kinds, wire_weights=(1.0,) * len(kinds))
        return replace(mix, heals=True, late_s=rng.choice((2000.0, 6000.0)), quirks=careless, pause_s=2000.0)
    # From a stream of its own: the worlds of the other seeds stay what they were.
    if random.Random(f"{seed}/restored").random() < RESTORED:
        return replace(mix, heals=True, restored=True, approval_s=4 * pace_s)
    return mix


@dataclass
class Faults:
    """Draws faults from a stream of their own and counts them."""

    mix: Mix
    rng: random.Random
    counted: Counter[str] = field(default_factory=Counter)
    on: bool = True

    def wire(self) -> str | None:
        if not self.on or self.rng.random() >= self.mix.wire:
            return None
        return self._counted("wire " + self.rng.choices(self.mix.wire_kinds, self.mix.wire_weights)[0])

    def delay(self) -> float:
        """Seconds that a delayed message takes: mostly few, sometimes nearly for ever."""
        longest = self.mix.late_s
        return min(longest, 4.0 * math.pow(longest / 4.0, self.rng.random()))

    def store(self) -> str | None:
        if not self.on or self.rng.random() >= self.mix.store:
            return None
        return self._counted("store " + self.rng.choices(self.mix.store_kinds, self.mix.store_weights)[0])

    def strikes(self, what: str, chance: float) -> bool:
        """Whether a fault with a chance of its own happens now."""
        if not chance or not self.on or self.rng.random() >= chance:
            return False
        self.counted[what] += 1
        return True

    def count(self, what: str) -> None:
        self.counted[what] += 1

    def _counted(self, what: str) -> str:
        self.counted[what] += 1
        return what.partition(" ")[2]

    @property
    def total(self) -> int:
        return sum(self.counted.values())
