"""What a game client may send: exact types, no unknown fields, no fractions anywhere."""

import re
from typing import Annotated, Any, NoReturn, TypeVar

import msgspec

from croupier.api.bodies import not_json, refuse_doubles
from croupier.api.problems import bad_amount
from croupier.domain.money import AMOUNT_MAX
from croupier.domain.refusal import Refused
from croupier.runtime.requests import ActionRequest, BetRequest

RequestId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_.:@-]{1,64}\Z")]
Word = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_]{1,32}\Z")]
Amount = Annotated[int, msgspec.Meta(ge=0, le=AMOUNT_MAX)]
Token = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_.-]{1,512}\Z")]

CHOICE_DEPTH = 6
IN_WORDS = {
    "request_id": "1-64 letters, digits or any of _ . : @ -, for example a random UUID",
    "campaign_id": "1-64 letters, digits or any of _ . : @ -, for example spring-2026",
    "mode": "1-32 small letters, digits or _, for example base",
    "action": "1-32 small letters, digits or _, for example stand",
    "token": "the `token` of the launch link, unchanged",
}
"""What a text must be, for people."""


class Open(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    token: Token


class Bet(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    request_id: RequestId
    bet: Amount
    mode: Word = "base"
    choice: Any = None
    campaign_id: RequestId | None = None


class Act(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    request_id: RequestId
    action: Word
    choice: Any = None


_open = msgspec.json.Decoder(Open)
_bet = msgspec.json.Decoder(Bet)
_act = msgspec.json.Decoder(Act)

M = TypeVar("M", Open, Bet, Act)


def read_open(body: bytes) -> str:
    token = _read(_open, body).token
    _once(body, 1)
    return token


def read_bet(body: bytes) -> BetRequest:
    bet = _read(_bet, body)
    given = 2 + (bet.mode != "base") + (bet.campaign_id is not None)
    _once(body, given if bet.choice is None else given + 1 + _members_of(bet.choice))
    return BetRequest(bet.request_id, bet.bet, bet.mode, bet.choice, bet.campaign_id)


def read_action(body: bytes) -> ActionRequest:
    act = _read(_act, body)
    _once(body, 2 if act.choice is None else 3 + _members_of(act.choice))
    return ActionRequest(act.request_id, act.action, act.choice)


def _read(decoder: msgspec.json.Decoder[M], body: bytes) -> M:
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        _refuse(str(error))
    except (ValueError, RecursionError) as error:
        raise not_json(error) from None


_FIELD = re.compile(r"(?:field `|at `\$\.)([^`]+)`")


def _refuse(message: str) -> NoReturn:
    """The refusal for what the decoder says, which names the field and what it expected."""
    found = _FIELD.search(message)
    param = found.group(1)[:64] if found else None
    if "Number out of range" in message:
        raise bad_amount(param) from None
    if "unknown field" in message:
        raise Refused("unknown_field", f"There is no {param} here.", param=param) from None
    if "missing required" in message:
        raise Refused("missing_field", f"{param} is required.", param=param) from None
    if param == "bet":
        raise bad_amount(param) from None
    said = message.partition(" - at `")[0]
    if ", got `" in message:
        raise Refused("invalid_type", f"{param}: {said}." if param else f"{said}.", param=param) from None
    if param in IN_WORDS:
        raise Refused("invalid_value", f"{param} must be {IN_WORDS[param]}.", param=param) from None
    raise Refused("invalid_value", f"{said}.", param=param) from None


def _once(body: bytes, members: int) -> None:
    """Refused when a member is there twice. `members` were read: as many colons leave no room for one that was lost."""
    if body.count(b":") != members:
        refuse_doubles(body)


def _members_of(choice: Any, depth: int = CHOICE_DEPTH) -> int:
    """A choice lives in the journal and is played with: whole numbers of a size every reader carries, few levels."""
    match choice:
        case None | bool() | str():
            return 0
        case int():
            if abs(choice) > AMOUNT_MAX:
                raise Refused("invalid_amount", "A number in the choice is too large.", param="choice")
            return 0
        case dict() | list():
            if not depth:
                raise Refused("invalid_value", "The choice is nested too deeply.", param="choice")
            if isinstance(choice, list):
                return sum(_members_of(part, depth - 1) for part in choice)
            return len(choice) + sum(_members_of(part, depth - 1) for part in choice.values())
        case _:
            raise Refused("invalid_amount", "Numbers in the choice must be whole.", param="choice")
