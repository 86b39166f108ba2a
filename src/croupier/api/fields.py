"""Field types of requests: what is not exactly right is refused, nothing is converted."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from croupier.dialects.addresses import ip_of
from croupier.domain.jurisdictions import is_jurisdiction
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


_ID = r"^[A-Za-z0-9_.:@-]{1,64}$"
_LONG_ID = r"^[A-Za-z0-9_.:@-]{1,128}$"
_HIDDEN = "\\x00-\\x1f\\x7f-\\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb"
"""Controls, line separators and what turns the direction of text round: a name with it is shown as another one."""
_BLANK = "\u200b-\u200f\u2060"
_LINE = rf"^[^{_HIDDEN}]*[^{_HIDDEN}\s{_BLANK}][^{_HIDDEN}]*$"
_VISIBLE = r"^[\x21-\x7e]{1,512}$"
_WEB_ADDRESS = r"^https?://[^\s\x00-\x1f\x7f\"<>]+$"
_COUNTRY = r"^[A-Z]{2}$"
_CODE = r"^[A-Za-z0-9]{1,16}$"
_CURSOR = r"^[A-Za-z0-9_-]+$"
_MOMENT = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"([Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?([Zz]|[+-][0-9]{2}:[0-9]{2}))?$"
)
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_REASON = r"^[^\x00-\x08\x0b-\x1f\x7f]+$"
_STATE = r"^[a-z_]{1,20}$"
_EMAIL = r"^[^\x00-\x20\x7f]+$"
_IDEMPOTENCY_KEY = r"^[\x21-\x7e]{1,255}$"

IN_WORDS = {
    _ID: "1-64 letters, digits or any of _ . : @ -, for example p-1001",
    _LONG_ID: "1-128 letters, digits or any of _ . : @ -, for example tx-1001",
    _LINE: "visible text on one line, without control characters or changes of direction, for example Ana",
    _CODE: "1-16 letters or digits, for example EUR",
    _VISIBLE: "1-512 printable ASCII characters without blanks, for example a1b2-c3d4",
    _WEB_ADDRESS: "an http or https address without blanks or quotes, for example https://casino.example/lobby",
    _COUNTRY: "two capital letters of ISO 3166-1, for example ES",
    _CURSOR: "next_cursor of the page before, unchanged",
    _MOMENT: "a time like 2026-11-22T11:46:00Z or a date like 2026-11-22",
    _DAY: "a date like 2026-11-22",
    _REASON: "text without control characters, for example: The wallet has no such bet.",
    _STATE: "the name of a state in small letters, for example cancelled",
    _EMAIL: "an e-mail address without blanks, for example ana@casino.example",
    _IDEMPOTENCY_KEY: "1-255 printable ASCII characters without blanks, for example a random UUID",
}
"""What a refusal says of a pattern: people do not read those."""


def _ip_address(text: str) -> str:
    if ip_of(text) is None:
        raise ValueError("must be an IPv4 or IPv6 address without port or zone, for example 203.0.113.9")
    return text


def _jurisdiction(text: str) -> str:
    if not is_jurisdiction(text):
        raise ValueError("must be an ISO 3166 code of a country or of its part, for example MT or CA-ON")
    return text


Id = Annotated[str, StringConstraints(pattern=_ID)]
"""1-64 characters, safe in an address."""
LongId = Annotated[str, StringConstraints(pattern=_LONG_ID)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=_LINE)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=2000, pattern=_REASON)]
Secret = Annotated[str, StringConstraints(pattern=_VISIBLE)]
WebAddress = Annotated[str, StringConstraints(max_length=2048, pattern=_WEB_ADDRESS)]
Country = Annotated[str, StringConstraints(pattern=_COUNTRY)]
CurrencyCode = Annotated[str, StringConstraints(pattern=_CODE)]
"""What may be asked for; whether there is such a currency is another question."""
Jurisdiction = Annotated[str, StringConstraints(max_length=6), AfterValidator(_jurisdiction)]
IpAddress = Annotated[str, StringConstraints(max_length=45), AfterValidator(_ip_address)]
Email = Annotated[str, StringConstraints(min_length=3, max_length=254, pattern=_EMAIL)]
Amount = Annotated[int, Field(ge=0, le=AMOUNT_MAX, description="Minor units: 1050 is 10.50 EUR")]
Limit = Annotated[int, Field(ge=1, le=200, description="Rows of a page")]
Cursor = Annotated[str, StringConstraints(min_length=1, max_length=512, pattern=_CURSOR)]
Day = Annotated[str, StringConstraints(pattern=_DAY)]
"""A UTC day."""
State = Annotated[str, StringConstraints(pattern=_STATE)]
IdempotencyKey = Annotated[str, StringConstraints(pattern=_IDEMPOTENCY_KEY)]
Moment = Annotated[str, StringConstraints(min_length=10, max_length=40, pattern=_MOMENT)]
"""An RFC 3339 time, or a date."""


class Page(Params):
    limit: Limit = 50
    cursor: Cursor | None = Field(None, description="`next_cursor` of the page before")
