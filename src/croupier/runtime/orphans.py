"""Rounds that nobody goes on with any more: their process is gone, or has come back under another name."""

from croupier.rounds.commands import Command, SendCall
from croupier.rounds.events import Event, Recovered, RetriesExhausted
from croupier.rounds.round import SETTLING
from croupier.runtime.driver import Driver
from croupier.runtime.elsewhere import Elsewhere
from croupier.runtime.live_seat import LiveSeat
from croupier.runtime.world import World


class Orphans:
    def __init__(self, world: World, driver: Driver, elsewhere: Elsewhere) -> None:
        self.world = world
        self.driver = driver
        self.elsewhere = elsewhere

    async def needed(self, live: LiveSeat) -> list[Command]:
        """Makes the open round ours, and answers what it needs now; nothing when another survivor was faster."""
        await self.driver.settle_what(live, lambda: self._adoption(live))
        if live.owner != self.world.journal.writer:
            return []
        commands = await self.driver.settle_what(live, lambda: self.outstanding(live))
        if commands is not None:
            return commands
        r = live.state.open_round
        return [SendCall(t.transaction_id) for t in r.owed] if r is not None and r.state in SETTLING else []

    def _adoption(self, live: LiveSeat) -> Event | None:
        """The place in the stream that makes the round ours, and stops whatever a dead process had on its way."""
        r = live.state.open_round
        writer = self.world.journal.writer
        orphan = r is not None and r.in_motion and live.owner != writer and not self.elsewhere.drives(live)
        return Recovered(writer) if orphan else None

    def outstanding(self, live: LiveSeat) -> Event | None:
        """What has happened to the round without being recorded."""
        r = live.state.open_round
        now = self.world.clock.now()
        if r is not None and r.state == "betting":
            # Nobody knows whether the bet left us, and the answer is lost with whoever asked: take it back.
            bet = next(t for t in reversed(r.transactions) if t.kind == "bet")
            return RetriesExhausted(now, bet.transaction_id, "process died")
        if r is not None and r.state == "in_play" and r.pending is not None:
            return self.driver.recorder.drawn_once(live, r, now)
        return None
