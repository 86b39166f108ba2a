"""Whose client certificate a call came with: verified by our own TLS, or by a proxy that we trust."""

import re
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from starlette.types import Scope

TLS = "croupier.tls"
"""ASGI extension of our own TLS listener: ``{"client_cn": text}`` of the certificate that it has verified."""

_PART = re.compile(r"\s*([A-Za-z0-9.]+)\s*=\s*((?:[^,\\+]|\\.)*)\s*(?:[,+]|\Z)")


class Certificates:
    """`header` carries the verified subject (a name or a DN, empty without a certificate) from `proxies` only."""

    def __init__(self, header: str, proxies: Iterable[str]) -> None:
        """`proxies`: addresses or networks. ValueError for anything else."""
        self._header = header.lower().encode("latin-1")
        self._proxies: tuple[IPv4Network | IPv6Network, ...] = tuple(ip_network(one, strict=False) for one in proxies)

    def common_name(self, scope: Scope) -> str | None:
        own = scope.get("extensions", {}).get(TLS)
        if own is not None:
            name: str | None = own["client_cn"]
            return name
        if not self._header or not self._trusted(scope.get("client")):
            return None
        given = [value.decode("latin-1") for header, value in scope["headers"] if header == self._header]
        return common_name(given[0]) if len(given) == 1 else None

    def _trusted(self, client: tuple[str, int] | None) -> bool:
        """By the address of the connection itself: no header can say where a call came from."""
        if client is None:
            return False
        try:
            address = ip_address(client[0])
        except ValueError:
            return False
        return any(address in network for network in self._proxies)


def common_name(subject: str) -> str | None:
    """``casino7``, or the CN of a DN (RFC 4514) like ``CN=casino7,O=Casino``. None when there is none, or more."""
    subject = subject.strip()
    if "=" not in subject:
        return subject or None
    names, at = [], 0
    while at < len(subject):
        part = _PART.match(subject, at)
        if part is None:
            return None
        if part[1].upper() in ("CN", "2.5.4.3"):
            names.append(part[2].strip())
        at = part.end()
    return names[0] if len(names) == 1 and names[0] and "\\" not in names[0] else None
