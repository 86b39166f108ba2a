"""Rounds that another living process goes on with: nothing is appended to them here, their next record is waited for.

Only a round in motion has an owner: it waits for a wallet, or for a draw. One that waits for its player belongs to
whoever has the player's next action; `seq` decides when two have it, and the loser begins anew by what is there.
"""

from croupier.domain.refusal import Refused
from croupier.rounds.round import Round
from croupier.runtime.lease import Ownership
from croupier.runtime.live_seat import LiveSeat, Recorder
from croupier.runtime.world import World

PAUSE_S = (0.02, 0.2)
CLOSING_US = 2_000_000
"""Closing events are written within a second: after two, what the stream says is what there is."""


class Elsewhere:
    def __init__(self, world: World, recorder: Recorder, lease: Ownership) -> None:
        self.world = world
        self.recorder = recorder
        self.lease = lease

    def drives(self, live: LiveSeat) -> bool:
        """Whether another living process goes on with the seat's round."""
        r = live.state.open_round
        return (
            r is not None and r.in_motion and live.owner != self.world.journal.writer and self.lease.alive(live.owner)
        )

    async def catch_up(self, live: LiveSeat) -> None:
        """Load what others wrote, where there can be others."""
        if self.lease.shared:
            async with live.lock:
                await self.wrote(live)

    async def wrote(self, live: LiveSeat) -> bool:
        """As `catch_up`; whether anything was new. The caller holds `live.lock`."""
        return self.lease.shared and await self.recorder.catch_up(live)

    async def wait(self, live: LiveSeat, request_id: str) -> None:
        """Until this request can be decided on here.

        Refused ``busy`` when it is the one that the other process works on, and takes longer than a player
        waits. A new request waits only for closing events; then the usual checks refuse it, or not.
        """
        pause, most = PAUSE_S
        began = self.world.clock.boot()
        asked = False
        while self.drives(live):
            r = live.state.open_round
            assert r is not None
            unanswered = _works_on(r, request_id)
            if r.state == "betting" and not unanswered:
                return
            if self.world.clock.boot() - began > (r.terms.deadline_ms * 1000 if unanswered else CLOSING_US):
                if unanswered:
                    # By now the other has given the wallet up, and would have said so if it could.
                    raise Refused(
                        "busy",
                        "Another of our servers has not recorded how this ended. Ask for the round in a moment.",
                        money="being_checked",
                        round_id=r.round_id,
                    )
                return
            if not asked:
                self.lease.ask(live.owner, live.state.seat.seat_id)
                asked = True
            await self.world.clock.sleep(pause)
            pause = min(2 * pause, most)
            await self.catch_up(live)


def _works_on(r: Round, request_id: str) -> bool:
    """Whether this request's outcome is not known yet."""
    return r.pending is not None and r.pending.request_id == request_id
