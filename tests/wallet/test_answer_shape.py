"""Ways into a JSON answer, by which people are told what theirs lacks."""

import pytest

from croupier.wallet.answer_shape import is_there, leaves, value_at, without

ANSWER = {"result": {"balance": 1000, "tags": ["a", "b"]}, "id": "op-1", "none": None}


def test_leaves():
    assert list(leaves(ANSWER)) == [
        (("result", "balance"), 1000),
        (("result", "tags"), ["a", "b"]),
        (("id",), "op-1"),
        (("none",), None),
    ]
    assert list(leaves(7)) == [((), 7)]
    assert list(leaves({1: {2: 3}})) == [(("1", "2"), 3)]


@pytest.mark.parametrize(
    ("at", "value"),
    [
        ((), ANSWER),
        (("id",), "op-1"),
        (("result", "balance"), 1000),
        (("result", "currency"), None),
        (("id", "deeper"), None),
        (("nowhere", "at", "all"), None),
    ],
)
def test_value_at(at, value):
    assert value_at(ANSWER, at) == value


@pytest.mark.parametrize(
    ("at", "rest"),
    [
        ((), ANSWER),
        (("id",), {"result": ANSWER["result"], "none": None}),
        (("result", "balance"), {"result": {"tags": ["a", "b"]}, "id": "op-1", "none": None}),
        (("result", "currency"), ANSWER),
        (("id", "deeper"), ANSWER),
    ],
)
def test_without(at, rest):
    before = {"result": dict(ANSWER["result"]), "id": "op-1", "none": None}
    assert without(ANSWER, at) == rest
    assert before == ANSWER, "the original stays as it was"


@pytest.mark.parametrize(("value", "at"), [(None, ("a",)), ("text", ("a",)), ([{"a": 1}], ("a",))])
def test_what_holds_nothing_lacks_nothing(value, at):
    assert without(value, at) == value
    assert value_at(value, at) is None


@pytest.mark.parametrize(
    ("at", "there"),
    [
        (("id",), True),
        (("none",), True),  # null is a value
        (("result", "balance"), True),
        (("result", "currency"), False),
        (("result", "tags", "a"), False),  # a list has no names
        (("nowhere", "id"), False),
        (("id", "deeper"), False),
    ],
)
def test_is_there(at, there):
    assert is_there(ANSWER, at) is there
