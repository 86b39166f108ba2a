"""What a game client sends: bytes on the connection, and the bodies of its three calls."""

import random
from contextlib import suppress
from typing import Any

import httptools

from croupier.api.player.messages import read_action, read_bet, read_open
from croupier.api.problems import problem_body
from croupier.domain.money import AMOUNT_MAX
from croupier.domain.refusal import Refused
from croupier.main.fast_lane import plain_play
from fuzz.target import Seed, Target
from fuzz.wallet_answers import strictly

BODIES = {
    "open": b'{"token":"lt_AbC-9_.x"}',
    "bet": b'{"request_id":"a","bet":100}',
    "feature": b'{"request_id":"r-2","bet":20,"mode":"buy","campaign_id":"spring-2026"}',
    "roulette": b'{"request_id":"r-3","bet":300,"choice":{"bets":[{"kind":"straight","number":17,"stake":300}]}}',
    "action": b'{"request_id":"r-4","action":"double"}',
    "insurance": b'{"request_id":"r-5","action":"insure","choice":{"yes":true}}',
}
READERS = {"open": read_open, "action": read_action, "insurance": read_action}
PARTS = {"/play/v1/rounds", "/play/v1/rounds/rd_AbC-9_/actions"}


def bodies() -> list[Seed]:
    return [Seed(name, body, READERS.get(name, read_bet)) for name, body in BODIES.items()]


def judge_body(seed: Seed, body: bytes, rng: random.Random) -> str:
    """Read as exactly what one strict reader finds there, or refused with a 4xx that says that nothing was placed."""
    try:
        asked = seed.about(body)
    except Refused as error:
        refused = error
    else:
        members = strictly(body)
        assert members is not None, "it could mean two things"
        if isinstance(asked, str):
            assert members == {"token": asked}
            return "read"
        known = {name: value for name in ("request_id", "mode", "action", "choice", "campaign_id")
                 if (value := getattr(asked, name, None)) is not None}  # fmt: skip
        assert {name: value for name, value in members.items() if name != "bet" and value is not None} == (
            known if members.get("mode") is not None else {n: v for n, v in known.items() if n != "mode"}
        )
        assert members.get("bet") == getattr(asked, "bet", None)
        assert 0 <= getattr(asked, "bet", 0) <= AMOUNT_MAX
        return "read"
    status, problem = problem_body(refused, player=True)
    assert status in (400, 413, 422)
    assert refused.money == "not_placed"
    assert b"\\u001b" not in problem or b"\\u001b" in body
    return refused.code


def connections() -> list[Seed]:
    head = "Host: x\r\nAuthorization: Bearer pt_1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n"
    found = []
    for name in ("bet", "roulette", "action"):
        path = "/play/v1/rounds/rd_AbC-9_/actions" if name == "action" else "/play/v1/rounds"
        more = "croupier-seq: 7\r\nConnection: keep-alive\r\n" if name == "roulette" else ""
        text = f"POST {path} HTTP/1.1\r\n{head.format(len(BODIES[name]))}{more}\r\n"
        found.append(Seed(name, text.encode() + BODIES[name], kind="bytes"))
    return found


class Parsed:
    """What httptools hears."""

    def __init__(self) -> None:
        self.url, self.body, self.done = b"", b"", 0
        self.headers: list[tuple[bytes, bytes]] = []

    def on_url(self, url: bytes) -> None:
        self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value))

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.done += 1


def judge_connection(seed: Seed, data: bytes, rng: random.Random) -> str:
    """What takes the short way means to a real parser the same one request, and nothing stands behind it."""
    if rng.random() < 0.4:  # also as an attacker would write it: a line more, somewhere in the head
        at = data.find(b"\r\n") + 2
        data = data[:at] + rng.choice(LINES) + data[at:]
    call = plain_play(data)
    if call is None:
        return "the long way"
    heard = Parsed()
    parser: Any = httptools.HttpRequestParser(heard)
    parser.feed_data(data)
    assert heard.done == 1
    assert parser.get_method() == b"POST"
    assert parser.get_http_version() == "1.1"
    assert parser.should_keep_alive()
    assert heard.body == call.body
    round_id = f"/{call.round_id}/actions" if call.round_id is not None else ""
    assert heard.url.decode() == f"/play/v1/rounds{round_id}"
    tokens = [value for name, value in heard.headers if name == b"authorization"]
    assert [one.decode("latin-1").partition(" ")[2].strip() for one in tokens] == [call.token]
    assert not {name for name, _ in heard.headers} & {b"transfer-encoding", b"upgrade", b"expect"}
    with suppress(Refused):
        read_bet(call.body)
    return "the short way"


LINES = (
    *(b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding : chunked\r\n", b"Content-Length: 0\r\n", b"X: y\r\n"),
    *(b"Content-Length : 28\r\n", b"content-length:28\r\n", b"Content-Length: +28\r\n", b"Content-Length: 028\r\n"),
    *(b" folded\r\n", b"\r\n", b"X\r\n", b": x\r\n", b"X: a\nContent-Length: 0\r\n", b"X: a\rY: b\r\n", b"X: \x00\r\n"),
    *(b"Authorization: Bearer pt_2\r\n", b"Host: y\r\n", b"Connection: close\r\n", b"Expect: 100-continue\r\n"),
    *(b"X-\xe9: y\r\n", b"X: \xe9\xa0\r\n", b"X: \xb2\r\n", b"Upgrade: h2c\r\n", b"X: y\t\r\n", b"\tX: y\r\n"),
)

TARGETS = [
    Target("play/body", bodies, judge_body, frozenset({"read", "invalid_json", "invalid_type", "unknown_field"})),
    Target("play/connection", connections, judge_connection, frozenset({"the short way", "the long way"})),
]
