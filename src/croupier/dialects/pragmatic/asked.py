"""A call of this API, read: its fields, and the JSON body that some calls have beside them."""

from typing import TypeVar

import msgspec

from croupier.dialects.forms import Fields
from croupier.domain.ids import ID
from croupier.domain.parties import Operator
from croupier.domain.refusal import Refused

T = TypeVar("T")


class Asked(msgspec.Struct, frozen=True):
    """`body`: what is no form."""

    operator: Operator
    fields: Fields
    body: bytes
    at: int

    def json(self, form: type[T]) -> T:
        try:
            return msgspec.json.decode(self.body or b"{}", type=form)
        except (ValueError, RecursionError) as error:
            raise Refused("invalid_json", f"The body cannot be read: {str(error)[:200]}") from None

    def named(self, field: str, value: str) -> str:
        """A name of the operator's own within a list."""
        if ID.match(value.strip()) is None:
            raise wrong(field, "names of 1-64 characters of A-Z a-z 0-9 _ . : @ -")
        return value.strip()


def wrong(name: str, wanted: str) -> Refused:
    return Refused("invalid_value", f"{name} must be {wanted}.", param=name)
