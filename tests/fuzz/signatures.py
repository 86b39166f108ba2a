"""What proves who has sent something: heads and bodies of signed messages, changed."""

import base64
import json
import random
from pathlib import Path

from msgspec.structs import replace

from croupier.dialects import DIALECTS, OPERATOR_HALVES
from croupier.dialects.operator_half import BadRequest
from croupier.wallet.signature import ID, SIGNATURE, TIMESTAMP, Signed, problem
from croupier_wallet import NotSigned, verify
from dialects.examples import AT
from fuzz import wallet_calls
from fuzz.target import Seed, Target

VECTORS = Path(__file__).parents[2] / "sdk/vectors/signatures.jsonl"
DOUBTS = {None, "unsigned", "bad_timestamp", "stale_timestamp", "bad_signature"}


def message(headers: dict[str, str], body: bytes) -> bytes:
    return "".join(f"{name}: {value}\n" for name, value in headers.items()).encode("utf-8") + b"\n" + body


def parts(data: bytes) -> tuple[list[tuple[str, str]], bytes]:
    """Headers as HTTP has them, in Latin-1."""
    head, _, body = data.partition(b"\n\n")
    lines = (line.partition(": ") for line in head.decode("latin-1").split("\n"))
    return [(name.lower(), value) for name, _, value in lines if name], body


def standard() -> list[Seed]:
    vectors = [json.loads(line) for line in VECTORS.read_text("utf-8").splitlines()]
    return [Seed(one["name"], message(one["headers"], base64.b64decode(one["body"])), one, "bytes") for one in vectors]


def judge_standard(seed: Seed, data: bytes, rng: random.Random) -> str:
    """Both implementations say the same, and what they believe is what the vector's secret has signed."""
    about, (headers, body) = seed.about, parts(data)
    given = dict(headers)
    secrets, now = about["secrets"], about["now"]
    doubt = problem(secrets, Signed(*(given.get(name) for name in (ID, TIMESTAMP, SIGNATURE))), body, now * 1_000_000)
    try:
        verify(secrets, given, body, now)
        other = None
    except NotSigned as error:
        other = str(error)
    assert doubt in DOUBTS
    assert doubt == other, "the platform and the SDK differ"
    if doubt is not None:
        return doubt
    proved = [(v, *parts(message(v["headers"], base64.b64decode(v["body"])))) for v in (s.about for s in standard())]
    same = (
        [int(given[TIMESTAMP]), given[ID], body] == [int(dict(h)[TIMESTAMP]), dict(h)[ID], b]
        for v, h, b in proved
        if v["valid"]
    )
    assert any(same), "nobody has signed this"
    return "proved"


def foreign() -> list[Seed]:
    """Calls to wallets in every API, head and body."""
    return [
        Seed(f"{name}/{one.name}", message(dict(one.about[0].headers), one.data), (name, *one.about), "bytes")
        for name in DIALECTS
        for one in wallet_calls.seeds(name)[::3]
    ]


def judge_foreign(seed: Seed, data: bytes, rng: random.Random) -> str:
    name, request, operator = seed.about
    headers, body = parts(data)
    try:
        call = OPERATOR_HALVES[name].read(replace(request, headers=tuple(headers), body=body), operator, AT)
    except BadRequest as refused:
        return wallet_calls.refusal(name, request, refused, "refused")
    signed = body in {one.data for one in wallet_calls.seeds(name)}  # to another address than this one
    assert signed or wallet_calls.meaning(call) in wallet_calls.genuine(name), "nobody has signed this"
    return "proved"


TARGETS = [
    Target("signatures/standard", standard, judge_standard, frozenset({"proved", "bad_signature"})),
    Target("signatures/foreign", foreign, judge_foreign, frozenset({"proved", "refused"})),
]
