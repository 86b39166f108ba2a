"""Statements come from outside: what is right is read, whatever is wrong is told with its line."""

import contextlib
import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from croupier.ledger.asked import Asked
from croupier.ledger.operator_statement import BadStatement, read_statement

HEAD = "transaction_id,kind,amount,currency,player_id,round_id,state,at"
BET = "b_1,bet,100,EUR,ana,rd_1,accepted,2026-11-22T12:00:00Z"
WIN = "w_1,win,250,EUR,ana,rd_1,accepted,2026-11-22T12:00:01.5+01:00"


def read(text: str | bytes, size: int = 1 << 16):
    raw = text.encode() if isinstance(text, str) else text
    return list(read_statement(raw[i : i + size] for i in range(0, len(raw), size)))


def told(text: str | bytes) -> list[str]:
    with pytest.raises(BadStatement) as bad:
        read(text)
    return [str(mistake) for mistake in bad.value.mistakes]


def test_a_plain_statement():
    bet, win = read(f"{HEAD}\n{BET}\n{WIN}\n")
    assert (bet.number, bet.transaction_id, bet.kind, bet.amount, bet.state) == (2, "b_1", "bet", 100, "accepted")
    assert (win.player_id, win.round_id, win.currency) == ("ana", "rd_1", "EUR")
    assert bet.at - win.at == 3_598_500_000


def test_the_largest_amount_and_a_bet_that_was_reversed():
    (bet,) = read(f"{HEAD}\n{row(amount='9007199254740991', state='reversed')}")
    assert (bet.amount, bet.state) == (2**53 - 1, "reversed")


GOOD = {
    "byte order mark and CRLF": b"\xef\xbb\xbf" + f"{HEAD}\r\n{BET}\r\n{WIN}\r\n".encode(),
    "no line end at the end": f"{HEAD}\n{BET}\n{WIN}".encode(),
    "empty lines": f"{HEAD}\n\n{BET}\n  \r\n{WIN}\n\n".encode(),
    "everything in quotation marks": (
        "\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in (HEAD, BET, WIN)).encode()
    ),
    "columns in another order, with others between": "\n".join(
        ",".join([cells[7], "x", *cells[:7], "=1+1"])
        for cells in (line.split(",") for line in (HEAD, BET, WIN))
    ).replace("x,transaction_id", "note,transaction_id").encode(),
    "names in capitals": f"{HEAD.upper()}\n{BET}\n{WIN}\n".encode(),
}  # fmt: skip


@pytest.mark.parametrize("raw", GOOD.values(), ids=GOOD.keys())
def test_good_files(raw):
    for size in (1, 7, 1 << 16):
        lines = read(raw, size)
        assert [(line.transaction_id, line.amount) for line in lines] == [("b_1", 100), ("w_1", 250)]


def row(**changed):
    names = HEAD.split(",")
    return ",".join(changed.get(name, value) for name, value in zip(names, BET.split(","), strict=True))


