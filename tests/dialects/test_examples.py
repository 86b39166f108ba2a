"""Every dialect's wire examples: call -> request must equal, answer -> outcome must equal."""

from pathlib import Path

import msgspec
import pytest
import yaml

from croupier.dialects import DIALECTS
from croupier.domain.exchange import HttpResponse, NoAnswer
from croupier.domain.parties import Operator
from croupier.wallet.calls import Balance, Bet, Context, Rollback, Win
from croupier.wallet.outcome import Accepted, Conflict, Declined, Unknown

HERE = Path(__file__).parent
EXAMPLES = sorted(HERE.glob("*/*.yaml"))
AT = 1_795_348_800_000_000  # 2026-11-22T12:00:00Z
KINDS = {"balance": Balance, "bet": Bet, "win": Win, "rollback": Rollback}

# A dialect without one of these is half finished. The signatures in the native ones were made with `openssl dgst`.
REQUIRED = {
    *("balance", "bet", "win", "rollback", "bet-insufficient-funds", "bet-transaction-conflict", "bet-html"),
    *("bet-timeout", "bet-http-500", "rollback-unknown-transaction", "rollback-already-rolled-back"),
    "win-transaction-conflict",
}


def operator_of(example: dict) -> Operator:
    base = Operator(
        operator_id="casino",
        dialect="native",
        wallet_url="https://casino.example/wallet",
        wallet_secrets=("whsec_Y3JvdXBpZXItZXhhbXBsZS1zZWNyZXQh",),
        currencies=("EUR",),
    )
    changes = {name: tuple(v) if isinstance(v, list) else v for name, v in example.get("operator", {}).items()}
    return msgspec.structs.replace(base, **changes)


def call_of(members: dict):
    members = dict(members)
    kind = KINDS[members.pop("kind")]
    context = {name: members.pop(name) for name in Context.__struct_fields__ if name in members}
    return kind(Context(**context), **members)


def outcome_of(members: dict):
    match members:
        case {"accepted": True, "balance": balance, **rest}:
            return Accepted(balance, rest.get("reference"))
        case {"declined": reason, **rest}:
            return Declined(reason, rest.get("message", ""), rest.get("balance"))
        case {"unknown": why, **rest}:
            return Unknown(why, retry_after_ms=rest.get("retry_after_ms"))
        case {"conflict": why}:
            return Conflict(why)
    raise AssertionError(members)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_example(path: Path):
    example = yaml.safe_load(path.read_text("utf-8"))
    dialect, operator, call = DIALECTS[path.parent.name], operator_of(example), call_of(example["call"])
    assert set(example) & {"request", "outcome"}, "an example shows a request or an outcome"
    if "request" in example:
        request = dialect.request(call, operator, AT)
        shown = {"url": request.url, "headers": dict(request.headers), "body": request.body.decode("ascii")}
        assert (request.method, shown) == ("POST", example["request"])
    if "outcome" in example:
        if "no_answer" in example:
            answer = NoAnswer(**example["no_answer"])
        else:
            given = example["answer"]
            headers = tuple(given.get("headers", {}).items())
            answer = HttpResponse(given["status"], headers, given["body"].encode("utf-8"))
        outcome = dialect.outcome(call, operator, answer, AT)
        if isinstance(outcome, Unknown):
            outcome = msgspec.structs.replace(outcome, detail="")  # words for people, free to change
        assert outcome == outcome_of(example["outcome"])


@pytest.mark.parametrize("name", DIALECTS)
def test_a_dialect_shows_what_every_dialect_must(name: str):
    assert {path.stem for path in EXAMPLES if path.parent.name == name} >= REQUIRED
