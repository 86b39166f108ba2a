"""What a wallet's answer does to the transaction it answers, and to the round around it."""

from msgspec.structs import replace

from croupier.rounds.commands import Command, PlayGame, SendCall
from croupier.rounds.events import FreeRound, WalletAnswered
from croupier.rounds.round import FINISHED, Round, Transaction
from croupier.rounds.transitions import NotAllowed, close, exchanged, rollback_of, settled, suspended
from croupier.wallet.outcome import Accepted, Conflict, Declined, Unknown
from croupier.wallet.retry import not_found_is_final

Next = tuple[Round, tuple[Command, ...]]

OPEN = ("pending", "sending")


def answered(r: Round, e: WalletAnswered) -> Next:
    t = r.transaction(e.transaction_id)
    if t is None:
        if e.round_id is not None and e.round_id != r.round_id:
            return r, ()  # of a round before this one
        raise NotAllowed(r.state, e)
    if r.state in FINISHED or r.state == "suspended":
        return _late(r, t, e)
    if isinstance(e.outcome, Conflict) and t.state != "conflict":
        # T-12: the same id with other content. Whatever we sent next could be wrong.
        return suspended(exchanged(r, replace(t, state="conflict", why=e.outcome.why), e.at), e.at, "conflict"), ()
    if t.state not in OPEN:
        return _late(r, t, e)
    match t.kind:
        case "bet":
            return _bet_answered(r, t, e)
        case "rollback":
            return _rollback_answered(r, t, e)
        case "win" | "end_round":
            return _win_answered(r, t, e)


def _late(r: Round, t: Transaction, e: WalletAnswered) -> Next:
    """T-10, T-14: recorded, no effect, except that we now know whether the wallet held an unknown bet."""
    held = isinstance(e.outcome, Accepted) and not e.outcome.free_round_charged
    if t.kind == "bet" and t.state in ("unknown", "reversed") and held:
        return exchanged(r, replace(t, effect="moved"), e.at), ()
    return r, ()


def _bet_answered(r: Round, t: Transaction, e: WalletAnswered) -> Next:
    match e.outcome:
        case Accepted(_, reference, charged):
            # Draw only now: a game drawn before the bet is paid would leak its result to a retry.
            t = replace(t, state="accepted", effect="moved", operator_reference=reference)
            if charged:
                r, t = free_after_all(r, t)
            return replace(exchanged(r, t, e.at), state="in_play"), (PlayGame(),)
        case Declined(reason) if t.attempts == 1 and (r.terms.declines_trusted or reason == "not_sent"):
            r = exchanged(r, replace(t, state="declined", effect="none", why=reason), e.at)
            if r.steps:
                return replace(r, state="in_play", pending=None), ()  # as before the action
            return close(r, e.at, "declined"), ()
        case Declined(reason):
            # T-04: an earlier attempt may have counted, or this operator's refusals are not believed.
            return exhausted(r, t, e.at, reason)
        case Unknown(why) if t.attempts < r.terms.bet_attempts and e.at < _deadline(r, t):
            return exchanged(r, replace(t, state="pending", why=why), e.at), (SendCall(t.transaction_id, again=True),)
        case Unknown(why):
            return exhausted(r, t, e.at, why)
        case Conflict():
            raise NotAllowed(r.state, e)


def free_after_all(r: Round, bet: Transaction) -> tuple[Round, Transaction]:
    """The operator took one of its own free rounds in the place of the bet's amount."""
    opening = bet.transaction_id == r.transactions[0].transaction_id
    if not opening or r.session is None or r.session.bonus_id is None or r.free_round is not None:
        return r, bet  # nobody asked it to, so its word does not make this bet a free one
    free = FreeRound(r.session.bonus_id, number=0, bet=bet.amount, total=0, operator_counts=True)
    return replace(r, free_round=free), replace(bet, amount=0)


def _deadline(r: Round, t: Transaction) -> int:
    return t.first_sent_at + r.terms.deadline_ms * 1000


def exhausted(r: Round, bet: Transaction, at: int, why: str) -> Next:
    """Q-05, T-06. Money may have moved: a rollback is right in both cases, a second bet is not."""
    r = exchanged(r, replace(bet, state="unknown", why=why), at)
    rollback = rollback_of(bet, r.transactions[0].session_id, at)
    r = replace(r, state="rolling_back", transactions=(*r.transactions, rollback), cause="unknown_bet")
    return r, (SendCall(rollback.transaction_id),)


def _rollback_answered(r: Round, t: Transaction, e: WalletAnswered) -> Next:
    bet = r.transaction(t.reference or "")
    if bet is None:
        raise NotAllowed(r.state, e)
    sent = replace(t, attempts=max(t.attempts, e.attempt), last_sent_at=max(t.last_sent_at, e.sent_at))
    match e.outcome:
        case Accepted(_, reference):
            return _rolled_back(
                r, bet, replace(sent, state="accepted", effect="moved", operator_reference=reference), e.at
            )
        case Declined("not_found") if bet.state == "accepted":
            # The wallet confirmed this bet and now does not know it.
            t = replace(sent, state="conflict", why="not_found")
            return suspended(exchanged(r, t, e.at), e.at, "conflict"), ()
        case Declined("not_found"):
            # The late-bet rule: the bet may still be on its way. Judged by when this attempt *left*, because an
            # answer that was delayed says nothing about the time after it was given.
            if not_found_is_final(bet.last_sent_at, e.sent_at, r.terms.max_life_ms):
                if bet.effect == "moved":  # as above, confirmed too late to be played (T-10)
                    t = replace(sent, state="conflict", why="not_found")
                    return suspended(exchanged(r, t, e.at), e.at, "conflict"), ()
                return _rolled_back(r, bet, replace(sent, state="accepted", effect="none"), e.at)  # T-09
            not_before = bet.last_sent_at + r.terms.max_life_ms * 1000 + 1
            return r, (SendCall(t.transaction_id, not_before=not_before, again=True),)  # T-08
        case _:
            return r, (SendCall(t.transaction_id, again=True),)  # T-07


def _rolled_back(r: Round, bet: Transaction, rollback: Transaction, at: int) -> Next:
    """T-11, then Q-06 or Q-07 when it was the last one."""
    r = exchanged(exchanged(r, rollback, at), replace(bet, state="reversed"), at)
    if r.owed:
        return r, ()
    if r.played_on:
        return replace(r, state="in_play", pending=None, cause=None), ()
    return close(r, at, "cancelled"), ()


def _win_answered(r: Round, t: Transaction, e: WalletAnswered) -> Next:
    """Q-14; anything but Accepted is sent again, whatever it said: the player has won this money.

    The end of a round, for APIs that have a call for it, follows the win and is sent as stubbornly; it moves nothing.
    """
    if isinstance(e.outcome, Accepted):
        t = replace(
            t,
            state="accepted",
            effect="moved" if t.kind == "win" else "none",
            operator_reference=e.outcome.operator_reference,
            attempts=max(t.attempts, e.attempt),
            last_sent_at=max(t.last_sent_at, e.sent_at),
        )
        r = exchanged(r, t, e.at)
        return settled(r, e.at) if t.kind == "win" else (close(r, e.at), ())
    return r, (SendCall(t.transaction_id, again=True),)
