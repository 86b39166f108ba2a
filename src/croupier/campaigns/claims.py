"""Claims: what may exist once although many streams could write it. The store keeps each beside its record."""

import msgspec

from croupier.campaigns.campaign import given_back, grant_key
from croupier.domain.parties import SeatKey
from croupier.rounds.round import Round

USE = "free_round"
RETURN = "free_round_return"


class Claim(msgspec.Struct, frozen=True, array_like=True):
    """`key` is unique within its `kind`, in the whole store and for ever."""

    kind: str
    key: str


def claims_between(key: SeatKey, before: Round | None, after: Round | None) -> tuple[Claim, ...]:
    """What a transition of the seat's round claims: the use that a free round takes, and its return."""
    if after is None or after.free_round is None or after.free_round.operator_counts:
        return ()
    free = after.free_round
    same = before if before is not None and before.round_id == after.round_id else None
    name = f"{grant_key(key, free.campaign_id)}{free.number:09}"  # digits, so that the last one sorts last
    claims = [Claim(USE, name)] if same is None else []
    if given_back(after) and not (same is not None and given_back(same)):
        claims.append(Claim(RETURN, name))
    return tuple(claims)
