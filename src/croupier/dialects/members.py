"""Members of a JSON object from outside, each read as exactly one type."""

from collections.abc import Callable, Mapping

from croupier.dialects.instants import microseconds
from croupier.domain.ids import ID


class Members:
    """`wrong` makes the error to raise: of a member's name, what it should be, and whether it is missing."""

    def __init__(self, values: Mapping[str, object], wrong: Callable[[str, str, bool], Exception]) -> None:
        self._values = values
        self._wrong = wrong

    def has(self, name: str) -> bool:
        """An empty text counts as none: many clients send one for what they do not have."""
        return self._values.get(name) not in (None, "")

    def text(self, name: str, longest: int = 64, shortest: int = 1) -> str:
        value = self._values.get(name)
        if not isinstance(value, str) or not shortest <= len(value) <= longest or not value.isprintable():
            raise self._bad(name, f"text of {shortest}-{longest} characters")
        return value

    def optional_text(self, name: str, longest: int = 64, shortest: int = 1) -> str | None:
        return self.text(name, longest, shortest) if self.has(name) else None

    def name(self, name: str, shortest: int = 1) -> str:
        """A name of the operator's own; numbers stand for their digits."""
        value = self._values.get(name)
        text = str(value) if type(value) is int else value
        if not isinstance(text, str) or len(text) < shortest or ID.match(text) is None:
            raise self._bad(name, f"text of {shortest}-64 characters of A-Z a-z 0-9 _ . : @ -")
        return text

    def optional_name(self, name: str) -> str | None:
        return self.name(name) if self.has(name) else None

    def whole(self, name: str, least: int = 0, most: int = 2**53 - 1) -> int:
        value = self._values.get(name)
        if type(value) is not int or not least <= value <= most:
            raise self._bad(name, f"a whole number from {least}")
        return value

    def optional_whole(self, name: str, least: int = 0, most: int = 2**53 - 1) -> int | None:
        return self.whole(name, least, most) if self.has(name) else None

    def flag(self, name: str) -> bool:
        value = self._values.get(name)
        if type(value) is not bool:
            raise self._bad(name, "true or false")
        return value

    def one_of(self, name: str, *choices: str) -> str:
        value = self._values.get(name)
        if not isinstance(value, str) or value not in choices:
            raise self._bad(name, " or ".join(choices))
        return value

    def optional_moment(self, name: str) -> int | None:
        """Microseconds, of an ISO 8601 date and time; one without offset is UTC."""
        if not self.has(name):
            return None
        text = self.text(name)
        try:
            return microseconds(text if text[-1] in "Zz" or "+" in text or "-" in text[10:] else text + "Z")
        except ValueError:
            raise self._bad(name, "a date and time like 2026-11-22T12:00:00Z") from None

    def optional_address(self, name: str) -> str | None:
        """Of a page; what is no address of one is left out, because its button is all that depends on it."""
        value = self._values.get(name)
        if not isinstance(value, str) or len(value) > 2048 or not value.startswith(("http://", "https://")):
            return None
        return value if value.isprintable() and not set(value) & set(' "<>') else None

    def optional_country(self, name: str) -> str | None:
        """ISO 3166-1 alpha-2; ``XX`` and whatever else is none."""
        value = self._values.get(name)
        known = isinstance(value, str) and len(value) == 2 and value.isascii() and value.isalpha()
        return str(value).upper() if known and str(value).upper() != "XX" else None

    def names(self, name: str, most: int) -> tuple[str, ...]:
        values = self._values.get(name)
        if not isinstance(values, list) or not 1 <= len(values) <= most:
            raise self._bad(name, f"a list of 1-{most} texts")
        return tuple(Members({name: value}, self._wrong).name(name) for value in values)

    def texts(self, name: str, most: int, longest: int = 128) -> tuple[str, ...]:
        values = self._values.get(name)
        if not isinstance(values, list) or not 1 <= len(values) <= most:
            raise self._bad(name, f"a list of 1-{most} texts")
        return tuple(Members({name: value}, self._wrong).text(name, longest) for value in values)

    def members(self, name: str) -> "Members":
        """An object; empty where there is none."""
        value = self._values.get(name)
        if value is None or value == []:
            value = {}
        if not isinstance(value, dict):
            raise self._bad(name, "an object")
        return Members(value, lambda inner, wanted, missing: self._wrong(f"{name}.{inner}", wanted, missing))

    def objects(self, name: str, most: int = 100) -> list["Members"]:
        values = self._values.get(name)
        if not isinstance(values, list) or len(values) > most or not all(isinstance(one, dict) for one in values):
            raise self._bad(name, f"a list of at most {most} objects")
        return [Members(one, self._wrong) for one in values if isinstance(one, dict)]

    def _bad(self, name: str, wanted: str) -> Exception:
        return self._wrong(name, wanted, name not in self._values)
