"""The vectors that SDKs of all languages share: they are fresh, and the Python core passes them."""

import base64
import json

import pytest

from croupier.dialects.native.operator import signed_of
from croupier.wallet.signature import problem
from croupier_wallet import Money, NotSigned, SqlLedger, WalletServer, verify
from croupier_wallet.calls import read_call
from croupier_wallet.ledger import compact
from croupier_wallet.money import BadMoney
from wallet_sdk.vectors import FILES, FOLDER, text


@pytest.mark.parametrize("name", FILES)
def test_fresh(name):
    assert (FOLDER / name).read_text("ascii") == text(name), "run make generate and look at the difference"


def lines(name: str) -> list[dict]:
    return [json.loads(line) for line in (FOLDER / name).read_text("ascii").splitlines()]


def named(case: dict) -> str:
    return case["name"]


@pytest.mark.parametrize("case", lines("signatures.jsonl"), ids=named)
def test_signature(case):
    body = base64.b64decode(case["body"])
    try:
        verify(case["secrets"], case["headers"], body, case["now"])
        why = None
    except NotSigned as doubt:
        why = str(doubt)
    assert (why is None, why) == (case["valid"], case["why"])
    # The platform's own check, written apart from the SDK's, agrees.
    headers = signed_of(tuple(case["headers"].items()))
    assert problem(tuple(case["secrets"]), headers, body, case["now"] * 1_000_000) == case["why"]


@pytest.mark.parametrize("case", lines("money.jsonl"), ids=lambda case: f"{case['text']!r} {case['currency']}")
def test_money(case):
    if "error" in case:
        with pytest.raises(BadMoney) as refused:
            Money.parse(case["text"], case["currency"])
        assert refused.value.args[0] == case["error"]
    else:
        money = Money.parse(case["text"], case["currency"])
        assert money.minor == case["minor"]
        assert Money.parse(str(money), case["currency"]) == money
        assert Money.of(money.decimal, case["currency"]) == money


@pytest.mark.parametrize("case", lines("wire.jsonl"), ids=lambda case: case["path"])
def test_wire(case):
    body = case["body"].encode("ascii")
    assert compact(json.loads(body)).encode("ascii") == body
    call = read_call(case["path"].strip("/"), body)
    members = json.loads(body)
    for member in ("player_id", "session_id", "game_id", "currency", "transaction_id", "round_id", "amount"):
        assert getattr(call, member) == members.get(member, getattr(call, member))
    assert call.kind == members["type"]
    assert call.campaign_id == members.get("campaign_id")
    assert call.bet_transaction_id == members.get("bet_transaction_id", "")
    assert call.expires_at == (1_800_000_000 if call.kind == "bet" else 0)


@pytest.mark.parametrize("case", lines("scenarios.jsonl"), ids=named)
def test_scenario(case, small_house):
    """Through `handle`. The ledger is the house's; `provider` keeps ids of one name apart."""
    house, answers = small_house, []
    house.sql(lambda sql: sql.execute('DELETE FROM "user"'))
    for player in case["players"]:
        house.open(player["id"], player["balance"], currency=player["currency"], blocked=player["blocked"])
    ledger = SqlLedger(house.database, house.players, provider=f"vectors-{lines('scenarios.jsonl').index(case)}")
    for step in case["steps"]:
        server = WalletServer(ledger, [case["secret"]], clock=lambda step=step: step["at"])
        status, headers, body = server.handle(
            "POST", f"/wallet{step['path']}", step["headers"], step["body"].encode("ascii")
        )
        assert (status, headers["content-type"]) == (200, "application/json")
        answer = json.loads(body)
        answers.append(body)
        if "error" in step["answer"]:
            assert answer["error"]["code"] == step["answer"]["error"], step["says"]
        else:
            assert {name: answer[name] for name in step["answer"]} == step["answer"], step["says"]
        if step["repeats"] is not None:
            assert body == answers[step["repeats"]], step["says"]
    assert {name: house.balance(name) for name in case["balances"]} == case["balances"]


def test_vectors_cover_every_code_that_an_honest_wallet_can_meet():
    codes = {step["answer"].get("error") for case in lines("scenarios.jsonl") for step in case["steps"]}
    assert codes >= {
        *("insufficient_funds", "player_blocked", "unknown_player", "currency_mismatch", "expired"),
        *("already_rolled_back", "unknown_transaction", "transaction_conflict"),
    }
