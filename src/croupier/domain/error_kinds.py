"""What a row of the catalogue of errors holds."""

import msgspec


class ErrorKind(msgspec.Struct, frozen=True):
    status: int
    title: str
    hint: str
    cause: str
    fix: str


def rows(*rows: tuple[str, int, str, str, str, str]) -> dict[str, ErrorKind]:
    return {code: ErrorKind(*rest) for code, *rest in rows}  # type: ignore[arg-type]
