"""The short way of reading HTTP: what it takes can be read in one way only, all else it leaves to a real parser."""

import pytest

from croupier.runtime.http1 import plain_answer
from croupier.runtime.plain_http import plain_message

FIRST = b"HTTP/1.1 200 OK"
HEADERS = (b"Content-Type: application/json", b"Content-Length:  7 ")


def message(first: bytes = FIRST, headers=HEADERS, body: bytes = b'{"a":1}') -> bytes:
    return b"\r\n".join((first, *headers)) + b"\r\n\r\n" + body


def with_header(line: bytes) -> bytes:
    return message(headers=(*HEADERS, line))


def with_length(length: bytes, body: bytes = b'{"a":1}') -> bytes:
    return message(headers=(b"Content-Length: " + length,), body=body)


def test_a_plain_message_is_read():
    headers = (("content-type", "application/json"), ("content-length", "7"))
    assert plain_message(message()) == ("HTTP/1.1 200 OK", headers, b'{"a":1}')
    assert plain_message(with_length(b"0", b"")) == ("HTTP/1.1 200 OK", (("content-length", "0"),), b"")
    assert plain_message(with_header(b"Connection: Keep-Alive")) is not None


def test_what_was_read_before_is_read_anew():
    """Heads are remembered, bodies and their ends never; a long head is read the same way without being kept."""
    for filling in (b"", b"1" * 2_000):
        for body in (b'{"a":1}', b'{"b":2}'):
            read = plain_message(message(headers=(*HEADERS, b"X: " + filling), body=body))
            assert read is not None
            assert (read[1][-1], read[2]) == (("x", filling.decode()), body)
        assert plain_message(message(headers=(*HEADERS, b"X: " + filling), body=b"{}")) is None


UNUSUAL = {
    "body not complete": message()[:-1],
    "more than the body": message() + b"x",
    "two messages": message() + message(),
    "head not complete": message()[:20],
    "a line before": b"\r\n" + message(),
    "no length": message(headers=HEADERS[:1]),
    "two lengths": with_header(b"Content-Length: 7"),
    "two lengths that differ": with_header(b"content-length: 0"),
    "a signed length": with_length(b"+7"),
    "a length in hex": with_length(b"0x7"),
    "a length with a sign of another script": with_length(b"\xb2", b"xx"),
    "a huge length": with_length(b"70000000000000000000"),
    "a list of lengths": with_length(b"7, 7"),
    "chunked": with_header(b"Transfer-Encoding: chunked"),
    "chunked in disguise": with_header(b"Transfer-Encoding : chunked"),
    "a folded line": with_header(b"X: 1\r\n Transfer-Encoding: chunked"),
    "a lone line feed": with_header(b"X: 1\nTransfer-Encoding: chunked"),
    "a lone carriage return": with_header(b"X: 1\rTransfer-Encoding: chunked"),
    "a tabulator": with_header(b"Transfer-Encoding:\tchunked"),
    "a zero byte": with_header(b"X: \0"),
    "a zero byte in the first line": message(FIRST + b"\0"),
    "a line without colon": with_header(b"X"),
    "a header without name": with_header(b": x"),
    "asks before sending": with_header(b"Expect: 100-continue"),
    "wants to close": with_header(b"Connection: close"),
    "wants another protocol": with_header(b"Upgrade: h2c"),
    "has trailers": with_header(b"Trailer: X"),
    "too many headers": message(headers=(*HEADERS, *[b"X: 1"] * 200)),
    "a huge head": with_header(b"X: " + b"1" * 17_000),
    "no HTTP at all": b'{"a":1}',
}


@pytest.mark.parametrize("data", UNUSUAL.values(), ids=UNUSUAL.keys())
def test_what_is_unusual_is_left_to_a_real_parser(data):
    assert plain_message(data) is None


def test_a_plain_answer_is_read():
    headers = (("content-type", "application/json"), ("content-length", "7"))
    assert plain_answer(message()) == (200, headers, b'{"a":1}')
    assert plain_answer(message(b"HTTP/1.1 503")) == (503, headers, b'{"a":1}')


NO_ANSWERS = {
    "an old version": b"HTTP/1.0 200 OK",
    "an interim answer": b"HTTP/1.1 100 Continue",
    "no content": b"HTTP/1.1 204 No Content",
    "not modified": b"HTTP/1.1 304 Not Modified",
    "a status of four digits": b"HTTP/1.1 2000 OK",
    "a status that is none": b"HTTP/1.1 999 ?",
    "a request": b"GET / HTTP/1.1",
}


@pytest.mark.parametrize("first", NO_ANSWERS.values(), ids=NO_ANSWERS.keys())
def test_other_answers_are_left_to_a_real_parser(first):
    assert plain_answer(message(first)) is None
