"""Field types of requests: what is not exactly right is refused, nothing is converted."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from croupier.domain.money import AMOUNT_MAX


class Strict(BaseModel):
    """A request body: unknown fields are refused, types are exact."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Params(BaseModel):
    """Query parameters: text on the wire, so numbers are read from it; unknown names are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class View(BaseModel):
    """An answer."""

    model_config = ConfigDict(frozen=True)


Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:@-]{1,64}$")]
"""1-64 characters, safe in an address."""
LongId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:@-]{1,128}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]+$")]
Secret = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,512}$")]
WebAddress = Annotated[str, StringConstraints(max_length=2048, pattern=r"^https?://[^\s\x00-\x1f\x7f\"<>]+$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
IpAddress = Annotated[str, StringConstraints(pattern=r"^[0-9A-Fa-f:.]{2,45}$")]
Amount = Annotated[int, Field(ge=0, le=AMOUNT_MAX, description="Minor units: 1050 is 10.50 EUR")]
Limit = Annotated[int, Field(ge=1, le=200, description="Rows of a page")]
Cursor = Annotated[str, StringConstraints(min_length=1, max_length=512, pattern=r"^[A-Za-z0-9_-]+$")]
Moment = Annotated[str, StringConstraints(min_length=10, max_length=40, pattern=r"^[0-9TtZz:.+ -]+$")]
"""An RFC 3339 time, or a date."""


class Page(Params):
    limit: Limit = 50
    cursor: Cursor | None = Field(None, description="`next_cursor` of the page before")
