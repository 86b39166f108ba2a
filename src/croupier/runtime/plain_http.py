"""One whole, plain HTTP/1.1 message, read the short way: most requests and answers are nothing else.

A real parser with its callbacks costs more, and every bet pays for two or three messages. Whatever is unusual,
incomplete or could be read in two ways is None here, and a real parser decides.
"""

import re

HEAD_MAX = 16_384
HEADERS_MAX = 100
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_UNUSUAL = frozenset({"transfer-encoding", "upgrade", "trailer", "te", "expect", "http2-settings"})

Message = tuple[str, list[tuple[str, str]], bytes]
"""First line, headers with names in lower case, body."""


def plain_message(data: bytes) -> Message | None:
    """The message, when these bytes are exactly one, of a stated length, on a connection that stays open."""
    end = data.find(b"\r\n\r\n", 0, HEAD_MAX)
    if end < 0:
        return None
    first, *lines = data[:end].decode("latin-1").split("\r\n")
    if len(lines) > HEADERS_MAX or not first.isprintable():
        return None
    headers = []
    length = None
    for line in lines:
        name, colon, value = line.partition(":")
        # A space before the colon, a folded line, a lone line break: each could be read in two ways.
        if not colon or not _NAME.match(name) or not value.isprintable():
            return None
        name, value = name.lower(), value.strip(" ")
        if name == "content-length":
            if length is not None or not value.isdecimal() or len(value) > 9:
                return None
            length = int(value)
        elif name in _UNUSUAL or (name == "connection" and value.lower() != "keep-alive"):
            return None
        headers.append((name, value))
    if length is None or len(data) != end + 4 + length:
        return None
    return first, headers, data[end + 4 :]
