"""What the raw records say, round by round, read without the state machine: the auditor's own eyes."""

import uuid
from dataclasses import dataclass, field

from croupier.domain.parties import Seat
from croupier.rounds.events import (
    AbandonmentDue,
    ActionRequested,
    BetRequested,
    BetSent,
    CheckFailed,
    Event,
    FreeRoundsEnded,
    GamePlayed,
    GameUnavailable,
    RepairOpened,
    ResolvedByStaff,
    RetriesExhausted,
    SessionEnded,
    SessionOpened,
    StillPending,
    SuspendedByStaff,
    TooOld,
    VoidApproved,
    WalletAnswered,
)
from croupier.simulation.bets import BetSeen, Place, not_found
from croupier.store import formats
from croupier.store.memory import Stream
from croupier.store.records import Record
from croupier.wallet.outcome import Accepted, Conflict, Declined

Finding = tuple[str, str, str]
"""Invariant like ``I-01``, round, what was found."""

Asked = BetRequested | ActionRequested | AbandonmentDue
"""What a draw answers to."""


@dataclass
class Silence:
    """Why, and the records between which a round was suspended; None = it still is."""

    why: str
    first: int
    last: int | None = None


@dataclass
class PlaySeen:
    place: Place
    event: GamePlayed
    bet: BetSeen | None
    action: str
    choice: bytes | None
    request_id: str | None = None


@dataclass
class RoundSeen:
    seat: Seat
    opened: BetRequested
    place: Place
    currency: str
    bets: list[BetSeen] = field(default_factory=list)
    plays: list[PlaySeen] = field(default_factory=list)
    orphans: list[Place] = field(default_factory=list)
    """Draws that nobody had asked for."""
    rollback_answers: dict[str, list[WalletAnswered]] = field(default_factory=dict)
    win_answers: list[WalletAnswered] = field(default_factory=list)
    end_answers: list[WalletAnswered] = field(default_factory=list)
    """Of the call that tells an operator of the round's end, where its API has one."""
    accepted_at: dict[str, Place] = field(default_factory=dict)
    """Win or rollback -> where its first acceptance is recorded."""
    voided: bool = False
    stopped: str | None = None
    """Why it is suspended."""
    causes: set[str] = field(default_factory=set)
    silences: list["Silence"] = field(default_factory=list)
    resolutions: int = 0
    decided: dict[str, str] = field(default_factory=dict)
    """What two people said became of a transaction."""
    ended: str | None = None
    """How two people ended it."""
    alarms: int = 0
    unplayable: bool = False
    """Nothing could be drawn for the accepted bet."""
    session_ended_while_open: bool = False
    sum: FreeRoundsEnded | None = None
    """This is no round that was played, but the telling of what free rounds have won."""

    @property
    def later(self) -> bool:
        """What it wins is told in the sum, not by itself."""
        free = self.opened.free_round
        return free is not None and free.summed and self.sum is None

    @property
    def taken_here(self) -> bool:
        """The operator's wallet was not asked for its free bet."""
        free = self.opened.free_round
        return free is not None and free.local

    @property
    def win_id(self) -> str | None:
        """The transaction by which it is paid."""
        if self.sum is not None:
            return self.sum.win_id
        return self.finished_play.win_id if self.finished_play is not None else None

    @property
    def pays(self) -> int:
        """What the operator should give for it once it is closed."""
        if self.sum is not None:
            return self.sum.free_round.won
        return self.finished_play.win if self.finished_play is not None and not self.later else 0

    @property
    def round_id(self) -> str:
        return self.opened.round_id

    @property
    def over(self) -> bool:
        """Nothing is owed any more, as far as it is told: what comes now comes late."""
        if self.ended is not None:
            return True
        if self.finished_play is not None and not self.voided:
            return (self.finished_play.win_id is None or self.win_accepted) and self.end_accepted
        return (self.voided or not self.plays) and all(self.undone(bet) for bet in self.bets)

    def undone(self, bet: BetSeen) -> bool:
        told = [answer.outcome for answer in self.rollback_answers.get(bet.rollback_id, ())]
        back = any(isinstance(one, Accepted) or not_found(one) for one in told)
        refused = any(isinstance(answer.outcome, Declined) for _, answer in bet.answers)
        return back or (refused and bet.exhausted is None)

    def stop(self, why: str, place: Place) -> None:
        if self.stopped is None:
            self.stopped = why
            self.causes.add(why)
            self.silences.append(Silence(why, place[0]))

    def go_on(self, place: Place) -> None:
        self.stopped = None
        self.resolutions += 1
        if self.silences:
            self.silences[-1].last = place[0]

    @property
    def finished_play(self) -> GamePlayed | None:
        last = self.plays[-1].event if self.plays else None
        return last if last is not None and last.finished else None

    @property
    def end_round_id(self) -> str:
        return "e_" + self.opened.transaction_id[2:]

    @property
    def end_accepted(self) -> bool:
        """The operator has heard of the end, or its API has no call for it."""
        told = any(isinstance(answer.outcome, Accepted) for answer in self.end_answers)
        terms, play = self.opened.terms, self.finished_play
        silent = not terms.end_round or (terms.closing_win and play is not None and play.win_id is not None)
        return told or silent or self.decided.get(self.end_round_id) == "accepted"

    @property
    def win_accepted(self) -> bool:
        told = any(isinstance(answer.outcome, Accepted) for answer in self.win_answers)
        return told or self.decided.get(self.win_id or "") == "accepted"


