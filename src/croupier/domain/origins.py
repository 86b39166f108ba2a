"""Origins of web pages (scheme, host, port) in the one form that browsers compare; and whose pages may frame the games.

What passes here goes into a header, so it is letters, digits and dots, or it is nothing.
"""

import re
from collections.abc import Collection

from croupier.domain.parties import Operator

ORIGINS_MOST = 20
LOOPBACK = ("http://localhost:*", "http://127.0.0.1:*")
"""Pages that may always frame the games of test operators. Browsers know no IPv6 address in this list."""

_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ORIGIN = re.compile(rf"(https?)://((?:{_LABEL}\.)*{_LABEL})(?::([0-9]{{1,5}}))?/?")
_LOOPBACK = re.compile(r"http://(?:localhost|127\.0\.0\.1)(?::[0-9]+)?")
_USUAL_PORTS = {"http": 80, "https": 443}
_HOST_MOST = 253


def origin_of(text: str) -> str | None:
    """As a browser writes it: small letters, no usual port, no slash. None: it is not an origin, or one with a path."""
    found = _ORIGIN.fullmatch(text.lower()) if text.isascii() else None
    if found is None or len(found[2]) > _HOST_MOST:
        return None
    scheme, host, port = found[1], found[2], int(found[3] or _USUAL_PORTS[found[1]])
    if not 1 <= port <= 65_535:
        return None
    return f"{scheme}://{host}" + (f":{port}" if port != _USUAL_PORTS[scheme] else "")


def origins_fault(origins: Collection[str], *, test: bool) -> str | None:
    """Why these cannot be an operator's pages; None when they can. Whoever sets them is told this."""
    if len(origins) > ORIGINS_MOST:
        return f"There may be {ORIGINS_MOST} origins, not more."
    for one in origins:
        normal = origin_of(one)
        if normal is None:
            return f"An origin is like https://casino.example, without path or wildcard, not {one[:100]!r}."
        if not test and not normal.startswith("https://"):
            return f"Pages of a live operator are https; {normal} is not."
    return None


def framers_of(operator: Operator) -> tuple[str, ...]:
    """What the header says. What was stored before there was a rule, and breaks it, is left out."""
    own = (normal for one in operator.origins if (normal := origin_of(one)))
    return (*own, *(LOOPBACK if operator.test else ()))


def may_frame(operator: Operator, origin: str) -> bool:
    return origin in framers_of(operator) or (operator.test and _LOOPBACK.fullmatch(origin) is not None)
