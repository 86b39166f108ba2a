"""What both operator's halves do alike with a call of ours: the signature, and one JSON object."""

from collections.abc import Sequence

from croupier.dialects.members import Members
from croupier.dialects.operator_half import BadRequest
from croupier.dialects.softswiss.signature import HEADER, proves
from croupier.dialects.strict_json import NotStrict, read_object
from croupier.domain.exchange import HttpRequest
from croupier.domain.parties import Operator
from croupier.wallet.calls import Batch, Bet, Prize, Rollback, Win


def read_call(request: HttpRequest, operator: Operator, *, forbidden: int) -> tuple[str, Members]:
    """The last part of its path, and its members. `forbidden`: the HTTP status of a wrong signature. BadRequest."""
    if not proves(request.last_header(HEADER), operator.wallet_secrets, request.body):
        raise BadRequest(forbidden, "403", f"{HEADER} is wrong")
    try:
        members = Members(read_object(request.body), wrong)
    except NotStrict as error:
        raise BadRequest(400, "400", error.why) from None
    return request.url.partition("?")[0].rpartition("/")[2], members


def wrong(name: str, wanted: str, missing: bool) -> BadRequest:  # noqa: FBT001 - as Members calls it
    return BadRequest(400, "400", f"{name} is missing" if missing else f"{name} must be {wanted}")


def all_of(parts: Sequence[Bet | Win | Rollback], name: str) -> Bet | Win | Rollback | Batch:
    """One movement, a bet and its win, or several rollbacks; named by the first. BadRequest for anything else."""
    match list(parts):
        case [one]:
            return one
        case [Bet(), Win()] | [Rollback(), *_] as several:
            return Batch(several[0].context, several[0].id, several[0].round_id, tuple(several))
        case _:
            raise wrong(name, "one movement, a bet and its win, or rollbacks", missing=False)


def told_ids(call: Bet | Win | Rollback | Batch | Prize, reference: str) -> list[tuple[str, str]]:
    """Of each movement the id that it came with, and the operator's own."""
    if not isinstance(call, Batch):
        return [(call.id, reference)]
    return [(one.id, f"{reference}.{number}") for number, one in enumerate(call.calls)]
