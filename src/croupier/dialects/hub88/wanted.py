"""What a call to us carries, and how it is told that it is wrong."""

import msgspec

from croupier.dialects.members import Members
from croupier.dialects.strict_json import Loose, NotStrict, read_decimals
from croupier.domain.parties import Operator

WRONG_SYNTAX, WRONG_TYPES = "WRONG_SYNTAX", "WRONG_TYPES"

Result = dict[str, object]


class Hub88Error(Exception):
    """`status` of HTTP, `word` of this API without its ``RS_ERROR_``."""

    def __init__(self, status: int, word: str, message: str) -> None:
        super().__init__(status, word, message)
        self.status = status
        self.word = word
        self.message = message


class Asked(msgspec.Struct, frozen=True):
    operator: Operator
    at: int
    body: bytes

    @property
    def members(self) -> Members:
        return Members(read(self.body), wrong)


def read(body: bytes) -> dict[str, Loose]:
    """Hub88Error when it is not one JSON object."""
    try:
        return read_decimals(body)
    except NotStrict as error:
        raise Hub88Error(400, WRONG_SYNTAX, f"The body must be one JSON object: {error.why}.") from None


def wrong(name: str, wanted: str, missing: bool) -> Hub88Error:  # noqa: FBT001 - as Members calls it
    if missing:
        return Hub88Error(400, WRONG_SYNTAX, f"{name} is missing.")
    return Hub88Error(400, WRONG_TYPES, f"{name} must be {wanted}.")
