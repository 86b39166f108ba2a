"""Seamless API v2, our half: wallet call -> JSON-RPC bytes, answer -> Outcome. Bet and win are two calls."""

import hashlib
import zlib

import msgspec

from croupier.dialects.mascot import answers
from croupier.dialects.mascot.names import scale, subject_of, wire_game
from croupier.dialects.mascot.signature import callback_keys, headers
from croupier.dialects.signing_key import SETTING, signing_key
from croupier.domain.exchange import HttpRequest, HttpResponse, NoAnswer
from croupier.domain.parties import Operator
from croupier.wallet.calls import Balance, Batch, Bet, EndRound, Prize, Rollback, WalletCall, Win
from croupier.wallet.dialect import Abilities
from croupier.wallet.outcome import Outcome

BALANCE_TIMEOUT_MS = 3000
"""The operator's own client waits 5 s for `Session.Create`, which waits for this."""

_encode = msgspec.json.Encoder().encode
_HEADERS = (("accept", "application/json"), ("accept-encoding", "identity"), ("content-type", "application/json"))

Params = dict[str, str | int | bool]


class Mascot:
    """`operator.settings`: ``response_signature`` (``if_present``, ``required``), ``empty_rollback_is_success`` and
    ``round_id`` (``on``, ``off``), ``exponent_override`` (``JPY=2,KWD=2``);
    of its calls to us ``client_certificate`` (``on``, ``off``).
    """

    name = "mascot"
    abilities = Abilities(
        signature_header="X-Signature",
        free_bets="none",
        round_end="zero_win",
        batches=frozenset({"bet and win"}),
        retry_cap_ms=300_000,
        id_retention_ms=86_400_000,
        answers_signed=True,
        key="text",
        settings={
            "response_signature": "if_present|required",
            "empty_rollback_is_success": "on|off",
            "round_id": "on|off",
            "client_certificate": "on|off",
            **SETTING,
            "exponent_override": r"[A-Z0-9]{2,16}=\d(,[A-Z0-9]{2,16}=\d)*",
        },
    )

    def step(self, currency: str, operator: Operator) -> int:
        return scale(currency, operator).step

    def request(self, call: WalletCall, operator: Operator, at: int, attempt: int = 1) -> HttpRequest:  # noqa: ARG002 - as Dialect says
        """The bytes of this attempt: the body is the same each time, nonce and timestamp are new."""
        method, params = _params(call, operator)
        message = {"jsonrpc": "2.0", "method": method, "id": _id(call), "params": params}
        body = _encode(message)
        key = signing_key(operator, callback_keys(operator))
        nonce = int.from_bytes(hashlib.sha256(f"{call.id}/{at}".encode()).digest()[:8], "big")
        signed = headers(key, subject_of(operator), nonce, at // 1_000_000, body)
        timeout_ms = operator.timeout_ms
        if isinstance(call, Balance):
            timeout_ms = min(timeout_ms, BALANCE_TIMEOUT_MS)
        return HttpRequest("POST", operator.wallet_url, _HEADERS + signed, body, timeout_ms)

    def outcome(
        self,
        call: WalletCall,
        operator: Operator,
        answer: HttpResponse | NoAnswer,
        at: int,
        request: HttpRequest | None = None,
    ) -> Outcome:
        """Judged by the body first, the status second. Neither `id` nor `jsonrpc` of the answer is looked at."""
        return answers.outcome(call, operator, answer, at, request)


def _id(call: WalletCall) -> int:
    """Positive and below 2**31, which every typed reader takes."""
    return zlib.crc32(call.id.encode()) & 0x7FFFFFFF or 1


def _params(call: WalletCall, operator: Operator) -> tuple[str, Params]:
    who = call.context
    params: Params = {"callerId": operator.number, "playerName": who.player_id}
    match call:
        case Balance():
            params["currency"] = who.currency
            return "getBalance", params | _session(call)
        case Rollback():
            # Named by what is undone: a rollback has no reference of its own here.
            params["transactionRef"] = call.bet_transaction_id
            params["gameRoundRef"] = call.round_id
            if operator.settings.get("round_id") != "off":
                params["roundId"] = call.round_id
            return "rollbackTransaction", params | _session(call)
        case Batch(calls=(Bet() as bet, Win() as win)):
            amounts = scale(who.currency, operator)
            params |= _moved(call, amounts.integer(bet.amount), amounts.integer(win.amount))
            return "withdrawAndDeposit", params | {"reason": _reason(win)}
        case EndRound() | Prize() | Batch():
            raise ValueError(f"this API has no call for a {type(call).__name__}")
        case Bet() | Win():
            amount = scale(who.currency, operator).integer(call.amount)
            params |= _moved(call, amount, 0) if isinstance(call, Bet) else _moved(call, 0, amount)
            params["reason"] = _reason(call)
            if isinstance(call, Bet) and call.charge_free_round:
                params["chargeFreerounds"] = 1
            if isinstance(call, Win) and call.campaign_id is not None:
                # Some wallets would lose a free round's win that does not say what it is.
                params |= {"bonusId": call.campaign_id, "freeround": True}
            return "withdrawAndDeposit", params


def _moved(call: Bet | Win | Batch, withdraw: int, deposit: int) -> Params:
    moved: Params = {"currency": call.context.currency, "withdraw": withdraw, "deposit": deposit}
    return moved | {"transactionRef": call.transaction_id, "gameRoundRef": call.round_id} | _session(call)


def _reason(call: Bet | Win) -> str:
    return "GAME_PLAY_FINAL" if isinstance(call, Win) and call.round_closed else "GAME_PLAY"


def _session(call: WalletCall) -> Params:
    who = call.context
    params: Params = {"gameId": wire_game(who.game_id), "sessionId": who.session_id}
    if who.operator_token is not None:
        params["sessionAlternativeId"] = who.operator_token
    if who.bonus_id is not None:
        params["bonusId"] = who.bonus_id
    return params
