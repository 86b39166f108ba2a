"""Who is let in, and what it costs the others: nothing."""

from contextlib import ExitStack

import pytest

from croupier.domain.refusal import Refused
from croupier.runtime import admission as rules
from croupier.runtime.admission import Admission, Load
from croupier.runtime.shares import Shares


def admitted(admission, operator_id="acme", at=0):
    """``yes``, or why not."""
    try:
        admission.check(operator_id, lambda: at)
    except Refused as refused:
        told = refused
    else:
        return "yes"
    assert (told.code, told.money, told.round_id) == ("busy", "not_placed", None)
    return told.detail.partition(".")[0]


LOADS = [
    (Load(), "yes"),
    (Load(append_wait_ms=lambda: 250), "yes"),
    (Load(append_wait_ms=lambda: 251), "The platform is catching up"),
    (Load(loop_lag_ms=100), "yes"),
    (Load(loop_lag_ms=101), "The platform is catching up"),
    (Load(projector_lag_ms=5_000), "yes"),
    (Load(projector_lag_ms=5_001), "The platform is catching up"),
    (Load(may_bet=lambda: False), "The platform is catching up"),
]


@pytest.mark.parametrize(("load", "told"), LOADS)
def test_the_process_itself(load, told):
    assert admitted(Admission(load)) == told


def test_calls_in_flight_are_an_operators_own():
    admission = Admission()
    for _ in range(rules.CALLS_IN_FLIGHT_MAX):
        assert admitted(admission) == "yes"
        admission.entered("acme")
    assert admitted(admission) == "Too many rounds wait for this casino's wallet"
    assert admitted(admission, "other") == "yes"
    admission.left("acme")
    assert admitted(admission) == "yes"


def test_who_waits_to_be_sent_again_is_not_in_flight_and_has_a_cap_of_its_own():
    admission = Admission()
    with ExitStack() as pauses:
        for _ in range(rules.RETRIES_PENDING_MAX):
            admission.entered("acme")
            pauses.enter_context(admission.pausing("acme"))
        assert (admission.calls.total, admission.retries.total) == (0, rules.RETRIES_PENDING_MAX)
        assert admitted(admission) == "Too many rounds wait for this casino's wallet"
        assert admitted(admission, "other") == "yes"
    assert (admission.calls.total, admission.retries.total) == (rules.RETRIES_PENDING_MAX, 0)


def test_an_open_breaker_refuses_bets_of_its_operator_and_says_why():
    admission = Admission()
    for _ in range(10):
        admission.of("acme").breaker.heard(0, clear=False, bet=True)
    assert admitted(admission) == "This casino's wallet does not answer"
    assert admitted(admission, "other") == "yes"
    assert admission.of("acme").shed == 1
    assert admitted(admission, at=5_000_000) == "yes", "one may try"
    assert admitted(admission, at=5_000_000) == "This casino's wallet does not answer"


def test_a_bet_refused_for_another_reason_is_not_the_one_that_tries():
    admission = Admission(Load(loop_lag_ms=101))
    for _ in range(10):
        admission.of("acme").breaker.heard(0, clear=False, bet=True)
    assert admitted(admission, at=5_000_000) == "The platform is catching up"
    admission.load.loop_lag_ms = 0
    assert admitted(admission, at=5_000_000) == "yes"


def sent_again(admission, operators, seconds):
    """How often each was sent again when all want to all the time."""
    sent = dict.fromkeys(operators, 0)
    for at in range(0, seconds * 1_000_000, 10_000):
        for operator_id in operators:
            while admission.may_retry(operator_id, at):
                sent[operator_id] += 1
    return sent


def test_retries_of_a_wallet_that_answers():
    sent = sent_again(Admission(), ["acme", "other"], 10)
    assert sent == dict.fromkeys(("acme", "other"), rules.RETRIES_AT_ONCE + 10 * rules.RETRIES_PER_S - 1)


def test_a_thousand_dead_wallets_are_asked_less_often_and_slow_nobody_else():
    admission = Admission()
    dead = [f"dead-{n}" for n in range(1_000)]
    for operator_id in dead:
        for _ in range(10):
            admission.of(operator_id).breaker.heard(0, clear=False, bet=True)
    sent = sent_again(admission, [*dead, "alive"], 2)
    assert sent["alive"] == rules.RETRIES_AT_ONCE + 2 * rules.RETRIES_PER_S - 1
    assert sum(sent[one] for one in dead) <= 3 * rules.TRIES_OF_ALL_PER_S


def test_many_who_wait_for_their_turn_look_less_often():
    admission = Admission()
    assert [admission.look_again_us("acme", jitter) for jitter in (0, 65_535)] == [20_000, 20_000]
    admission.of("acme").waiting = 100
    assert admission.look_again_us("acme", 65_535) == 20_000 + 2 * 100 * 20_000
    admission.of("acme").waiting = 2_000
    assert admission.look_again_us("acme", 65_535) == 20_000 + rules.WAIT_MAX_US


def test_questions_are_bounded_and_counted_back():
    admission = Admission()
    with ExitStack() as asking:
        for _ in range(rules.QUESTIONS_MAX):
            asking.enter_context(admission.question("acme"))
        with pytest.raises(Refused, match="busy"), admission.question("acme"):
            pytest.fail("it was asked")
        with admission.question("other"):
            pass
    assert (admission.questions.total, admission.questions.held) == (0, {})


# ── Shares ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def filled(shares, **held):
    for who, count in held.items():
        for _ in range(count):
            shares.take(who)
    return shares


SHARES = [
    # held by whom, who asks, whether there is room; each may hold 10, all together 160, nobody over 1/8 of what is free
    ({}, "a", True),
    ({"a": 9}, "a", True),
    ({"a": 10}, "a", False),
    ({"a": 10}, "b", True),
    ({"a": 9, "b": 78}, "a", True),
    ({"a": 9, "b": 79}, "a", False),
    ({"a": 5, "b": 114}, "a", True),
    ({"a": 5, "b": 115}, "a", False),
    ({"a": 5, "b": 115}, "c", True),
    ({"b": 159}, "c", True),
    ({"b": 160}, "c", False),
]


@pytest.mark.parametrize(("held", "who", "room"), SHARES)
def test_room(held, who, room):
    assert filled(Shares(10, 160), **held).room(who) == room


@pytest.mark.parametrize(("dead", "left"), [(10, 64), (100, 36), (1_000, 4), (4_000, 1)])
def test_whoever_comes_last_finds_room_beside_those_whom_nobody_answers(dead, left):
    """Each takes all that it gets. A call ends by its time-out; then the first who asks has its place."""
    shares = Shares(64, 4_096)
    for _ in range(100):
        for number in range(dead):
            while shares.room(f"dead-{number}"):
                shares.take(f"dead-{number}")
        for who in list(shares.held):
            shares.give(who)
    alive = 0
    while shares.room("alive"):
        shares.take("alive")
        alive += 1
    assert alive >= left
    assert not shares.over("alive")


def test_what_is_owed_is_counted_beyond_the_limit():
    shares = filled(Shares(2, 400), a=3)
    assert not shares.room("a")
    shares.give("a")
    shares.give("a")
    assert shares.room("a")
    shares.give("a")
    assert (shares.total, shares.held) == (0, {})
