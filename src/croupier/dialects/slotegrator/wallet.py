"""Wallet, our half: wallet call -> signed form, answer -> Outcome. Bet, win and refund, each with an id of its own."""

import hashlib

from croupier.dialects import forms
from croupier.dialects.signing_key import SETTING, signing_key
from croupier.dialects.slotegrator import answers
from croupier.dialects.slotegrator.names import scale, wire_amount
from croupier.dialects.slotegrator.signature import headers
from croupier.domain.exchange import HttpRequest, HttpResponse, NoAnswer
from croupier.domain.parties import Operator
from croupier.wallet.calls import Balance, Batch, Bet, Context, EndRound, Prize, Rollback, WalletCall, Win
from croupier.wallet.dialect import Abilities
from croupier.wallet.outcome import Outcome

REPEATS_SHOWN = 33

_HEADERS = (("accept", "application/json"), ("accept-encoding", "identity"), ("content-type", forms.TYPE))


class Slotegrator:
    """`operator.settings`: ``decimals``, how many digits after the point the operator takes."""

    name = "slotegrator"
    abilities = Abilities(
        signature_header="X-Sign",
        round_end="zero_win",
        prizes=True,
        batches=frozenset({"rollbacks"}),
        secret_token=False,
        timeout_ms=3000,
        retry_cap_ms=3_600_000,
        id_retention_ms=86_400_000,
        key="text",
        settings={"decimals": "[0-9]", **SETTING},
        lacks=frozenset({"wrong-signature"}),
    )

    def step(self, currency: str, operator: Operator) -> int:
        return scale(currency, operator).step

    def request(self, call: WalletCall, operator: Operator, at: int, attempt: int = 1) -> HttpRequest:
        """The bytes of this attempt: nonce, time and the count of repeats are new, and with them the signature."""
        fields = _fields(call, operator)
        if attempt > 1 and not isinstance(call, Balance):
            fields.append(("casino_request_retry_count", str(min(attempt - 1, REPEATS_SHOWN))))
        nonce = hashlib.sha256(f"{call.id}/{at}".encode()).hexdigest()[:32]
        signed = headers(signing_key(operator), operator.operator_id, nonce, at // 1_000_000, fields)
        body = forms.encoded(fields).encode("ascii")
        return HttpRequest("POST", operator.wallet_url, _HEADERS + signed, body, operator.timeout_ms)

    def outcome(
        self,
        call: WalletCall,
        operator: Operator,
        answer: HttpResponse | NoAnswer,
        at: int,
        request: HttpRequest | None = None,  # noqa: ARG002 - its answers repeat nothing
    ) -> Outcome:
        return answers.outcome(call, operator, answer, at)


def session_of(who: Context) -> str:
    """The operator's own session, as `/games/init` has named it."""
    return who.operator_token or who.session_id


def _fields(call: WalletCall, operator: Operator) -> list[forms.Pair]:
    who = call.context
    match call:
        case Balance():
            fields = [("action", "balance"), ("player_id", who.player_id), ("currency", who.currency)]
            return [*fields, ("session_id", session_of(who))]
        case Bet(campaign_id=campaign, free_rounds_left=left) | Win(campaign_id=campaign, free_rounds_left=left):
            action, finished = ("bet", False) if isinstance(call, Bet) else ("win", call.round_closed)
            fields = _moving(call, action, call.amount if action == "win" or campaign is None else 0, operator)
            fields.append(("type", "freespin" if campaign is not None else action))
            fields += [("freespin_id", campaign)] if campaign is not None else []
            fields += [("quantity", str(left))] if campaign is not None and left is not None else []
            return [*fields, ("round_id", call.round_id), ("finished", "1" if finished else "0")]
        case Rollback():
            fields = _moving(call, "refund", call.amount, operator)
            return [*fields, ("bet_transaction_id", call.bet_transaction_id), ("round_id", call.round_id)]
        case Prize():
            fields = [*_moving(call, "win", call.amount, operator), ("type", "jackpot" if call.round_id else "promo")]
            return [*fields, *([("round_id", call.round_id)] if call.round_id else [])]
        case Batch() if call.undoes:
            fields = [("action", "rollback"), ("currency", who.currency), ("game_uuid", who.game_id)]
            fields += [("player_id", who.player_id), ("transaction_id", call.transaction_id)]
            fields += forms.listed("rollback_transactions", (_undone(one, operator) for one in call.calls))
            return [*fields, ("session_id", session_of(who)), ("type", "rollback"), ("round_id", call.round_id)]
        case EndRound() | Batch():
            raise ValueError(f"this API has no call for a {type(call).__name__}")


def _undone(one: Bet | Win | Rollback, operator: Operator) -> dict[str, str]:
    assert isinstance(one, Rollback), "the list names what is undone"
    amount = wire_amount(one.amount, one.context.currency, operator)
    return {"action": one.undoes, "amount": amount, "transaction_id": one.bet_transaction_id, "type": one.undoes}


def _moving(call: Bet | Win | Rollback | Prize, action: str, amount: int, operator: Operator) -> list[forms.Pair]:
    who = call.context
    return [
        ("action", action),
        ("amount", wire_amount(amount, who.currency, operator)),
        ("currency", who.currency),
        ("game_uuid", who.game_id),
        ("player_id", who.player_id),
        ("transaction_id", call.transaction_id),
        ("session_id", session_of(who)),
    ]
