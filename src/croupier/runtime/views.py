"""What a player is told about a round."""

import msgspec

from croupier.campaigns.campaign import standing_after
from croupier.domain.instants import rfc3339
from croupier.domain.refusal import Refused
from croupier.rounds.events import FreeRound
from croupier.rounds.round import Round, Transaction

REASONS = {
    "insufficient_funds": ("insufficient_funds", "Your balance does not cover this bet."),
    "limit_reached": ("limit_reached", "The casino says that a limit of yours is reached."),
    "reality_check": ("limit_reached", "The casino asks you to look at your play before you go on."),
    "player_blocked": ("player_blocked", "The casino does not let you play at the moment."),
    "session_expired": ("session_expired", "The casino has ended your session. Open the game again."),
    "not_sent": ("busy", "The bet was not sent in time. No money was moved; try again."),
}
"""A wallet's reason for declining -> our code and sentence. Others are `wallet_refused`."""


class Offered(msgspec.Struct, frozen=True, gc=False):
    action: str
    cost: int


class StepView(msgspec.Struct, frozen=True, gc=False):
    action: str
    choice: msgspec.Raw
    cost: int
    reveals: msgspec.Raw
    at: str


class FreeRoundView(msgspec.Struct, frozen=True, gc=False):
    """Which free round this was, and the grant once it is counted: `left` rounds, `won` minor units."""

    campaign_id: str
    number: int
    bet: int
    total: int
    left: int
    won: int


class RoundView(msgspec.Struct, frozen=True, gc=False, omit_defaults=False):
    """Amounts in minor units; ``reveals[].win`` in game units, `unit` minor units each."""

    round_id: str
    state: str
    step: int
    reveals: msgspec.Raw
    bet: int
    win: int
    balance: int | None
    unit: int
    currency: str
    next_actions: tuple[Offered, ...]
    opened_at: str
    closed_at: str | None
    mode: str
    choice: msgspec.Raw
    free_round: FreeRoundView | None = None


class ReplayView(RoundView, frozen=True, kw_only=True):
    steps: tuple[StepView, ...]


_NULL = msgspec.Raw(b"null")


def raw(value: bytes | None) -> msgspec.Raw:
    return _NULL if value is None else msgspec.Raw(value)


def bet_of(r: Round) -> int:
    """All that the round has at stake, minor units: bets that were not declined and not taken back."""
    return sum(
        t.amount for t in r.transactions if t.kind == "bet" and t.state not in ("declined", "reversed", "unknown")
    )


def joined(parts: list[bytes]) -> msgspec.Raw:
    """JSON arrays one after another, as one."""
    return msgspec.Raw(b"[" + b",".join(p[1:-1] for p in parts if len(p) > 2) + b"]")


def round_view(r: Round, balance: int | None, reveals: msgspec.Raw | None = None) -> RoundView:
    """The whole round, or with `reveals` the part that one action showed."""
    assert r.session is not None
    return RoundView(
        round_id=r.round_id,
        state=r.state,
        step=len(r.steps),
        reveals=joined([s.reveals for s in r.steps]) if reveals is None else reveals,
        bet=bet_of(r),
        win=r.win,
        balance=None if r.state in ("paying", "rolling_back", "betting", "suspended") else balance,
        unit=r.unit,
        currency=r.session.currency,
        next_actions=tuple(Offered(a, c) for a, c in r.offers) if r.state == "in_play" else (),
        opened_at=rfc3339(r.opened_at),
        closed_at=None if r.closed_at is None else rfc3339(r.closed_at),
        mode=r.mode,
        choice=raw(r.choice),
        free_round=None if r.free_round is None else _free_round_view(r, r.free_round),
    )


def _free_round_view(r: Round, free: FreeRound) -> FreeRoundView | None:
    if free.operator_counts:
        return None  # only the operator knows which one it was
    after = standing_after(r)
    spent = free.win_max is not None and after.won >= free.won + free.win_max
    left = 0 if spent else free.total - after.used + after.returned
    return FreeRoundView(free.campaign_id, free.number, free.bet, free.total, left, after.won)


def replay_view(r: Round) -> ReplayView:
    whole = round_view(r, None)
    steps = tuple(StepView(s.action, raw(s.choice), s.cost, msgspec.Raw(s.reveals), rfc3339(s.at)) for s in r.steps)
    return ReplayView(**{f: getattr(whole, f) for f in RoundView.__struct_fields__}, steps=steps)


def answer_to(r: Round, request_id: str, balance: int | None, *, untold: bool = False) -> RoundView:
    """How the action with this request id ended, always the same way. Refused when it did not take place.

    `untold`: our store does not take what the wallet has answered, or cannot be asked what another server has written.
    """
    for step in reversed(r.steps):
        if step.request_id == request_id:
            return round_view(r, balance, msgspec.Raw(step.reveals))
    bet = next((t for t in reversed(r.transactions) if t.request_id == request_id), None)
    if bet is None or r.state == "suspended":
        raise Refused(
            "round_suspended",
            "The casino and we must look at this round together. Your money is safe.",
            money="being_checked",
            round_id=r.round_id,
        )
    raise not_played(r, bet, balance, untold=untold)


def not_played(r: Round, bet: Transaction, balance: int | None, *, untold: bool = False) -> Refused:
    """Why an action that needed this bet did not take place, and where its money is."""
    if bet.state == "declined":
        code, detail = REASONS.get(
            bet.why or "", ("wallet_refused", f"The casino's wallet refused the bet: {bet.why}.")
        )
        return Refused(code, detail, money="not_placed", round_id=r.round_id, balance=balance)
    if bet.state == "reversed" or r.state == "cancelled":
        detail = "The casino's wallet gave no clear answer, so the bet was rolled back. Your money is with the casino."
        return Refused("wallet_unknown", detail, money="not_placed", round_id=r.round_id, balance=balance)
    if untold and bet.state in ("pending", "sending"):
        # The casino must not be blamed for our database.
        detail = "Our records cannot be reached at the moment. Nothing is lost: ask for the round in a moment."
        return Refused("busy", detail, money="being_checked", round_id=r.round_id)
    detail = "The casino's wallet gave no clear answer. The bet is being taken back; nothing is lost."
    return Refused("wallet_unknown", detail, money="being_checked", round_id=r.round_id)
