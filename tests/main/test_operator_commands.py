"""`croupier operator …`: operators are added, changed, moved and closed, in each API with what its technician needs."""

import json

import pytest

from main.casino import added


def test_an_operator_is_added_once_and_its_secrets_are_shown_once(croupier):
    new = added(croupier, "--currency", "JPY")
    assert new["api_key"].startswith("sk_test_")
    assert new["wallet_secret"].startswith("whsec_")
    assert new["currencies"] == ["EUR", "JPY"]

    code, _, err = croupier(
        *("operator", "add", "casino", "--wallet-url", "http://127.0.0.1:1/w", "--currency", "EUR", "--json")
    )
    assert code == 2
    assert "casino exists" in err

    for command in (("operator", "show", "casino"), ("operator", "list")):
        code, out, _ = croupier(*command, "--json")
        assert code == 0
        assert new["api_key"] not in out
        assert new["wallet_secret"] not in out


def test_a_live_operator_gets_a_live_key_and_needs_https(croupier):
    live = ("operator", "add", "live", "--live", "--currency", "EUR", "--json", "--wallet-url")
    code, _, err = croupier(*live, "http://wallet.example/w")
    assert code == 2
    assert "https" in err
    code, out, _ = croupier(*live, "https://wallet.example/w")
    assert code == 0
    assert json.loads(out)["api_key"].startswith("sk_live_")


def test_a_live_wallet_that_moves_is_closed_until_it_is_checked_or_staff_says_why(croupier):
    """Test operators, and what is not live yet, may move as they like."""
    croupier("operator", "add", "live", "--live", "--currency", "EUR", "--wallet-url", "https://one.example/w")

    def moved(to, *more, of="live"):
        code, out, err = croupier("operator", "set", of, "--wallet-url", f"https://{to}.example/w", "--json", *more)
        return code, json.loads(out)["open_to_play"] if code == 0 else err

    assert moved("two") == (0, False)
    assert croupier("operator", "go-live", "live", "--uncertified", "Checked where it was before.")[0] == 0
    assert moved("two") == (0, True), "it has not moved"
    code, out, err = croupier("operator", "set", "live", "--timeout-ms", "900", "--json")
    assert (code, json.loads(out)["open_to_play"]) == (0, True), err
    assert croupier("operator", "rotate-key", "live", "--wallet-secret")[0] == 0
    assert json.loads(croupier("operator", "show", "live", "--json")[1])["open_to_play"] is True

    code, out, err = croupier("operator", "set", "live", "--wallet-url", "https://three.example/w")
    assert code == 0
    assert "closed for new bets" in err
    assert json.loads(croupier("operator", "show", "live", "--json")[1])["open_to_play"] is False
    assert croupier("operator", "go-live", "live")[0] == 1

    assert croupier("operator", "go-live", "live", "--uncertified", "The wallet is the same, behind a proxy.")[0] == 0
    code, err = moved("four", "--uncertified", "short")
    assert (code, "ten characters" in err) == (2, True)
    assert moved("four", "--uncertified", "Same wallet, new host name.") == (0, True)
    code, err = moved("four", "--uncertified", "It did not move at all.")
    assert (code, "new --wallet-url" in err) == (2, True)
    added(croupier)
    assert moved("five", of="casino") == (0, True)


BAD = [
    (("--wallet-url", "ftp://x/w", "--currency", "EUR"), "--wallet-url"),
    (("--wallet-url", "http://u:p@x/w", "--currency", "EUR"), "--wallet-url"),
    (("--wallet-url", "http://x/w", "--currency", "XXX"), "XXX"),
    (("--wallet-url", "http://x/w", "--currency", "EUR", "--dialect", "klingon"), "klingon"),
    (("--wallet-url", "http://x/w", "--currency", "EUR", "--origin", "casino.example"), "--origin"),
]


@pytest.mark.parametrize(("arguments", "named"), BAD)
def test_what_cannot_be_used_is_named_and_nothing_is_added(croupier, arguments, named):
    code, _, err = croupier("operator", "add", "bad", *arguments, "--json")
    assert code == 2
    assert named in err
    assert json.loads(croupier("operator", "list", "--json")[1]) == []


