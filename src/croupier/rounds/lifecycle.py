"""The whole round lifecycle: what happened, what follows. Numbers like Q-05 and T-09 are the rules' names in the docs.

Three kinds of "no": `NotAllowed` is a bug of the caller, `Refused` goes to whoever asked, and an event that comes too
late is recorded and changes nothing.
"""

from msgspec.structs import replace

from croupier.domain.refusal import MoneyState, Refused
from croupier.rounds import answers, resolution
from croupier.rounds.commands import Command, PlayGame, SendCall
from croupier.rounds.events import (
    AbandonmentDue,
    ActionRequested,
    BetRequested,
    BetSent,
    CheckFailed,
    FreeRoundsEnded,
    GamePlayed,
    GameUnavailable,
    ResolvedByStaff,
    RetriesExhausted,
    RoundEvent,
    StillPending,
    SuspendedByStaff,
    TooOld,
    VoidApproved,
    WalletAnswered,
)
from croupier.rounds.round import FINISHED, SETTLEMENT, SUMMED, Pending, Round, Step, Transaction
from croupier.rounds.transitions import NotAllowed, close, exchanged, roll_back, settled, suspended

ABANDON = "abandon"

Next = tuple[Round, tuple[Command, ...]]


def step(r: Round, event: RoundEvent) -> Next:
    """The round after the event, and what to do once the event is durable. NotAllowed and Refused change nothing."""
    match event:
        case BetRequested():
            return _bet_requested(r, event)
        case WalletAnswered():
            return answers.answered(_begun(r, event), event)
        case GamePlayed():
            return _game_played(r, event)
        case ActionRequested():
            return _action_requested(r, event)
        case FreeRoundsEnded():
            return _free_rounds_ended(r, event)
        case BetSent():
            return _bet_sent(r, event)
        case RetriesExhausted():
            return _retries_exhausted(r, event)
        case StillPending():
            return _still_pending(_begun(r, event), event)
        case CheckFailed() | TooOld():
            return _must_stop(_begun(r, event), event)
        case SuspendedByStaff():
            return _suspended_by_staff(_meant(r, event), event)
        case VoidApproved():
            return _void_approved(_meant(r, event), event)
        case ResolvedByStaff():
            return resolution.resolved(r, event)
        case AbandonmentDue():
            return _abandonment_due(_begun(r, event), event)
        case GameUnavailable():
            return _game_unavailable(r, event)


def _begun(r: Round, event: RoundEvent) -> Round:
    if r.state == "new":
        raise NotAllowed(r.state, event)
    return r


def _bet_requested(r: Round, e: BetRequested) -> Next:
    """Q-01. Checks of session, limits and choice are the caller's; here only the order of things."""
    if r.state != "new":
        raise in_progress(r)
    bet = Transaction(
        transaction_id=e.transaction_id,
        kind="bet",
        amount=e.amount,
        session_id=e.session_id,
        request_id=e.request_id,
        first_sent_at=e.at,
        last_sent_at=e.at,
        expires_at=e.expires_at,
    )
    taken_here = e.free_round is not None and e.free_round.local
    if taken_here:
        bet = replace(bet, state="accepted", effect="none")
    return replace(
        r,
        round_id=e.round_id,
        state="in_play" if taken_here else "betting",
        game_version=e.game_version,
        mode=e.mode,
        choice=e.choice,
        stake=e.stake,
        unit=e.unit,
        terms=e.terms,
        transactions=(bet,),
        pending=Pending(e.at, e.request_id, "bet", e.choice, e.amount, e.transaction_id),
        opened_at=e.at,
        changed_at=e.at,
        free_round=e.free_round,
    ), (PlayGame(),) if taken_here else (SendCall(bet.transaction_id),)


