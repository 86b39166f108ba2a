"""One whole, plain HTTP/1.1 message, read the short way: most requests and answers are nothing else.

A real parser with its callbacks costs more, and every bet pays for two or three messages. Whatever is unusual,
incomplete or could be read in two ways is None here, and a real parser decides.
"""

import re
from collections.abc import Callable
from functools import lru_cache

HEAD_MAX = 16_384
HEADERS_MAX = 100
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
KEPT_MAX = 1024
"""Heads of at most so many bytes are remembered, and their lines: most come again and again."""
_UNUSUAL = frozenset({"transfer-encoding", "upgrade", "trailer", "te", "expect", "http2-settings"})

Headers = tuple[tuple[str, str], ...]
Message = tuple[str, Headers, bytes]
"""First line, headers with names in lower case, body."""


def plain_message(data: bytes) -> Message | None:
    """The message, when these bytes are exactly one, of a stated length, on a connection that stays open."""
    end = data.find(b"\r\n\r\n", 0, HEAD_MAX)
    if end < 0:
        return None
    head = _known_head(data[:end]) if end <= KEPT_MAX else _head(data[:end], _header)
    if head is None or len(data) != end + 4 + head[2]:
        return None
    return head[0], head[1], data[end + 4 :]


def _head(raw: bytes, header_of: Callable[[str], tuple[str, str] | None]) -> tuple[str, Headers, int] | None:
    """First line, headers and the length of the body."""
    first, *lines = raw.decode("latin-1").split("\r\n")
    if len(lines) > HEADERS_MAX or not first.isprintable():
        return None
    headers = []
    length = None
    for line in lines:
        header = header_of(line)
        if header is None:
            return None
        if header[0] == "content-length":
            if length is not None:
                return None
            length = int(header[1])
        headers.append(header)
    return None if length is None else (first, tuple(headers), length)


def _header(line: str) -> tuple[str, str] | None:
    """Name in lower case and value; None for a line that is unusual or could be read in two ways."""
    name, colon, value = line.partition(":")
    # A space before the colon, a folded line, a lone line break.
    if not colon or not _NAME.match(name) or not value.isprintable():
        return None
    name, value = name.lower(), value.strip(" ")
    if name == "content-length" and (not value.isdecimal() or len(value) > 9):
        return None
    if name in _UNUSUAL or (name == "connection" and value.lower() != "keep-alive"):
        return None
    return name, value


_known_header = lru_cache(4096)(_header)


@lru_cache(2048)
def _known_head(raw: bytes) -> tuple[str, Headers, int] | None:
    return _head(raw, _known_header)
