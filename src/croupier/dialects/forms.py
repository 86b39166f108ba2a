"""Form fields: as PHP's http_build_query writes them, and read so that a field means one thing only."""

from collections.abc import Callable, Iterable, Mapping
from urllib.parse import parse_qsl, quote_plus

from croupier.domain.ids import ID

Pair = tuple[str, str]

FIELDS_MAX = 500
TYPE = "application/x-www-form-urlencoded"


class NotAForm(ValueError):
    """These bytes are no form fields."""


def encoded(pairs: Iterable[Pair]) -> str:
    """A space is ``+``; letters, digits and ``-_.`` stay, everything else is percent-encoded, ``~`` too."""
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)


def listed(name: str, items: Iterable[Mapping[str, str]]) -> list[Pair]:
    """A list of objects: ``name[0][member]``, the members in their own order."""
    return [(f"{name}[{place}][{key}]", value) for place, item in enumerate(items) for key, value in item.items()]


def read(raw: bytes | str) -> list[Pair]:
    """In their order. NotAForm: more than `FIELDS_MAX`, or not UTF-8."""
    try:
        text = raw.decode("ascii") if isinstance(raw, bytes) else raw
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=FIELDS_MAX)
    except ValueError as error:
        raise NotAForm(str(error)) from None


def as_written(raw: bytes | str) -> list[tuple[str, str]]:
    """Each field's name and its own bytes ``name=value``, for signatures over what the caller wrote."""
    text = raw.decode("ascii", "replace") if isinstance(raw, bytes) else raw
    parts = [part for part in text.split("&") if part][: FIELDS_MAX + 1]
    return [(name, part) for part in parts for name, _ in parse_qsl(part, keep_blank_values=True)[:1]]


def _quoted(text: str) -> str:
    return quote_plus(text, errors="strict").replace("~", "%7E")


class Fields:
    """Values by name, the last of a repeated one, each read as exactly one type.

    `wrong` makes the error to raise, of a field's name and what it should be.
    """

    def __init__(self, pairs: Iterable[Pair], wrong: Callable[[str, str], Exception]) -> None:
        self._values = dict(pairs)
        self._wrong = wrong

    def has(self, name: str) -> bool:
        """An empty field counts as none: forms send one for what they do not have."""
        return bool(self._values.get(name))

    def text(self, name: str, longest: int = 64) -> str:
        value = self._values.get(name, "")
        if not 1 <= len(value) <= longest or not value.isprintable():
            raise self._wrong(name, f"text of 1-{longest} characters" if value else "given")
        return value

    def optional_text(self, name: str, longest: int = 64) -> str | None:
        return self.text(name, longest) if self.has(name) else None

    def cut(self, name: str, longest: int) -> str | None:
        """Text for people only: as much of it as can be shown."""
        return "".join(c for c in self._values.get(name, "") if c.isprintable())[:longest] or None

    def name(self, name: str) -> str:
        """A name of the operator's own."""
        if ID.match(self.text(name)) is None:
            raise self._wrong(name, "1-64 characters of A-Z a-z 0-9 _ . : @ -")
        return self._values[name]

    def optional_name(self, name: str) -> str | None:
        return self.name(name) if self.has(name) else None

    def token(self, name: str, longest: int) -> str:
        """Text of visible ASCII, as it comes back in calls."""
        value = self.text(name, longest)
        if not value.isascii() or " " in value:
            raise self._wrong(name, f"1-{longest} visible ASCII characters without a space")
        return value

    def whole(self, name: str, least: int, most: int) -> int:
        value = self._values.get(name, "")
        if not (value.isascii() and value.isdigit() and len(value) <= 18 and least <= int(value) <= most):
            raise self._wrong(name, f"a whole number of {least}-{most}" if value else "given")
        return int(value)

    def one_of(self, name: str, *choices: str) -> str:
        value = self._values.get(name, "")
        if value not in choices:
            raise self._wrong(name, " or ".join(choices))
        return value

    def optional_address(self, name: str) -> str | None:
        """Of a page; what is no address of one is left out, because a button is all that depends on it."""
        value = self._values.get(name, "")
        if len(value) > 2048 or not value.startswith(("http://", "https://")) or not value.isprintable():
            return None
        return value if not set(value) & set(' "<>') else None
