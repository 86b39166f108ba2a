"""The calls that we make to the operator's wallet (native dialect), described as OpenAPI webhooks."""

from typing import Literal

from fastapi import APIRouter
from pydantic import Field

from croupier.api.fields import View

wallet_calls = APIRouter(tags=["Wallet (we call you)"])

SIGNED = """
Signed with Standard Webhooks headers (`webhook-id`, `webhook-timestamp`, `webhook-signature`) over the body's bytes.
Answer HTTP 200 with a balance, or HTTP 200 with an `error`. A repeated `transaction_id` is answered as the first time.
"""
ErrorCode = Literal[
    "insufficient_funds",
    "limit_reached",
    "player_blocked",
    "session_expired",
    "unknown_player",
    "currency_mismatch",
    "expired",
    "already_rolled_back",
    "unknown_transaction",
    "transaction_conflict",
]


class Call(View):
    currency: str = Field(examples=["EUR"])
    game_id: str = Field(examples=["krakens-hoard"])
    operator_token: str | None = Field(None, description="What you gave when the session was opened")
    player_id: str = Field(examples=["p-1001"])
    session_id: str


class BalanceCall(Call):
    type: Literal["balance"] = "balance"


FreeRound = Field(None, description="A free round of your campaign: a bet then takes nothing (its amount is 0)")


class BetCall(Call):
    type: Literal["bet"] = "bet"
    amount: int = Field(examples=[100])
    campaign_id: str | None = FreeRound
    expires_at: str = Field(description="Take nothing when it arrives later; allow 30 s of clock difference")
    round_id: str
    transaction_id: str


class WinCall(Call):
    type: Literal["win"] = "win"
    amount: int = Field(examples=[250])
    bet_transaction_id: str
    campaign_id: str | None = FreeRound
    round_closed: bool
    round_id: str
    transaction_id: str


class RollbackCall(Call):
    type: Literal["rollback"] = "rollback"
    bet_transaction_id: str
    round_id: str
    transaction_id: str


class WalletError(View):
    code: ErrorCode
    message: str | None = None


class WalletAnswer(View):
    """`balance` and `currency`, or `error`. `transaction_id` is your own; required for bet and win."""

    balance: int | None = Field(None, examples=[99900])
    currency: str | None = Field(None, examples=["EUR"])
    transaction_id: str | None = None
    error: WalletError | None = None


@wallet_calls.post("balance", summary="What has the player?", description=SIGNED)
def balance(body: BalanceCall) -> WalletAnswer:
    raise NotImplementedError(body)


@wallet_calls.post(
    "bet",
    summary="Take a bet",
    description="Take the amount unless it has expired; with `campaign_id` take nothing." + SIGNED,
)
def bet(body: BetCall) -> WalletAnswer:
    raise NotImplementedError(body)


@wallet_calls.post("win", summary="Pay a win", description="Give the amount; also when the session is over." + SIGNED)
def win(body: WinCall) -> WalletAnswer:
    raise NotImplementedError(body)


@wallet_calls.post(
    "rollback",
    summary="Undo a bet",
    description="Undo that bet once. An unknown bet answers OK, and is refused should it arrive later." + SIGNED,
)
def rollback(body: RollbackCall) -> WalletAnswer:
    raise NotImplementedError(body)
