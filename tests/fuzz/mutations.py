"""Seeded mutations of real bytes: of the bytes themselves, and of what they hold (JSON, MessagePack, a form, lines).

The same random numbers make the same bytes, so a case is replayed by its number.
"""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import parse_qsl, quote_plus

import msgspec

Kind = Literal["json", "form", "msgpack", "lines", "bytes"]
SIZE_MAX = 70_000

TEXTS = (
    *("", " ", "\0", "\x1b[2J", "\n", "é", "\u202e", "٣", "²", "x" * 65, "x" * 5000, "'", '"', "<b>", "../x", "%00"),
    *(
        "0",
        "-0",
        "-1",
        "1",
        "01",
        "+1",
        "1_0",
        "0.1",
        "1.50",
        "1e3",
        "1e400",
        "NaN",
        "Infinity",
        "true",
        "null",
        "9" * 20,
    ),
    *("9007199254740992", "9223372036854775808", "9" * 4301, "EUR", "USD", "eur", "XXX", "RS_OK", "RS_ERROR_UNKNOWN"),
    *("2026-11-22T12:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999-14:00", "2026-02-30", "[]"),
    *("insufficient_funds", "already_rolled_back", "transaction_conflict", "unknown_transaction", "INTERNAL_ERROR"),
)
VALUES = (
    *(
        None,
        True,
        False,
        0,
        1,
        -1,
        2,
        7,
        100,
        120,
        150,
        409,
        2**31,
        2**53 - 1,
        2**53,
        2**63 - 1,
        2**63,
        -(2**63),
        2**70,
    ),
    *(Decimal("0.0"), Decimal("0.5"), Decimal("1.0"), Decimal("1e3"), Decimal("1E+400"), [], {}, [None], {"": 0}),
)
RAW = (
    *(b"\0", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\xc3\x28", b"\r\n", b"\n", b"\r", b'"', b"\\", b"\\ud800", b"{}"),
    *(b"[", b"]", b"{", b"}", b",", b":", b"&", b"=", b"%", b"+", b";", b"-", b".", b"e9", b"NaN", b"null", b"1e999"),
    *(b"<html>", b"\xa0", b"\x80", b"'", b"[0]", b"%zz", b"%ff", b"true", b"0", b"9" * 19),
)
Way = tuple[str | int, ...]


def mutated(data: bytes, kind: Kind, rng: random.Random, others: Sequence[bytes] = ()) -> bytes:
    """One to three mutations; more often of what the bytes hold than of the bytes. `others`: to take parts from."""
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        inner = INSIDE.get(kind) if rng.random() < 0.7 else None
        try:
            changed = inner(data, rng, others) if inner is not None else None
        except (
            ValueError,
            ArithmeticError,
            RecursionError,
        ):  # these bytes hold nothing any more, or are too deep to be taken apart
            changed = None
        data = _bytes(data, rng, others) if changed is None else changed
    return data[:SIZE_MAX]


def _bytes(data: bytes, rng: random.Random, others: Sequence[bytes]) -> bytes:
    at = rng.randint(0, len(data))
    to = min(len(data), at + rng.choice((1, 1, 2, 4, 16, 64)))
    match rng.randrange(8):
        case 0 if at < len(data):
            return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]
        case 1:
            return data[:at] + data[to:]
        case 2:
            return data[:to] + data[at:to] * rng.choice((1, 1, 2, 300)) + data[to:]
        case 3:
            return data[:at]
        case 4 if others:
            other = rng.choice(others)
            return data[:at] + other[rng.randint(0, len(other)) :]
        case 5:
            return data[:at] + rng.randbytes(to - at) + data[to:]
        case 6:
            deep = rng.choice((3, 17, rng.randint(800, 1000), 5000))
            return data[:at] + b"[" * deep + b"]" * deep + data[at:]
        case _:
            return data[:at] + rng.choice(RAW) + data[at if rng.random() < 0.5 else to :]


# What JSON and MessagePack hold


def _tree(value: Any, rng: random.Random, donors: Sequence[Any]) -> Any:
    """The value with one part of it changed, removed, renamed, moved or wrapped."""
    ways = list(_ways(value))
    way = rng.choice(ways)
    part = _at(value, way)
    match rng.randrange(8):
        case 0 if way:
            return _put(value, way, _GONE)
        case 1 if way and isinstance(way[-1], str):
            name = rng.choice([w[-1] for w in ways if w] if rng.random() < 0.5 else TEXTS[:20])
            return _put(_put(value, way, _GONE), (*way[:-1], str(name)), part)
        case 2:
            return _put(value, way, rng.choice(([part], {"data": part}, [part, part])))
        case 3:
            return _put(value, way, _at(value, rng.choice(ways)))
        case 4 if donors:
            donor = rng.choice(donors)
            same = [w for w in _ways(donor) if w and way and w[-1] == way[-1]]
            return _put(value, way, _at(donor, rng.choice(same or list(_ways(donor)))))
        case 5:
            return _put(value, way, _near(part, rng))
        case 6:
            return _put(value, way, rng.choice(TEXTS))
        case _:
            return _put(value, way, rng.choice(VALUES))


_GONE = object()


def _near(part: Any, rng: random.Random) -> Any:
    """A value of its kind that is a little off, or the same as another type."""
    if isinstance(part, bool):
        return rng.choice((not part, str(part).lower(), int(part)))
    if isinstance(part, (int, float, Decimal)):
        return rng.choice((part + 1, part - 1, -part, part * 10, part * 100, str(part), Decimal(str(part)) / 10))
    if isinstance(part, str):
        at = rng.randint(0, len(part))
        return rng.choice((part + " ", " " + part, part.swapcase(), part[:at], part[:at] + "\0" + part[at:], [part]))
    return rng.choice(VALUES)


