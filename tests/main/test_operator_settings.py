"""`croupier operator set`: what the money rules depend on is set within bounds, and shown."""

import json

import pytest

ADD = ("--wallet-url", "https://wallet.example/w", "--currency", "EUR")


def test_times_and_pauses_are_set_and_shown(croupier):
    assert croupier("operator", "add", "casino", *ADD)[0] == 0
    wanted = {"max_life_ms": 900_000, "id_retention_ms": 3_600_000, "retry_base_ms": 500, "retry_cap_ms": 5000}
    options = [text for name, value in wanted.items() for text in (f"--{name.replace('_', '-')}", str(value))]
    code, _, err = croupier("operator", "set", "casino", *options)
    assert code == 0, err
    shown = json.loads(croupier("operator", "show", "casino", "--json")[1])
    assert {name: shown[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (("--max-life-ms", "634999"), "--max-life-ms must be 635000 or more"),
        (("--id-retention-ms", "1320000"), "--id-retention-ms must be more than 1320000, twice max_life_ms"),
        (("--max-life-ms", "900000", "--id-retention-ms", "1800000"), "--id-retention-ms must be more than 1800000"),
        (("--id-retention-ms", "999999999999"), "at most ten years"),
        (("--retry-base-ms", "2000", "--retry-cap-ms", "1999"), "--retry-cap-ms must not be less"),
        (("--retry-base-ms", "0"), "--retry-base-ms"),
    ],
)
def test_times_that_could_lose_money_are_refused(croupier, given, named):
    assert croupier("operator", "add", "casino", *ADD)[0] == 0
    before = croupier("operator", "show", "casino", "--json")[1]
    code, _, err = croupier("operator", "set", "casino", *given)
    assert code == 2
    assert named in " ".join(err.split())
    assert croupier("operator", "show", "casino", "--json")[1] == before


def test_a_live_wallet_gets_a_bet_twice_only_when_it_was_checked_or_somebody_answers_for_it(croupier):
    turn_on = ("operator", "set", "casino", "--idempotent-bets", "on")
    assert croupier("operator", "add", "casino", "--live", "--dialect", "hub88", *ADD)[0] == 0
    code, _, err = croupier(*turn_on)
    assert code == 1
    assert "no whole check" in " ".join(err.split())
    assert json.loads(croupier("operator", "show", "casino", "--json")[1])["idempotent_bets"] is False
    assert croupier(*turn_on, "--uncertified", "short")[0] == 2
    assert croupier(*turn_on, "--uncertified", "Seen to do so for years.")[0] == 0
    assert json.loads(croupier("operator", "show", "casino", "--json")[1])["idempotent_bets"] is True
    told = json.loads(croupier("audit", "list", "--last", "1", "--json")[1])[0]
    assert (told["after"], told["reason"]) == ({"idempotent_bets": True}, "Seen to do so for years.")
    assert croupier("operator", "add", "trial", "--dialect", "hub88", *ADD)[0] == 0
    assert croupier("operator", "set", "trial", "--idempotent-bets", "on")[0] == 0, "there is no money to lose"
