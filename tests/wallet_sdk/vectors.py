"""Writes sdk/vectors: what a wallet SDK in any language must say. ``PYTHONPATH=tests python -m wallet_sdk.vectors``.

Signatures, wire bytes and scenarios are made by the platform's own half; what is right was written down by hand.
"""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from croupier.dialects.native.wallet import Native
from croupier.wallet.book import Book
from croupier.wallet.outcome import Accepted, Declined, Outcome
from croupier.wallet.signature import secret_of, sign
from wallet.book_steps import EXPIRES_AT, PLAYERS, START, steps
from wallet.book_stories import STORIES
from wallet_sdk.calls import balance, bet, roll, win
from wallet_sdk.houses import OPERATOR, SECRET

FOLDER = Path(__file__).resolve().parents[2] / "sdk/vectors"
NOW = 1_790_000_000
OTHER = secret_of(bytes(range(50, 82)))
BODY = b'{"amount":163,"currency":"EUR"}'


def signatures() -> Iterator[dict[str, Any]]:
    """`valid` is whether one of the secrets signed this body, `why` the first doubt. Headers' names are lower case."""
    good = sign(SECRET, "b_1", NOW, BODY)

    def case(name: str, why: str | None = None, **changed: Any) -> dict[str, Any]:
        headers = {"webhook-id": "b_1", "webhook-timestamp": str(NOW), "webhook-signature": good}
        headers |= changed.get("headers", {})
        return {
            "name": name,
            "secrets": changed.get("secrets", [SECRET]),
            "now": changed.get("now", NOW),
            "headers": {header: value for header, value in headers.items() if value is not None},
            "body": base64.b64encode(changed.get("body", BODY)).decode(),
            "valid": why is None,
            "why": why,
        }

    def signed(name: str, body: bytes, message_id: str = "b_1") -> dict[str, Any]:
        return case(
            name,
            body=body,
            headers={"webhook-id": message_id, "webhook-signature": sign(SECRET, message_id, NOW, body)},
        )

    def signature(name: str, value: str | None, why: str | None = "bad_signature") -> dict[str, Any]:
        return case(name, why, headers={"webhook-signature": value})

    def stamp(value: str | None, why: str = "bad_timestamp") -> dict[str, Any]:
        return case(f"time stamp {value!r}", why, headers={"webhook-timestamp": value})

    yield case("as sent")
    yield signed("an empty body", b"")
    yield signed("letters outside of ASCII", '{"note":"Ä€😀"}'.encode())
    yield signed("bytes that are no text", bytes(range(256)))
    yield signed("dots in the id", BODY, "b.1.2")
    yield case("five minutes behind", now=NOW + 300)
    yield case("five minutes ahead", now=NOW - 300)
    yield case("older than five minutes", "stale_timestamp", now=NOW + 301)
    yield case("further ahead than five minutes", "stale_timestamp", now=NOW - 301)
    yield case("the second of two secrets", secrets=[OTHER, SECRET])
    yield case("another secret", "bad_signature", secrets=[OTHER])
    yield signature("the second of two signatures", f"{sign(OTHER, 'b_1', NOW, BODY)} {good}", None)
    yield signature("the sixteenth signature", "v1,AAAA " * 15 + good, None)
    yield signature("the seventeenth signature is one too many", "v1,AAAA " * 16 + good)
    yield signature("signatures with a comma between", f"{sign(OTHER, 'b_1', NOW, BODY)},{good}")
    yield signature("no version", good.removeprefix("v1,"))
    yield signature("another version", "v2" + good.removeprefix("v1"))
    yield signature("without padding", good.rstrip("="))
    yield signature("cut short", good[:-4])
    yield signature("longer", good + "A")
    yield signature("upper case", good.upper())
    yield signature("letters outside of ASCII in the signature", "v1,ÄÖÜ")
    yield signature("an empty signature", "", "unsigned")
    yield signature("no signature", None, "unsigned")
    yield case("no id", "unsigned", headers={"webhook-id": None})
    yield case("an empty id", "unsigned", headers={"webhook-id": ""})
    yield case("another id", "bad_signature", headers={"webhook-id": "b_2"})
    yield stamp(None, "unsigned")
    yield stamp("", "unsigned")
    for odd in (f"+{NOW}", f" {NOW}", f"{NOW} ", f"{NOW}.0", "1_790_000_000", "-1", "0x6ab13b80", "٣", "1" * 13):
        yield stamp(odd)
    yield stamp("0", "stale_timestamp")
    yield case("one byte changed", "bad_signature", body=BODY.replace(b"163", b"963"))
    yield case("a blank added", "bad_signature", body=BODY.replace(b",", b", "))
    yield case("a line break at the end", "bad_signature", body=BODY + b"\n")


