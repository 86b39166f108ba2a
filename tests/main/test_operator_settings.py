"""`croupier operator set`: what the money rules depend on is set within bounds, and shown."""

import json

import pytest
from typer import Exit

from croupier.domain.parties import Operator
from croupier.main import operator_commands
from croupier.main.operator_options import check
from runtime.test_addresses import URLS

ADD = ("--wallet-url", "https://wallet.example/w", "--currency", "EUR")


def test_times_and_pauses_are_set_and_shown(croupier):
    assert croupier("operator", "add", "casino", *ADD)[0] == 0
    wanted = {
        "deadline_ms": 8000,
        "send_window_ms": 6000,
        "abandon_after_ms": 120_000,
        "max_life_ms": 900_000,
        "id_retention_ms": 3_600_000,
        "retry_base_ms": 500,
        "retry_cap_ms": 5000,
    }
    wanted |= {"keep_exchanges_days": 30, "keep_failed_days": 400, "recheck_days": 7}
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
        (("--deadline-ms", "999"), "--deadline-ms"),
        (("--deadline-ms", "30001"), "--deadline-ms"),
        (("--send-window-ms", "4999"), "--send-window-ms"),
        (("--send-window-ms", "30001"), "--send-window-ms"),
        (("--abandon-after-ms", "119999"), "--abandon-after-ms"),
        (("--max-life-ms", "650000", "--send-window-ms", "30000"), "--max-life-ms must be 660000 or more"),
        (("--keep-exchanges-days", "401"), "--keep-exchanges-days"),
        (("--keep-failed-days", "6"), "--keep-failed-days"),
        (("--recheck-days", "31"), "--recheck-days"),
        (("--keep-exchanges-days", "91"), "kept as long as the others, or longer"),
    ],
)
def test_times_that_could_lose_money_are_refused(croupier, given, named):
    assert croupier("operator", "add", "casino", *ADD)[0] == 0
    before = croupier("operator", "show", "casino", "--json")[1]
    code, _, err = croupier("operator", "set", "casino", *given)
    assert code == 2
    assert named in " ".join(err.split())
    assert croupier("operator", "show", "casino", "--json")[1] == before


def test_a_live_wallet_gets_a_bet_twice_only_when_it_was_checked_or_somebody_answers_for_it(croupier, monkeypatch):
    monkeypatch.setenv("CROUPIER_PUBLIC_URL", "https://games.example")
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


def operator(url, *, test):
    return Operator("casino", "native", url, ("whsec_x",), ("EUR",), test=test)


@pytest.mark.parametrize("url", URLS)
def test_a_live_wallet_at_an_address_that_is_never_called_is_refused_at_once(url, capsys):
    """What can be seen without asking a name server; names are checked at every connection."""
    with pytest.raises(Exit):
        check(operator(url, test=False))
    assert "wallet" in capsys.readouterr().err


@pytest.mark.parametrize(
    "url", ["http://169.254.169.254/x", "https://[fd00:ec2::254]/", "http://0xa9fea9fe/", "http://0/"]
)
def test_metadata_and_reserved_addresses_are_for_no_operator(url, capsys):
    with pytest.raises(Exit):
        check(operator(url, test=True))
    assert "never called" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(
    "url", ["http://localhost:8000/w", "http://127.1:8000/w", "http://10.0.0.7/w", "https://[::1]/w"]
)
def test_a_test_operator_may_have_its_wallet_in_the_house(url):
    check(operator(url, test=True))
    check(operator("https://wallet.example:8443/w", test=False))


def test_a_live_wallet_does_not_move_into_the_house(croupier):
    live = ("operator", "add", "live", "--live", "--currency", "EUR", "--wallet-url")
    assert croupier(*live, "https://localhost/w")[0] == 2
    assert croupier(*live, "https://wallet.example/w")[0] == 0
    code, _, err = croupier("operator", "set", "live", "--wallet-url", "https://127.0.0.1:8443/w")
    assert code == 2
    assert "--test operators may have it" in " ".join(err.split())
    assert json.loads(croupier("operator", "show", "live", "--json")[1])["wallet_url"] == "https://wallet.example/w"


@pytest.mark.parametrize(
    ("public_url", "why"),
    [
        (None, "CROUPIER_PUBLIC_URL"),
        ("http://casino.example", "https"),
        ("https://localhost:8443", "CROUPIER_PUBLIC_URL"),
        ("https://10.0.0.1", "CROUPIER_PUBLIC_URL"),
    ],
)
def test_a_live_operator_of_another_api_is_told_an_address_that_it_can_call(croupier, monkeypatch, public_url, why):
    """Its technician copies the base URL; one that leads nowhere is found out at the other end, days later."""
    add = ("operator", "add", "casino", "--dialect", "slotegrator", *ADD)
    if public_url:
        monkeypatch.setenv("CROUPIER_PUBLIC_URL", public_url)
    code, _, err = croupier(*add, "--live")
    assert code == 2
    assert why in " ".join(err.split())
    assert croupier(*add, "--test")[0] == 0, "on one's own machine it is as it should be"


def test_a_live_operator_of_another_api_gets_the_public_address(croupier, monkeypatch):
    monkeypatch.setenv("CROUPIER_PUBLIC_URL", "https://games.example")
    code, out, err = croupier("operator", "add", "casino", "--dialect", "slotegrator", "--live", *ADD, "--json")
    assert code == 0, err
    assert json.loads(out)["slotegrator"]["base_url"] == "https://games.example/dialects/slotegrator"


def test_of_two_who_change_an_operator_at_once_the_second_is_told(croupier, monkeypatch):
    """Somebody else's change comes between the reading and the writing of this command."""
    assert croupier("operator", "add", "casino", *ADD)[0] == 0
    honest = operator_commands.check

    def meanwhile(changed, before):
        monkeypatch.setattr(operator_commands, "check", honest)
        assert croupier("operator", "set", "casino", "--timeout-ms", "900")[0] == 0
        honest(changed, before)

    monkeypatch.setattr(operator_commands, "check", meanwhile)
    code, _, err = croupier("operator", "set", "casino", "--retry-base-ms", "500")
    assert code == 1
    assert "operator_changed: somebody else has changed casino meanwhile" in " ".join(err.split())
    now = json.loads(croupier("operator", "show", "casino", "--json")[1])
    assert (now["timeout_ms"], now["retry_base_ms"]) == (900, 1000)
    assert croupier("operator", "set", "casino", "--retry-base-ms", "500")[0] == 0
    now = json.loads(croupier("operator", "show", "casino", "--json")[1])
    assert (now["timeout_ms"], now["retry_base_ms"]) == (900, 500)
