"""Standard Webhooks, against the vector of its specification and with every signed part changed."""

import pytest

from croupier.wallet.signature import Signed, key_of, problem, secret_of, sign, signed_headers

# From the reference implementations' own tests (github.com/standard-webhooks/standard-webhooks).
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID, SECONDS, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

AT = SECONDS * 1_000_000
OTHER = secret_of(b"another-secret-24-bytes!")
GOOD = Signed(ID, str(SECONDS), SIGNATURE)


def test_the_specifications_vector():
    assert sign(SECRET, ID, SECONDS, BODY) == SIGNATURE
    assert problem([SECRET], GOOD, BODY, AT) is None


@pytest.mark.parametrize(
    ("signed", "body", "why"),
    [
        (GOOD._replace(message_id=None), BODY, "unsigned"),
        (GOOD._replace(timestamp=None), BODY, "unsigned"),
        (GOOD._replace(signature=None), BODY, "unsigned"),
        (GOOD._replace(signature=""), BODY, "unsigned"),
        (GOOD._replace(message_id=ID + "x"), BODY, "bad_signature"),
        (GOOD._replace(timestamp=str(SECONDS + 1)), BODY, "bad_signature"),
        (GOOD, BODY + b" ", "bad_signature"),
        (GOOD, BODY.replace(b"4", b"5"), "bad_signature"),
        (GOOD._replace(signature=SIGNATURE[3:]), BODY, "bad_signature"),
        (GOOD._replace(signature="v1a," + SIGNATURE[3:]), BODY, "bad_signature"),
        (GOOD._replace(signature=SIGNATURE + "é"), BODY, "bad_signature"),
        (GOOD._replace(timestamp=f"+{SECONDS}"), BODY, "bad_timestamp"),
        (GOOD._replace(timestamp=f" {SECONDS}"), BODY, "bad_timestamp"),
        (GOOD._replace(timestamp="1_614_265_330"), BODY, "bad_timestamp"),
        (GOOD._replace(timestamp="٣"), BODY, "bad_timestamp"),
        (GOOD._replace(timestamp="9" * 5000), BODY, "bad_timestamp"),
    ],
)
def test_any_change_is_noticed(signed, body, why):
    assert problem([SECRET], signed, body, AT) == why


@pytest.mark.parametrize(
    ("late_s", "why"), [(-301, "stale_timestamp"), (-300, None), (0, None), (300, None), (301, "stale_timestamp")]
)
def test_five_minutes_both_ways(late_s, why):
    assert problem([SECRET], GOOD, BODY, AT + late_s * 1_000_000) == why


def test_only_whole_seconds_count():
    assert problem([SECRET], GOOD, BODY, AT + 300_999_999) is None


def test_rotation():
    """While a key rotates, both sides may be ahead: two secrets sign, two are tried."""
    both = Signed(*(value for _, value in signed_headers((OTHER, SECRET), ID, AT, BODY)))
    assert problem([SECRET], both, BODY, AT) is None
    assert problem([OTHER], both, BODY, AT) is None
    assert problem([OTHER, SECRET], GOOD, BODY, AT) is None
    assert problem([OTHER], GOOD, BODY, AT) == "bad_signature"
    assert problem([], GOOD, BODY, AT) == "bad_signature"


@pytest.mark.parametrize("secret", ["whsec_", "whsec_c2hvcnQ=", "whsec_not base64 at all!", "whsec_é"])
def test_a_secret_that_is_none(secret):
    with pytest.raises(ValueError, match="wallet secret"):
        key_of(secret)


def test_a_secret_is_written_as_the_specification_says():
    assert secret_of(bytes(range(24))) == "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"


@pytest.mark.parametrize(("digits", "why"), [(12, "stale_timestamp"), (13, "bad_timestamp")])
def test_a_timestamp_of_so_many_digits(digits, why):
    assert problem([SECRET], GOOD._replace(timestamp="9" * digits), BODY, AT) == why


@pytest.mark.parametrize(("before", "why"), [(15, None), (16, "bad_signature")])
def test_sixteen_signatures_are_looked_at(before, why):
    assert problem([SECRET], GOOD._replace(signature="v1,x " * before + SIGNATURE), BODY, AT) == why


def test_only_single_spaces_part_signatures():
    assert problem([SECRET], GOOD._replace(signature="v1,x\t" + SIGNATURE), BODY, AT) == "bad_signature"
