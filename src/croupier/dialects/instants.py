"""Moments on the wire: RFC 3339, UTC, ``Z``, milliseconds."""

from croupier.domain.instants import parse_rfc3339


def microseconds(text: str) -> int:
    """Of an RFC 3339 moment with any offset and number of decimals. ValueError when it is no such moment."""
    if "T" not in text.upper():
        raise ValueError(f"{text!r} is not an RFC 3339 moment")
    return parse_rfc3339(text)
