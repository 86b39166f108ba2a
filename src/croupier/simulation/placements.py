"""Small and complete: one round of a game under every placement of up to three faults.

A place is a message or a record, in the order in which a run meets them. What a fault changes is met later, so the
next fault is placed in what really follows: all placements are tried, none that cannot happen.
"""

import asyncio
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from croupier.campaigns.campaign import Campaign
from croupier.domain.days import DAY_US
from croupier.domain.parties import SeatKey, Session
from croupier.domain.refusal import Refused
from croupier.games.catalogue import GAMES
from croupier.games.game import Json
from croupier.runtime.requests import ActionRequest, BetRequest
from croupier.runtime.views import RoundView
from croupier.simulation.auditor import Violation
from croupier.simulation.faults import CALM, Faults, Mix, Quirks
from croupier.simulation.process import Dropped
from croupier.simulation.story import tell
from croupier.simulation.world import OPERATOR, Simulation
from croupier.store.records import Unavailable

MESSAGE = (
    *("crash before", "request lost", "request late", "request very late", "answer lost"),
    *("twice", "twice, late", "crash after"),
)
RECORD = ("crash before", "lost", "late", "slow", "crash while writing", "crash after")
"""`lost` and `late`: the writer is told that nobody knows."""

FAULTS = {"message": MESSAGE, "record": RECORD}
WIRE = {
    "request lost": "request_lost",
    "request late": "late_request",
    "request very late": "late_request",
    "answer lost": "answer_lost",
    "twice": "twice",
    "twice, late": "twice_late",
}
STORE = {"lost": "unknown_lost", "late": "unknown_late", "slow": "very_slow"}
LATE_S, VERY_LATE_S = 25.0, 400.0
"""Within a bet's life; and only within `max_life`."""


@dataclass(frozen=True)
class Kind:
    """A round that is tried: which game, what the player sends, and a seed under which it wins."""

    game_id: str
    bet: int
    seed: int
    choice: Json = None
    actions: tuple[str, ...] = ()
    free: bool = False
    """The player's only free round."""


KINDS = {
    "slot": Kind("krakens-hoard", 100, 3),
    "roulette": Kind("european-roulette", 100, 1, {"bets": [{"type": "red", "amount": 100}]}),
    "blackjack": Kind("blackjack", 100, 1, None, ("double", "stand")),
    "free round": Kind("krakens-hoard", 100, 3, free=True),
}

QUIRKS = {
    "by the book": Quirks(),
    "careless": Quirks(tombstones=False, obeys_expiry=False, checks_timestamps=False, zero_win=True),
}
"""The wallets it is tried with. The careless one takes what comes, whenever it comes."""

Placement = tuple[tuple[int, str], ...]
"""Place and fault, in the order of places. ``((2, "answer lost"), (5, "crash after"))``"""


class Placed(Faults):
    """Strikes where the placement says, and nowhere else; remembers which places were met."""

    def __init__(self, mix: Mix, placement: Placement) -> None:
        super().__init__(mix, random.Random(0))
        self.placement = dict(placement)
        self.met: list[str] = []
        self._now = {"message": "", "record": ""}

    def _begins(self, what: str) -> str:
        fault = self._now[what] = self.placement.get(len(self.met), "")
        self.met.append(what)
        if fault:
            self.counted[f"{what}: {fault}"] += 1
        return fault

    def strikes(self, what: str, chance: float) -> bool:  # noqa: ARG002 - placed, not drawn
        match what:
            case "crash before_send":
                return self._begins("message") == "crash before"
            case "crash before_append":
                return self._begins("record") == "crash before"
            case "crash answer_read":
                return self._now["message"] == "crash after"
            case "crash while_writing":
                return self._now["record"] == "crash while writing"
            case "crash after_append":
                return self._now["record"] == "crash after"
        return False

    def wire(self) -> str | None:
        return WIRE.get(self._now["message"])

    def store(self) -> str | None:
        """Only the first writing of a record: what settles it afterwards is undisturbed."""
        fault = STORE.get(self._now["record"])
        if fault is not None:
            self._now["record"] = ""
        return fault

    def delay(self) -> float:
        return LATE_S if self._now["message"] == "request late" else VERY_LATE_S