def _free_rounds_ended(r: Round, e: FreeRoundsEnded) -> Next:
    """Q-25: a round that begins where others end, with a win that is owed. Its bet is nobody's and takes nothing."""
    if r.state != "new":
        raise in_progress(r)
    session_id = e.session.session_id
    bet = Transaction(e.bet_id, "bet", 0, session_id, "accepted", "none", first_sent_at=e.at, last_sent_at=e.at)
    won = e.free_round.won
    win = Transaction(e.win_id, "win", won, session_id, reference=e.bet_id, first_sent_at=e.at, last_sent_at=e.at)
    return replace(
        r,
        round_id=e.round_id,
        state="paying",
        session=e.session,
        game_version=e.game_version,
        mode=SETTLEMENT,
        transactions=(bet, win),
        win=won,
        opened_at=e.at,
        changed_at=e.at,
        free_round=e.free_round,
    ), (SendCall(win.transaction_id),)


def _action_requested(r: Round, e: ActionRequested) -> Next:
    """Q-12 free action, Q-13 paid action."""
    if r.state == "new":
        raise NotAllowed(r.state, e)
    if r.state in ("betting", "rolling_back", "suspended"):
        raise in_progress(r)
    if r.state != "in_play" or r.pending is not None:
        raise Refused("stale_action", "This round takes no more actions.", money="placed", round_id=r.round_id)
    pending = Pending(e.at, e.request_id, e.action, e.choice, e.cost, e.transaction_id)
    if e.transaction_id is None:
        return replace(r, pending=pending, changed_at=e.at), (PlayGame(),)
    bet = Transaction(
        transaction_id=e.transaction_id,
        kind="bet",
        amount=e.cost,
        session_id=e.session_id,
        request_id=e.request_id,
        first_sent_at=e.at,
        last_sent_at=e.at,
        expires_at=e.expires_at,
        action=e.action,
        choice=e.choice,
    )
    return replace(r, state="betting", pending=pending, transactions=(*r.transactions, bet), changed_at=e.at), (
        SendCall(bet.transaction_id),
    )


_OPEN: dict[str, tuple[MoneyState, str]] = {
    "betting": ("being_checked", "Round {} waits for the casino's answer to its bet. Try again in a moment."),
    "rolling_back": ("being_checked", "The bet of round {} is being taken back at the casino. Try again in a moment."),
    "paying": ("placed", "The win of round {} is being paid by the casino. Try again in a moment."),
    "suspended": ("being_checked", "People look at round {}. The casino's support is informed."),
    "in_play": ("placed", "Finish round {} before starting another."),
}
"""State -> what is true of the open round's bet, and what to tell its player."""


def in_progress(r: Round) -> Refused:
    """For a bet beside an open round; only a hand in play is for its player to finish."""
    money, why = _OPEN.get(r.state, _OPEN["in_play"])
    return Refused("round_in_progress", why.format(r.round_id), money=money, round_id=r.round_id)


def _game_played(r: Round, e: GamePlayed) -> Next:
    """Q-08 not finished, Q-09 a win is owed, Q-10 the operator wants to hear of the end, Q-11 nothing more to say.

    Q-26: the win of a `summed` free round is paid with the others'.
    """
    if r.state != "in_play" or r.pending is None or r.pending.action != e.action:
        raise NotAllowed(r.state, e)
    p = r.pending
    played = Step(e.at, p.request_id, p.action, p.choice, p.cost, e.draws, e.reveals)
    r = replace(
        r, steps=(*r.steps, played), pending=None, game_state=e.state, offers=e.offers, win=e.win, changed_at=e.at
    )
    if not e.finished:
        return r, ()
    if r.free_round is not None and r.free_round.summed:
        return close(replace(r, cause=SUMMED), e.at), ()
    if e.win == 0 and not r.terms.zero_win:
        return settled(r, e.at)
    if e.win_id is None:
        raise NotAllowed(r.state, e)
    win = Transaction(
        transaction_id=e.win_id,
        kind="win",
        amount=e.win,
        session_id=_first_bet(r).session_id,
        reference=_first_bet(r).transaction_id,
        first_sent_at=e.at,
        last_sent_at=e.at,
    )
    return replace(r, state="paying", transactions=(*r.transactions, win)), (SendCall(win.transaction_id),)


def _first_bet(r: Round) -> Transaction:
    return next(t for t in r.transactions if t.kind == "bet")


