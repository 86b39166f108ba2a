"""Bugs for the findings of the catalogue that no rule's own bug shows: mostly answers that cannot be read."""

import json

from croupier.sandbox import misbooking as books
from croupier.sandbox import misreading as reads
from croupier.sandbox import misspelling as spelt
from croupier.sandbox.bugs import BUGS, Bug
from croupier.sandbox.misbehaviour import Spoil
from croupier.sandbox.rule_bugs import EVERY_CALL, RULE_BUGS

_BALANCE, _BET = frozenset({"balance"}), frozenset({"bet"})


def _says(rule: str, does: str, spoil: Spoil, calls: frozenset[str] = _BALANCE, dialect: str = "native") -> Bug:
    return Bug(wallet="", does=does, breaks=rule, spoil=spoil, calls=calls, dialect=dialect)


_moved: set[str] = set()

FINDING_BUGS: dict[str, Bug] = {
    # Somebody else answers, or nobody.
    "hangs-up": Bug(
        wallet="", does="It closes the connection without an answer.", breaks="CONN-01", answers="never",
        calls=_BALANCE, dialect="native",
    ),
    "speaks-no-http": Bug(
        wallet="", does="It answers, but not in HTTP.", breaks="CONN-01", answers="not in HTTP", calls=_BALANCE,
        dialect="native",
    ),
    "proxy-in-front": _says(
        "SIG-01", "A bot guard in front of it asks who is there.",
        spelt.always(403, spelt.PAGE, "<!doctype html><title>Just a moment...</title>", ("server", "cloudflare")),
    ),
    "no-such-path": _says(
        "SIG-01", "Nothing serves this address.",
        spelt.always(404, spelt.PAGE, "<pre>Cannot POST /wallet/balance</pre>"),
    ),
    "csrf-protection": _says(
        "SIG-01", "Its framework wants the token of a form.",
        spelt.always(419, spelt.PAGE, "<title>Page Expired</title>"),
    ),
    "rate-limit": _says(
        "SIG-01", "A rate limit meets every call.", spelt.always(429, spelt.JSON, "{}", ("retry-after", "1"))
    ),
    "forbids-strangers": _says(
        "SIG-01", "Its server lets known addresses in only.", spelt.always(403, spelt.JSON, '{"message":"Forbidden"}')
    ),
    "answers-201": _says("SIG-01", "It answers with status 201.", spelt.with_status(201)),
    "reads-forms": _says(
        "SIG-01", "It looks for form fields in JSON.",
        spelt.always(400, spelt.JSON, '{"error":"player_id, currency and type are required"}'),
    ),
    "reads-json": _says(
        "SIG-01", "It looks for JSON in a form.",
        spelt.always(400, spelt.JSON, '{"error":"Unexpected token h in JSON at position 0"}'), dialect="pragmatic",
    ),
    # What it says cannot be read.
    "prints-a-page": _says(
        "CONN-03", "It prints its framework's page of an error, with status 200.",
        spelt.always(200, spelt.PAGE, "<!doctype html><title>ZeroDivisionError at /balance</title>"),
    ),
    "writes-cp1251": _says(
        "ENC-01", "It writes a name in a Cyrillic code page.",
        spelt.with_members(lambda members: members | {"name": "Ваня"}, "cp1251"),
    ),
    "json-in-a-text": _says("CONN-03", "Its answer is a text that holds JSON.", spelt.with_body(json.dumps)),
    "answers-an-array": _says("CONN-03", "It answers with an empty array.", spelt.with_body(lambda _: "[]")),
    "prints-python": _says(
        "CONN-03", "It prints a dict of Python instead of JSON.", spelt.with_body(lambda body: str(json.loads(body)))
    ),
    "goes-on-after-refusing": _says(
        "CONN-03", "It refuses, goes on, and answers again in the same body.",
        spelt.with_body(lambda body: '{"error":{"code":"expired"}}' + body),
    ),
    "answers-ok": _says("CONN-03", "It answers with the word OK.", spelt.with_body(lambda _: "OK")),
    # Fields and values.
    "misspells-balance": _says("CONN-03", "It calls the balance `balanse`.", spelt.renamed("balance", "balanse")),
    "names-in-capitals": _says("CONN-03", "It calls the balance `Balance`.", spelt.renamed("balance", "Balance")),
    "balance-as-text": _says("CONN-03", "It writes the balance as text.", spelt.with_balance(str)),
    "balance-for-people": _says("CONN-03", "It writes 1.000,03.", spelt.with_balance(spelt.for_people)),
    "balance-beyond-reason": _says(
        "CONN-03", "It tells a balance with more digits than the API has.", spelt.with_balance(lambda one: 10**20 + one)
    ),
    "codes-of-its-own": _says(
        "FUND-03", "It refuses with a code that the API does not have.",
        spelt.funds(200, '{"error":{"code":"INSUFFICIENT_FUNDS"}}'), _BET,
    ),
    "refuses-with-402": _says(
        "FUND-03", "It refuses with a status instead of a code.", spelt.funds(402, '{"error":"no funds"}'), _BET
    ),
    "fails-in-its-words": _says(
        "CONN-03", "It tells a failure of its own, in the API's words.",
        spelt.always(200, spelt.JSON, '{"error":100,"description":"Internal error"}'), dialect="pragmatic",
    ),
    # Money.
    "books-before-checking": Bug(
        wallet="", does="It books a bet, then checks its signature and refuses it.", breaks="SIG-02",
        reads=reads.noting_forged_bets(_moved), rules=books.takes_and_refuses(_moved), calls=EVERY_CALL,
        dialect="native",
    ),
    "charges-refused-bets": Bug(
        wallet="", does="It refuses a bet in another currency, and takes it.", breaks="BAL-05",
        rules=books.charges_refused_bets, calls=EVERY_CALL, dialect="native",
    ),
    "freebet-untold": _says(
        "FREE-01", "It charges a free round and does not say so.", spelt.without_result("freeroundWasCharged"), _BET,
        "mascot",
    ),
}  # fmt: skip

EVERY_BUG: dict[str, Bug] = BUGS | RULE_BUGS | FINDING_BUGS
