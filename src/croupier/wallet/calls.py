"""The calls we make to an operator's wallet.

`made_at`: when the transaction was first sent, microseconds; the same in every attempt. 0 as an operator reads it.
"""

from typing import Literal, get_args

import msgspec


class Context(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Whom a call is about: the same in every call of a session.

    `bonus_id`: free rounds that the operator's own system counts. As an operator reads it, a `currency` or `session_id`
    that its API does not send is empty.
    """

    player_id: str
    session_id: str
    game_id: str
    currency: str
    operator_token: str | None = None
    bonus_id: str | None = None


class Balance(msgspec.Struct, frozen=True, gc=False, tag="balance"):
    """What has the player? `call_id` is new for every call; it moves nothing.

    `introduces`: asked with a token alone; the answer says whose it is (`Introduced`). Only for APIs that have it.
    """

    context: Context
    call_id: str
    introduces: bool = False

    @property
    def id(self) -> str:
        return self.call_id


class Bet(msgspec.Struct, frozen=True, gc=False, tag="bet"):
    """Take `amount` (minor units), unless it arrives after `expires_at` (microseconds).

    With `campaign_id` it is the bet of a free round: take nothing. With `charge_free_round` the operator takes one of
    its own free rounds instead of the amount, if it has one; its answer says which. `free_rounds_left`: of the
    campaign, after this round.
    """

    context: Context
    transaction_id: str
    round_id: str
    amount: int
    expires_at: int
    campaign_id: str | None = None
    charge_free_round: bool = False
    free_rounds_left: int | None = None
    made_at: int = 0

    @property
    def id(self) -> str:
        return self.transaction_id


class Win(msgspec.Struct, frozen=True, gc=False, tag="win"):
    """Give `amount`; refers to the round's first accepted bet.

    With `free_rounds_ended` it is all that the player's free rounds of `campaign_id` have won, told once when they are
    over: ``played``, ``cancelled`` or ``expired``. Only for APIs that hear of free rounds in one sum.

    As an operator reads it, `bet_transaction_id` is empty where its API names the round only.
    """

    context: Context
    transaction_id: str
    round_id: str
    amount: int
    bet_transaction_id: str
    round_closed: bool = True
    campaign_id: str | None = None
    free_rounds_left: int | None = None
    made_at: int = 0
    free_rounds_ended: str = ""

    @property
    def id(self) -> str:
        return self.transaction_id


class Rollback(msgspec.Struct, frozen=True, gc=False, tag="rollback"):
    """Undo that bet once. `round_closed`: nothing more comes in its round. `undoes`: a win only in a `Batch`."""

    context: Context
    transaction_id: str
    round_id: str
    bet_transaction_id: str
    amount: int
    round_closed: bool = True
    made_at: int = 0
    undoes: Literal["bet", "win"] = "bet"

    @property
    def id(self) -> str:
        return self.transaction_id


class EndRound(msgspec.Struct, frozen=True, gc=False, tag="end_round"):
    """The round is over. Only for dialects that have such a call."""

    context: Context
    transaction_id: str
    round_id: str
    made_at: int = 0

    @property
    def id(self) -> str:
        return self.transaction_id


class Prize(msgspec.Struct, frozen=True, gc=False, tag="prize"):
    """Give `amount`, which belongs to no bet: of a promotion, a tournament, a jackpot. `round_id`: of the round, closed
    or not, in which it was won, else empty. No round of ours sends it: APIs have it, so `croupier certify` does.
    """

    context: Context
    transaction_id: str
    round_id: str
    amount: int
    made_at: int = 0

    @property
    def id(self) -> str:
        return self.transaction_id


class Batch(msgspec.Struct, frozen=True, tag="batch"):
    """Several movements of one player in one request, in this order, all or none: a bet and its win, or rollbacks.

    No round of ours sends it either: the outcome is drawn after the bet was taken.
    """

    context: Context
    transaction_id: str
    round_id: str
    calls: tuple[Bet | Win | Rollback, ...]
    made_at: int = 0

    @property
    def id(self) -> str:
        return self.transaction_id

    @property
    def undoes(self) -> bool:
        return isinstance(self.calls[0], Rollback)


WalletCall = Balance | Bet | Win | Rollback | EndRound | Prize | Batch

FREE_ROUNDS = "free_rounds"
"""The name of a win that is the sum of free rounds: its answer may look another way."""
_NAMES: dict[type, str] = {call: str(call.__struct_config__.tag) for call in get_args(WalletCall)}


def name_of(call: WalletCall) -> str:
    """What people read of it."""
    return FREE_ROUNDS if isinstance(call, Win) and call.free_rounds_ended else _NAMES[type(call)]
