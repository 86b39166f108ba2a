"""What a report says of hostile answers, in every format; and ids and amounts, which come back from anywhere."""

import json
import random
import re
import uuid
from fractions import Fraction
from xml.etree import ElementTree as ET

from msgspec.structs import replace

from croupier.conformance import formats
from croupier.conformance.heard import Heard, repaired
from croupier.conformance.report import Report, as_json
from croupier.conformance.rule import RULES, Step
from croupier.conformance.verdict import Result
from croupier.diagnosis.engine import Case, explain
from croupier.dialects import DIALECTS
from croupier.dialects.amounts import CannotCarry, Scale
from croupier.dialects.decimals import exact, number
from croupier.domain import ids
from croupier.domain.money import AMOUNT_MAX, CURRENCIES, Money
from croupier.runtime.masks import Masks, masked_answer
from dialects.examples import AT
from fuzz import wallet_answers
from fuzz.target import Seed, Target

TOKEN = "t0ken-of-ana"
MARKUP = ("<script>alert(1)</script>", "]]>", "&amp;", "| a |", "`", "'", '"', "\x1b[2J", "\x00", "\u202e", TOKEN)


def answers() -> list[Seed]:
    return [
        Seed(f"{dialect}/{one.name}", one.data, (dialect, one.about))
        for dialect in DIALECTS
        for one in wallet_answers.seeds(dialect)[::4]
    ]


def judge_report(seed: Seed, body: bytes, rng: random.Random) -> str:
    """Every format can be read again, is told without token and markup, and the JSON says what the result says."""
    dialect, about = seed.about
    if rng.random() < 0.5:
        at = rng.randint(0, len(body))
        body = body[:at] + rng.choice(MARKUP).encode("utf-8", "surrogatepass") + body[at:]
    answer = replace(about.answer, body=body)
    outcome = DIALECTS[dialect].outcome(about.call, about.operator, repaired(answer), AT, about.request)
    masks = Masks(TOKEN, None, "hash")
    found = explain(Case(request=about.request, answer=masked_answer(answer, masks)))
    got = type(outcome).__name__
    heard = Heard(
        rule="BAL-01",
        label="b1",
        kind="bet",
        step=Step(),
        call=about.call,
        at=AT,
        request=about.request,
        answer=answer,
        outcome=outcome,
        masks=masks,
    )
    result = Result(
        rule=RULES["BAL-01"], verdict="FAIL", expected="ok", got=got, findings=found, story=(got,), heard=(heard,)
    )
    given = {"dialect": dialect, "wallet_url": "https://w.example", "currency": "EUR", "level": "basic"}
    report = Report(results=(result,), at=AT, ms=1, **given)
    told = json.loads(as_json(report))
    (one,) = told["results"]
    assert (one["id"], one["verdict"], one["got"]) == ("BAL-01", "FAIL", got)
    assert [cause["code"] for cause in one["causes"]] == [finding.code for finding in found]
    assert told["counts"]["FAIL"] == 1
    shown = one["evidence"][0]["answer"]["body"]
    assert TOKEN not in as_json(report)
    assert all(c.isprintable() or c in "\n\t" for c in shown), "a terminal would obey that"
    case = ET.fromstring(formats.junit(report))
    assert case.iter("failure")
    page = formats.page(report)
    assert "<script>alert" not in page
    assert TOKEN not in page + formats.markdown(report) + formats.junit(report)
    assert not re.search("[\x00-\x08\x0b-\x1f]", page)
    return "told"


GIVEN = (
    ids.round_id(uuid.UUID(int=7), 3, bytes(8)),
    ids.bet_id(bytes(range(16))),
    ids.rollback_id(ids.bet_id(bytes(range(16)))),
    ids.exchange_id(AT, bytes(7)),
    str(ids.transaction_uuid(ids.win_id(bytes(range(16))))),
    "6145182960487112038",
    "3F2504E0-4F89-41D3-9A0C-0305E82C3301",
)


def judge_id(seed: Seed, data: bytes, rng: random.Random) -> str:
    """Whatever text is asked for names nothing, or exactly one thing."""
    text = data.decode("utf-8", rng.choice(("replace", "ignore")))
    place = ids.locate_round(text)
    if place is not None:
        seat, seq = place
        raw = ids.bytes_of(text[3:])
        assert ids.locate_round(ids.round_id(seat, seq, raw[21:])) == place
    at = ids.exchange_at(text)
    assert at is None or 0 <= at < 2**63
    assert 0 <= ids.round_number(text) < 10**19
    named = ids.transaction_named(text)
    assert named == text or str(ids.transaction_uuid(named)) == text.lower()
    assert ids.transaction_uuid(text).version in (4, 5)
    return "named" if place or at is not None or named != text else "nothing"


def judge_amount(seed: Seed, data: bytes, rng: random.Random) -> str:
    """An amount is read to its last digit, or not at all."""
    text = data.decode("utf-8", "replace")
    currency = rng.choice(list(CURRENCIES.values()))
    read = number(text)
    word = "nothing"
    if read is not None:
        assert read.is_finite()
        try:
            minor = exact(read, Scale(currency.exponent, currency.exponent))
        except CannotCarry:
            minor = None
        if minor is not None:
            assert abs(minor) <= AMOUNT_MAX
            assert Fraction(minor, 10**currency.exponent) == Fraction(text)
            word = "read"
    try:
        money = Money.parse(f"{text} {currency.code}")
    except ValueError:
        return word
    assert Money.parse(str(money)) == money
    assert Fraction(money.amount, 10**currency.exponent) == Fraction(text.strip())
    return "read"


AMOUNTS = ("1.50", "0", "-3", "9007199254740991", "0.00000001", "1000000.001", "12.3")


TARGETS = [
    Target("report", answers, judge_report, frozenset({"told"})),
    Target(
        "ids",
        lambda: [Seed(one, one.encode(), kind="bytes") for one in GIVEN],
        judge_id,
        frozenset({"named", "nothing"}),
    ),
    Target(
        "amounts",
        lambda: [Seed(a, a.encode(), kind="bytes") for a in AMOUNTS],
        judge_amount,
        frozenset({"read", "nothing"}),
    ),
]
