"""Reconciliation by API: a statement goes in, differences come out, and what is automatic happens."""

import asyncio
import datetime as dt
import hashlib

import msgspec
import pytest

from croupier.domain.ids import locate_round
from croupier.ledger.operator_statement import COLUMNS
from croupier.rounds.events import WalletAnswered
from croupier.wallet.outcome import Accepted, Conflict

pytestmark = pytest.mark.asyncio(loop_scope="module")

CSV = {"content-type": "text/csv"}
STATES = {"taken": "accepted", "done": "accepted", "reversed": "reversed"}


def today() -> str:
    """Asked when the rounds have been played: tests may be collected on the day before."""
    return dt.datetime.now(dt.UTC).date().isoformat()


def statement(*books, changed=None, without=()):
    """What the operators' books say, as they would export it."""
    at = dt.datetime.now(dt.UTC).isoformat()
    lines = [",".join(COLUMNS)]
    for book in books:
        for e in book.pages.entries.values():
            if e.transaction_id in without:
                continue
            amount = (changed or {}).get(e.transaction_id, e.amount)
            state = STATES.get(e.state, "declined")
            lines.append(f"{e.transaction_id},{e.kind},{amount},{e.currency},{e.player_id},{e.round_id},{state},{at}")
    return "\n".join(lines)


async def post(casino, body, date=None, **more):
    headers = CSV | more.pop("headers", {})
    query = {"date": date or today(), "clocks_differ": 0} | more
    return await casino.call("POST", "/reconciliations", params=query, content=body, headers=headers)


async def played(house, name, rounds=6):
    casino = await house.casino(name)
    await casino.player("ana")
    seat = await casino.open("ana")
    spins = [(await seat.bet(f"{name}-{n}")).json() for n in range(rounds)]
    return casino, spins


async def test_a_clean_day_has_no_differences_and_its_document_is_addressed_by_its_digest(house):
    casino, spins = await played(house, "clean")
    answer = await post(casino, statement(casino.wallet.book))
    assert answer.status_code == 201, answer.text
    result = answer.json()
    # A win that was accepted within the last second may still wait to be written.
    assert {d["action"] for d in result["items"]} <= {"wait"}
    assert (result["repairs"], result["complete"]) == ([], False)
    assert result["agree"] + len(result["items"]) == result["lines"] >= len(spins)
    (total,) = result["totals"]
    assert total["bets_ours"] == total["bets_theirs"]
    document = await casino.call("GET", f"/reconciliations/{result['reconciliation_id']}/document")
    assert result["reconciliation_id"] == "rec_" + hashlib.sha256(document.content).hexdigest()[:40]
    again = (await post(casino, statement(casino.wallet.book))).json()
    assert again["statement_sha256"] != result["statement_sha256"], "its times are new"
    listed = (await casino.call("GET", "/reconciliations?limit=1")).json()
    assert len(listed["items"]) == 1
    assert listed["next_cursor"]


async def test_what_late_answers_tell_is_tried_by_itself_or_waits_for_people_in_the_days_reconciliation(house):
    casino, spins = await played(house, "belated", rounds=2)
    platform = house.worker.platform
    bets = {e.round_id: e.transaction_id for e in casino.wallet.book.pages.entries.values() if e.kind == "bet"}
    told = {"compare": Conflict("other content"), "roll_back": Accepted(5)}
    for spin, (item, outcome) in zip(spins, told.items(), strict=True):
        seat = await platform.world.journal.seat_by_id(locate_round(spin["round_id"])[0])
        late = WalletAnswered(platform.now(), bets[spin["round_id"]], platform.now(), outcome)
        for _ in range(2):  # whoever does not know whether it was stored asks again
            await platform.world.items.ask(seat, spin["round_id"], late, item)
    name = (await post(casino, statement(casino.wallet.book))).json()["reconciliation_id"]
    for _ in range(100):
        repairs = (await casino.call("GET", f"/reconciliations/{name}")).json()["repairs"]
        if all(r["result"] for r in repairs):
            break
        await asyncio.sleep(0.1)
    assert {(r["act"], r["result"], r["detail"]) for r in repairs} == {
        ("compare", "conflict", "other content"),
        ("roll_back", "refused", "We hold this bet as accepted."),
    }


