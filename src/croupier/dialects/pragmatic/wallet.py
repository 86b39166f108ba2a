"""Wallet, our half: wallet call -> hashed form at ``<wallet URL>/<method>.html``, answer -> Outcome."""

from croupier.dialects import forms
from croupier.dialects.pragmatic import answers
from croupier.dialects.pragmatic.names import provider_of, scale, wire_amount
from croupier.dialects.pragmatic.signature import FIELD, with_hash
from croupier.dialects.signing_key import SETTING, signing_key
from croupier.domain.exchange import HttpRequest, HttpResponse, NoAnswer
from croupier.domain.ids import round_number
from croupier.domain.parties import Operator
from croupier.wallet.calls import Balance, Batch, Bet, EndRound, Prize, Rollback, WalletCall, Win
from croupier.wallet.dialect import Abilities
from croupier.wallet.outcome import Outcome

_HEADERS = (("accept", "application/json"), ("accept-encoding", "identity"), ("content-type", forms.TYPE))


class Pragmatic:
    """`operator.settings`: ``provider_id``, the name under which the operator knows us; ``end_round``, ``off`` where
    its wallet has no such method.
    """

    name = "pragmatic"
    abilities = Abilities(
        round_end="zero_win",
        end_round=True,
        prizes=True,
        retry_cap_ms=3_600_000,
        id_retention_ms=86_400_000,
        signature_field=FIELD,
        key="text",
        settings={"provider_id": "[A-Za-z0-9_-]{1,32}", "end_round": "on|off", **SETTING},
        lacks=frozenset({"wrong-signature"}),
    )

    def step(self, currency: str, operator: Operator) -> int:  # noqa: ARG002 - as Dialect says
        return scale(currency).step

    def request(self, call: WalletCall, operator: Operator, at: int, attempt: int = 1) -> HttpRequest:  # noqa: ARG002 - as Dialect says
        """The same bytes at every attempt."""
        method, fields = _fields(call, operator)
        pairs = [(name, value) for name, value in fields if value]
        body = forms.encoded(with_hash(signing_key(operator), pairs)).encode("ascii")
        return HttpRequest(
            "POST", f"{operator.wallet_url.rstrip('/')}/{method}.html", _HEADERS, body, operator.timeout_ms
        )

    def outcome(
        self,
        call: WalletCall,
        operator: Operator,  # noqa: ARG002 - as Dialect says
        answer: HttpResponse | NoAnswer,
        at: int,
        request: HttpRequest | None = None,  # noqa: ARG002 - its answers repeat nothing
    ) -> Outcome:
        return answers.outcome(call, answer, at)


def _fields(call: WalletCall, operator: Operator) -> tuple[str, list[forms.Pair]]:
    who, provider = call.context, ("providerId", provider_of(operator))
    token = ("token", who.operator_token or "")
    match call:
        case Balance(introduces=True):
            return "authenticate", [provider, token, ("gameId", who.game_id)]
        case Balance():
            return "balance", [provider, ("userId", who.player_id), token]
        case EndRound():
            return "endRound", [*_of_round(call), provider]
        case Prize():
            won = _won(call)
            if call.round_id:
                return "jackpotWin", [*_of_round(call), *won, provider, ("jackpotId", "1")]
            promoted = [("campaignId", "1"), ("campaignType", "T"), ("currency", who.currency)]
            return "promoWin", [("userId", who.player_id), *won, provider, *promoted]
        case Batch():
            raise TypeError(f"this API has no call for a {type(call).__name__}")
        case Rollback():
            # Named by what is undone: a refund has no reference of its own here.
            moved = _moved(call, call.bet_transaction_id, "refund")
            return "refund", [*_of_round(call), *moved, provider]
        case Bet() | Win():
            # A win may come long after the session, so no token goes with it.
            method, last = ("bet", [token]) if isinstance(call, Bet) else ("result", [])
            moved = _moved(call, call.transaction_id, "spin")
            return method, [*_of_round(call), *moved, provider, ("bonusCode", call.campaign_id or ""), *last]


def _of_round(call: Bet | Win | Rollback | EndRound | Prize) -> list[forms.Pair]:
    who = call.context
    return [("userId", who.player_id), ("gameId", who.game_id), ("roundId", str(round_number(call.round_id)))]


def _moved(call: Bet | Win | Rollback, reference: str, details: str) -> list[forms.Pair]:
    free_bet = isinstance(call, Bet) and call.campaign_id is not None
    amount = wire_amount(0 if free_bet else call.amount, call.context.currency)
    milliseconds = str(call.made_at // 1000)
    return [
        ("amount", amount),
        ("reference", reference),
        ("timestamp", milliseconds),
        ("roundDetails", details),
    ]


def _won(call: Prize) -> list[forms.Pair]:
    amount = wire_amount(call.amount, call.context.currency)
    return [("amount", amount), ("reference", call.transaction_id), ("timestamp", str(call.made_at // 1000))]
