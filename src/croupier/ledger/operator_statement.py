"""Reads an operator's statement: CSV from outside, line by line, every mistake told with its line number.

``transaction_id,kind,amount,currency,player_id,round_id,state,at``: one line a transaction, in our ids, or in the UUIDs
that stand for them in the operator's API. Columns may come in any order and others may stand beside them. Nothing is
guessed: what is not exactly right is refused.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from croupier.domain.ids import settlement_id, transaction_named
from croupier.domain.instants import parse_rfc3339
from croupier.domain.money import AMOUNT_MAX
from croupier.ledger.asked import Asked

COLUMNS = ("transaction_id", "kind", "amount", "currency", "player_id", "round_id", "state", "at")
KINDS = frozenset({"bet", "win", "rollback", "end_round"})
STATES = frozenset({"accepted", "reversed", "declined"})

LINE_MAX = 4096
"""Bytes; the longest good line has a tenth of that."""
LINES_MAX = 2_000_000
MISTAKES_MAX = 20

_ID = re.compile(r"[\x21-\x7e]{1,128}\Z")
_AMOUNT = re.compile(r"[0-9]{1,16}\Z")
_CURRENCY = re.compile(r"[A-Z0-9]{3,16}\Z")
_BOM = b"\xef\xbb\xbf"

Kind = Literal["bet", "win", "rollback", "end_round"]
State = Literal["accepted", "reversed", "declined"]


class Line(msgspec.Struct, frozen=True):
    """`state`: ``accepted`` (moved, and stands), ``reversed`` (a bet that was given back), ``declined`` (never moved).

    `number` counts from 1, the line of column names; `at` in microseconds. `issue`: see `as_sum`; in an API that knows
    such a sum by this name alone, its round is called the same.
    """

    number: int
    transaction_id: str
    kind: Kind
    amount: int
    currency: str
    player_id: str
    round_id: str
    state: State
    at: int
    issue: str = ""


def as_sum(line: Line, operator_id: str) -> Line:
    """The line, if its id is the operator's name of free rounds: then it is the sum of what they have won."""
    named = settlement_id(operator_id, line.transaction_id)
    return msgspec.structs.replace(line, transaction_id=named, issue=line.transaction_id)


class Mistake(msgspec.Struct, frozen=True):
    line: int
    what: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.what}"


class BadStatement(Exception):
    """The file cannot be used; nothing was done. At most 20 mistakes."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("; ".join(map(str, mistakes)))
        self.mistakes = mistakes


def read_statement(chunks: Iterable[bytes], asked: Asked | None = None) -> Iterator[Line]:
    """The statement's lines. BadStatement, at the latest after the last line, when one of them is wrong.

    `asked`: what the statement is said to hold; a line of another day or currency is wrong. None: it may hold anything.
    """
    mistakes: list[Mistake] = []
    places: tuple[int, ...] | None = None
    width = 0
    for number, raw in enumerate(_lines(chunks), 1):
        if number > LINES_MAX:
            raise BadStatement([Mistake(number, f"more than {LINES_MAX:,} lines; split the statement by currency")])
        if not raw.strip():
            continue
        try:
            cells = _cells(raw, first=number == 1)
            if places is None:
                places, width = _places(cells), len(cells)
                continue
            if len(cells) != width:
                raise ValueError(f"{len(cells)} values, but {width} columns")
            line = _line(number, [cells[place] for place in places])
            if asked is not None and (stray := asked.stray(line.at, line.currency)):
                raise ValueError(stray)
        except ValueError as error:
            mistakes.append(Mistake(number, str(error)))
            # Without column names, or after so many, the rest would only repeat it.
            if places is None or len(mistakes) == MISTAKES_MAX:
                break
        else:
            yield line
    if places is None and not mistakes:
        mistakes.append(Mistake(1, f"the file is empty; the first line names the columns: {','.join(COLUMNS)}"))
    if mistakes:
        raise BadStatement(mistakes)


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Lines without their ends, never more of a line than is allowed: a file without line ends fills no memory."""
    rest = b""
    number = 0
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        for raw in whole:
            number += 1
            yield _short(raw, number)
        _short(rest, number + 1)
    if rest:
        yield rest


def _short(raw: bytes, number: int) -> bytes:
    if len(raw) > LINE_MAX:
        raise BadStatement([Mistake(number, f"longer than {LINE_MAX:,} bytes; is this a CSV file?")])
    return raw


def _cells(raw: bytes, *, first: bool) -> list[str]:
    if first:
        raw = raw.removeprefix(_BOM)
        if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in raw:
            raise ValueError("not UTF-8; save the file as CSV in UTF-8")
    raw = raw.removesuffix(b"\r")
    if b"\0" in raw or b"\r" in raw:
        raise ValueError("a control character stands in the line")
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise ValueError("not UTF-8; save the file as CSV in UTF-8") from None
    try:
        # One line at a time: a quotation mark that is never closed is an error here, and does not swallow the file.
        (cells,) = csv.reader((text,), strict=True)
    except (csv.Error, ValueError):
        raise ValueError("the quotation marks do not match; a value may not hold a line end") from None
    return cells


def _places(cells: list[str]) -> tuple[int, ...]:
    names = [cell.strip().lower() for cell in cells]
    missing = [column for column in COLUMNS if column not in names]
    if missing and len(names) == 1 and (";" in names[0] or "\t" in names[0]):
        raise ValueError("the columns must be separated by commas")
    if missing:
        raise ValueError(f"missing column {', '.join(missing)}; the first line names the columns: {','.join(COLUMNS)}")
    if twice := [column for column in COLUMNS if names.count(column) > 1]:
        raise ValueError(f"column {', '.join(twice)} is there twice")
    return tuple(names.index(column) for column in COLUMNS)


def _line(number: int, values: list[str]) -> Line:
    transaction_id, kind, amount, currency, player_id, round_id, state, at = values
    for name, value in (("transaction_id", transaction_id), ("player_id", player_id), ("round_id", round_id)):
        if not _ID.match(value):
            raise ValueError(f"{name} must be 1 to 128 visible ASCII characters, not {_shown(value)}")
    if kind not in KINDS:
        raise ValueError(f"kind must be bet, win or rollback, not {_shown(kind)}")
    if not _AMOUNT.match(amount) or int(amount) > AMOUNT_MAX:
        raise ValueError(f"amount must be a whole number of minor units (10.50 EUR is 1050), not {_shown(amount)}")
    if not _CURRENCY.match(currency):
        raise ValueError(f"currency must be a code like EUR, not {_shown(currency)}")
    if state not in STATES or (state == "reversed" and kind != "bet"):
        raise ValueError(f"state of a {kind} must be {_states(kind)}, not {_shown(state)}")
    try:
        moment = parse_rfc3339(at)
    except (ValueError, OverflowError):
        raise ValueError(f"at must be a time with a zone like 2026-11-22T12:00:00Z, not {_shown(at)}") from None
    return Line(
        number,
        transaction_named(transaction_id),
        kind,  # type: ignore[arg-type]
        int(amount),
        currency,
        player_id,
        round_id,
        state,  # type: ignore[arg-type]
        moment,
    )


def _states(kind: str) -> str:
    return "accepted, reversed or declined" if kind == "bet" else "accepted or declined"


def _shown(value: str) -> str:
    """A value of somebody else's in a message of ours: short, and without anything a terminal would obey."""
    plain = "".join(c if c.isprintable() else "?" for c in value[:40])
    return f'"{plain}{"…" if len(value) > 40 else ""}"' if value else "nothing"
