"""The short way of reading an answer: what it takes it reads as the real parser does, all else it leaves alone."""

import pytest

from croupier.runtime.http1 import plain_answer

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def answer(head: bytes = HEAD, body: bytes = b'{"a":1}', length: bytes = b"7") -> bytes:
    return head + b"Content-Length: " + length + b"\r\n\r\n" + body


def test_a_plain_answer_is_read():
    headers = [("content-type", "application/json"), ("content-length", "7")]
    assert plain_answer(answer()) == (200, headers, b'{"a":1}')
    assert plain_answer(answer(b"HTTP/1.1 503\r\n", b"", b"0")) == (503, [("content-length", "0")], b"")


UNUSUAL = {
    "body not complete": answer()[:-1],
    "more than the body": answer() + b"x",
    "two answers": answer() + answer(),
    "head not complete": answer()[:20],
    "an old version": answer(b"HTTP/1.0 200 OK\r\n"),
    "an interim answer": answer(b"HTTP/1.1 100 Continue\r\n", b"", b"0"),
    "no content": answer(b"HTTP/1.1 204 No Content\r\n", b"", b"0"),
    "not modified": answer(b"HTTP/1.1 304 Not Modified\r\n", b"", b"0"),
    "a status of four digits": answer(b"HTTP/1.1 2000 OK\r\n"),
    "no length": HEAD + b'\r\n{"a":1}',
    "two lengths": answer(HEAD + b"Content-Length: 7\r\n"),
    "a signed length": answer(length=b"+7"),
    "a length that is no decimal": answer(body=b"x" * 2, length=b"\xb2"),
    "a huge length": answer(length=b"70000000000000000000"),
    "chunked": answer(HEAD + b"Transfer-Encoding: chunked\r\n"),
    "closes": answer(HEAD + b"Connection: close\r\n"),
    "changes protocol": answer(HEAD + b"Upgrade: h2c\r\n"),
    "a space before the colon": answer(HEAD + b"Transfer-Encoding : chunked\r\n"),
    "a folded line": answer(HEAD + b"X: 1\r\n Transfer-Encoding: chunked\r\n"),
    "a lone line feed": answer(HEAD + b"X: 1\nTransfer-Encoding: chunked\r\n"),
    "a lone carriage return": answer(HEAD + b"X: 1\rTransfer-Encoding: chunked\r\n"),
    "a zero byte": answer(HEAD + b"X: \0\r\n"),
    "a line without colon": answer(HEAD + b"X\r\n"),
    "too many headers": answer(HEAD + b"X: 1\r\n" * 200),
    "a huge head": answer(HEAD + b"X: " + b"1" * 17_000 + b"\r\n"),
    "no HTTP at all": b'{"a":1}',
}


@pytest.mark.parametrize("data", UNUSUAL.values(), ids=UNUSUAL.keys())
def test_what_is_unusual_is_left_to_the_real_parser(data):
    assert plain_answer(data) is None
