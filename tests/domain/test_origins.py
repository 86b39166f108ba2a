"""What may stand in the header that says who may frame a game: origins in a browser's own form, and nothing else."""

import pytest

from croupier.domain.origins import ORIGINS_MOST, framers_of, may_frame, origin_of, origins_fault
from croupier.domain.parties import Operator


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        ("https://casino.example", "https://casino.example"),
        ("https://casino.example/", "https://casino.example"),
        ("HTTPS://Casino.Example:443", "https://casino.example"),
        ("https://casino.example:8443", "https://casino.example:8443"),
        ("http://casino.example:80", "http://casino.example"),
        ("http://casino.example:443", "http://casino.example:443"),
        ("http://10.0.0.7:9000", "http://10.0.0.7:9000"),
        ("http://localhost:08181", "http://localhost:8181"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
    ],
)
def test_one_form_for_each(given, normal):
    assert origin_of(given) == normal
    assert origin_of(normal) == normal


@pytest.mark.parametrize(
    "given",
    [
        *(
            "",
            "casino.example",
            "https://",
            "https:///",
            "//casino.example",
            "ftp://casino.example",
            "data:text/html,x",
        ),
        *("null", "*", "https://*", "https://*.casino.example", "https://casino.example:*", "'self'", "https:"),
        *("https://casino.example/lobby", "https://casino.example?x", "https://casino.example#x"),
        *("https://user@casino.example", "https://casino.example:0", "https://casino.example:65536"),
        *("https://casino.example;script-src *", "https://casino.example https://evil.example"),
        *("https://casino.example\r\nset-cookie: a=b", "https://casino.example\n", "https://casino.example\x00"),
        *("https://casino..example", "https://-casino.example", "https://casino_.example", "https://[::1]:9000"),
        *("https://\u212aasino.example", "https://b\u00fccher.example", f"https://{'a' * 64}.example"),
        f"https://{'.'.join(['a' * 60] * 5)}",
    ],
)
def test_all_else_is_none(given):
    assert origin_of(given) is None
    assert "https://casino.example" in (origins_fault([given], test=True) or "")


def test_a_live_operators_pages_are_https_and_there_is_an_end_to_them():
    plain = ["http://casino.example"]
    assert origins_fault(plain, test=True) is None
    assert "https" in (origins_fault(plain, test=False) or "")
    many = [f"https://brand-{n}.example" for n in range(ORIGINS_MOST)]
    assert origins_fault(many, test=False) is None
    assert "20" in (origins_fault([*many, "https://one-more.example"], test=False) or "")


LIVE = Operator("live", "native", "https://w", (), ("EUR",), test=False, origins=("https://casino.example",))
OLD = Operator("old", "native", "https://w", (), ("EUR",), test=False, origins=("https://a.example/", "https://b; x *"))
TEST = Operator("test", "native", "https://w", (), ("EUR",))


@pytest.mark.parametrize(
    ("operator", "framers", "may", "may_not"),
    [
        (LIVE, ("https://casino.example",), "https://casino.example", "http://localhost:9000"),
        (OLD, ("https://a.example",), "https://a.example", "https://b"),
        (TEST, ("http://localhost:*", "http://127.0.0.1:*"), "http://localhost:9000", "http://casino.localhost:9000"),
        (TEST, ("http://localhost:*", "http://127.0.0.1:*"), "http://127.0.0.1", "https://localhost:9000"),
    ],
)
def test_who_may_frame(operator, framers, may, may_not):
    assert framers_of(operator) == framers
    assert may_frame(operator, may)
    assert not may_frame(operator, may_not)
