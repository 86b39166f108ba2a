"""What clients of this API do on the wire, byte for byte over a plain socket; and what must be refused."""

import asyncio
import hashlib
import hmac
import json
import struct
import time
from typing import Any

import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio(loop_scope="module")

LIST = b'{"jsonrpc":"2.0","method":"Bonus.GetPendingBonusTransactions","id":1}'
NOTHING = {"Transactions": []}


class Client:
    """Writes requests as bytes. `headers` of a signed call, as the API's own description makes them."""

    def __init__(self, house, operator, told) -> None:
        self.house, self.operator, self.told = house, operator, told

    def signed(self, body: bytes, *, nonce: int | str = 1, at: int | None = None, key: str = "", **changed: str):
        at = int(time.time()) if at is None else at
        number = int(nonce) if str(nonce).isdigit() and int(nonce) < 2**64 else 0
        made = hmac.new((key or self.told["key"]).encode(), struct.pack(">QI", number, at) + body, hashlib.sha256)
        headers = {
            "X-Subject": self.told["subject"],
            "X-Nonce": str(nonce),
            "X-Timestamp": str(at),
            "X-Signature": f"{self.told['key_id']}={made.hexdigest()}",
        }
        return list((headers | changed).items())

    async def send(self, body: bytes, headers: list[tuple[str, str]], path: str = "/dialects/mascot/v1/signed/"):
        """Status, headers (lower case) and body, until the other side hangs up."""
        lines = [f"POST {path} HTTP/1.1", "Host: croupier", "Connection: close", "Content-Type: application/json"]
        lines += [f"{name}: {value}" for name, value in headers]
        lines.append(f"Content-Length: {len(body)}")
        reader, writer = await asyncio.open_connection("127.0.0.1", self.house.port)
        writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
        head, _, answer = (await asyncio.wait_for(reader.read(), 10)).partition(b"\r\n\r\n")
        writer.close()
        first, *rest = head.decode("latin-1").split("\r\n")
        return int(first.split()[1]), {n.lower(): v for n, _, v in (line.partition(": ") for line in rest)}, answer

    async def call(self, body: bytes, **how):
        status, _, answer = await self.send(body, self.signed(body, **how))
        assert status == 200, answer
        return json.loads(answer)

    async def written(self) -> list[list[Any]]:
        """What a call may leave behind: players, groups and sessions as they are now."""
        pool = self.house.worker.platform.pool
        tables = ("players", "player_groups", "sessions", "operator_bonuses")
        asked = "SELECT t::text FROM {} t WHERE operator_id = $1 ORDER BY 1"
        return [await pool.fetch(asked.format(table), self.operator.operator_id) for table in tables]

    async def keeps(self, why: str) -> bool:
        """Whether a call that ended so is in the log, as an error."""
        pool = self.house.worker.platform.pool
        asked = "SELECT EXISTS (SELECT FROM exchange_index WHERE operator_id = $1 AND why = $2 AND verdict = 'error')"
        for _ in range(100):
            if await pool.fetchval(asked, self.operator.operator_id, why):
                return True
            await asyncio.sleep(0.1)
        return False


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(house) -> Client:
    return Client(house, *await house.casino("habits", "http://127.0.0.1:9/callback"))


PARAMS = [b"", b',"params":{}', b',"params":[]', b',"params":null', b',"params": [ ] ']


@pytest.mark.parametrize("params", PARAMS)
async def test_no_parameters_may_be_written_in_many_ways(client, params):
    answer = await client.call(LIST[:-1] + params + b"}", nonce=hash(params) % 2**60)
    assert answer == {"jsonrpc": "2.0", "id": 1, "result": NOTHING}


IDS = [b"1", b"-7", b'"a"', b'""', b"null", b"1.50", b"123456789012345678901234567890", b"[1]", b'{"n":null}', b"true"]


@pytest.mark.parametrize("id_", IDS)
async def test_the_id_comes_back_as_it_was(client, id_):
    body = LIST.replace(b'"id":1', b'"id":' + id_)
    status, _, answer = await client.send(body, client.signed(body))
    assert (status, answer) == (200, b'{"jsonrpc":"2.0","id":%b,"result":{"Transactions":[]}}' % id_)


async def test_the_order_of_members_means_nothing(client):
    assert (await client.call(b'{"params":{},"id":4,"method":"Bonus.GetPendingBonusTransactions"}'))["id"] == 4


async def test_a_call_without_an_id_wants_no_answer(client):
    body = LIST.replace(b',"id":1', b"")
    status, _, answer = await client.send(body, client.signed(body))
    assert (status, answer) == (204, b"")


