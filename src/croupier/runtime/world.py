"""The one seam of determinism: clock, random numbers, network and store. Replace it and the same code is simulated."""

from dataclasses import dataclass, field
from typing import Protocol

from croupier.campaigns.campaign import Campaign
from croupier.domain.exchange import Exchange, HttpRequest, HttpResponse, NoAnswer
from croupier.domain.ids import uuid7_at
from croupier.domain.parties import Seat
from croupier.games.rng import Rng
from croupier.rounds.events import WalletAnswered
from croupier.rounds.late import Item
from croupier.store.records import Journal


class Clock(Protocol):
    def now(self) -> int:
        """Microseconds since 1970, UTC. People and other machines may set it."""
        ...

    def boot(self) -> int:
        """Microseconds since the machine started: never set, never runs back, also counts while it sleeps."""
        ...

    async def sleep(self, seconds: float) -> None: ...


class Ids(Protocol):
    """Random bytes for ids and jitter: a stream of its own, so that a retry never changes what a game draws."""

    def random(self, count: int) -> bytes: ...


class Network(Protocol):
    async def send(
        self, request: HttpRequest, *, private: bool, operator_id: str = "", owed: bool = False
    ) -> HttpResponse | NoAnswer:
        """One attempt. `private`: loopback and private addresses are allowed (test operators). Never raises.

        `operator_id`: whose share of the connections it takes. `owed`: a win or rollback. Where connections are short
        these take turns with what is new.
        """
        ...


class ExchangeLog(Protocol):
    def add(self, exchange: Exchange) -> None:
        """Best effort, never waits."""
        ...


class Grants(Protocol):
    """Who was given which free rounds."""

    async def granted(self, operator_id: str, campaign_id: str, player_id: str) -> Campaign | None:
        """The campaign as it is now; None when there is none, or this player is not in it. Raises Unavailable."""
        ...

    async def ended(self, now: int) -> list[tuple[str, str, str]]:
        """Whose `summed` free rounds may be over, with rounds played and no sum told: operator, campaign, player.

        As far as the projections know. `now` in microseconds. Raises Unavailable.
        """
        ...


class Items(Protocol):
    """What late answers leave to be done, by rule or by people."""

    async def ask(self, seat: Seat, round_id: str, event: WalletAnswered, item: Item) -> None:
        """Durable when it returns, and once however often it is asked. Raises Unavailable."""
        ...


class NoItems:
    """Nobody reads them, as with play money."""

    async def ask(self, seat: Seat, round_id: str, event: WalletAnswered, item: Item) -> None:
        """As Items says."""


class NoGrants:
    """Nobody has free rounds, as with play money."""

    async def granted(self, operator_id: str, campaign_id: str, player_id: str) -> Campaign | None:  # noqa: ARG002 - as Grants says
        return None

    async def ended(self, now: int) -> list[tuple[str, str, str]]:  # noqa: ARG002 - as Grants says
        return []


@dataclass(frozen=True, slots=True)
class World:
    clock: Clock
    outcomes: Rng
    ids: Ids
    network: Network
    journal: Journal
    exchanges: ExchangeLog
    grants: Grants = field(default_factory=NoGrants)
    items: Items = field(default_factory=NoItems)
    restored_at: int = 0
    """When the store came back from a backup, microseconds; 0 = never."""

    def is_restored(self, seat: Seat) -> bool:
        """The stream began before that: it has lost its end, and nothing new begins in it."""
        return self.restored_at > 0 and uuid7_at(seat.seat_id) < self.restored_at
