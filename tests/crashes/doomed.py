"""The platform's worker with a death wish: at an ordered point it stops, itself or another process, with a signal.

Composed from the product's own parts; what it adds stands around `World`'s network and journal. Orders lie in a file
that the harness writes and this process takes away when it obeys, so that its next life is free.
"""

import asyncio
import json
import os
import signal
from pathlib import Path
from typing import Any

import msgspec

from crashes.points import POINTS, Point
from croupier.domain.exchange import HttpRequest, HttpResponse, NoAnswer
from croupier.main.app import create
from croupier.main.worker import main
from croupier.rounds.events import ActionRequested, BetRequested, Event, GamePlayed, WalletAnswered
from croupier.runtime.clock import SystemClock
from croupier.runtime.wallet_client import WalletClient
from croupier.store import formats
from croupier.store.records import Journal, Record
from croupier.wallet.outcome import Accepted

ORDERS = "CROUPIER_TEST_ORDERS"


class Orders:
    """``{"point", "nth", "victim": pid or 0 for ourselves, "family": also its children, "signal"}``."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "order.json"
        self.obeyed = folder / "obeyed.json"
        self._order: dict[str, Any] | None = None
        self._left = 0
        self.rounds: dict[str, str] = {}
        """Transaction -> its round: a record about an answer does not name it."""
        self.extra: set[str] = set()
        """Bets of actions within a round: when one is undone, its round goes on."""

    def due(self, at: str, of: str, when: str) -> bool:
        """Whether this is the ordered moment; the n-th time only."""
        order = self._read()
        if order is None:
            return False
        point: Point = POINTS[order["point"]]
        if (point.at, point.of, point.when) != (at, of, when):
            return False
        self._left -= 1
        return self._left == 0

    def carry_out(self, round_id: str | None, bet: str | None) -> None:
        """`bet`: the transaction that this is about, or whose round it is."""
        order = self._read()
        assert order is not None
        self.obeyed.with_suffix(".new").write_text(
            json.dumps({**order, "round_id": round_id, "extra": bet in self.extra})
        )
        self.file.unlink()
        self.obeyed.with_suffix(".new").rename(self.obeyed)
        self._order = None
        victim = order["victim"] or os.getpid()
        family = children_of(victim) if order["family"] else []
        for pid in (victim, *family):
            os.kill(pid, order["signal"])

    def _read(self) -> dict[str, Any] | None:
        if self._order is None and self.file.exists():
            self._order = json.loads(self.file.read_text())
            self._left = self._order["nth"]
        return self._order


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


class SetClock(SystemClock):
    """The system's clock, plus what a file says when SIGUSR1 asks to read it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._ahead_us = 0
        signal.signal(signal.SIGUSR1, self._read)

    def now(self) -> int:
        return super().now() + self._ahead_us

    def _read(self, *_: object) -> None:
        self._ahead_us = int(self._file.read_text()) * 1_000_000


class DoomedNetwork:
    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._client = WalletClient()

    async def send(self, request: HttpRequest, *, private: bool, **share: Any) -> HttpResponse | NoAnswer:
        call = request.url.rpartition("/")[2]
        members = json.loads(request.body)
        round_id = members.get("round_id")
        bet = members.get("bet_transaction_id", members.get("transaction_id"))
        if call == "bet":
            self._orders.rounds[bet] = round_id
        if self._orders.due("send", call, "before"):
            self._orders.carry_out(round_id, bet)
        sending = asyncio.ensure_future(self._client.send(request, private=private, **share))
        if self._orders.due("send", call, "during"):
            await asyncio.sleep(0.003)  # a connection is made, if none was open, and the bytes are on their way
            self._orders.carry_out(round_id, bet)
        answer = await sending
        if self._orders.due("send", call, "after"):
            self._orders.carry_out(round_id, bet)
        return answer


class DoomedJournal:
    """Everything else is the real journal's."""

    def __init__(self, orders: Orders, real: Journal) -> None:
        self._orders = orders
        self._real = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    async def append(self, record: Record) -> None:
        events = formats.decode(record.format, record.payload)
        kinds = _kinds(events)
        round_id, bet = self._about(events)
        for kind in kinds:
            if self._orders.due("append", kind, "before"):
                self._orders.carry_out(round_id, bet)
        if "plays" in kinds and self._orders.due("append", "plays", "cut"):
            await self._real.append(_only_the_answer(record, events))
            self._orders.carry_out(round_id, bet)
        await self._real.append(record)
        for kind in kinds:
            if self._orders.due("append", kind, "after"):
                self._orders.carry_out(round_id, bet)

    def _about(self, events: list[Event]) -> tuple[str | None, str | None]:
        """Round and bet of this record, as far as they can be known."""
        for event in events:
            match event:
                case BetRequested():
                    return event.round_id, event.transaction_id
                case ActionRequested(transaction_id=str() as bet):
                    self._orders.extra.add(bet)
                    return None, bet
                case WalletAnswered() if event.transaction_id in self._orders.rounds:
                    return self._orders.rounds[event.transaction_id], event.transaction_id
                case _:
                    pass
        return None, None


def _kinds(events: list[Event]) -> list[str]:
    """``opens``: a bet is recorded; ``plays``: the wallet took one, and the game drew in the same record."""
    kinds = []
    if any(isinstance(e, BetRequested) or (isinstance(e, ActionRequested) and e.transaction_id) for e in events):
        kinds.append("opens")
    if _answer_at(events) is not None and any(isinstance(e, GamePlayed) for e in events):
        kinds.append("plays")
    return kinds


def _answer_at(events: list[Event]) -> int | None:
    played = next((i for i, e in enumerate(events) if isinstance(e, GamePlayed)), None)
    if not played or not isinstance(answered := events[played - 1], WalletAnswered):
        return None
    return played - 1 if isinstance(answered.outcome, Accepted) else None


def _only_the_answer(record: Record, events: list[Event]) -> Record:
    """C4: the acceptance is recorded alone, nothing is drawn. A record that the format allows."""
    index = _answer_at(events)
    assert index is not None
    return msgspec.structs.replace(record, payload=formats.encode(events[: index + 1]))


if __name__ == "__main__":
    orders = Orders(Path(os.environ[ORDERS]))
    clock = SetClock(orders.file.with_name("clock"))
    main(
        lambda settings: create(
            settings,
            network=DoomedNetwork(orders),
            clock=clock,
            journal=lambda real: DoomedJournal(orders, real),
        )
    )
