"""Whose certificate it is: only a proxy that we trust may say so."""

import pytest

from croupier.api.certificates import TLS, Certificates, common_name

HEADER = [(b"x-client-subject", b"casino7")]


@pytest.mark.parametrize(
    ("client", "trusted"),
    [
        (("10.1.2.3", 1), True),
        (("10.2.0.1", 1), False),
        (("127.0.0.1", 1), True),
        (("::1", 1), False),
        (("unix", 0), False),
        (None, False),
    ],
)
def test_by_the_address_of_the_connection(client, trusted):
    certificates = Certificates("X-Client-Subject", ["10.1.0.0/16", "127.0.0.1"])
    forged = [*HEADER, (b"x-forwarded-for", b"127.0.0.1")]
    found = certificates.common_name({"client": client, "headers": forged})
    assert found == ("casino7" if trusted else None)


def test_our_own_tls_needs_no_header():
    certificates = Certificates("X-Client-Subject", ["127.0.0.1"])
    scope = {"client": ("127.0.0.1", 1), "headers": HEADER, "extensions": {TLS: {"client_cn": "casino9"}}}
    assert certificates.common_name(scope) == "casino9"


def test_nobody_is_trusted_unless_somebody_says_so():
    assert Certificates("X-Client-Subject", []).common_name({"client": ("127.0.0.1", 1), "headers": HEADER}) is None


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("casino7", "casino7"),
        (" CN=casino7 ", "casino7"),
        ("cn=casino7,O=Casino", "casino7"),
        ("O=Casino + CN=casino7", "casino7"),
        ("2.5.4.3=casino7", "casino7"),
        ("O=Casino", None),
        ("CN=", None),
        ("CN=a,CN=b", None),
        ("O=a\\,CN=casino7", None),
        ("CN=casino7\\,x", None),
        ("garbage=,=", None),
        ("", None),
    ],
)
def test_the_name_in_a_subject(subject, name):
    assert common_name(subject) == name