MONEY: list[tuple[str, str, int | str]] = [
    ("10.50", "EUR", 1050),
    ("10.5", "EUR", 1050),
    ("10", "EUR", 1000),
    ("0.29", "EUR", 29),
    ("1.15", "EUR", 115),
    ("-0.01", "EUR", -1),
    ("0", "EUR", 0),
    ("007", "EUR", 700),
    ("1234", "JPY", 1234),
    ("1.234", "KWD", 1234),
    ("0.00000001", "BTC", 1),
    ("21000000", "BTC", 2_100_000_000_000_000),
    ("90071992547409.93", "EUR", 2**53 + 1),
    ("0.005", "EUR", "too_many_decimals"),
    ("1.000", "EUR", "too_many_decimals"),
    ("0.5", "JPY", "too_many_decimals"),
    ("1.2345", "KWD", "too_many_decimals"),
    *((odd, "EUR", "not_an_amount") for odd in ("", " 1", "1 ", "+1", "1.", ".5", "1,50", "1e3", "NaN", "Infinity")),
    *((odd, "EUR", "not_an_amount") for odd in ("0x10", "1_000", "--1", "1.2.3", "٣", "1\n", "1" * 31)),
]


def money() -> Iterator[dict[str, Any]]:
    """`minor` units of the amount in `text`, or the `error`."""
    for text, currency, found in MONEY:
        yield {"text": text, "currency": currency, ("error" if isinstance(found, str) else "minor"): found}


def wire() -> Iterator[dict[str, Any]]:
    """Bodies: what is parsed and written again, keys sorted, must be the same bytes. `call`: what it means."""
    calls = [
        balance("p-1"),
        bet("p-1", "b_1", 163, expires_at=EXPIRES_AT),
        bet("p-1", "b_2", 0, expires_at=EXPIRES_AT, campaign_id="spring"),
        win("p-1", "w_1", 2**53 - 1, "b_1"),
        win("0012", "w-_.:@9", 0, "b_1"),
        roll("p-1", "b_1"),
    ]
    for call in calls:
        request = Native().request(call, OPERATOR, NOW * 1_000_000)
        yield {"path": f"/{request.url.rpartition('/')[2]}", "body": request.body.decode("ascii")}


def scenarios() -> Iterator[dict[str, Any]]:
    """Whole conversations. `at`: the wallet's clock, seconds; `repeats`: the step whose answer must come again, to the
    byte; `balances`: of all players, when it is over.
    """
    for name, story in STORIES.items():
        book, first, told = Book(), {}, []
        for player_id, blocked in PLAYERS.items():
            book.open_account(player_id, "EUR", START, blocked=blocked)
        for line, call, at, _ in steps(story):
            outcome = book.answer(call, at)
            request = Native().request(call, OPERATOR, at)
            reference = outcome.operator_reference if isinstance(outcome, Accepted) else None
            told.append(
                {
                    "says": " ".join(line.split(" -> ")[0].split()),
                    "at": at // 1_000_000,
                    "path": f"/{request.url.rpartition('/')[2]}",
                    "headers": dict(request.headers),
                    "body": request.body.decode("ascii"),
                    "answer": answer(outcome),
                    "repeats": first.get(reference) if reference else None,
                }
            )
            if reference:
                first.setdefault(reference, len(told) - 1)
        yield {
            "name": name,
            "secret": SECRET,
            "players": [
                {"id": player_id, "balance": START, "currency": "EUR", "blocked": blocked}
                for player_id, blocked in PLAYERS.items()
            ],
            "steps": told,
            "balances": {player_id: book.balance(player_id) for player_id in PLAYERS},
        }


def answer(outcome: Outcome) -> dict[str, Any]:
    match outcome:
        case Accepted(balance=left):
            return {"balance": left, "currency": "EUR"}
        case Declined(reason=reason):
            return {"error": "unknown_transaction" if reason == "not_found" else reason}
    return {"error": "transaction_conflict"}


FILES = {
    "signatures.jsonl": signatures,
    "money.jsonl": money,
    "wire.jsonl": wire,
    "scenarios.jsonl": scenarios,
}


def text(name: str) -> str:
    return "".join(json.dumps(one, ensure_ascii=True, sort_keys=True) + "\n" for one in FILES[name]())


if __name__ == "__main__":
    for name in FILES:
        (FOLDER / name).write_text(text(name), encoding="ascii")
