"""Reads the wire examples of the dialects: YAML in, values out. The guide shows the same files."""

from pathlib import Path
from typing import Any

import msgspec
import yaml

from croupier.dialects import actions
from croupier.domain.exchange import HttpResponse, NoAnswer
from croupier.domain.parties import Limits, Operator, Player
from croupier.games.catalogue import GAMES
from croupier.wallet.calls import Balance, Batch, Bet, Context, EndRound, Prize, Rollback, Win
from croupier.wallet.outcome import Accepted, Conflict, Declined, Introduced, Unknown

HERE = Path(__file__).parent
AT = 1_795_348_800_000_000  # 2026-11-22T12:00:00Z
KINDS = {"balance": Balance, "bet": Bet, "win": Win, "rollback": Rollback, "end_round": EndRound, "prize": Prize}

GAMES_SHOWN = ("blackjack", "european-roulette", "krakens-hoard")

WALLET = {
    *("balance", "bet", "bet-insufficient-funds", "bet-repeated", "bet-timeout", "bet-after-rollback", "win"),
    *("win-refused", "lost-round", "rollback", "rollback-unknown", "rollback-repeated", "garbage", "wrong-signature"),
    *("free-round-bet", "free-round-win"),
}
SUM = {"free-rounds-done"}
"""Of an API that hears once what free rounds have won."""
FACADE = {"facade-games", "facade-launch", "facade-demo", "facade-wrong-signature", "facade-unknown-game"}


def paths(name: str = "*") -> list[Path]:
    return sorted(path for path in HERE.glob(f"{name}/*.yaml") if path.stem != "operator")


def read(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text("utf-8"))


def operator_of(path: Path, example: dict) -> Operator:
    """The folder's operator, with what this example changes."""
    fields = read(path.with_name("operator.yaml"))["operator"] | example.get("operator", {})
    return msgspec.convert(fields, Operator)


def call_of(members: dict):
    members = dict(members)
    name = members.pop("kind")
    context = Context(**{name: members.pop(name) for name in Context.__struct_fields__ if name in members})
    if name == "batch":
        calls = tuple(KINDS[one.pop("kind")](context, **one) for one in map(dict, members.pop("calls")))
        return Batch(context, **members, calls=calls)
    return KINDS[name](context, **members)


def outcome_of(members: dict):
    match members:
        case {"accepted": True, **rest}:
            free = rest.get("free_round_charged"), rest.get("free_rounds_left")
            return Accepted(rest.get("balance"), rest.get("reference"), *free)
        case {"declined": reason, **rest}:
            return Declined(reason, rest.get("message", ""), rest.get("balance"))
        case {"unknown": why, **rest}:
            return Unknown(why, retry_after_ms=rest.get("retry_after_ms"), alarm=rest.get("alarm", False))
        case {"introduced": player_id, **rest}:
            limits = Limits(*rest.pop("limits", ()))
            return Introduced(player_id=player_id, limits=limits, **rest)
        case {"conflict": why}:
            return Conflict(why)
    raise AssertionError(members)


def answer_of(example: dict) -> HttpResponse | NoAnswer:
    if "no_answer" in example:
        return NoAnswer(**example["no_answer"])
    given = example["answer"]
    headers = tuple(given.get("headers", {}).items())
    return HttpResponse(given["status"], headers, given["body"].encode("utf-8"))


def result_of(value: Any) -> Any:
    """Of an action: ``games`` = some of the catalogue, ``{game: …}`` one of it, ``{Player: {…}}`` = that value, a list
    of such values, or what it is.
    """
    if value == "games":
        return tuple(GAMES[name] for name in GAMES_SHOWN)
    if isinstance(value, dict):
        ((name, fields),) = value.items()
        if name == "game":
            return GAMES[fields]
        kind = Player if name == "Player" else getattr(actions, name)
        return msgspec.convert(fields, kind)
    return tuple(result_of(one) for one in value) if isinstance(value, list) else value