@dataclass
class SeatSeen:
    """One stream, read from its first record to its last."""

    seat: Seat
    rounds: list[RoundSeen] = field(default_factory=list)
    sessions: list[tuple[Place, str, bool]] = field(default_factory=list)
    """Session opened (True) or ended (False), in order."""


class Reader:
    """Folds streams into `SeatSeen`. What it cannot place is kept in `strangers`."""

    def __init__(self) -> None:
        self.seats: dict[uuid.UUID, SeatSeen] = {}
        self.by_transaction: dict[str, RoundSeen] = {}
        self.strangers: list[str] = []

    def read(self, stream: Stream) -> SeatSeen:
        seen = self.seats[stream.seat.seat_id] = SeatSeen(stream.seat)
        waiting: list[Asked] = []
        currency = ""
        for record in stream.records:
            for index, event in enumerate(formats.decode(record.format, record.payload)):
                place = (record.seq, index)
                if isinstance(event, SessionOpened):
                    currency = event.session.currency
                    seen.sessions.append((place, event.session.session_id, True))
                elif isinstance(event, SessionEnded):
                    seen.sessions.append((place, event.session_id, False))
                self._event(seen, place, event, waiting, currency)
        return seen

    def _event(
        self,
        seen: SeatSeen,
        place: Place,
        event: Event,
        waiting: list[Asked],
        currency: str,
    ) -> None:
        r = seen.rounds[-1] if seen.rounds else None
        match event:
            case BetRequested():
                r = RoundSeen(seen.seat, event, place, currency)
                seen.rounds.append(r)
                self._bet(r, event, place)
                waiting[:] = [event]
            case FreeRoundsEnded():
                seen.rounds.append(self._sum(seen.seat, event, place, currency))
                waiting.clear()
            case ActionRequested() if r is not None:
                self._bet(r, event, place)
                waiting[:] = [event]
            case AbandonmentDue() if r is not None:
                waiting.append(event)
            case WalletAnswered():
                self._answered(event, place)
            case BetSent():
                self._bet_of(event.transaction_id).stamps.append((place, event.at))
            case RetriesExhausted():
                self._bet_of(event.transaction_id).exhausted = place
            case GamePlayed() if r is not None:
                self._played(r, place, event, waiting)
            case GameUnavailable() if r is not None:
                r.unplayable = True
            case RepairOpened():
                self.by_transaction.setdefault(event.rollback_id, self.by_transaction[event.bet_id])
            case StillPending() if r is not None:
                r.alarms += 1
            case VoidApproved() | SuspendedByStaff() if r is not None and event.round_id != r.round_id:
                self.strangers.append(f"{type(event).__name__} of {event.round_id} met {r.round_id}")
            case VoidApproved() if r is not None and r.finished_play is None and r.sum is None:
                r.voided = True
            case VoidApproved() if r is not None:
                r.stop("void", place)
            case CheckFailed() if r is not None:
                r.stop(f"check failed: {event.why}", place)
            case TooOld() if r is not None:
                r.stop("too old", place)
            case SuspendedByStaff() if r is not None:
                r.stop("staff", place)
            case ResolvedByStaff() if r is not None:
                r.go_on(place)
                r.ended = None
                r.decided.update(event.settled)
                for bet in r.bets:
                    said = r.decided.get(bet.transaction_id)
                    if said in ("accepted", "free_round") and bet.accepted is None:
                        bet.decided, bet.decided_free = place, said == "free_round"
                if event.to in ("closed", "cancelled"):
                    r.ended = event.to
                r.voided = r.voided or event.to == "rolling_back"
            case SessionEnded() if r is not None and r.finished_play is None:
                r.session_ended_while_open = True

    def _bet(self, r: RoundSeen, event: BetRequested | ActionRequested, place: Place) -> None:
        name = event.transaction_id
        if name is None:
            return
        if name in self.by_transaction:
            self.strangers.append(f"transaction {name} was asked for twice")
        amount = event.amount if isinstance(event, BetRequested) else event.cost
        bet = BetSeen(name, amount, action_of(event), event.choice, event.session_id, event.at, place)
        if r.taken_here and not r.bets:
            bet.decided = place
        r.bets.append(bet)
        self.by_transaction[name] = self.by_transaction["r_" + name[2:]] = r
        self.by_transaction[r.end_round_id] = r

    def _sum(self, seat: Seat, event: FreeRoundsEnded, place: Place, currency: str) -> RoundSeen:
        session = event.session.session_id
        opened = BetRequested(
            *(event.at, event.round_id, "", session, event.bet_id, event.game_version, "settlement", None),
            *(0, 1, 0, event.at),
            free_round=event.free_round,
        )
        if event.win_id in self.by_transaction:
            self.strangers.append(f"{event.win_id} tells the sum of {event.free_round.campaign_id} twice")
        r = RoundSeen(seat, opened, place, currency, sum=event)
        self.by_transaction[event.win_id] = self.by_transaction[event.bet_id] = r
        r.bets.append(BetSeen(event.bet_id, 0, "settlement", None, session, event.at, place))
        return r

    def _bet_of(self, name: str) -> BetSeen:
        return next(bet for bet in self.by_transaction[name].bets if bet.transaction_id == name)

    def _answered(self, event: WalletAnswered, place: Place) -> None:
        name = event.transaction_id
        r = self.by_transaction.get(name)
        if r is None:
            self.strangers.append(f"an answer about {name}, which no record asks for")
            return
        bet = next((b for b in r.bets if name in (b.transaction_id, b.rollback_id)), None)
        if r.stopped is not None and (bet is None or name != bet.transaction_id):
            return  # it is kept for the people who compare both sides, and changes nothing
        if isinstance(event.outcome, Conflict) and not r.over:
            r.stop("conflict", place)
        if isinstance(event.outcome, Accepted):
            r.accepted_at.setdefault(name, place)
        if name == r.end_round_id:
            r.end_answers.append(event)
        elif bet is None:
            r.win_answers.append(event)
        elif name == bet.transaction_id:
            told = [answer.outcome for answer in r.rollback_answers.get(bet.rollback_id, ())]
            taken = isinstance(event.outcome, Accepted) and not event.outcome.free_round_charged
            unheard = bet.accepted is None and not any(isinstance(one, Accepted) for one in told)
            bet.found_late |= taken and unheard and any(map(not_found, told))
            bet.answers.append((place, event))
        else:
            before = r.rollback_answers.setdefault(name, [])
            if not_found(event.outcome) and bet.accepted is not None and not before and name not in r.decided:
                r.stop("conflict", place)
            before.append(event)

    def _played(
        self,
        r: RoundSeen,
        place: Place,
        event: GamePlayed,
        waiting: list[Asked],
    ) -> None:
        if not waiting:
            r.orphans.append(place)
            return
        asked = next((one for one in reversed(waiting) if action_of(one) == event.action), waiting[-1])
        waiting.clear()
        bet = None
        if isinstance(asked, BetRequested | ActionRequested) and asked.transaction_id is not None:
            bet = self._bet_of(asked.transaction_id)
            bet.played = True
        asker = None if isinstance(asked, AbandonmentDue) else asked
        choice, request_id = (None, None) if asker is None else (asker.choice, asker.request_id)
        r.plays.append(PlaySeen(place, event, bet, action_of(asked), choice, request_id))
        if event.win_id is not None:
            if event.win_id in self.by_transaction:
                self.strangers.append(f"transaction {event.win_id} names two wins")
            self.by_transaction[event.win_id] = r


def action_of(asked: Asked) -> str:
    match asked:
        case BetRequested():
            return "bet"
        case ActionRequested():
            return asked.action
        case AbandonmentDue():
            return "abandon"


def events_of(record: Record) -> list[Event]:
    return formats.decode(record.format, record.payload)
