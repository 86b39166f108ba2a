"""Seamless wallet, our half: wallet call -> signed JSON at one of four paths, answer -> Outcome."""

import hashlib
import uuid

import msgspec

from croupier.dialects.hub88 import answers
from croupier.dialects.hub88.names import scale, uuid_of, wire_amount
from croupier.dialects.hub88.signature import HEADER, PUBLIC_KEYS, sign
from croupier.dialects.signing_key import SETTING, signing_key
from croupier.domain.exchange import HttpRequest, HttpResponse, NoAnswer
from croupier.domain.ids import transaction_uuid
from croupier.domain.parties import Operator
from croupier.wallet.calls import Balance, Batch, Bet, EndRound, Prize, Rollback, WalletCall, Win
from croupier.wallet.dialect import Abilities
from croupier.wallet.outcome import Outcome

_encode = msgspec.json.Encoder().encode
_HEADERS = (("accept", "application/json"), ("accept-encoding", "identity"), ("content-type", "application/json"))

Body = dict[str, object]


class Hub88:
    """`operator.settings`: the operator's ``public_key`` (PEM), ``signature_header`` where a derivative has its own,
    ``signs_with``.
    """

    name = "hub88"
    abilities = Abilities(
        signature_header="X-Hub88-Signature",
        bet_attempts=3,
        wins_at_once=3,
        round_end="zero_win",
        prizes=True,
        timeout_ms=1000,
        retry_cap_ms=3_600_000,
        id_retention_ms=120 * 86_400_000,
        key="rsa",
        settings={"public_key": PUBLIC_KEYS, "signature_header": r"[A-Za-z][A-Za-z0-9-]{1,63}", **SETTING},
        lacks=frozenset({"wrong-signature"}),
    )

    def step(self, currency: str, operator: Operator) -> int:  # noqa: ARG002 - as Dialect says
        return scale(currency).step

    def request(self, call: WalletCall, operator: Operator, at: int, attempt: int = 1) -> HttpRequest:  # noqa: ARG002 - as Dialect says
        """The bytes of this attempt: `request_uuid` is new, and with it the signature."""
        path, members = _members(call)
        members["request_uuid"] = str(uuid.UUID(bytes=_request_bytes(call, at), version=4))
        body = _encode(members)
        signed = (operator.settings.get("signature_header", HEADER), sign(signing_key(operator), body))
        url = operator.wallet_url.rstrip("/") + path
        return HttpRequest("POST", url, (*_HEADERS, signed), body, operator.timeout_ms)

    def outcome(
        self,
        call: WalletCall,
        operator: Operator,  # noqa: ARG002 - as Dialect says
        answer: HttpResponse | NoAnswer,
        at: int,
        request: HttpRequest | None = None,
    ) -> Outcome:
        return answers.outcome(call, answer, at, request)


def _request_bytes(call: WalletCall, at: int) -> bytes:
    return hashlib.sha256(f"{call.id}/{at}".encode()).digest()[:16]


def _members(call: WalletCall) -> tuple[str, Body]:
    who = call.context
    if isinstance(call, EndRound | Batch):
        raise TypeError(f"this API has no call for a {type(call).__name__}")
    members: Body = {"user": who.player_id}
    if who.operator_token is not None:
        members["token"] = who.operator_token
    members["game_code"] = who.game_id
    if isinstance(call, Balance):
        return "/user/balance", members
    members |= {
        "transaction_uuid": str(transaction_uuid(call.transaction_id)),
        "supplier_transaction_id": call.transaction_id,
        "supplier_user": who.player_id,
        **({"round": call.round_id} if call.round_id else {}),
        "round_closed": isinstance(call, Win | Rollback) and call.round_closed,
    }
    if isinstance(call, Prize):
        return "/transaction/win", members | {
            "is_free": True,
            "is_supplier_promo": True,
            **_amount(call),
            "meta": {"supplier_promo_info": {"promo_reference": call.transaction_id}},
        }
    if not isinstance(call, Bet):
        members["reference_transaction_uuid"] = str(transaction_uuid(call.bet_transaction_id))
    if isinstance(call, Rollback):
        return "/transaction/rollback", members | {"meta": {}}
    members |= {"is_free": call.campaign_id is not None}
    if call.campaign_id is not None:
        members["reward_uuid"] = uuid_of(call.campaign_id)
    members |= {**_amount(call), "meta": {}}
    return "/transaction/win" if isinstance(call, Win) else "/transaction/bet", members


def _amount(call: Bet | Win | Prize) -> Body:
    currency = call.context.currency
    return {"currency": currency, "bet": "stake", "amount": wire_amount(call.amount, currency)}