async def test_the_last_of_repeated_headers_counts(client):
    """The usual client adds its headers anew with every call: the third call carries them three times."""
    first, second, third = (LIST.replace(b'"id":1', b'"id":%d' % n) for n in (61, 62, 63))
    carried = []
    for number, body in enumerate((first, second, third), 61):
        carried += [*client.signed(body, nonce=number), ("Content-Type", "application/json")]
        status, _, answer = await client.send(body, carried)
        assert (status, json.loads(answer)["id"]) == (200, number)


async def test_repeats_that_a_proxy_has_joined(client):
    first, second = client.signed(b"{}", nonce=8), client.signed(LIST, nonce=9)
    joined = [(name, f"{old}, {new}") for (name, old), (_, new) in zip(first, second, strict=True)]
    status, _, answer = await client.send(LIST, joined)
    assert (status, json.loads(answer)["result"]) == (200, NOTHING)


async def test_nonces_begin_anew_in_every_process_and_are_unsigned(client):
    for nonce in (1, 2, 1, 2**64 - 1, 10080051040501637901):
        body = LIST.replace(b'"id":1', b'"id":%d' % (time.time_ns() % 10**9))
        assert (await client.call(body, nonce=nonce))["result"] == NOTHING


async def test_answers_are_signed_with_the_calls_nonce_and_time(client):
    headers = client.signed(LIST, nonce=77)
    status, answered, answer = await client.send(LIST, headers)
    sent = dict(headers)
    packed = struct.pack(">QI", 77, int(sent["X-Timestamp"])) + answer
    digest = hmac.new(client.told["key"].encode(), packed, hashlib.sha256).hexdigest()
    assert status == 200
    assert answered["x-signature"] == f"{client.told['key_id']}={digest}"
    assert [answered[name] for name in ("x-subject", "x-nonce", "x-timestamp")] == [
        sent[name] for name in ("X-Subject", "X-Nonce", "X-Timestamp")
    ]


async def test_a_client_that_leaves_early_harms_nobody(client):
    _, writer = await asyncio.open_connection("127.0.0.1", client.house.port)
    writer.write(b"POST /dialects/mascot/v1/signed/ HTTP/1.1\r\nHost: c\r\nContent-Length: 500\r\n\r\n{")
    await writer.drain()
    writer.transport.abort()
    assert (await client.call(LIST, nonce=5001))["result"] == NOTHING


async def test_the_very_same_call_is_refused_the_second_time(client):
    headers = client.signed(LIST, nonce=4711)
    assert (await client.send(LIST, headers))[0] == 200
    status, answered, answer = await client.send(LIST, headers)
    assert (status, answered["content-type"]) == (401, "text/plain; charset=utf-8")
    assert b"before" in answer


def refusals(client):
    now = int(time.time())
    return {
        "another key": client.signed(LIST, key="somebody else's"),
        "another body": client.signed(LIST + b" "),
        "no headers": [],
        "another casino": client.signed(LIST, **{"X-Subject": "casino:1"}),
        "an unknown key id": client.signed(LIST, **{"X-Signature": "k0=" + "0" * 64}),
        "no signature": client.signed(LIST, **{"X-Signature": ""}),
        "a signature of other letters": client.signed(LIST, **{"X-Signature": f"{client.told['key_id']}=é"}),
        "an old call": client.signed(LIST, at=now - 601),
        "a call of later": client.signed(LIST, at=now + 660),
        "a nonce that is too large": client.signed(LIST, nonce=2**64),
        "a negative nonce": client.signed(LIST, **{"X-Nonce": "-1"}),
        "a nonce in other digits": client.signed(LIST, **{"X-Nonce": "\xb2"}),
        "a time that is too large": client.signed(LIST, **{"X-Timestamp": str(2**32)}),
    }


async def test_who_does_not_prove_to_be_the_operator_is_refused(client):
    for why, headers in refusals(client).items():
        status, _, answer = await client.send(LIST, headers)
        assert status == 401, why
        assert len(answer) < 200, why
    assert await client.keeps("unauthenticated")


