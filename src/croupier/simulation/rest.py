"""Where a round has come to rest, worked out from what was recorded and sent; the auditor's own rules."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from croupier.simulation.bets import BetSeen
from croupier.simulation.evidence import RoundSeen
from croupier.simulation.network import Sent
from croupier.wallet.outcome import Accepted, Declined

CLOCKS_DIFFER_US = 60_000_000


@dataclass
class Sends:
    """All attempts by transaction, in order. `max_life_s`: when an operator's "not found" may be believed."""

    max_life_s: int
    of: dict[str, list[Sent]] = field(default_factory=lambda: defaultdict(list))

    def add(self, sent: Iterable[Sent]) -> None:
        for one in sent:
            self.of[one.transaction_id].append(one)

    def ever(self, transaction_id: str) -> bool:
        return transaction_id in self.of

    def all(self, transaction_id: str) -> list[Sent]:
        return self.of.get(transaction_id, [])


def rest(r: RoundSeen, sends: Sends) -> str:
    """``closed``, ``declined``, ``cancelled``, ``waiting`` for the player, ``suspended`` or ``unfinished``."""
    if r.stopped is not None:
        return "suspended"
    if r.ended is not None:
        return r.ended
    if r.sum is not None:
        return "closed" if r.win_accepted else "unfinished"
    open_bets = [bet for bet in r.bets if not settled(r, bet, sends)]
    if r.voided:
        back = all(given_back(r, bet, sends) for bet in r.bets if bet.played)
        return "cancelled" if back and not open_bets else "unfinished"
    if r.finished_play is not None:
        paid = r.finished_play.win_id is None or r.win_accepted
        return "closed" if paid and r.end_accepted else "unfinished"
    if open_bets:
        return "unfinished"
    if r.plays:
        return "waiting"
    return "cancelled" if r.taken_here or sends.ever(r.bets[0].rollback_id) else "declined"


def net(r: RoundSeen, end: str, sends: Sends) -> int:
    """What the player gained by a round that came to this end, minor units."""
    # What people close may have been played in a time of which the records were lost.
    stake = sum(
        bet.amount
        for bet in r.bets
        if end not in ("cancelled", "declined")
        and not bet.charged
        and (bet.played or (r.ended == "closed" and bet.accepted is not None and not given_back(r, bet, sends)))
        and r.decided.get(bet.transaction_id) != "reversed"
    )
    return (r.pays if end == "closed" else 0) - stake


def settled(r: RoundSeen, bet: BetSeen, sends: Sends) -> bool:
    """Played, given back, or certainly never taken."""
    if bet.played or given_back(r, bet, sends) or r.decided.get(bet.transaction_id) == "declined":
        return True
    if sends.ever(bet.rollback_id) or len(sends.all(bet.transaction_id)) > 1:
        return False  # what a second attempt is told says nothing about the first
    return any(
        isinstance(e.outcome, Declined) and (r.opened.terms.declines_trusted or e.outcome.reason == "not_sent")
        for _, e in bet.answers
    )


def given_back(r: RoundSeen, bet: BetSeen, sends: Sends) -> bool:
    """The wallet confirmed the rollback, or did not know the bet when it could not arrive any more.

    A bet that it was never asked for comes back by itself.
    """
    if r.taken_here and bet is r.bets[0] and (r.voided or r.unplayable):
        return True
    if r.decided.get(bet.rollback_id) == "accepted" or r.decided.get(bet.transaction_id) == "reversed":
        return True
    last = max((attempt.at for attempt in sends.all(bet.transaction_id)), default=0)
    believed_after = last + sends.max_life_s * 1_000_000 - CLOCKS_DIFFER_US
    return any(
        isinstance(answer.outcome, Accepted)
        or (
            isinstance(answer.outcome, Declined)
            and answer.outcome.reason == "not_found"
            and answer.sent_at > believed_after
        )
        for answer in r.rollback_answers.get(bet.rollback_id, ())
    )
