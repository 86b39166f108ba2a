"""What is fuzzed: a name, real bytes to begin with, and a judge of what became of them."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fuzz.mutations import Kind, mutated


@dataclass(frozen=True)
class Seed:
    """Real bytes. `about`: what the judge must know of them."""

    name: str
    data: bytes
    about: Any = None
    kind: Kind = "json"


Judge = Callable[[Seed, bytes, random.Random], str]
"""Says in a word what became of the bytes, or raises: anything raised is a finding."""


@dataclass(frozen=True)
class Target:
    """`seen`: words of which each must have been said of 100 cases, or the judge has looked at nothing."""

    name: str
    seeds: Callable[[], list[Seed]]
    judge: Judge
    seen: frozenset[str]


@dataclass(frozen=True)
class Case:
    target: str
    seed: int
    number: int
    of: Seed
    data: bytes

    @property
    def replay(self) -> str:
        return f"PYTHONPATH=tests .venv/bin/python -m fuzz.run {self.target} --seed {self.seed} --case {self.number}"


@dataclass
class Found:
    case: Case
    error: BaseException


@dataclass
class Session:
    """Cases of one target, each made of its number alone."""

    target: Target
    seed: int
    seeds: list[Seed] = field(init=False)
    said: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.seeds = self.target.seeds()
        self._by_kind = {kind: [one.data for one in self.seeds if one.kind == kind] for kind in ("json", "form")}

    def case(self, number: int) -> tuple[Case, random.Random]:
        rng = random.Random(f"{self.seed}/{self.target.name}/{number}")
        of = rng.choice(self.seeds)
        others = self._by_kind.get(of.kind) or [one.data for one in self.seeds]
        # Now and then the example itself: the judge must be at peace with it.
        data = of.data if number % 20 == 0 else mutated(of.data, of.kind, rng, others)
        return Case(self.target.name, self.seed, number, of, data), rng

    def run(self, number: int) -> Found | None:
        case, rng = self.case(number)
        try:
            self.said[self.target.judge(case.of, case.data, rng)] += 1
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
            return Found(case, error)
        return None
