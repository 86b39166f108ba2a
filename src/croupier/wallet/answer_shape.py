"""What a right answer to one call looks like, by example: for telling people what theirs lacks."""

from collections.abc import Iterator

import msgspec

Pointer = tuple[str, ...]
"""Where a value is in JSON: the names that lead to it."""


class AnswerShape(msgspec.Struct, frozen=True):
    """`example`: the JSON object that a correct wallet would send. `required`: without these it is not understood.

    `balance`, `currency`, `reference` (the operator's transaction id): where they are, None where there is none.
    `codes`: error codes the dialect knows, as far as it is known. `decimals`: a balance is a number that may have a
    fraction, also where the example's has none.
    """

    example: bytes
    required: frozenset[Pointer] = frozenset()
    balance: Pointer | None = None
    currency: Pointer | None = None
    reference: Pointer | None = None
    codes: frozenset[str] = frozenset()
    decimals: bool = False


def leaves(value: object, at: Pointer = ()) -> Iterator[tuple[Pointer, object]]:
    """Every value that holds no others, with the way to it. Lists count as values."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, (*at, str(name)))
    else:
        yield at, value


def value_at(value: object, at: Pointer) -> object:
    """None where there is nothing."""
    for name in at:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def is_there(value: object, at: Pointer) -> bool:
    """Whether there is a value, be it null."""
    outer = value_at(value, at[:-1])
    return isinstance(outer, dict) and at[-1] in outer


def without(value: object, at: Pointer) -> object:
    """A copy that lacks this one value."""
    if not isinstance(value, dict) or not at:
        return value
    if len(at) == 1:
        return {name: inner for name, inner in value.items() if name != at[0]}
    return {name: without(inner, at[1:]) if name == at[0] else inner for name, inner in value.items()}
