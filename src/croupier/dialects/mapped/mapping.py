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
    "player", "session", "game", "currency", "token", "id", "round", "amount", "bet", "closed", "campaign", "free",
    "expires", "expires_s", "time", "time_ms",
)  # fmt: skip
"""What ``{…}`` may name everywhere. Fields and headers may also hold `secret` and `signature`; what is signed, and
headers, `body`, `path`, `method` and `sorted`: the fields ``name=value``, by name, with ``&`` between them.
"""

_SECRET = frozenset({"signature", "secret"})
_PLACE = re.compile(r"\{(\w+)\}")


class BadMapping(ValueError):
    """The file says something that cannot be; the text says what."""


class Signature(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`text`: what is signed. `made`: HMAC, or a digest of key and text in that order."""

    text: str = "{body}"
    made: Literal["hmac", "key + text", "text + key"] = "hmac"
    digest: Literal["sha256", "sha512", "sha1", "md5"] = "sha256"
    written: Literal["hex", "HEX", "base64"] = "hex"
    key: Literal["text", "hex", "base64"] = "text"


class CallMap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`path`: after the wallet's address. Fields are those of a JSON `body`, of a `form`, or of the `query` after the
    path. A field whose value there is none is left out.
    """

    path: str = ""
    method: str = "POST"
    body: dict[str, Any] | None = None
    form: dict[str, str] | None = None
    query: dict[str, str] = {}

    @property
    def fields(self) -> dict[str, Any]:
        return {**self.query, **(self.form or {}), **(self.body or {})}


class AnswerMap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`accepted`: statuses. The others are dotted ways into the answer: ``data.balance``. `code`: where a refusal has
    its code; `ok`: codes that are none. `refusals`: our reason -> the API's codes.
    """

    accepted: tuple[int, ...] = (200, 201)
    balance: str
    currency: str = ""
    reference: str = ""
    code: str = ""
    ok: tuple[str | int | bool, ...] = ()
    refusals: dict[str, tuple[str | int, ...]] = {}
    amounts: Amounts | None = None


class Calls(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    balance: CallMap
    bet: CallMap
    win: CallMap
    rollback: CallMap

    def named(self) -> dict[str, CallMap]:
        return {"balance": self.balance, "bet": self.bet, "win": self.win, "rollback": self.rollback}


class Leaves(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What this API leaves open: rules that only warn, those that do not apply and why, and what it has."""

    should: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    skip: dict[str, str] = {}
    has: tuple[str, ...] = ()
    money_only: tuple[str, ...] = ()


class Mapping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`ids`: what transaction and round ids look like. `booleans`: false and true, where fields are text. `constants`:
    further names for ``{…}``. `masked`: headers and fields that no report shows, beside those with signature or secret.
    """

    name: str
    amounts: Amounts = "minor"
    ids: Literal["text", "uuid", "decimal"] = "text"
    booleans: tuple[str, str] = ("false", "true")
    timeout_ms: int = 5000
    masked: tuple[str, ...] = ()
    headers: dict[str, str] = {}
    constants: dict[str, str] = {}
    signature: Signature | None = None
    calls: Calls
    answer: AnswerMap
    rules: Leaves = Leaves()

    @property
    def secret_headers(self) -> tuple[str, ...]:
        return (*(name for name, text in self.headers.items() if names_in(text) & _SECRET), *self.masked)

    @property
    def secret_fields(self) -> tuple[str, ...]:
        fields = (one for call in self.calls.named().values() for one in call.fields.items())
        return (*dict.fromkeys(name for name, text in fields if names_in(text) & _SECRET), *self.masked)

    @property
    def has(self) -> tuple[str, ...]:
        """What the rules may count on: free rounds, where a bet says that it is one."""
        free = names_in(self.calls.bet.fields) & {"campaign", "free"}
        return (*self.rules.has, "free rounds") if free else self.rules.has


def mapping_of(data: object) -> Mapping:
    """BadMapping for what is missing, unknown or of the wrong type."""
    try:
        found = msgspec.convert(data, Mapping)
    except msgspec.ValidationError as error:
        raise BadMapping(str(error)) from None
    known = {*PLACES, *found.constants}
    signed = found.signature.text if found.signature else ""
    seal = _SECRET if found.signature else {"secret"}
    for verb, call in found.calls.named().items():
        _check(f"calls.{verb}", call.path, known)
        _check(f"calls.{verb}", call.fields, known | seal)
        if call.body is not None and call.form is not None:
            raise BadMapping(f"calls.{verb}: a body or a form, not both")
        if "signature" in names_in(call.fields) and names_in(signed) & {"body", "path"}:
            raise BadMapping(f"calls.{verb}: {{body}} and {{path}} would hold their own signature")
    more = known | {"body", "path", "method", "sorted"}
    _check("signature.text", signed, more | {"secret"})
    _check("headers", found.headers, more | seal)
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
    """With values in place of ``{…}``: one that stands alone keeps its type. None where the only one has no value, and
    for what holds a signature before there is one.
    """
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
    if "{signature}" in value and "signature" not in values:
        return None
    return _PLACE.sub(lambda found: in_text(values.get(found[1])), value)


def in_text(value: Any, booleans: tuple[str, str] = ("false", "true")) -> str:
    """A value as a form, a header or a signed text has it."""
    if isinstance(value, bool):
        return booleans[value]
    if isinstance(value, msgspec.Raw):
        return bytes(value).decode()
    return "" if value is None else str(value)