BAD = [
    (b"", -32700),
    (b"not json", -32700),
    (b'{"jsonrpc":"2.0","method":"Game.List","id":1', -32700),
    (b"\xff\xfe", -32700),
    (b"[]", -32600),
    (b"[" + b",".join([LIST] * 21) + b"]", -32600),
    (b"12", -32600),
    (b'{"id":1}', -32600),
    (b'{"method":5,"id":1}', -32600),
    (b'{"method":"Balance.Get","id":1,"params":{"PlayerId":"p"}}', -32601),
    (b'{"method":"game.list","id":1}', -32601),
    (b'{"method":"Game.List","id":1,"params":"eur"}', -32602),
    (b'{"method":"Game.List","id":1,"params":{"BankGroupId":"nope"}}', -32602),
    (b'{"method":"Game.List","id":1,"params":{"BankGroupId":{"a":1}}}', -32602),
    (b'{"method":"Player.Set","id":1,"params":{"BankGroupId":"eur"}}', -32602),
    (b'{"method":"Player.Set","id":1,"params":{"Id":"../x","BankGroupId":"eur"}}', -32602),
    (b'{"method":"Player.Set","id":1,"params":{"Id":"p","Id":"q","BankGroupId":"eur"}}', -32602),
    (b'{"method":"BankGroup.Set","id":1,"params":{"Id":"g","Currency":"ZZZ"}}', -32602),
    (b'{"method":"Session.Create","id":1,"params":{"PlayerId":"p","GameId":"nope"}}', -32602),
    (b'{"method":"Session.Create","id":1,"params":{"PlayerId":"nobody","GameId":"krakens_hoard"}}', -32602),
    (b'{"method":"Session.Create","id":1,"params":{"PlayerId":"p","GameId":"krakens_hoard","BonusId":"x"}}', 10802),
    (b'{"method":"Session.Create","id":1,"params":{"PlayerId":"p","GameId":"krakens_hoard","Params":"de"}}', -32602),
    (b'{"method":"Session.Close","id":1,"params":{"SessionId":"nope"}}', -32602),
    (b'{"method":"History.GetToken","id":1,"params":{"SessionId":"nope","ExpiryInSeconds":60}}', -32602),
    (b'{"method":"Session.CreateDemo","id":1,"params":{"GameId":"blackjack","BankGroupId":"g"}}', -32602),
    (b'{"method":"History.GetToken","id":1,"params":{"SessionId":"s","ExpiryInSeconds":-5}}', -32602),
]


@pytest.mark.parametrize(("body", "code"), BAD, ids=lambda value: str(value)[:70])
async def test_errors_travel_on_status_200_and_change_nothing(client, body, code):
    before = await client.written()
    assert (await client.call(body, nonce=time.time_ns()))["error"]["code"] == code
    assert await client.written() == before


async def test_an_error_on_status_200_is_kept_as_one(client):
    await client.call(b'{"method":"PlayerBonus.List","id":1}', nonce=time.time_ns())
    assert await client.keeps("error_-32601")


async def test_a_body_without_end(client):
    body = b" " * 70_000
    status, _, _ = await client.send(body, client.signed(body))
    assert status == 413


async def test_a_batch_is_answered_in_its_order(client):
    body = b"[%b,%b]" % (LIST.replace(b"1}", b"2}"), b'{"method":"Nope","id":3}')
    answers = await client.call(body)
    assert [answer["id"] for answer in answers] == [2, 3]


MTLS = "/dialects/mascot/v1/"


def subject(client, name: str) -> list[tuple[str, str]]:
    return [("X-Client-Subject", name.replace("7", str(client.operator.number)))]


@pytest.mark.parametrize("name", ["casino7", "casino:7", "CN=casino7", "O=Casino\\, Ltd,CN=casino7,C=MT"])
async def test_a_certificate_that_a_trusted_proxy_has_checked(client, name):
    status, answered, answer = await client.send(LIST, subject(client, name), MTLS)
    assert (status, json.loads(answer)["result"]) == (200, NOTHING)
    assert "x-signature" not in answered


@pytest.mark.parametrize("name", ["", "casino1", "CN=casino7,CN=casino8", "O=x\\,CN=casino7", "xcasino7", "casino7\\"])
async def test_another_certificate_is_refused(client, name):
    status, _, _ = await client.send(LIST, subject(client, name), MTLS)
    assert status == 401


async def test_a_header_that_comes_twice_is_nobodys(client):
    status, _, _ = await client.send(LIST, subject(client, "casino7") * 2, MTLS)
    assert status == 401


async def test_a_certificate_does_not_open_the_other_door(client):
    assert (await client.send(LIST, subject(client, "casino7")))[0] == 401
    assert (await client.send(LIST, client.signed(LIST), MTLS))[0] == 401


async def test_a_list_has_the_same_bytes_every_time(client):
    body = b'{"jsonrpc":"2.0","method":"Game.List","id":1}'
    first = await client.send(body, client.signed(body, nonce=1))
    second = await client.send(body, client.signed(body, nonce=2))
    assert first[2] == second[2]


async def test_one_casino_never_sees_anothers(house, client):
    other = Client(house, *await house.casino("other", "http://127.0.0.1:9/callback"))
    await client.call(b'{"method":"BankGroup.Set","id":1,"params":{"Id":"mine","Currency":"EUR"}}')
    answer = await other.call(b'{"method":"Game.List","id":1,"params":{"BankGroupId":"mine"}}')
    assert answer["error"]["code"] == -32602
    assert (await other.send(LIST, client.signed(LIST, nonce=31337)))[0] == 200, "a login says whose call it is"
