"""Rounds: found by name, and shown once more; and their transactions."""

from croupier.api.platform import Platform
from croupier.api.player.replays import LIFE_US, ReplayOf, replay_token
from croupier.dialects.actions import (
    FindRound,
    Finished,
    FinishedRound,
    ListFinished,
    ListTransactions,
    RoundFound,
    TransactionFound,
)
from croupier.domain.days import DAY_US
from croupier.domain.ids import locate_round
from croupier.domain.parties import Operator
from croupier.rounds.round import Round
from croupier.store.reads import TransactionFilter, finished_rounds, freshness, list_transactions, named_transactions

SETTLED_US = 60 * 1_000_000
"""By then the end of a round is recorded, although it may wait for another record or for a store that was away."""


def replay_url(platform: Platform, operator_id: str, r: Round) -> str:
    """Opens the round for an hour, without signing in."""
    assert r.session is not None
    return replay_address(platform, operator_id, r.round_id, r.session.language, until=platform.now() + LIFE_US)


def replay_address(platform: Platform, operator_id: str, round_id: str, language: str, *, until: int) -> str:
    token = replay_token(platform.replay_key, ReplayOf(operator_id, round_id, until))
    return f"{platform.links.public}/play/?token={token}&lang={language}"


async def find_round(platform: Platform, operator: Operator, wanted: FindRound) -> RoundFound | None:
    round_id = wanted.round_id
    if round_id is None and wanted.transaction_id is not None:
        named = await named_transactions(platform.pool, operator.operator_id, wanted.transaction_id, 1)
        round_id = named[0].round_id if named else None
    place = locate_round(round_id) if round_id is not None else None
    seat = await platform.world.journal.seat_by_id(place[0]) if place is not None else None
    if round_id is None or seat is None or (seat.key.operator_id, seat.key.mode) != (operator.operator_id, "real"):
        return None
    found = await platform.runner.reading.find(seat.seat_id, round_id)
    if found is None:
        return None
    return RoundFound(seat.key.player_id, seat.key.game_id, found, replay_url(platform, operator.operator_id, found))


async def list_finished(platform: Platform, operator: Operator, wanted: ListFinished) -> Finished:
    known = await freshness(platform.pool, platform.now())
    until = max(wanted.since, min(known.as_of - SETTLED_US, wanted.since + DAY_US))
    rows = await finished_rounds(platform.pool, operator.operator_id, wanted.since, until, wanted.limit + 1)
    if len(rows) > wanted.limit:
        until = rows[-1].closed_at or until
    return Finished(
        tuple(
            FinishedRound(
                round_id=row.round_id,
                player_id=row.player_id,
                game_id=row.game_id,
                bet=row.bet,
                win=row.win,
                currency=row.currency,
                opened_at=row.opened_at,
                closed_at=row.closed_at,
                campaign_id=row.campaign_id,
            )
            for row in rows
            if row.closed_at is not None and row.closed_at < until
        ),
        until,
    )


async def list_of_transactions(
    platform: Platform, operator: Operator, wanted: ListTransactions
) -> tuple[TransactionFound, ...]:
    filtered = TransactionFilter(wanted.player_id, wanted.round_id, from_at=wanted.from_at, to_at=wanted.to_at)
    rows = await list_transactions(platform.pool, operator.operator_id, filtered, wanted.limit, wanted.before)
    return tuple(
        TransactionFound(
            transaction_id=row.transaction_id,
            round_id=row.round_id,
            player_id=row.player_id,
            game_id=row.game_id,
            kind=row.kind,
            state=row.state,
            amount=row.amount,
            currency=row.currency,
            reference=row.reference,
            at=row.first_sent_at,
            campaign_id=row.campaign_id,
        )
        for row in rows
    )
