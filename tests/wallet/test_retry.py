import pytest

from croupier.wallet.retry import (
    ALARMS_MS,
    JITTER_MAX,
    alarms_between,
    back_off_ms,
    next_attempt,
    not_found_is_final,
    too_old,
)

S, MIN, H = 1_000_000, 60_000_000, 3_600_000_000


@pytest.mark.parametrize(
    ("attempts", "ceiling_ms"),
    [(0, 0), (1, 1000), (2, 2000), (3, 4000), (6, 32_000), (7, 60_000), (8, 60_000), (10_000, 60_000)],
)
def test_the_ceiling_doubles_up_to_the_cap(attempts, ceiling_ms):
    """Full jitter: anything from nothing to the ceiling, in proportion to the number drawn."""
    assert back_off_ms(attempts, JITTER_MAX, 1000, 60_000) == ceiling_ms
    assert back_off_ms(attempts, 0, 1000, 60_000) == 0
    half = back_off_ms(attempts, 32_768, 1000, 60_000)
    assert type(half) is int
    assert half == ceiling_ms // 2


@pytest.mark.parametrize(("retry_after_ms", "expected_ms"), [(None, 2000), (0, 2000), (7000, 9000), (900_000, 902_000)])
def test_what_the_operator_asked_for_is_waited_for(retry_after_ms, expected_ms):
    at = next_attempt(5 * S, 2, JITTER_MAX, base_ms=1000, cap_ms=60_000, retry_after_ms=retry_after_ms)
    assert at == 5 * S + expected_ms * 1000


def test_sending_stops_an_hour_before_the_operator_may_forget():
    month_ms = 30 * 86_400_000
    last = S + month_ms * 1000 - H
    assert [too_old(S, at, month_ms) for at in (S, last - 1, last, last + 1)] == [False, False, True, True]


def test_who_forgets_within_an_hour_is_sent_to_for_half_of_it():
    assert [too_old(S, S + at, 3_600_000) for at in (0, H // 2 - 1, H // 2)] == [False, False, True]


@pytest.mark.parametrize(
    ("earlier", "at", "ages"),
    [
        (0, MIN - 1, ()),
        (0, MIN, ALARMS_MS[:1]),
        (MIN, 15 * MIN - 1, ()),
        (MIN, 15 * MIN, ALARMS_MS[1:2]),
        (15 * MIN, 4 * H, ALARMS_MS[2:]),
        (0, 5 * H, ALARMS_MS),
        (4 * H, 9 * H, ()),
    ],
)
def test_each_alarm_rings_once(earlier, at, ages):
    assert alarms_between(100, 100 + earlier, 100 + at) == ages


@pytest.mark.parametrize(("sent_after_s", "final"), [(-1, False), (0, False), (659, False), (660, False), (661, True)])
def test_not_found_counts_only_for_a_rollback_sent_after_the_bets_life(sent_after_s, final):
    assert not_found_is_final(7 * S, 7 * S + sent_after_s * S, 660_000) is final


def test_a_microsecond_after_the_bets_life_is_after_it():
    assert [not_found_is_final(7, 7 + 660 * S + late, 660_000) for late in (0, 1)] == [False, True]
