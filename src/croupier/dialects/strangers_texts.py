"""What wallets write, as far as it may be shown to people or kept as a name."""

PLAIN_MAX = 200
REFERENCE_MAX = 64


def plain(value: object) -> str:
    """For people: short, without anything a terminal would obey."""
    return "".join(c for c in value if c.isprintable())[:PLAIN_MAX] if isinstance(value, str) else ""


def visible(text: str) -> str:
    """As long as it was, with a mark for each character that cannot be shown: what is no known word stays none."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def reference(value: object, longest: int = REFERENCE_MAX) -> str | None:
    """A name, as text or as a whole number; None when it cannot be kept as it is."""
    text = str(value) if type(value) is int or isinstance(value, str) else ""
    return text if 1 <= len(text) <= longest and text.isprintable() else None
