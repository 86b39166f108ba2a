"""JSON of a stranger, read so that it can mean one thing only: no doubled keys, no floats, bounded depth."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import NoReturn

import msgspec

from croupier.dialects.strangers_texts import visible

Value = str | int | bool | None | list["Value"] | dict[str, "Value"]
Loose = str | int | bool | None | Decimal | list["Loose"] | dict[str, "Loose"]
"""With fractions, which keep the digits that were sent."""

SIZE_MAX = 65_536
DEPTH_MAX = 16


class NotStrict(ValueError):
    """`why`: ``not_json``, ``html``, ``duplicate_key``, ``float``, ``too_deep``, ``too_large``, ``not_an_object``."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(why, detail)
        self.why = why
        self.detail = detail


def read_object(body: bytes) -> dict[str, Value]:
    """The one JSON object that the body is. NotStrict when it is anything else."""
    if len(body) > SIZE_MAX:
        raise NotStrict("too_large", f"{len(body)} bytes")
    try:
        value = msgspec.json.decode(body)
        # A text that is written back as it was has no doubled keys (they would have melted into one), no 1e3 and no
        # number too long for its type: most wallets answer compactly, so this spares them the slow reader.
        exact = msgspec.json.encode(value) == body
    except (ValueError, RecursionError):
        exact = False
    if not exact:
        value = _read_slowly(body)
    if type(value) is not dict:
        raise NotStrict("not_an_object", type(value).__name__)
    _check(value, DEPTH_MAX)
    return value


def read_decimals(body: bytes) -> dict[str, Loose]:
    """As `read_object`, for APIs whose numbers may have a fraction: such a number is a Decimal of its text."""
    if len(body) > SIZE_MAX:
        raise NotStrict("too_large", f"{len(body)} bytes")
    value = _read_slowly(body, Decimal)
    if type(value) is not dict:
        raise NotStrict("not_an_object", type(value).__name__)
    _check(value, DEPTH_MAX)
    return value


def doubled(body: bytes) -> str | None:
    """The first name that JSON, which can be read, has twice in one object."""
    try:
        _pairs.decode(body.decode("utf-8"))
    except NotStrict as error:
        return error.detail
    except RecursionError:  # deeper than this reader goes
        raise NotStrict("too_deep") from None
    return None


_PLAIN = frozenset({str, int, bool, type(None)})
"""Most members: they need no look."""


def _check(value: object, depth: int) -> None:
    kind = type(value)
    if kind is float:
        raise NotStrict("float", repr(value))
    if kind is dict or kind is list:
        if depth == 0:
            raise NotStrict("too_deep", f"more than {DEPTH_MAX} levels")
        assert isinstance(value, (dict, list))
        members = value.values() if isinstance(value, dict) else value
        if _PLAIN.issuperset(map(type, members)):
            return
        for inner in members:
            _check(inner, depth - 1)


def _read_slowly(body: bytes, fraction: Callable[[str], object] | None = None) -> object:
    try:
        text = body.decode("utf-8")
        value: object = json.loads(
            text, object_pairs_hook=_without_doubles, parse_float=fraction or _no_float, parse_constant=_no_float
        )
        # A lone surrogate is legal JSON that no UTF-8 store can hold.
        json.dumps(value, ensure_ascii=False, default=str).encode("utf-8")
    except NotStrict:
        raise
    except RecursionError:
        raise NotStrict("too_deep", f"more than {DEPTH_MAX} levels") from None
    except (ValueError, ArithmeticError) as error:  # an exponent that no Decimal has is a fault of arithmetic
        start = body.lstrip()[:1]
        raise NotStrict("html" if start == b"<" else "not_json", str(error)[:120]) from None
    return value


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)[:64]
        raise NotStrict("duplicate_key", visible(twice))
    return members


_pairs = json.JSONDecoder(object_pairs_hook=_without_doubles)


def _no_float(text: str) -> NoReturn:
    raise NotStrict("float", text[:40])
