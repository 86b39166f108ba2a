"""Where a player is, as operators say it."""

from ipaddress import ip_address

LONGEST = 45


def ip_of(text: str | None) -> str | None:
    """An IPv4 or IPv6 address as it was said, also in its mixed notation; None for whatever is none."""
    try:
        said = text is not None and len(text) <= LONGEST and "%" not in text and ip_address(text)
    except ValueError:
        return None
    return text if said else None
