"""What a mapping file says: where a call goes, which fields it has, how it is signed, and what the answers mean."""

import re
from collections.abc import Mapping as Values
from typing import Any, Literal

import msgspec

Amounts = Literal["minor", "minor text", "decimal", "decimal text"]
"""``163``, ``"163"``, ``1.63``, ``"1.63"``."""

REASONS = (
    "insufficient_funds", "limit_reached", "player_blocked", "session_expired", "unknown_player", "currency_mismatch",
    "expired", "already_rolled_back", "not_found", "transaction_conflict",
)  # fmt: skip
PLACES = (
    "player", "session", "game", "currency", "token", "id", "round", "amount", "bet", "closed", "expires", "expires_s",
    "time", "time_ms",
)  # fmt: skip
"""What ``{…}`` may name in paths and fields; in what is signed and in headers also `body`, `path` and `signature`."""

_PLACE = re.compile(r"\{(\w+)\}")


class BadMapping(ValueError):
    """The file says something that cannot be; the text says what."""


class Signature(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`text`: what is signed. `made`: HMAC, or a digest of key and text in that order."""

    text: str = "{body}"
    made: Literal["hmac", "key + text", "text + key"] = "hmac"
    digest: Literal["sha256", "sha512", "sha1", "md5"] = "sha256"
    written: Literal["hex", "base64"] = "hex"
    key: Literal["text", "hex", "base64"] = "text"


class CallMap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`path`: after the wallet's address. `body`: its fields; None = no body. A field whose value there is none is
    left out.
    """

    path: str
    method: str = "POST"
    body: dict[str, Any] | None = None


class AnswerMap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`accepted`: statuses. The others are dotted ways into the answer: ``data.balance``. `code`: where a refusal has
    its code; `ok`: codes that are none. `refusals`: our reason -> the API's codes.
    """

    accepted: tuple[int, ...] = (200, 201)
    balance: str
    currency: str = ""
    reference: str = ""
    code: str = ""
    ok: tuple[str | int, ...] = ()
    refusals: dict[str, tuple[str | int, ...]] = {}
    amounts: Amounts | None = None


class Calls(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    balance: CallMap
    bet: CallMap
    win: CallMap
    rollback: CallMap


class Leaves(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What this API leaves open: rules that only warn, those that do not apply and why, and what it has."""

    should: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    skip: dict[str, str] = {}
    has: tuple[str, ...] = ()
    money_only: tuple[str, ...] = ()


class Mapping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`ids`: what transaction and round ids look like. `constants`: further names for ``{…}``."""

    name: str
    amounts: Amounts = "minor"
    ids: Literal["text", "uuid", "decimal"] = "text"
    timeout_ms: int = 5000
    headers: dict[str, str] = {}
    constants: dict[str, str] = {}
    signature: Signature | None = None
    calls: Calls
    answer: AnswerMap
    rules: Leaves = Leaves()


def mapping_of(data: object) -> Mapping:
    """BadMapping for what is missing, unknown or of the wrong type."""
    try:
        found = msgspec.convert(data, Mapping)
    except msgspec.ValidationError as error:
        raise BadMapping(str(error)) from None
    known = {*PLACES, *found.constants}
    for verb in ("balance", "bet", "win", "rollback"):
        call: CallMap = getattr(found.calls, verb)
        _check(f"calls.{verb}", (call.path, call.body), known)
    more = known | {"body", "path", "method"}
    _check("signature.text", found.signature.text if found.signature else "", more)
    _check("headers", found.headers, more | {"signature"})
    strange = found.answer.refusals.keys() - set(REASONS)
    if strange:
        raise BadMapping(f"answer.refusals: {min(strange)} is none of {', '.join(REASONS)}")
    return found


def _check(where: str, value: object, known: set[str]) -> None:
    for name in names_in(value):
        if name not in known:
            raise BadMapping(f"{where}: there is no {{{name}}}; {', '.join(sorted(known))}")


def names_in(value: object) -> set[str]:
    if isinstance(value, str):
        return set(_PLACE.findall(value))
    if isinstance(value, dict):
        return set().union(*(names_in(one) for one in value.values()))
    return set().union(*(names_in(one) for one in value)) if isinstance(value, list | tuple) else set()


def filled(value: Any, values: Values[str, Any]) -> Any:
    """With values in place of ``{…}``: one that stands alone keeps its type. None where the only one has no value."""
    if isinstance(value, dict):
        members = {name: filled(one, values) for name, one in value.items()}
        return {name: one for name, one in members.items() if one is not None}
    if isinstance(value, list):
        return [filled(one, values) for one in value]
    if not isinstance(value, str):
        return value
    alone = _PLACE.fullmatch(value)
    if alone is not None:
        return values.get(alone[1])
    return _PLACE.sub(lambda found: str(values.get(found[1], "")), value)
