"""Which errors a call can answer with, for the specification."""

from typing import Any

from fastapi.openapi.models import Example
from pydantic import BaseModel, Field

from croupier.api.problems import MEDIA_TYPE
from croupier.domain.errors import ERRORS, problem_of
from croupier.domain.refusal import Refused

ALWAYS = ("unauthenticated", "invalid_value", "unknown_field", "internal_error")
WITH_BODY = ("invalid_json", "missing_field", "invalid_type", "body_too_large", "unsupported_media_type")
CHANGING = ("idempotency_key_reused", "idempotency_in_flight", "forbidden", "csrf_failed")


class Problem(BaseModel):
    """RFC 9457 problem details. `code` is stable; `title` and `detail` are for people."""

    type: str = Field(description="Same as doc_url")
    title: str
    status: int
    detail: str
    code: str
    hint: str = Field(description="The next step in one line")
    doc_url: str = Field(description="/docs/errors/<code>")
    param: str | None = Field(None, description="The field or parameter that is wrong")
    finding: str | None = Field(None, description="Why, for callers with a key: /docs/errors/<finding>")
    log_url: str | None = Field(None, description="/account/exchanges/<id>: the exchange with the wallet")


def errors(*codes: str, body: bool = False, changes: bool = False) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route: the given codes and those that every call of its kind can meet."""
    every = (*ALWAYS, *(WITH_BODY if body else ()), *(CHANGING if changes else ()), *codes)
    by_status: dict[int, dict[str, Example]] = {}
    for code in dict.fromkeys(every):
        status, example = problem_of(Refused(code), player=False)
        by_status.setdefault(status, {})[code] = Example(summary=ERRORS[code].title, value=example)
    return {
        status: {
            "description": ", ".join(f"`{code}`" for code in examples),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples}},
        }
        for status, examples in sorted(by_status.items())
    }
