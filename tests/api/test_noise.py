"""Whatever is sent, the answer is ours to give: never a 5xx, always a problem with a known code."""

import json
import random
import re
from urllib.parse import quote

import pytest

from croupier.api.operator.app import openapi_document
from croupier.domain.errors import ERRORS

pytestmark = pytest.mark.asyncio(loop_scope="module")

OPERATIONS = [(m.upper(), p) for p, ops in openapi_document()["paths"].items() for m in ops]
FIELDS = (
    *("player_id", "game_id", "currency", "language", "limits", "min_bet", "name", "game_ids", "start_balance"),
    *("request_id", "bet", "mode", "choice", "action", "token", "nickname", "return_url", "operator_token", "ip"),
)
WORDS = (
    *("", "EUR", "krakens-hoard", "blackjack", "ana", "en", "\0", "\u202e", "💥" * 40, "../..", "' OR 1=1 --", "%s%n"),
    *("x" * 5000, "null", "-1", "1e999", "\ud83d\ude00", "<script>", "${jndi:ldap://x}", "\r\nX-A: b", "٣"),
)
NUMBERS = (0, -1, 1, 100, 2**31, 2**53, 2**63, 2**64, -(2**63) - 1, 10**40, 0.1, 1e300, -0.0)
PARAMETERS = ("limit", "cursor", "from", "to", "by", "state", "game_set", "player_id", "zz")
HEADERS = ("idempotency-key", "accept", "content-type", "x-croupier-csrf", "cookie", "content-length")


def value(chance, depth=3):
    kind = chance.randrange(7 if depth else 5)
    if kind < 2:
        return chance.choice(WORDS)
    if kind < 4:
        return chance.choice(NUMBERS)
    if kind == 4:
        return chance.choice((None, True, False))
    if kind == 5:
        return [value(chance, depth - 1) for _ in range(chance.randrange(4))]
    return {chance.choice((*FIELDS, *WORDS)): value(chance, depth - 1) for _ in range(chance.randrange(5))}


def segment(chance):
    word = chance.choice(WORDS)[:200].encode("utf-8", "surrogatepass")
    return quote(word, safe="") or "%00"


def request(chance, method, path):
    """One noisy request: address, query, body and sometimes a strange header."""
    while "{" in path:
        path = path[: path.index("{")] + segment(chance) + path[path.index("}") + 1 :]
    query = "&".join(f"{chance.choice(PARAMETERS)}={segment(chance)}" for _ in range(chance.randrange(3)))
    content = json.dumps(value(chance)).encode() if method in ("PUT", "POST") else None
    if content and chance.random() < 0.2:
        cut = chance.randrange(len(content))
        content = content[:cut] + bytes([chance.randrange(256)]) + content[cut:]
    headers = {"content-type": "application/json"}
    if chance.random() < 0.2:
        headers[chance.choice(HEADERS[:-1])] = chance.choice(("*/*", "text/csv", "k", "x" * 300, "a b", "é", "\t"))
    return path + (f"?{query}" if query else ""), content, {k: v.encode("utf-8") for k, v in headers.items()}


VALUES = (
    *("%00", "%ff", "%C0%AF", "%E2%80%AE", "x" * 3000, "-1", "99999999999999999999", "null", "true", "1e3", ""),
    *(
        "2026-02-30",
        "9999-12-31",
        "0001-01-01T00:00:00%2B14:00",
        "2026-11-23T00:00:00%2B99:99",
        "kwAA",
        "k9MAAAAAAAAAAKFh",
    ),
)


async def test_every_parameter_of_every_call_bears_every_value(casino):
    """The specification walked as data: each parameter alone, and each twice."""
    for path, operations in openapi_document()["paths"].items():
        for method, operation in operations.items():
            for parameter in operation.get("parameters", ()):
                name, place = parameter["name"], parameter["in"]
                for given in (*VALUES, f"1&{name}=2") if place in ("path", "query") else ():
                    address = path.removeprefix("/api/v1")
                    if place == "path":
                        address = address.replace("{" + name + "}", given.replace("&", "%26") or "%20")
                    address = re.sub(r"\{\w+\}", "x", address) + (f"?{name}={given}" if place == "query" else "")
                    is_ours(await casino.call(method, address, json={} if method in ("put", "post") else None))


def is_ours(answer):
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] in ERRORS


@pytest.mark.parametrize("seed", range(4))
async def test_noise_to_the_operators_api(casino, seed):
    chance = random.Random(seed)
    for _ in range(150):
        method, path = chance.choice(OPERATIONS)
        address, content, headers = request(chance, method, path)
        is_ours(await casino.call(method, address.removeprefix("/api/v1"), content=content, headers=headers))


@pytest.mark.parametrize("seed", range(4))
async def test_noise_to_the_players_api(casino, seed):
    chance = random.Random(1000 + seed)
    await casino.player("noisy")
    seat = await casino.open("noisy", chance.choice(("krakens-hoard", "european-roulette", "blackjack")))
    routes = (("POST", "/rounds"), ("POST", "/rounds/{id}/actions"), ("GET", "/rounds"), ("GET", "/rounds/{id}"))
    for number in range(150):
        method, path = chance.choice(routes)
        address, content, headers = request(chance, method, path)
        if content and chance.random() < 0.7:
            # Well-formed up to the choice, so that noise reaches the games.
            body = {"request_id": f"n-{number}", "bet": chance.choice((100, 200, 20)), "choice": value(chance)}
            content = json.dumps(body).encode()
        is_ours(await seat.call(method, address, content=content, headers=headers))
    assert casino.wallet.book.balance("noisy") >= 0
