"""What of an operator's call is never kept: whole values, in whatever shape they come."""

import pytest

from croupier.api.dialects import _secret_fields, _without
from croupier.runtime.masks import masked_headers

SECRET = _secret_fields(("email", "firstname"))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (b'{"email":"uma@mail.example","id":"u1"}', b'{"email":"***","id":"u1"}'),
        (b'{"firstname" : "Uma Maria Lee","id":"u1"}', b'{"firstname" : "***","id":"u1"}'),
        (b'{"firstname":"U & \\"ma\\" Lee","x":1}', b'{"firstname":"***","x":1}'),
        (b'{"firstname":"cut off in the mid', b'{"firstname":"***'),
        (b'{"email":"","id":1}', b'{"email":"","id":1}'),
        ('{"firstname":"Ümä Ö","id":1}'.encode(), b'{"firstname":"***","id":1}'),
        (b"email=uma%40mail.example&id=1", b"email=***&id=1"),
        (
            b'{"Token":"ht_1","Url":"https://c.example/history?token=ht_1"}',
            b'{"Token":"***","Url":"https://c.example/history?token=***"}',
        ),
        (b'{"EMail":"uma@mail.example"}', b'{"EMail":"***"}'),
        (b"/play/?token=lt_1&lang=en", b"/play/?token=***&lang=en"),
        (b'{"url":"https://c.example/?token=lt_1","x":1}', b'{"url":"https://c.example/?token=***","x":1}'),
    ],
)
def test_whole_values_are_masked(given, kept):
    assert _without(SECRET, given) == kept


def test_the_signature_of_every_api_is_masked():
    names = ("Webhook-Signature", "X-Signature", "X-Sign", "X-Hub88-Signature", "X-REQUEST-SIGN", "Authorization")
    assert masked_headers(tuple((name, "secret") for name in names)) == tuple((name, "***") for name in names)
    assert masked_headers((("X-Nonce", "1"),)) == (("X-Nonce", "1"),)
