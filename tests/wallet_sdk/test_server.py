"""`handle`: everything from outside is hostile, and nothing of the inside gets out."""

import json
import time

import pytest

from croupier.wallet.signature import signed_headers
from croupier_wallet import Database, PlayerTable, SqlLedger, WalletServer, verify
from wallet_sdk.calls import balance, bet, fresh
from wallet_sdk.houses import SECRET, House, accepted
from wallet_sdk.places import TABLE

BET = {
    "amount": 163,
    "currency": "EUR",
    "expires_at": "2096-10-02T07:06:40.000Z",
    "game_id": "krakens-hoard",
    "player_id": "p",
    "round_id": "rd",
    "session_id": "ses",
    "type": "bet",
}
ABSENT = object()


@pytest.fixture(scope="module", autouse=True)
def _player(small_house):
    small_house.open("p", 100_000)


def sent(house: House, body: bytes, path: str = "/wallet/bet", method: str = "POST", **changed: str):
    headers = dict(signed_headers((SECRET,), "m_1", int(house.now * 1_000_000), body)) | changed
    answer = house.server.handle(method, path, headers, body)
    return answer.status, json.loads(answer.body)


def members(**changed) -> bytes:
    body = {**BET, "transaction_id": fresh("b"), **changed}
    return json.dumps({name: value for name, value in body.items() if value is not ABSENT}).encode()


def raw(name: str, text: str) -> bytes:
    return members(**{name: "RAW"}).replace(b'"RAW"', text.encode())


REFUSED = {
    "broken JSON": b'{"a":',
    "empty": b"",
    "two values": b"{}{}",
    "a list": b"[]",
    "null": b"null",
    "not UTF-8": b'{"a":"\xff"}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "deep": b"[" * 30_000 + b"]" * 30_000,
    "a number beyond decimals": b'{"amount":1E+4' + b"0" * 200 + b"}",
    "a member twice": members().replace(b'{"amount"', b'{"amount": 1, "amount"'),
    "NaN": raw("amount", "NaN"),
    "Infinity": raw("amount", "Infinity"),
    "a fraction": raw("amount", "0.5"),
    "a fraction of whole worth": raw("amount", "163.0"),
    "a power": raw("amount", "1e3"),
    "more digits than Python reads": raw("amount", "9" * 5000),
    "more than 64 bits": raw("amount", str(2**63)),
    "more than the platform has": raw("amount", str(2**53)),
    "what no balance can grow by": raw("amount", str(2**63 - 1)),
    "a negative bet": members(amount=-163),
    "an amount as text": members(amount="163"),
    "true as an amount": members(amount=True),
    "no amount": members(amount=ABSENT),
    "null amount": members(amount=None),
    "no player": members(player_id=ABSENT),
    "an empty player": members(player_id=""),
    "a player as number": members(player_id=12),
    "no id": members(transaction_id=ABSENT),
    "65 characters": members(transaction_id="x" * 65),
    "a null character": members(round_id="a\0b"),
    "a lone surrogate": raw("round_id", '"\\ud800"'),
    "a blank in an id": members(transaction_id="b 1"),
    "letters that look alike": members(transaction_id="b\u0430"),
    "no currency": members(currency=ABSENT),
    "no expiry": members(expires_at=ABSENT),
    "an expiry without zone": members(expires_at="2096-10-02T07:06:40"),
    "an expiry as number": members(expires_at=4_000_000_000),
    "a date only": members(expires_at="2096-10-02"),
    "no type": members(type=ABSENT),
    "another type": members(type="win"),
    "a token beyond reason": members(operator_token="t" * 4097),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_call_is_a_400_and_moves_nothing(small_house, name):
    before = small_house.balance("p")
    status, answer = sent(small_house, REFUSED[name])
    assert status == 400
    assert set(answer["error"]) == {"code", "message"}
    assert small_house.balance("p") == before


HOSTILE_IDS = ("';DROP/**/TABLE/**/croupier_tx;--", '"', "../../etc", "<script>", "%s", "?", "{0}", "-_.:|", "0012")


@pytest.mark.parametrize("member", ["transaction_id", "round_id", "game_id", "session_id", "campaign_id"])
def test_hostile_ids_are_text(small_house, member):
    for hostile in HOSTILE_IDS:
        name = f"{hostile}{fresh()}"
        status, answer = sent(small_house, members(**{member: name}))
        assert (status, "balance" in answer) == (200, True), hostile


def test_ids_are_kept_to_the_last_character(small_house):
    before = small_house.balance("p")
    long = "x" * 63
    for name in ("0012", "12", f"{long}a", f"{long}b", f"{long}A"):
        status, answer = sent(small_house, members(transaction_id=f"{name}", round_id="same"))
        assert (status, "error" in answer) == (200, False)
    assert small_house.balance("p") == before - 5 * 163


def test_unknown_members_and_headers_are_ignored(small_house):
    body = members(note="\u00e9", nested={"a": [1.5, None]}, number=0.1)
    assert sent(small_house, body, **{"x-new": "1"})[0] == 200


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"webhook-signature": "v1,AAAA"}, 401, "bad_signature"),
        ({"webhook-signature": ""}, 401, "unsigned"),
        ({"webhook-timestamp": "1"}, 401, "stale_timestamp"),
        ({"path": "/wallet/unknown"}, 404, "not_found"),
        ({"path": "/wallet/win"}, 400, "wrong_type"),
        ({"path": ""}, 404, "not_found"),
        ({"method": "GET"}, 405, "method_not_allowed"),
    ],
)
def test_other_doors_are_closed(small_house, changed, status, code):
    found = sent(small_house, members(), **changed)
    assert (found[0], found[1]["error"]["code"]) == (status, code)