async def test_a_declined_bet_that_was_taken_is_rolled_back_while_the_player_plays_on(house):
    casino, _ = await played(house, "greedy")
    seat = await casino.open("ana")
    book, pages = casino.wallet.book, casino.wallet.book.pages
    poor = pages.account("ana")
    pages.put_account(type(poor)("ana", "EUR", 0))
    refused = (await seat.bet("greedy-declined")).json()
    pages.put_account(poor)
    (declined,) = [e for e in pages.entries.values() if e.state == "declined"]
    assert declined.round_id == refused["round_id"]
    pages.put_entry(msgspec.structs.replace(declined, state="taken"))
    pages.put_account(type(poor)("ana", "EUR", poor.balance - declined.amount))

    result = (await post(casino, statement(book))).json()
    found = [(d["code"], d["action"]) for d in result["items"] if d["action"] != "wait"]
    assert found == [("bet_not_counted", "roll_back")]
    assert (await seat.bet("greedy-on")).status_code == 200
    for _ in range(100):
        seen = (await casino.call("GET", f"/reconciliations/{result['reconciliation_id']}")).json()
        if seen["repairs"][0]["result"]:
            break
        await asyncio.sleep(0.1)
    assert seen["repairs"][0]["result"] == "rolled_back"
    assert pages.entry(declined.transaction_id).state == "reversed"
    page = (await casino.call("GET", f"/rounds/{refused['round_id']}")).json()
    assert page["state"] == "declined"
    assert {(t["kind"], t["state"]) for t in page["transactions"]} == {("bet", "reversed"), ("rollback", "accepted")}
    assert {d["action"] for d in (await post(casino, statement(book))).json()["items"]} <= {"wait"}


async def test_what_people_must_look_at(house):
    casino, _ = await played(house, "careless", rounds=12)
    entries = list(casino.wallet.book.pages.entries.values())
    bets = [e.transaction_id for e in entries if e.kind == "bet"]
    result = (await post(casino, statement(casino.wallet.book, changed={bets[0]: 999}, without={bets[1]}))).json()
    found = {(d["code"], d["transaction_id"]) for d in result["items"] if d["action"] != "wait"}
    assert found == {("content_differs", bets[0]), ("bet_missing", bets[1])}
    assert result["repairs"] == []
    assert all(d["title"] and d["advice"] for d in result["items"])


async def test_another_operators_transactions_are_nobodys(house):
    victim, _ = await played(house, "victim-op")
    thief = await house.casino("thief-op")
    result = (await post(thief, statement(victim.wallet.book))).json()
    assert {d["code"] for d in result["items"]} == {"unknown_transaction"}
    assert all(d["ours"] is None and d["round_id"] is None for d in result["items"])
    name = (await post(victim, statement(victim.wallet.book))).json()["reconciliation_id"]
    for path in (f"/reconciliations/{name}", f"/reconciliations/{name}/document"):
        assert (await thief.call("GET", path)).status_code == 404


