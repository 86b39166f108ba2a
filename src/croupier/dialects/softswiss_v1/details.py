"""What became of a round, and what is known of an account."""

from croupier.dialects.actions import FindPlayer, FindRound, Steps, ask
from croupier.dialects.softswiss import codes
from croupier.dialects.softswiss.launch import Asked, Result, SoftswissError
from croupier.dialects.softswiss.messages import scale
from croupier.dialects.softswiss.names import wire_game
from croupier.domain.instants import rfc3339

ROUND_MAX = 128


def of_round(asked: Asked) -> Steps[Result]:
    """`details_url` shows it once more, for an hour."""
    name = asked.members.text("round", ROUND_MAX)
    found = yield from ask(FindRound(round_id=name))
    if found is None or found.round.session is None:
        raise SoftswissError(codes.NOT_FOUND, f"There is no round {name}.")
    r, currency = found.round, found.round.session.currency
    return {
        "round": r.round_id,
        "user_id": found.player_id,
        "game": wire_game(found.game_id),
        "currency": currency,
        "finished": r.finished,
        "started_at": rfc3339(r.opened_at),
        "finished_at": None if r.closed_at is None else rfc3339(r.closed_at),
        "actions": [
            {"action": t.kind, "action_id": t.transaction_id, "amount": scale(currency).integer(t.amount)}
            for t in r.transactions
            if t.state == "accepted" and t.kind != "end_round"
        ],
        "details_url": found.replay_url,
    }


def of_account(asked: Asked) -> Steps[Result]:
    name = asked.members.name("user")
    player = yield from ask(FindPlayer(name))
    if player is None:
        raise SoftswissError(101, f"There is no user {name}.")
    return {"user": {"id": player.player_id, "currency": player.currency, "country": player.country}}