def test_settings_change_and_stay(croupier):
    added(croupier)
    code, out, err = croupier(
        *("operator", "set", "casino", "--timeout-ms", "900", "--round-end", "zero_win", "--json"),
        *("--signed-answers", "on"),
    )
    assert code == 0, err
    changed = json.loads(out)
    assert changed["answer_secret"].startswith("whsec_")
    shown = json.loads(croupier("operator", "show", "casino", "--json")[1])
    assert (shown["timeout_ms"], shown["round_end"], shown["signed_answers"]) == (900, "zero_win", True)
    assert shown["currencies"] == ["EUR"]


def test_origins_are_replaced_and_taken_away(croupier):
    added(croupier)
    for given, kept in (
        (("https://a.example", "https://B.example:443"), ["https://a.example", "https://b.example"]),
        (("https://a.example",), ["https://a.example"]),
        (("",), []),
    ):
        code, out, err = croupier("operator", "set", "casino", *(f"--origin={one}" for one in given), "--json")
        assert (code, err) == (0, "")
        assert json.loads(out)["origins"] == kept


def test_disable_and_enable(croupier):
    added(croupier)
    for command, state in (("disable", False), ("enable", True)):
        code, out, _ = croupier("operator", command, "casino", "--json")
        assert code == 0
        assert json.loads(out)["enabled"] is state
        assert json.loads(croupier("operator", "show", "casino", "--json")[1])["enabled"] is state


def test_who_has_no_public_url_is_told_for_which_machine_the_addresses_are(croupier, monkeypatch):
    add = ("operator", "add", "casino", "--wallet-url", "http://127.0.0.1:9/", "--currency", "EUR", "--json")
    code, out, told = croupier(*add, "--dialect", "mascot")
    assert (code, json.loads(out)["id"]) == (0, "casino")
    assert "http://localhost:8080" in told
    assert "CROUPIER_PUBLIC_URL" in told
    monkeypatch.setenv("CROUPIER_PUBLIC_URL", "https://play.example")
    code, out, told = croupier("operator", "rotate-key", "casino", "--wallet-secret", "--json")
    assert (code, "CROUPIER_PUBLIC_URL" in told) == (0, False)
    assert json.loads(out)["mascot"]["signed_url"].startswith("https://play.example/")


def test_an_operator_of_another_api_is_told_what_its_technician_needs(croupier):
    new = added(croupier, "--dialect", "mascot")
    told = new["mascot"]
    assert "wallet_secret" not in new
    assert told["subject"] == f"casino:{new['number']}"
    assert told["signed_url"].endswith("/dialects/mascot/v1/signed/")
    assert told["mtls_url"].endswith("/dialects/mascot/v1/")
    assert (new["round_end"], new["timeout_ms"]) == ("zero_win", 5000), "what its API brings along"
    shown = json.loads(croupier("operator", "show", "casino", "--json")[1])
    assert told["key"] not in json.dumps(shown)

    code, out, _ = croupier("operator", "rotate-key", "casino", "--wallet-secret", "--json")
    again = json.loads(out)["mascot"]
    assert code == 0
    assert (again["key"] != told["key"], again["key_id"] != told["key_id"]) == (True, True)
    assert again["subject"] == told["subject"]

    code, out, _ = croupier("operator", "rotate-key", "casino", "--callback-key", "--json")
    apart = json.loads(out)["mascot"]
    assert code == 0
    assert apart["key"] == again["key"], "the operator's own calls are signed as before"
    assert apart["callback_key"] not in (again["key"], told["key"])
    assert croupier("operator", "retire-secrets", "casino")[0] == 0

    changed = ("operator", "set", "casino", "--json", "--setting")
    assert json.loads(croupier(*changed, "round_id=off")[1])["settings"] == {"round_id": "off"}
    assert json.loads(croupier(*changed, "round_id=")[1])["settings"] == {}
    for wrong, why in (("round_id=maybe", "on|off"), ("colour=red", "no setting 'colour'")):
        code, _, err = croupier(*changed, wrong)
        assert code == 2
        assert why in err


