"""The wallet SDK on a database: whatever is signed is booked as it says, or refused and moves nothing."""

import atexit
import json
import random
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from croupier.wallet.signature import signed_headers
from dialects.examples import AT
from fuzz.target import Seed, Target
from fuzz.wallet_answers import strictly
from wallet_sdk.houses import SECRET, House

WIRE = Path(__file__).parents[2] / "sdk/vectors/wire.jsonl"
MEMORY = Path("/dev/shm")
START = 10_000
PLAYERS = ("p-1", "0012")


@cache
def house() -> House:
    folder = tempfile.TemporaryDirectory(prefix="croupier-", dir=MEMORY if MEMORY.is_dir() else None)
    atexit.register(folder.cleanup)
    built = House("sqlite", str(Path(folder.name) / "wallet.db"), now=AT / 1_000_000).build()
    for name in PLAYERS:
        built.open(name, START)
    return built


def seeds() -> list[Seed]:
    lines = [json.loads(line) for line in WIRE.read_text("utf-8").splitlines()]
    return [Seed(one["path"], one["body"].encode(), one["path"]) for one in lines]


def sent(path: str, body: bytes) -> tuple[int, dict[str, Any]]:
    headers = dict(signed_headers((SECRET,), "m_1", AT, body))
    answer = house().server.handle("POST", f"/wallet{path}", headers, body)
    return answer.status, json.loads(answer.body)


def begun() -> None:
    """As it was: both players have bet once."""
    fresh = ("DELETE FROM croupier_tx", f'UPDATE "user" SET money = {START}')
    house().sql(lambda sql: [sql.execute(one) for one in fresh])
    bet = json.loads(next(one for one in seeds() if one.about == "/bet").data)
    for name in PLAYERS:
        own = bet | {"player_id": name, "transaction_id": "b_1" if name == "p-1" else "b_9"}
        assert "balance" in sent("/bet", json.dumps(own).encode())[1]


def judge(seed: Seed, body: bytes, rng: random.Random) -> str:
    begun()
    before = {name: house().balance(name) for name in PLAYERS}
    path = rng.choice(seeds()).about if rng.random() < 0.1 else seed.about
    status, answer = sent(path, body)
    after = {name: house().balance(name) for name in PLAYERS}
    moved = {name: after[name] - before[name] for name in PLAYERS if after[name] != before[name]}
    assert status in (200, 400, 413), (status, answer)
    if status != 200 or "error" in answer:
        assert not moved, f"{answer}, but {moved} moved"
        assert set(answer.get("error", {})) == {"code", "message"}
        return "refused" if status == 200 else "no call"
    members = strictly(body)
    assert members is not None, "nothing may be booked that could mean two things"
    assert f"/{members['type']}" == path
    assert answer["balance"] == after[members["player_id"]]
    assert type(answer["balance"]) is int
    match members["type"]:
        case "bet":
            said = 0 if members.get("campaign_id") is not None else -members["amount"]
        case "win":
            said = members["amount"]
        case "rollback":
            said = 163
        case _:
            said = 0
    assert moved in ({}, {members["player_id"]: said})
    return "moved" if moved else "told"


TARGETS = [Target("sdk", seeds, judge, frozenset({"moved", "told", "refused", "no call"}))]
