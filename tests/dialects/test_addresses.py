"""What is an address of a player, in every dialect."""

import pytest

from croupier.dialects.addresses import ip_of

GOOD = ("203.0.113.9", "2001:db8::1", "::ffff:203.0.113.9", "::")
BAD = (None, "", "....:::", "1.2.3", "256.1.1.1", "fe80::1%eth0", "203.0.113.9 ", "\u0661.1.1.1", "1" * 46)


@pytest.mark.parametrize("text", GOOD + BAD)
def test_an_address_is_kept_as_it_was_said_or_left_out(text):
    assert ip_of(text) == (text if text in GOOD else None)
