"""Rounds as a journal has them, made of plain numbers: what a test counts is what it put in."""

import msgspec

from croupier.domain.ids import round_id
from croupier.domain.parties import Seat, Session
from croupier.rounds.events import (
    BetRequested,
    Event,
    FreeRound,
    FreeRoundsEnded,
    GamePlayed,
    RepairOpened,
    RetriesExhausted,
    SeatCarried,
    SessionOpened,
    WalletAnswered,
)
from croupier.store import formats
from croupier.store.records import Record
from croupier.wallet.outcome import Accepted, Declined

DAY = 86_400_000_000
MONDAY = 20_600 * DAY


class Stream:
    """Builds the records of one seat, one after the other. Times step on by a millisecond a record."""

    def __init__(self, seat: Seat, currency: str = "EUR", at: int = MONDAY) -> None:
        self.seat = seat
        self.at = at
        self.seq = 0
        self.rounds = 0
        self.riding: list[Event] = []
        self.repairs: list[RepairOpened] = []
        self.session = Session(f"s-{seat.key.player_id}", currency, "en", at, at + DAY)
        self.last: str | None = None

    def record(self, *events: Event, request_id: str | None = None, opening: bool = False) -> Record:
        self.seq += 1
        self.at += 1000
        payload = formats.encode([*self.riding, *events])
        self.riding = []
        return Record(self.seat.seat_id, self.seq, self.at, formats.CURRENT, payload, request_id, opening)

    def opened(self) -> Record:
        return self.record(SessionOpened(self.at, self.session))

    def bet(self, amount: int, free: FreeRound | None = None) -> Record:
        carried = SeatCarried(self.session, None, self.rounds, self.last, tuple(self.repairs))
        self.rounds += 1
        self.last = round_id(self.seat.seat_id, self.seq + 1, self.rounds.to_bytes(8, "big"))
        event = BetRequested(
            at=self.at,
            round_id=self.last,
            request_id=f"r{self.rounds}",
            session_id=self.session.session_id,
            transaction_id=self._bet,
            game_version="1",
            mode="base",
            choice=None,
            stake=amount,
            unit=1,
            amount=amount if free is None else 0,
            expires_at=self.at + 30_000_000,
            free_round=free,
        )
        return self.record(carried, event, request_id=event.request_id, opening=True)

    def ended(self, free: FreeRound) -> Record:
        """The sum of free rounds is owed."""
        carried = SeatCarried(self.session, None, self.rounds, self.last, tuple(self.repairs))
        self.rounds += 1
        self.last = round_id(self.seat.seat_id, self.seq + 1, self.rounds.to_bytes(8, "big"))
        event = FreeRoundsEnded(self.at, self.last, self.session, self._bet, self._win, "1", free)
        return self.record(carried, event, opening=True)

    def free_win(self, number: int, win: int, total: int, won: int) -> Record:
        """A free round of a campaign whose wins are told in one sum: bet and outcome are one record."""
        free = FreeRound("issue-1", number, 20, total, won=won, local=True, summed=True)
        opened = self.bet(20, free)
        played = GamePlayed(self.at, "bet", ((6, 3),), True, win, None, b"null", b"[]")
        return msgspec.structs.replace(
            opened, payload=formats.encode([*formats.decode(opened.format, opened.payload), played])
        )

    def accepted(self, win: int) -> Record:
        """The bet is taken and the game played."""
        return self.record(self._answer(self._bet, Accepted(1000, "op-1")), self._played(win))

    def paid(self) -> Record:
        return self.record(self._answer(self._win, Accepted(1000, "op-2")))

    def paid_riding(self) -> None:
        """The end of the round comes with the stream's next record."""
        self.riding.append(self._answer(self._win, Accepted(1000, "op-2")))

    def declined(self) -> Record:
        return self.record(self._answer(self._bet, Declined("insufficient_funds")))

    def unknown(self) -> Record:
        return self.record(RetriesExhausted(self.at, self._bet, "timeout"))

    def rolled_back(self) -> Record:
        return self.record(self._answer("r_" + self._bet[2:], Accepted(1000)))

    def repair(self) -> Record:
        """Reconciliation found that the operator holds the last bet, which it had declined."""
        opened = RepairOpened(
            *(self.at, f"rp_{self.rounds}", self.last, self.session, self._bet, 40, self.at),
            *("r_" + self._bet[2:], self.at, False, False, 660_000),
        )
        self.repairs = [opened]
        return self.record(opened)

    def repaired(self) -> Record:
        (opened,) = self.repairs
        self.repairs = []
        return self.record(self._answer(opened.rollback_id, Accepted(1000)))

    def spin(self, amount: int, win: int) -> list[Record]:
        """A whole round; its end, when something was won, rides in the next record."""
        records = [self.bet(amount), self.accepted(win)]
        if win:
            self.paid_riding()
        return records

    @property
    def _bet(self) -> str:
        return f"b_{self.seat.key.player_id}-{self.seat.key.game_id}-{self.rounds}"

    @property
    def _win(self) -> str:
        return f"w_{self.seat.key.player_id}-{self.seat.key.game_id}-{self.rounds}"

    def _played(self, win: int) -> GamePlayed:
        reveals = msgspec.json.encode([{"kind": "roll", "win": win}])
        return GamePlayed(self.at, "bet", ((6, 3),), True, win, self._win if win else None, b"null", reveals)

    def _answer(self, transaction_id: str, outcome: Accepted | Declined) -> WalletAnswered:
        return WalletAnswered(self.at, transaction_id, self.at, outcome, 200, b"{}", b"")
