"""Demo sessions: the same runner over a journal in memory and a wallet of our own. Nothing of it is kept."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from croupier.dialects import DIALECTS
from croupier.dialects.native.operator import answer, read_call, refuse, signed_of
from croupier.dialects.operator_half import BadRequest
from croupier.domain.exchange import Exchange, HttpRequest, HttpResponse
from croupier.domain.parties import Operator, Seat, SeatKey, Session
from croupier.games.game import Game
from croupier.games.rng import Rng
from croupier.rounds.round import Round
from croupier.runtime.admission import Admission
from croupier.runtime.past_round import past_round
from croupier.runtime.round_runner import RoundRunner
from croupier.runtime.world import Clock, Ids, World
from croupier.store.memory import MemoryJournal, Streams
from croupier.wallet.book import Book, MemoryPages
from croupier.wallet.outcome import Unknown
from croupier.wallet.signature import secret_of

SEATS_MAX = 5_000
"""Seats kept in memory; the one that was idle longest is dropped first."""


class PlayMoney:
    def __init__(self, clock: Clock, outcomes: Rng, ids: Ids, games: Mapping[str, Game], admission: Admission) -> None:
        self.secret = secret_of(ids.random(32))
        self.wallet = DemoWallet(clock, self.secret)
        self.streams = Streams(SEATS_MAX)
        journal = MemoryJournal(self.streams, now=clock.now, random=ids.random)
        world = World(clock, outcomes, ids, self.wallet, journal, NothingKept())
        self.runner = RoundRunner(world, self, games, DIALECTS, admission)

    def get(self, operator_id: str) -> Operator:
        """Whoever the operator is, its demo sessions are played with our own wallet."""
        return Operator(operator_id, "native", "http://demo.invalid", (self.secret,), ())

    async def open(self, key: SeatKey, session: Session, start_balance: int) -> Seat:
        """Opens a seat with that much play money, minor units."""
        self.wallet.pages.accounts[key.player_id] = self.wallet.book.open_account(
            key.player_id, session.currency, start_balance
        )
        seat = await self.runner.open_session(key, session)
        self._forget_dropped()
        return seat

    def has(self, seat: SeatKey) -> bool:
        """False when the seat was dropped, or belongs to an earlier start of this process."""
        return seat in self.streams.by_key

    def _forget_dropped(self) -> None:
        """Accounts of seats that are gone; looked for only when many have gathered."""
        if len(self.wallet.pages.accounts) > 2 * SEATS_MAX:
            seated = {key.player_id for key in self.streams.by_key}
            for player_id in [p for p in self.wallet.pages.accounts if p not in seated]:
                del self.wallet.pages.accounts[player_id]

    async def rounds(self, seat: Seat, limit: int, before: int | None) -> list[Round]:
        """Rounds of a seat that memory still has, newest first. `before`: only those opened before this record."""
        stream = self.streams.by_id.get(seat.seat_id)
        opened = [record.seq for record in stream.records if record.opening] if stream is not None else []
        places = [seq for seq in opened if before is None or seq < before][-limit:]
        found = [await past_round(self.runner.world.journal, seat, seq) for seq in reversed(places)]
        return [r for r in found if r is not None]


class DemoWallet:
    """A network whose only host is a wallet: the native operator's half over a book in memory."""

    def __init__(self, clock: Clock, secret: str) -> None:
        self.clock = clock
        self.secret = secret
        self.pages = MemoryPages()
        self.book = Book(self.pages)

    async def send(
        self,
        request: HttpRequest,
        *,
        private: bool,  # noqa: ARG002 - as Network says
        operator_id: str = "",  # noqa: ARG002
        owed: bool = False,  # noqa: ARG002
    ) -> HttpResponse:
        at = self.clock.now()
        name = urlsplit(request.url).path.rpartition("/")[2]
        try:
            call = read_call(name, signed_of(request.headers), request.body, (self.secret,), at)
        except BadRequest as error:
            return refuse(error)
        outcome = self.book.answer(call, at)
        assert not isinstance(outcome, Unknown)
        if len(self.pages.entries) > 50 * SEATS_MAX:
            # Old transactions are never repeated here: a demo round ends within one answer.
            self.pages.entries.clear()
        return answer(call, outcome)


class NothingKept:
    def add(self, exchange: Exchange) -> None:
        """Play money has no operator who would ask."""
