"""Which addresses may be connected to: no operator's URL reaches our own network (security.md §4)."""

import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address

# What a test operator may use: a wallet on this machine or in this office.
_PRIVATE = ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")

# IANA's special-purpose registries, and the metadata addresses of clouds that lie outside them.
_REFUSED = (
    *("0.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24"),
    *("192.52.193.0/24", "192.88.99.0/24", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
    *("224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32"),
    # Whole of IPv6 but 2000::/3 is not (yet) global; within it, what translates to IPv4 or is reserved.
    *("::/3", "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"),
    *("4000::/2", "8000::/1"),
    "fd00:ec2::254/128",
)


def _networks(texts: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(text) for text in texts)


PRIVATE, REFUSED = _networks(_PRIVATE), _networks(_REFUSED)
METADATA = ip_address("fd00:ec2::254")


def inner(host: str, *, private: bool) -> bool:
    """Is this host seen, without asking a name server, to be where we may not connect to?

    Numbers in every spelling that resolvers read as an address; names that stay on this machine (RFC 6761).
    """
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return not private
    try:
        found = socket.getaddrinfo(name, None, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return False
    return not all(allowed(str(entry[4][0]), private=private) for entry in found)


def allowed(text: str, *, private: bool) -> bool:
    """May we connect to this numeric address? `private`: also to loopback and private networks."""
    address = ip_address(text.partition("%")[0])
    if any(address in network for network in PRIVATE):
        return private and address != METADATA
    return not any(address in network for network in REFUSED)