def test_a_forged_call_uses_no_id_up(small_house):
    body = members()
    assert sent(small_house, body, **{"webhook-signature": "v1,AAAA"})[0] == 401
    assert "error" not in sent(small_house, body)[1]


def test_more_than_64_kilobytes_are_refused_before_they_are_looked_at(small_house):
    assert sent(small_house, b"x" * 65_537)[0] == 413
    assert sent(small_house, members(note="x" * 60_000))[0] == 200


@pytest.mark.parametrize("body", ["text", {"type": "bet"}, None])
def test_a_parsed_body_is_refused_with_the_one_line_fix(small_house, body):
    with pytest.raises(TypeError, match=r"await request\.body\(\).*request\.body.*request\.get_data\(\)"):
        small_house.server.handle("POST", "/wallet/bet", {}, body)


def test_header_names_may_be_written_in_any_case(small_house):
    body = members()
    headers = dict(signed_headers((SECRET,), "m_1", int(small_house.now * 1_000_000), body))
    answer = small_house.server.handle("POST", "/bet/", {name.title(): text for name, text in headers.items()}, body)
    assert answer.status == 200


@pytest.mark.parametrize("secrets", [[], ["whsec_"], ["whsec_c2hvcnQ="], ["not base64!"]])
def test_a_server_without_a_good_secret_does_not_start(small_house, secrets):
    with pytest.raises(ValueError, match="secret"):
        WalletServer(small_house.ledger, secrets)


def test_every_answer_names_its_call(small_house):
    for body, status in ((b"{}", 400), (members(), 200)):
        headers = dict(signed_headers((SECRET,), "m_7", int(small_house.now * 1_000_000), body))
        answer = small_house.server.handle("POST", "/bet", headers, body)
        assert (answer.status, answer.headers["webhook-id"]) == (status, "m_7")
        assert "webhook-signature" not in answer.headers


def test_answers_are_signed_where_that_is_agreed(small_house):
    secret = "whsec_" + "QUJD" * 8
    server = WalletServer(small_house.ledger, [SECRET], answer_secrets=[secret], clock=time.time)
    body = json.dumps({**BET, "type": "balance"}).encode()
    headers = dict(signed_headers((SECRET,), "c_1", time.time_ns() // 1000, body))
    answer = server.handle("POST", "/wallet/balance", headers, body)
    assert verify([secret], answer.headers, answer.body, int(time.time())) == "c_1"


def test_a_database_that_is_away_is_a_503_and_is_asked_again_when_it_is_back(small_house):
    away = True

    def connect():
        if away:
            raise OperationalError("select * from secrets")
        return small_house.database._transaction()

    class OperationalError(Exception):
        pass

    house = House("sqlite", small_house.place)
    house.server = WalletServer(SqlLedger(Database("sqlite", connect, "?"), house.players), [SECRET])
    call = bet("p", fresh("b"), 10)
    assert house.say(call).why == "http_503"
    away = False
    assert accepted(house.say(call))


def test_an_unknown_player_leaves_nothing_behind(small_house):
    assert house_says(small_house, bet("nobody", fresh("b"), 10)) == "unknown_player"
    assert small_house.sql(lambda sql: sql.one("SELECT count(*) FROM croupier_lock WHERE player_id = 'nobody'"))[0] == 0
    assert small_house.entries("nobody") == 0


def house_says(house: House, call) -> str:
    return house.say(call).reason


def test_a_connection_that_commits_by_itself_is_refused():
    class Autocommits:
        autocommit = True

    from croupier_wallet import postgresql

    with pytest.raises(ValueError, match="without autocommit"), postgresql(Autocommits).transaction():
        pass


@pytest.mark.parametrize("name", ["players; drop", "a.b.c", "", 'a"b', "1a"])
def test_a_table_is_a_name(small_house, name):
    table = PlayerTable(name)
    with small_house.database.transaction() as sql, pytest.raises(ValueError, match="no name"):
        table.get_player(sql, balance("p"))


MAIN_UNITS = {
    "postgresql": TABLE["postgresql"].replace("bigint", "numeric(20, 4)").replace('"user"', "accounts"),
    "mysql": TABLE["mysql"].replace("bigint", "decimal(20, 4)").replace("TABLE user", "TABLE accounts"),
}


def test_a_column_in_main_units_is_exact(house):
    if house.kind == "sqlite":
        pytest.skip("SQLite has no decimal column: keep minor units there")
    house.sql(lambda sql: sql.execute(MAIN_UNITS[house.kind]))
    in_main = House(house.kind, house.place, PlayerTable("accounts", "name", "money", "currency", unit="main"))
    player = fresh("p")
    house.sql(lambda sql: sql.execute("INSERT INTO accounts VALUES (?, 1000.29, 'EUR', ?)", player, False))
    for amount, left in ((29, 100_000), (57, 99_943), (115, 99_828), (435, 99_393), (820, 98_573)):
        assert in_main.say(bet(player, fresh("b"), amount)).balance == left
    assert in_main.say(bet(player, fresh("b"), 98_574)).reason == "insufficient_funds"
