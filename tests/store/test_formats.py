"""Bytes of a record that are not what was written: one kind of error, whatever is wrong with them."""

import msgspec
import pytest

from croupier.rounds.events import SessionEnded
from croupier.store import formats

WRITTEN = formats.encode([SessionEnded(1, "ses_1", "expired")])


def test_what_was_written_is_read():
    assert formats.decode(formats.CURRENT, WRITTEN) == [SessionEnded(1, "ses_1", "expired")]
    with pytest.raises(formats.UnknownFormat):
        formats.decode(formats.CURRENT + 1, WRITTEN)


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        WRITTEN[:-1],
        WRITTEN + b"\0",
        WRITTEN.replace(b"expired", b"exp\xffred"),
        WRITTEN.replace(b"ses_1", b"\xc3\x28s_1"),
    ],
    ids=["empty", "torn", "more", "text that is none", "text torn within a letter"],
)
def test_damaged_bytes(damaged):
    with pytest.raises(msgspec.DecodeError):
        formats.decode(formats.CURRENT, damaged)
