"""What both operator's halves do alike with a call of ours: the signature, and one JSON object."""

from croupier.dialects.members import Members
from croupier.dialects.operator_half import BadRequest
from croupier.dialects.softswiss.signature import HEADER, proves
from croupier.dialects.strict_json import NotStrict, read_object
from croupier.domain.exchange import HttpRequest
from croupier.domain.parties import Operator


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


def the_one(members: Members, name: str) -> Members:
    """Our half sends one movement in a call."""
    listed = members.objects(name)
    if len(listed) != 1:
        raise wrong(name, "one movement", missing=False)
    return listed[0]