BAD = [
    ({"body": ""}, 422, "invalid_statement"),
    (
        {"body": "\ufeff" + ",".join(COLUMNS) + "\nb,bet,1.00,EUR,a,r,accepted,2026-11-22T00:00:00Z"},
        422,
        "invalid_statement",
    ),
    ({"body": "x" * 100_000}, 422, "invalid_statement"),
    ({"body": "a,b", "headers": {"content-type": "application/json"}}, 415, "unsupported_media_type"),
    ({"body": "a,b", "headers": {"content-length": "99999999999"}}, 413, "body_too_large"),
    ({"body": "a,b", "date": "yesterday"}, 422, "invalid_value"),
    ({"body": "a,b", "date": "0001-01-01"}, 422, "invalid_value"),
    ({"body": "a,b", "date": "2026-02-30"}, 422, "invalid_value"),
    ({"body": "a,b", "date": "2999-01-01"}, 422, "invalid_value"),
    ({"body": "a,b", "currency": "nope"}, 422, "invalid_value"),
    ({"body": "a,b", "clocks_differ": "-1"}, 422, "invalid_value"),
    ({"body": "a,b", "currency": "X" * 40}, 422, "invalid_value"),
    ({"body": "a,b", "extra": "1"}, 422, "unknown_field"),
]


@pytest.mark.parametrize(("given", "status", "code"), BAD, ids=[str(n) for n in range(len(BAD))])
async def test_bad_statements_get_clear_errors(casino, given, status, code):
    body = given.pop("body")
    answer = await post(casino, body.encode(), **given)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    if code == "invalid_statement":
        assert answer.json()["mistakes"][0]["line"] >= 1


async def test_a_statement_of_another_day_or_currency_is_refused_with_its_line(house):
    casino, _ = await played(house, "strays", rounds=1)
    body = statement(casino.wallet.book)
    yesterday = (dt.datetime.now(dt.UTC) - dt.timedelta(days=1)).date().isoformat()
    for given, why in (({"date": yesterday}, "the statement is of"), ({"currency": "USD"}, "holds USD only")):
        answer = await post(casino, body, **given)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_statement"), answer.text
        first = answer.json()["mistakes"][0]
        assert first["line"] == 2
        assert why in first["what"]
    assert (await casino.call("GET", "/reconciliations")).json()["items"] == []
    assert (await post(casino, body, currency="EUR")).status_code == 201
    unknown = await casino.call("GET", f"/statements/{today()}?currency=nope")
    assert (unknown.status_code, unknown.json()["param"]) == (422, "currency")


async def test_a_chunked_body_without_end_is_refused(casino):
    async def endless():
        while True:
            yield b"x" * 1_000_000

    answer = await casino.call("POST", f"/reconciliations?date={today()}", content=endless(), headers=CSV)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


async def test_the_same_idempotency_key_gets_the_first_answer_and_another_statement_is_refused(house):
    casino, _ = await played(house, "keyed", rounds=1)
    body = statement(casino.wallet.book)
    first = await post(casino, body, headers={"idempotency-key": "k1"})
    assert (await post(casino, body, headers={"idempotency-key": "k1"})).json() == first.json()
    other = await post(casino, body + "\n", headers={"idempotency-key": "k1"})
    assert other.json()["code"] == "idempotency_key_reused"


async def test_statements_are_the_same_for_the_same_position(house):
    casino, _ = await played(house, "stated")
    as_csv = {"accept": "text/csv"}
    first = await casino.call("GET", f"/statements/{today()}", headers=as_csv)
    position = first.headers["croupier-position"]
    rows = (await casino.call("GET", f"/statements/{today()}?position={position}")).json()["rows"]
    assert sum(r["bets"] - r["rollbacks"] - r["wins"] - r["house"] - r["in_open_rounds"] for r in rows) == 0
    seat = await casino.open("ana")
    await seat.bet("stated-later")
    assert (await casino.call("GET", f"/statements/{today()}", headers=as_csv)).content != first.content
    same = await casino.call("GET", f"/statements/{today()}?position={position}", headers=as_csv)
    assert same.content == first.content
    entries = await casino.call("GET", f"/statements/{today()}?position={position}&entries=true", headers=as_csv)
    assert entries.text.count("\r\n") == 1 + sum(r["entries"] for r in rows)
    for bad in ("1-99999999999", "nonsense", "2-1"):
        assert (await casino.call("GET", f"/statements/{today()}?position={bad}")).json()["code"] == "invalid_value"