BAD = [
    ("", ["line 1: the file is empty"]),
    ("\n\n", ["line 1: the file is empty"]),
    (BET, ["line 1: missing column transaction_id, kind"]),
    (HEAD.replace(",state", ""), ["line 1: missing column state; the first line"]),
    (HEAD.replace(",", ";"), ["line 1: the columns must be separated by commas"]),
    (HEAD + ",amount\n", ["line 1: column amount is there twice"]),
    (HEAD.encode("utf-16"), ["line 1: not UTF-8"]),
    (f"{HEAD}\n".encode() + b"b_1,bet,100,EUR,\xff\xfe,rd,accepted,x", ["line 2: not UTF-8"]),
    (f"{HEAD}\nb_1,bet\n{BET}", ["line 2: 2 values, but 8 columns"]),
    (f"{HEAD}\n{BET},more", ["line 2: 9 values, but 8 columns"]),
    (f'{HEAD}\n{BET}\n"b_2,bet\n{WIN}', ["line 3: the quotation marks do not match"]),
    (f'{HEAD}\n"b_1"x,bet', ["line 2: the quotation marks do not match"]),
    (f"{HEAD}\n{BET}\0", ["line 2: a control character"]),
    (f"{HEAD}\nb_\r1,bet", ["line 2: a control character"]),
    (f"{HEAD}\n{row(amount='1.00')}", ["line 2: amount must be a whole number of minor units (10.50 EUR is 1050)"]),
    (f'{HEAD}\n{row(amount=chr(34) + "1,00" + chr(34))}', ["line 2: amount must be a whole number"]),
    (f"{HEAD}\n{row(amount='-100')}", ["line 2: amount must be"]),
    (f"{HEAD}\n{row(amount='1e2')}", ["line 2: amount must be"]),
    (f"{HEAD}\n{row(amount='٣')}", ["line 2: amount must be"]),
    (f"{HEAD}\n{row(amount='=SUM(A1:A9)')}", ["line 2: amount must be a whole number"]),
    (f"{HEAD}\n{row(amount='9007199254740992')}", ["line 2: amount must be"]),
    (f"{HEAD}\n{row(amount='9' * 4000)}", ["line 2: amount must be"]),
    (f"{HEAD}\n{row(amount='')}", ["line 2: amount must be a whole number of minor units (10.50 E"]),
    (f"{HEAD}\n{row(kind='stake')}", ['line 2: kind must be bet, win or rollback, not "stake"']),
    (f"{HEAD}\n{row(state='ok')}", ['line 2: state of a bet must be accepted, reversed or declined, not "ok"']),
    (f"{HEAD}\n{row(kind='win', state='reversed')}", ["line 2: state of a win must be accepted or declined"]),
    (f"{HEAD}\n{row(currency='euro')}", ["line 2: currency must be a code like EUR"]),
    (f"{HEAD}\n{row(transaction_id='')}", ["line 2: transaction_id must be 1 to 128"]),
    (f"{HEAD}\n{row(transaction_id='b 1')}", ["line 2: transaction_id must be"]),
    (f"{HEAD}\n{row(player_id='ana' * 50)}", ["line 2: player_id must be"]),
    (f"{HEAD}\n{row(round_id='rd 1')}", ['line 2: round_id must be 1 to 128 visible ASCII characters, not "rd 1"']),
    (f"{HEAD}\n{row(round_id='')}", ["line 2: round_id must be 1 to 128 visible ASCII characters, not nothing"]),
    (f"{HEAD}\n{row(kind='k' * 40)}", [f'line 2: kind must be bet, win or rollback, not "{"k" * 40}"']),
    (f"{HEAD}\n{row(kind='k' * 41)}", [f'line 2: kind must be bet, win or rollback, not "{"k" * 40}…"']),
    (f"{HEAD}\n{row(kind='a' + chr(27) + 'b')}", ['line 2: kind must be bet, win or rollback, not "a?b"']),
    (f"{HEAD}\n{row(at='2026-11-22 12:00:00')}", ["line 2: at must be a time with a zone"]),
    (f"{HEAD}\n{row(at='22.11.2026')}", ["line 2: at must be a time with a zone"]),
    (f"{HEAD}\n" + "x" * 5000, ["line 2: longer than 4,096 bytes"]),
    ("x" * 10_000_000, ["line 1: longer than 4,096 bytes"]),
    (f"{HEAD}\n{row(kind='a')}\n{BET}\n{row(kind='b')}", ["line 2: kind", "line 4: kind"]),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "expected"), BAD, ids=[str(i) for i in range(len(BAD))])
def test_bad_files(raw, expected):
    found = told(raw)
    assert len(found) == len(expected)
    assert all(one.startswith(start) for one, start in zip(found, expected, strict=True)), found


DAY = Asked("casino", dt.date(2026, 11, 22))


@pytest.mark.parametrize(
    ("asked", "changed", "why"),
    [
        (DAY, {"at": "2026-11-22T00:00:00Z"}, None),
        (DAY, {"at": "2026-11-21T23:55:00Z"}, None),
        (
            DAY,
            {"at": "2026-11-21T23:54:59.999999Z"},
            "at is 2026-11-21T23:54:59.999Z, but the statement is of 2026-11-22",
        ),
        (DAY, {"at": "2026-11-23T00:04:59.999999Z"}, None),
        (DAY, {"at": "2026-11-23T00:05:00Z"}, "at is 2026-11-23T00:05:00.000Z"),
        (DAY, {"at": "2026-11-23T01:00:00+01:00"}, None),
        (replace(DAY, clocks_differ=0), {"at": "2026-11-21T23:59:59.999999Z"}, "at is"),
        (replace(DAY, clocks_differ=0), {"at": "2026-11-23T00:00:00Z"}, "at is"),
        (replace(DAY, currency="EUR"), {"currency": "USD"}, "currency is USD, but the statement holds EUR only"),
        (replace(DAY, currency="EUR"), {}, None),
        (DAY, {"currency": "USD"}, None),
    ],
)
def test_lines_of_another_day_or_currency_are_mistakes(asked, changed, why):
    """Somebody chose the wrong day, or the wrong file. Around midnight clocks may differ."""
    text = f"{HEAD}\n{row(**changed)}\n".encode()
    if why is None:
        assert len(list(read_statement([text], asked))) == 1
        return
    with pytest.raises(BadStatement) as bad:
        list(read_statement([text], asked))
    assert str(bad.value.mistakes[0]).startswith(f"line 2: {why}")


def test_no_more_than_twenty_mistakes_are_told():
    assert len(told(f"{HEAD}\n" + "nonsense\n" * 1000)) == 20


def test_a_terminal_obeys_nothing_that_a_file_says():
    assert "\x1b" not in told(f"{HEAD}\n{row(kind=chr(27) + '[2J')}")[0]


def test_a_file_without_end_fills_no_memory():
    endless = itertools.repeat(b"x" * 65_536)
    with pytest.raises(BadStatement, match="longer than"):
        list(read_statement(endless))


@given(st.binary(max_size=300), st.integers(1, 50))
def test_any_bytes_are_read_or_refused(raw, size):
    for start in (b"", HEAD.encode() + b"\n"):
        with contextlib.suppress(BadStatement):
            assert all(0 <= line.amount < 2**53 for line in read(start + raw, size))
