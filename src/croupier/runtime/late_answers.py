"""An answer on its way into the journal when its round has gone on without it."""

from collections.abc import Awaitable, Callable
from functools import partial

from msgspec.structs import replace

from croupier.domain.ids import locate_round
from croupier.domain.parties import Seat
from croupier.rounds.events import WalletAnswered
from croupier.rounds.late import Item, is_late, item_of
from croupier.rounds.round import Round
from croupier.runtime.admission import Standing
from croupier.runtime.past_round import past_round
from croupier.runtime.world import World


class LooksBack(Exception):
    """Something has to be done with the store before it can be recorded; `work` raises Unavailable."""

    def __init__(self, work: Callable[[], Awaitable[None]]) -> None:
        self.work = work


class Late:
    """`round_id`: the round whose call was answered."""

    def __init__(self, world: World, standing: Standing, seat: Seat, round_id: str, event: WalletAnswered) -> None:
        self.world = world
        self.standing = standing
        self.seat = seat
        self.round_id = round_id
        self.event = event
        self._counted = False
        self._asked = False
        self._past: Round | None = None

    def due(self, r: Round | None) -> WalletAnswered:
        """What is to be recorded while `r` is the seat's last round. Raises LooksBack."""
        current = r is not None and r.round_id == self.round_id
        own = r if current else self._past
        if own is None:
            raise LooksBack(self._find)
        late = is_late(own, self.event)
        if late and not self._counted:
            self._counted = True
            self.standing.late += 1
        item = item_of(own, self.event) if late else None
        if item is not None and not self._asked:
            # Before the answer is recorded: who dies in between has not heard it at all.
            raise LooksBack(partial(self._ask, item))
        return self.event if current else replace(self.event, round_id=self.round_id)

    async def _find(self) -> None:
        place = locate_round(self.round_id)
        assert place is not None, "we have made this id"
        self._past = await past_round(self.world.journal, self.seat, place[1], to_the_last=True)
        assert self._past is not None, "a call follows from a record"

    async def _ask(self, item: Item) -> None:
        await self.world.items.ask(self.seat, self.round_id, self.event, item)
        self._asked = True
