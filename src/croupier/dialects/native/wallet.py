"""Native dialect, our half: wallet call -> signed bytes, answer -> Outcome."""

import json

import msgspec

from croupier.dialects.native.codes import (
    ALREADY_ROLLED_BACK,
    DECLINES,
    TRANSACTION_CONFLICT,
    UNKNOWN_TRANSACTION,
)
from croupier.dialects.retry_after import retry_after_ms
from croupier.dialects.strangers_texts import PLAIN_MAX, visible
from croupier.dialects.strict_json import NotStrict, Value, read_object
from croupier.domain.exchange import HttpRequest, HttpResponse, NoAnswer
from croupier.domain.instants import rfc3339
from croupier.domain.parties import Operator
from croupier.wallet.calls import Balance, Batch, Bet, EndRound, Prize, Rollback, WalletCall, Win
from croupier.wallet.dialect import Abilities
from croupier.wallet.outcome import Accepted, Conflict, Declined, Outcome, Unknown
from croupier.wallet.signature import ID, SIGNATURE, TIMESTAMP, Signed, problem, signed_headers

BALANCE_MAX = 2**63 - 1
REFERENCE_MAX = 64

_encode = msgspec.json.Encoder(order="sorted").encode
_HEADERS = (("accept", "application/json"), ("accept-encoding", "identity"), ("content-type", "application/json"))


class Native:
    """Contract.md §3. Integers, strings and booleans only, so that most frameworks re-serialise the same bytes."""

    name = "native"
    abilities = Abilities(answers_signed=True, signature_header="webhook-signature")

    def request(self, call: WalletCall, operator: Operator, at: int, attempt: int = 1) -> HttpRequest:  # noqa: ARG002 - as Dialect says
        """The bytes of this attempt; only the timestamp and its signature differ from the attempt before."""
        who = call.context
        members: dict[str, str | int | bool] = {
            "currency": who.currency,
            "game_id": who.game_id,
            "player_id": who.player_id,
            "session_id": who.session_id,
        }
        if who.operator_token is not None:
            members["operator_token"] = who.operator_token
        match call:
            case Bet():
                path = "bet"
                members["amount"] = call.amount
                if call.campaign_id is not None:
                    members["campaign_id"] = call.campaign_id
                members["expires_at"] = rfc3339(call.expires_at)
            case Win():
                path = "win"
                members["amount"] = call.amount
                if call.campaign_id is not None:
                    members["campaign_id"] = call.campaign_id
                members["bet_transaction_id"] = call.bet_transaction_id
                members["round_closed"] = call.round_closed
            case Rollback():
                path = "rollback"
                members["bet_transaction_id"] = call.bet_transaction_id
            case Balance():
                path = "balance"
            case EndRound() | Prize() | Batch():
                raise ValueError(f"the native wallet has no {type(call).__name__}")
        if not isinstance(call, Balance):
            members["round_id"] = call.round_id
            members["transaction_id"] = call.transaction_id
        # Signed as part of the body, because the signature does not cover the path.
        members["type"] = path
        body = _encode(members)
        if not body.isascii():
            body = json.dumps(members, sort_keys=True, separators=(",", ":")).encode("ascii")
        return HttpRequest(
            "POST",
            f"{operator.wallet_url.rstrip('/')}/{path}",
            _HEADERS + signed_headers(operator.wallet_secrets, call.id, at, body),
            body,
            operator.timeout_ms,
        )

    def step(self, currency: str, operator: Operator) -> int:  # noqa: ARG002 - as Dialect says
        return 1

    def outcome(
        self,
        call: WalletCall,
        operator: Operator,
        answer: HttpResponse | NoAnswer,
        at: int,
        request: HttpRequest | None = None,  # noqa: ARG002 - as Dialect says
    ) -> Outcome:
        """What the answer proves. Only what is well formed, authenticated and on the list is more than Unknown."""
        if isinstance(answer, NoAnswer):
            return Unknown(answer.why, answer.detail)
        if answer.status != 200:
            return Unknown(f"http_{answer.status}", retry_after_ms=retry_after_ms(answer, at))
        doubt = _signature_doubt(call, operator, answer, at)
        if doubt is not None:
            return Unknown(doubt)
        try:
            members = read_object(answer.body)
        except NotStrict as doubted:
            return Unknown(doubted.why, doubted.detail)
        error = members.get("error")
        if error is not None:
            return _refused(call, members, error)
        return _done(call, members)


def _done(call: WalletCall, members: dict[str, Value]) -> Outcome:
    balance = members.get("balance")
    if type(balance) is not int or not -BALANCE_MAX <= balance <= BALANCE_MAX:
        return _ill("balance", balance)
    currency = members.get("currency")
    if currency != call.context.currency:
        return Unknown("wrong_currency", _shown(currency)) if type(currency) is str else _ill("currency", currency)
    reference = members.get("transaction_id")
    if reference is None:
        required = isinstance(call, Bet | Win)
        return _ill("transaction_id", None) if required else Accepted(balance)
    if type(reference) is not str or not 1 <= len(reference) <= REFERENCE_MAX or not reference.isprintable():
        return _ill("transaction_id", reference)
    return Accepted(balance, reference)


def _refused(call: WalletCall, members: dict[str, Value], error: Value) -> Outcome:
    if type(error) is not dict:
        return _ill("error", error)
    code, message, balance = error.get("code"), error.get("message"), members.get("balance")
    if type(code) is not str:
        return _ill("error.code", code)
    if balance is not None and (type(balance) is not int or not -BALANCE_MAX <= balance <= BALANCE_MAX):
        return _ill("balance", balance)
    currency = members.get("currency")
    if currency is not None and currency != call.context.currency:
        if code != "currency_mismatch":
            return Unknown("wrong_currency", _shown(currency))
        balance = None  # the operator names the player's own currency: its balance is not ours to show
    text = _printable(message) if type(message) is str else ""
    if code == TRANSACTION_CONFLICT and not isinstance(call, Balance):
        return Conflict(code)
    if code in DECLINES:
        return Declined(code, text, balance)
    if code == ALREADY_ROLLED_BACK and not isinstance(call, Balance):
        return Accepted(balance) if isinstance(call, Rollback) else Declined(code, text, balance)
    if code == UNKNOWN_TRANSACTION:
        return Declined("not_found", text, balance) if isinstance(call, Rollback) else Unknown(code)
    return Unknown("unknown_code", _shown(code))


def _signature_doubt(call: WalletCall, operator: Operator, answer: HttpResponse, at: int) -> str | None:
    """Why the answer's signature is not enough. A wrong one always counts, a missing one only where it is agreed.

    An answer that names a call must name this one, signed or not: on a connection that answers twice it is another's.
    """
    if answer.header(ID) not in (None, call.id):
        return "bad_signature"
    signature = answer.header(SIGNATURE) if operator.signed_answers or operator.answer_secrets else None
    if signature is None:
        return "unsigned" if operator.signed_answers else None
    if not operator.answer_secrets:
        return "unsigned"
    if answer.header(ID) != call.id:
        return "bad_signature"
    signed = Signed(call.id, answer.header(TIMESTAMP), signature)
    return problem(operator.answer_secrets, signed, answer.body, at)


def _ill(member: str, value: Value) -> Unknown:
    if value is None:
        return Unknown(f"missing_{member}")
    return Unknown(f"bad_{member}", _shown(value))


def _shown(value: Value) -> str:
    return ascii(value)[:80]


def _printable(text: str) -> str:
    return visible(text[:PLAIN_MAX])
