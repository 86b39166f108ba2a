"""Texts of bytes: one text for one value, so that no token and no id has a second name."""

import base64
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from croupier.domain.ids import bytes_of, text_of

ALPHABET = string.ascii_letters + string.digits + "-_"


@given(st.binary(max_size=48))
def test_a_text_is_that_of_its_bytes(raw):
    assert base64.urlsafe_b64encode(raw).rstrip(b"=") == text_of(raw).encode()
    assert bytes_of(text_of(raw)) == raw


@pytest.mark.parametrize("size", [1, 2, 16, 29, 32, 40])
def test_another_last_character_is_never_the_same_text(size):
    raw = bytes(range(size))
    for last in set(ALPHABET) - {text_of(raw)[-1]}:
        try:
            assert bytes_of(text_of(raw)[:-1] + last) != raw
        except ValueError:
            continue


@pytest.mark.parametrize("text", ["A", "AA=", "A A", "AAAA\n", "AB", "+/+/", "ÄÄÄÄ", "AAAAA"])
def test_what_is_no_such_text_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        bytes_of(text)
