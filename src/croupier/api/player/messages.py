"""What a game client may send: exact types, no unknown fields, no fractions anywhere."""

import re
from typing import Annotated, Any, NoReturn, TypeVar

import msgspec

from croupier.domain.money import AMOUNT_MAX
from croupier.domain.refusal import Refused
from croupier.runtime.requests import ActionRequest, BetRequest

RequestId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_.:@-]{1,64}\Z")]
Word = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_]{1,32}\Z")]
Amount = Annotated[int, msgspec.Meta(ge=0, le=AMOUNT_MAX)]
Token = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_.-]{1,512}\Z")]

CHOICE_DEPTH = 6


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
    return _read(_open, body).token


def read_bet(body: bytes) -> BetRequest:
    bet = _read(_bet, body)
    if bet.choice is not None:
        _check_choice(bet.choice)
    return BetRequest(bet.request_id, bet.bet, bet.mode, bet.choice, bet.campaign_id)


def read_action(body: bytes) -> ActionRequest:
    act = _read(_act, body)
    if act.choice is not None:
        _check_choice(act.choice)
    return ActionRequest(act.request_id, act.action, act.choice)


def _read(decoder: msgspec.json.Decoder[M], body: bytes) -> M:
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        _refuse(str(error))
    except (ValueError, RecursionError) as error:
        raise Refused("invalid_json", f"The body is not valid JSON: {str(error)[:200]}.") from None


_FIELD = re.compile(r"(?:field `|at `\$\.)([^`]+)`")


def _refuse(message: str) -> NoReturn:
    """The refusal for what the decoder says, which names the field and what it expected."""
    found = _FIELD.search(message)
    param = found.group(1)[:64] if found else None
    if "Number out of range" in message:
        raise Refused("invalid_amount", param=param) from None
    if "unknown field" in message:
        raise Refused("unknown_field", f"There is no {param} here.", param=param) from None
    if "missing required" in message:
        raise Refused("missing_field", f"{param} is required.", param=param) from None
    if param == "bet":
        raise Refused("invalid_amount", param=param) from None
    if ", got `" in message:
        raise Refused("invalid_type", f"{message}.", param=param) from None
    raise Refused("invalid_value", f"{message}.", param=param) from None


def _check_choice(choice: Any, depth: int = CHOICE_DEPTH) -> None:
    """A choice lives in the journal and is played with: whole numbers of a size every reader carries, few levels."""
    match choice:
        case None | bool() | str():
            return
        case int():
            if abs(choice) > AMOUNT_MAX:
                raise Refused("invalid_amount", "A number in the choice is too large.", param="choice")
        case dict() | list():
            if not depth:
                raise Refused("invalid_value", "The choice is nested too deeply.", param="choice")
            for part in choice.values() if isinstance(choice, dict) else choice:
                _check_choice(part, depth - 1)
        case _:
            raise Refused("invalid_amount", "Numbers in the choice must be whole.", param="choice")