class OneRound(Simulation):
    """One player, one round, one process that is followed by the next when it dies."""

    def __init__(self, kind: Kind, quirks: Quirks, placement: Placement) -> None:
        mix = replace(CALM, quirks=quirks)
        self.placed = Placed(mix, placement)
        super().__init__(kind.seed, 1, {kind.game_id: GAMES[kind.game_id]}, mix, self.placed)
        self.kind = kind
        self.key = SeatKey(OPERATOR, "ana", kind.game_id, "real")
        self.auditor.deposit("ana", "EUR", 100_000)
        self.campaign_id = self._one_free_round() if kind.free else None
        self.view: RoundView | None = None

    async def _run(self) -> None:
        serving = [asyncio.create_task(life) for life in self.fleet.lives()]
        await self._play()
        met = -1
        while met != len(self.placed.met):
            met = len(self.placed.met)  # a fault may be placed in what heals the one before
            await self._heal()
        for life in serving:
            life.cancel()
        await self._read_again()
        await asyncio.gather(*serving, *self.fleet.kill(), return_exceptions=True)

    def story(self) -> Iterator[str]:
        """All rounds that came about, line by line."""
        for seen in self.auditor.reader.seats.values():
            for r in seen.rounds:
                yield from tell(r.round_id, self.disk, self.auditor.reader, self.wire.sent, self.wallet.statement)

    def _one_free_round(self) -> str:
        kind, start = self.kind, self.now()
        only = Campaign(OPERATOR, "only", (kind.game_id,), 1, kind.bet, "EUR", start, start + 30 * DAY_US)
        self.promotions.campaigns = {only.campaign_id: only}
        self.promotions.knows(self.key.player_id, only.currency, windows=1)
        return only.campaign_id

    async def _play(self) -> None:
        session = Session("s1", "EUR", "en", self.now(), self.now() + DAY_US, campaign_id=self.campaign_id)
        self.session_opened(session)
        while True:
            process = await self.process()
            try:
                self.seat = await process.answer(process.runner.open_session(self.key, session))
                break
            except (Dropped, Unavailable):
                await asyncio.sleep(0.5)
        await self._asked(BetRequest("r1", self.kind.bet, choice=self.kind.choice, campaign_id=self.campaign_id))
        for number, action in enumerate(self.kind.actions):
            if self.view is not None and action in {offer.action for offer in self.view.next_actions}:
                await self._asked(ActionRequest(f"a{number}", action))

    async def _asked(self, request: BetRequest | ActionRequest) -> None:
        """The same request until it is answered; what a patient client does. At most an hour."""
        for wait_s in (0.5, 1.0, 2.0, 5.0, 30.0, 300.0, 3000.0):
            process = await self.process()
            runner, seat_id = process.runner, self.seat.seat_id
            try:
                if isinstance(request, BetRequest):
                    self.view = await process.answer(runner.bet(seat_id, "s1", request))
                else:
                    assert self.view is not None, "an action follows a bet"
                    self.view = await process.answer(runner.act(seat_id, "s1", self.view.round_id, request))
            except (Dropped, Unavailable):
                await asyncio.sleep(wait_s)
            except Refused as refused:
                self.refused(self.seat, request, refused)
                if refused.code in ("wallet_declined", "stale_action", "round_in_progress"):
                    return
                await asyncio.sleep(wait_s)
            else:
                self.shown(self.seat, request, self.view)
                return


@dataclass
class Tried:
    """How many placements, and what they broke."""

    placements: int = 0
    failed: list[tuple[Placement, list[Violation]]] = field(default_factory=list)


def attempt(kind: Kind, quirks: Quirks, placement: Placement) -> tuple[OneRound, list[Violation]]:
    """One run: the world as it was left, and what it broke."""
    world = OneRound(kind, quirks, placement)
    report = world.run()
    if report.rounds != 1 and not any("crash" in fault or fault == "lost" for _, fault in placement):
        report.violations.append(Violation("error", "", f"{report.rounds} rounds were played", ()))
    return world, report.violations


def placements(met: Sequence[str], after: Placement) -> Iterator[Placement]:
    """Every way to add one fault behind those that are placed."""
    first = after[-1][0] + 1 if after else 0
    for place in range(first, len(met)):
        yield from ((*after, (place, fault)) for fault in FAULTS[met[place]])


def explore(kind: Kind, quirks: Quirks, depth: int, start: Placement = ()) -> Tried:
    """All placements of up to `depth` faults that begin with `start`."""
    tried = Tried()
    waiting: list[Placement] = [start]
    while waiting:
        placement = waiting.pop()
        world, violations = attempt(kind, quirks, placement)
        tried.placements += 1
        if violations:
            tried.failed.append((placement, violations))
        if len(placement) < depth:
            waiting.extend(placements(world.placed.met, placement))
    return tried


def said(placement: Placement) -> str:
    """As the command line takes it: ``2:answer lost;5:crash after``."""
    return ";".join(f"{place}:{fault}" for place, fault in placement)


def read(text: str) -> Placement:
    """The placement in such a text. ValueError when it is none."""
    pairs = [part.split(":") for part in text.split(";") if part]
    return tuple((int(place), fault) for place, fault in pairs)