def _ways(value: Any, way: Way = ()) -> Iterator[Way]:
    yield way
    if isinstance(value, dict | list):
        for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _ways(inner, (*way, name))


def _at(value: Any, way: Way) -> Any:
    for name in way:
        value = value[name]
    return value


def _put(value: Any, way: Way, part: Any) -> Any:
    if not way:
        return None if part is _GONE else part
    if isinstance(value, dict):
        inner = _put(value.get(way[0]), way[1:], part) if way[1:] else part
        members = {name: inner if name == way[0] else one for name, one in (value | {way[0]: inner}).items()}
        return {name: one for name, one in members.items() if one is not _GONE}
    inner = [_put(one, way[1:], part) if way[1:] and at == way[0] else one for at, one in enumerate(value)]
    if len(way) == 1:
        inner[way[0] : way[0] + 1] = [] if part is _GONE else [part]
    return inner


def _json(data: bytes, rng: random.Random, others: Sequence[bytes]) -> bytes | None:
    value, donors = _read_json(data), [_read_json(rng.choice(others))] if others else []
    if rng.random() < 0.1 and isinstance(value, dict) and value:
        # A member twice: no dictionary holds that.
        name = rng.choice(list(value))
        first = f"{json.dumps(name)}:{_written(rng.choice(TEXTS))}"
        return f"{{{first},{_written(value)[1:]}".encode()
    changed = _tree(value, rng, donors)
    return _written(changed, indent=rng.choice((None, None, None, 1)), ascii=rng.random() < 0.5).encode(
        "utf-8", "surrogatepass"
    )


def _read_json(data: bytes) -> Any:
    return json.loads(data, parse_float=Decimal)


def _written(value: Any, *, indent: int | None = None, ascii: bool = True) -> str:  # noqa: A002 - as json has it
    """Decimals as they stand."""
    seen: list[str] = []

    def number(one: object) -> str:
        seen.append(str(one))
        return f"\x02{len(seen) - 1}\x03"

    text = json.dumps(
        value, default=number, indent=indent, ensure_ascii=ascii, separators=(",", ": " if indent else ":")
    )
    for place, one in enumerate(seen):
        text = text.replace(f'"\\u0002{place}\\u0003"', one)
    return text


def _msgpack(data: bytes, rng: random.Random, others: Sequence[bytes]) -> bytes | None:
    try:
        value = msgspec.msgpack.decode(data)
        donors = [msgspec.msgpack.decode(rng.choice(others))] if others else []
        changed = _tree(value, rng, donors)
        return msgspec.msgpack.encode(_without_decimals(changed))
    except (ValueError, msgspec.MsgspecError, OverflowError, TypeError):
        return None


def _without_decimals(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_decimals(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_without_decimals(one) for one in value]
    return float(value) if isinstance(value, Decimal) else value


# Forms and lines


def _form(data: bytes, rng: random.Random, others: Sequence[bytes]) -> bytes | None:
    pairs = parse_qsl(data.decode("latin-1"), keep_blank_values=True)
    if not pairs:
        return None
    at = rng.randrange(len(pairs))
    name, value = pairs[at]
    strange = parse_qsl(rng.choice(others).decode("latin-1"), keep_blank_values=True) if others else pairs
    match rng.randrange(9):
        case 0:
            del pairs[at]
        case 1:
            pairs.insert(rng.randint(0, len(pairs)), (name, rng.choice(TEXTS)))
        case 2:
            pairs[at] = (rng.choice([*(n for n, _ in pairs), *(n for n, _ in strange), *TEXTS[:12]]), value)
        case 3:
            pairs[at] = (f"{name}[{rng.choice(('', '0', '99', 'x', name))}]", value)
        case 4 if strange:
            pairs.append(rng.choice(strange))
        case 5:
            rng.shuffle(pairs)
        case 6:
            near = _near(value, rng)
            pairs[at] = (name, near if isinstance(near, str) else str(near))
        case _:
            pairs[at] = (name, rng.choice(TEXTS))
    text = "&".join(f"{quote_plus(n, errors='replace')}={quote_plus(v, errors='replace')}" for n, v in pairs)
    return rng.choice(
        (text, text, text.replace("+", "%20"), text.replace("%2C", ","), text + "&", text.lower())
    ).encode()


def _lines(data: bytes, rng: random.Random, others: Sequence[bytes]) -> bytes | None:
    """Cells between commas; a line of its own now and then."""
    lines = data.split(b"\n")
    at = rng.randrange(len(lines))
    cells = lines[at].split(b",")
    cell = rng.randrange(len(cells))
    match rng.randrange(6):
        case 0:
            del cells[cell]
        case 1:
            cells[cell] = b'"' + cells[cell] + rng.choice((b'"', b"", b'""'))
        case 2:
            cells.insert(cell, cells[cell])
        case 3:
            lines.insert(at, lines[rng.randrange(len(lines))])
        case _:
            cells[cell] = rng.choice(TEXTS).encode("utf-8", "replace")
    lines[at] = b",".join(cells)
    return b"\n".join(lines)


INSIDE: dict[str, Callable[[bytes, random.Random, Sequence[bytes]], bytes | None]] = {
    "json": _json,
    "form": _form,
    "msgpack": _msgpack,
    "lines": _lines,
}