def test_an_api_that_nobody_speaks(croupier):
    code, _, err = croupier(
        *("operator", "add", "casino", "--wallet-url", "http://127.0.0.1:1/w", "--currency", "EUR"),
        *("--dialect", "morse"),
    )
    assert code == 2
    assert "native, mascot" in err


def test_hub88_takes_the_operators_key_and_tells_ours(croupier, tmp_path):
    _, out, _ = croupier("operator", "add", "theirs", "--wallet-url", "http://127.0.0.1:1/w", *HUB88)
    key = json.loads(out)["hub88"]["public_key"]
    (tmp_path / "public.pem").write_text(key)
    new = added(croupier, "--dialect", "hub88", "--setting", f"public_key=@{tmp_path / 'public.pem'}")
    told = new["hub88"]
    assert "wallet_secret" not in new
    assert "PRIVATE" not in json.dumps(new)
    assert told["operator_id"] == new["number"]
    assert told["your_public_key"] == key.strip()
    assert told["public_key"].startswith("-----BEGIN PUBLIC KEY-----")
    assert told["base_url"].endswith("/dialects/hub88")
    assert "openssl" in told["first_request"]

    code, _, err = croupier("operator", "set", "casino", "--setting", "public_key=nonsense")
    assert code == 2
    assert "public_key must match" in err
    code, _, err = croupier("operator", "set", "casino", "--setting", "public_key=@/does/not/exist")
    assert code == 2
    assert "cannot be read" in err

    code, _, err = croupier("operator", "set", "casino", "--setting", "signs_with=oldest", "--json")
    assert code == 0, err
    code, out, _ = croupier("operator", "rotate-key", "casino", "--wallet-secret", "--json")
    assert code == 0
    assert json.loads(out)["hub88"]["public_key"] != told["public_key"]


HUB88 = ("--currency", "EUR", "--dialect", "hub88", "--json")


@pytest.mark.parametrize("dialect", ["softswiss-v1", "softswiss-v2"])
def test_softswiss_tells_its_technician_what_it_calls_things(croupier, dialect):
    told = added(croupier, "--dialect", dialect)[dialect]
    assert told["casino_id"] == "casino"
    assert told["wallet_url"] == "http://127.0.0.1:1/w"
    assert told["base_url"].endswith(f"/dialects/{dialect}")
    assert len(told["auth_token"]) >= 32
    assert told["auth_token"] in told["first_request"]


def test_slotegrator_and_pragmatic_print_a_first_request_and_how_a_key_is_changed(croupier):
    told = added(croupier, "--dialect", "slotegrator", "--setting", "decimals=8")["slotegrator"]
    assert told["merchant_id"] == "casino"
    assert told["callback_url"] == "http://127.0.0.1:1/w"
    assert told["base_url"].endswith("/dialects/slotegrator")
    assert told["merchant_key"] in told["first_request"]
    # The operator's wallet knows the old key until its technician has put in the new one; so that one signs.
    code, out, _ = croupier("operator", "rotate-key", "casino", "--wallet-secret", "--json")
    assert code == 0
    assert json.loads(out)["slotegrator"]["merchant_key"] != told["merchant_key"]
    assert croupier("operator", "retire-secrets", "casino")[0] == 0

    code, out, _ = croupier("operator", "add", "other", "--wallet-url", "http://127.0.0.1:1/pp/", *PRAGMATIC)
    assert code == 0
    told = json.loads(out)["pragmatic"]
    assert (told["secure_login"], told["provider_id"]) == ("other", "croupier")
    assert told["wallet_methods"] == "http://127.0.0.1:1/pp/<method>.html"
    assert told["api_url"].endswith("/dialects/pragmatic/IntegrationService/v3")
    assert told["api_url"] in told["first_request"]
    code, _, err = croupier("operator", "set", "other", "--setting", "provider_id=a b")
    assert code == 2
    assert "provider_id must match" in err


PRAGMATIC = ("--currency", "EUR", "--dialect", "pragmatic", "--json")
