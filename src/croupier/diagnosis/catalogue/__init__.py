"""The catalogue of findings: the only source of titles, causes and advice. A code is stable for ever."""

import tomllib
from importlib.resources import files
from typing import Literal, get_args

import msgspec

Layer = Literal[
    "ours", "transport", "http", "signature", "encoding", "json", "shape", "values", "semantics", "money",
    "idempotency", "races",
]  # fmt: skip
Side = Literal["yours", "ours", "network"]

LAYERS: tuple[Layer, ...] = get_args(Layer)
"""What is lower explains what is higher: the first wins."""

FILES = ("transport", "syntax", "shape", "signature", "money", "ours")


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`detected`: what gives it away. `why`: what it costs. `hint`: one action. `fixes`: framework -> what to write.

    `bad`, `good`: an answer as body or as whole message, or a story in words. `shown_by`: ``bytes`` = one answer tells,
    ``signature`` = a signature does, ``story`` = several exchanges and the balances between them, ``rule`` = only a
    rule of `croupier certify` that sends something on purpose, ``ours`` = we know it ourselves.
    `charset`, `currency`, `balance`, `now`: of the example, where they differ from UTF-8, EUR, 9000 and no clock.
    `code`: the API's error code when this ends a request to us.
    """

    title: str
    side: Side
    layer: Layer
    detected: str
    why: str
    hint: str
    bad: str
    good: str
    shown_by: Literal["bytes", "signature", "story", "rule", "ours"] = "bytes"
    fixes: dict[str, str] = {}
    charset: str = "utf-8"
    currency: str = "EUR"
    balance: int = 9000
    now: str = ""
    code: str = ""

    @property
    def api_code(self) -> str:
        return self.code or ("wallet_unreachable" if self.layer == "transport" else "wallet_refused")


def _load() -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for name in FILES:
        text = files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
        for code, members in tomllib.loads(text).items():
            if code in entries:
                raise ValueError(f"{code} is in the catalogue twice")
            entries[code] = msgspec.convert(members, Entry)
    return entries


CATALOGUE: dict[str, Entry] = _load()
_ORDER = {code: number for number, code in enumerate(CATALOGUE)}


def rank(code: str, confidence: int) -> tuple[int, int, int]:
    """Sorts findings: the lower layer first, then the surer one, then as the catalogue has them."""
    return LAYERS.index(CATALOGUE[code].layer), -confidence, _ORDER[code]