def _bet_sent(r: Round, e: BetSent) -> Next:
    """T-02 for a further attempt: only while no rollback exists and the deadline is open."""
    bet = r.transaction(e.transaction_id)
    if r.state != "betting" or bet is None or bet.state != "pending":
        raise NotAllowed(r.state, e)
    # A clock that was set back between two attempts does not make the first one younger (T-08).
    last = max(bet.last_sent_at, e.at)
    bet = replace(bet, state="sending", attempts=bet.attempts + 1, last_sent_at=last)
    return exchanged(r, bet, e.at), (SendCall(bet.transaction_id),)


def _retries_exhausted(r: Round, e: RetriesExhausted) -> Next:
    """Q-05, T-06."""
    bet = r.transaction(e.transaction_id)
    if r.state == "suspended" or r.state in FINISHED:
        return r, ()
    if r.state != "betting" or bet is None or bet.kind != "bet" or bet.state not in ("pending", "sending"):
        raise NotAllowed(r.state, e)
    return answers.exhausted(r, bet, e.at, e.why)


def _still_pending(r: Round, e: StillPending) -> Next:
    owed = r.transaction(e.transaction_id)
    if owed is None or owed.state not in ("pending", "sending"):
        return r, ()
    return exchanged(r, replace(owed, attempts=max(owed.attempts, e.attempts), why=e.why), e.at), ()


def _must_stop(r: Round, e: CheckFailed | TooOld) -> Next:
    """Q-20: nothing more is sent until two people have decided."""
    if r.state in FINISHED or r.state == "suspended":
        return r, ()
    if isinstance(e, CheckFailed):
        return suspended(r, e.at, e.why), ()
    owed = r.transaction(e.transaction_id)
    if owed is None or owed.kind == "bet" or owed not in r.owed:
        raise NotAllowed(r.state, e)
    r = exchanged(r, replace(owed, state="conflict", why=resolution.TOO_OLD), e.at)
    return suspended(r, e.at, resolution.TOO_OLD), ()


def _meant(r: Round, e: SuspendedByStaff | VoidApproved) -> Round:
    """People decided about what they saw; the player may have begun another round since."""
    if e.round_id not in ("", r.round_id):
        raise Refused("round_not_open", "This round is over; another one is open now.", round_id=e.round_id)
    return r


def _suspended_by_staff(r: Round, e: SuspendedByStaff) -> Next:
    """Q-20."""
    if r.state in FINISHED or r.state in ("new", "suspended"):
        raise Refused("round_not_open", "Only a round that is still open can be suspended.", round_id=r.round_id)
    return suspended(r, e.at, f"staff: {e.reason}"), ()


def _void_approved(r: Round, e: VoidApproved) -> Next:
    """Q-18 while no win was sent, Q-19 after: a paid win is not rolled back by rule."""
    if e.proposed_by == e.approved_by:
        raise Refused("second_person_needed", "Another person must approve what you proposed.", round_id=r.round_id)
    if r.state == "in_play":
        return roll_back(r, e.at, "void")
    if r.state == "paying":
        return suspended(r, e.at, "void"), ()
    raise Refused("round_not_open", "Only a round in play or being paid can be voided.", round_id=r.round_id)


def _abandonment_due(r: Round, e: AbandonmentDue) -> Next:
    """Q-16: the game's own rule ends the round; a round in which nothing was drawn is given back."""
    if r.state != "in_play" or (r.pending is not None and r.steps):
        return r, ()
    if not r.steps:
        return roll_back(r, e.at, "abandoned")
    return replace(r, pending=Pending(e.at, None, ABANDON, None, 0, None), changed_at=e.at), (PlayGame(),)


def _game_unavailable(r: Round, e: GameUnavailable) -> Next:
    """Q-17: without an outcome nobody is needed; with one the round is played out on its own version."""
    if r.state == "new":
        raise Refused("game_unavailable", e.why)
    if r.state != "in_play" or r.steps:
        return r, ()
    return roll_back(r, e.at, "game_unavailable")
