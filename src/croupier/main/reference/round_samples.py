"""A round in every state and an event of every kind, made by driving `step`: what the lifecycle page is drawn from."""

from croupier.domain.parties import Session
from croupier.rounds.events import (
    AbandonmentDue,
    ActionRequested,
    BetRequested,
    BetSent,
    CheckFailed,
    FreeRound,
    FreeRoundsEnded,
    GamePlayed,
    GameUnavailable,
    ResolvedByStaff,
    RetriesExhausted,
    RoundEvent,
    StillPending,
    SuspendedByStaff,
    Terms,
    TooOld,
    VoidApproved,
    WalletAnswered,
)
from croupier.rounds.lifecycle import step
from croupier.rounds.round import Round
from croupier.wallet.outcome import Accepted, Conflict, Declined, Outcome, Unknown

BET, EXTRA, WIN, END = "b_first", "b_extra", "w_win", "e_first"
LIFE_US = Terms().max_life_ms * 1000
SESSION = Session("s-1", "EUR", "en", 0, 1)


def answered(transaction_id: str, outcome: Outcome, *, sent_at: int = 10) -> WalletAnswered:
    return WalletAnswered(sent_at + 1, transaction_id, sent_at, outcome)


def played(action: str, *, finished: bool, win: int = 0, closing: bool = False) -> GamePlayed:
    owed = WIN if win or closing else None
    return GamePlayed(10, action, ((37, 1),), finished, win, owed, b"{}", b"[]", () if finished else (("stand", 0),))


def resolved(to: str, *settled: tuple[str, str]) -> ResolvedByStaff:
    return ResolvedByStaff(10, to, settled, "anna", "ben", "evidence")


def bet_requested(terms: Terms) -> BetRequested:
    return BetRequested(1, "rd_1", "q-1", "s-1", BET, "game@1", "base", None, 100, 1, 100, 30, terms)


def free_rounds_ended() -> FreeRoundsEnded:
    free = FreeRound("spring", 11, 0, 10, won=500, local=True, summed=True, ended="played")
    return FreeRoundsEnded(1, "rd_1", SESSION, BET, WIN, "game@1", free)


def action_requested(*, cost: int) -> ActionRequested:
    return ActionRequested(5, "q-2", "s-1", "double", None, cost, EXTRA if cost else None, 35 if cost else 0)


def drive(*events: RoundEvent, terms: Terms | None = None) -> Round:
    """The round after its opening bet and these events."""
    r, _ = step(Round(session=SESSION), bet_requested(terms or Terms()))
    for event in events:
        r, _ = step(r, event)
    return r


TAKEN = answered(BET, Accepted(900))
OPEN = (TAKEN, played("bet", finished=False))
ASKED = (*OPEN, action_requested(cost=100))
WON = (TAKEN, played("bet", finished=True, win=500))

# Heading of a state on the page -> a round in that state.
ROUNDS: dict[str, Round] = {
    "new": Round(session=SESSION),
    "betting": drive(),
    "betting (an extra bet)": drive(*ASKED),
    "in_play (paid, about to play)": drive(TAKEN),
    "in_play (waiting for the player)": drive(*OPEN),
    "paying": drive(*WON),
    "paying (the API has a call for the end)": drive(*WON, answered(WIN, Accepted(1400)), terms=Terms(end_round=True)),
    "rolling_back": drive(answered(BET, Unknown("timeout"))),
    "rolling_back (an extra bet)": drive(*ASKED, answered(EXTRA, Unknown("timeout"))),
    "suspended": drive(*WON, answered(WIN, Conflict("transaction_conflict"))),
    "closed": drive(TAKEN, played("bet", finished=True)),
    "declined": drive(answered(BET, Declined("insufficient_funds"))),
    "cancelled": drive(answered(BET, Unknown("timeout")), answered("r_first", Accepted(1000))),
}


def events_for(r: Round) -> dict[str, RoundEvent]:
    """An event of every kind, about the transactions that this round has."""
    bet = EXTRA if r.transaction(EXTRA) is not None else BET
    rollback = "r_" + bet[2:]
    action = r.pending.action if r.pending is not None else "bet"
    return {
        "a bet is asked for": bet_requested(Terms()),
        "free rounds are over whose wins are told in one sum": free_rounds_ended(),
        "a free action is asked for": action_requested(cost=0),
        "a paid action is asked for": action_requested(cost=100),
        "bet: Accepted": answered(bet, Accepted(900)),
        "bet: Declined": answered(bet, Declined("insufficient_funds")),
        "bet: Unknown": answered(bet, Unknown("timeout")),
        "bet: no attempt is left": RetriesExhausted(10, bet, "deadline"),
        "bet: a further attempt leaves": BetSent(10, bet),
        "the game goes on": played(action, finished=False),
        "the game ends with a win": played(action, finished=True, win=500),
        "the game ends without a win": played(action, finished=True),
        "win: Accepted": answered(WIN, Accepted(1400)),
        "win: Declined or Unknown": answered(WIN, Unknown("timeout")),
        "end of the round: Accepted": answered(END, Accepted(1400)),
        "end of the round: Declined or Unknown": answered(END, Unknown("timeout")),
        "rollback: Accepted": answered(rollback, Accepted(1000)),
        "rollback: not found, sent too early to believe it": answered(rollback, Declined("not_found")),
        "rollback: not found, sent late enough": answered(rollback, Declined("not_found"), sent_at=LIFE_US + 100),
        "rollback: Declined or Unknown": answered(rollback, Unknown("timeout")),
        "any answer: Conflict": answered(r.transactions[-1].transaction_id if r.transactions else bet, Conflict("x")),
        "an alarm about a call that is still unanswered": StillPending(10, owed_id(r), 9, "timeout"),
        "a win or rollback is too old to repeat": TooOld(10, owed_id(r)),
        "a check fails": CheckFailed(10, "conservation"),
        "the player stayed away": AbandonmentDue(10),
        "the game cannot play": GameUnavailable(10, "disabled"),
        "two people void the round": VoidApproved(10, "anna", "ben", "mistake"),
        "staff suspend the round": SuspendedByStaff(10, "anna", "suspicion"),
        **resolutions(r),
    }


def resolutions(r: Round) -> dict[str, RoundEvent]:
    """What two people may decide. Only of a suspended round the ways differ."""
    if r.state != "suspended":
        return {"two people resolve it": resolved("closed", (owed_id(r), "accepted"))}
    return {
        "two people: the win was paid": resolved("closed", (WIN, "accepted")),
        "two people: pay the win again": resolved("paying", (WIN, "pending")),
        "two people: the win was not paid, take the bets back": resolved("rolling_back", (WIN, "declined")),
    }


def owed_id(r: Round) -> str:
    """The transaction that waits for an answer, else the last one."""
    waiting = r.owed or r.transactions
    return waiting[-1].transaction_id if waiting else BET
