"""Native dialect, the operator's half: signed bytes -> wallet call, Outcome -> answer bytes."""

from urllib.parse import urlsplit

import msgspec

from croupier.dialects.instants import microseconds
from croupier.dialects.native.codes import TRANSACTION_CONFLICT, UNKNOWN_TRANSACTION
from croupier.dialects.operator_half import BadRequest
from croupier.dialects.strict_json import NotStrict, Value, read_object
from croupier.domain.exchange import Headers, HttpRequest, HttpResponse
from croupier.domain.ids import ID as PLAYER_ID
from croupier.domain.money import AMOUNT_MAX
from croupier.domain.parties import Operator
from croupier.wallet.calls import Balance, Bet, Context, EndRound, Rollback, WalletCall, Win
from croupier.wallet.outcome import Accepted, Conflict, Declined, Outcome, Unknown
from croupier.wallet.signature import ID, SIGNATURE, TIMESTAMP, Signed, problem, signed_headers

_encode = msgspec.json.Encoder(order="sorted").encode
_JSON = (("content-type", "application/json"),)


class NativeOperator:
    def read(self, request: HttpRequest, operator: Operator, at: int | None) -> WalletCall:
        path, signed = urlsplit(request.url).path.rpartition("/")[2], signed_of(request.headers)
        if at is None:
            stamp = signed.timestamp or ""
            at = int(stamp) * 1_000_000 if stamp.isascii() and stamp.isdigit() and len(stamp) < 12 else 0
        return read_call(path, signed, request.body, operator.wallet_secrets, at)

    def answer(self, request: HttpRequest, call: WalletCall, outcome: Outcome, operator: Operator) -> HttpResponse:  # noqa: ARG002 - as OperatorHalf says
        return answer(call, outcome)

    def signed(self, request: HttpRequest, response: HttpResponse, operator: Operator, at: int) -> HttpResponse:
        message_id = signed_of(request.headers).message_id
        if not message_id:
            return response
        if not operator.answer_secrets:
            return msgspec.structs.replace(response, headers=(*response.headers, (ID, message_id)))
        return sign_answer(response, operator.answer_secrets, message_id, at)

    def refuse(self, request: HttpRequest, error: BadRequest) -> HttpResponse:  # noqa: ARG002 - as OperatorHalf says
        return refuse(error)


def read_call(path: str, signed: Signed, body: bytes, secrets: tuple[str, ...], at: int) -> WalletCall:
    """The call in these bytes. `path`: its last part, ``bet``; `at`: now, microseconds. BadRequest otherwise."""
    # The signature comes first: nobody without the secret may make the wallet read, or remember, anything.
    doubt = problem(secrets, signed, body, at)
    if doubt is not None:
        raise BadRequest(401, doubt, "Sign id.timestamp.body with the wallet secret (Standard Webhooks).")
    try:
        members = Members(read_object(body))
    except NotStrict as error:
        raise BadRequest(400, error.why, error.detail) from None
    if path not in ("balance", "bet", "win", "rollback"):
        raise BadRequest(404, "not_found", "POST balance, bet, win or rollback.")
    if members.text("type") != path:
        raise BadRequest(400, "wrong_type", f"The body says {members.text('type')!r}, the address says {path!r}.")
    context = Context(
        player_id=members.identifier("player_id"),
        session_id=members.identifier("session_id"),
        game_id=members.identifier("game_id"),
        currency=members.text("currency"),
        operator_token=members.text("operator_token", 4096) if members.has("operator_token") else None,
    )
    assert signed.message_id is not None
    if path == "balance":
        return Balance(context, signed.message_id)
    transaction_id, round_id = members.identifier("transaction_id"), members.identifier("round_id")
    campaign_id = members.identifier("campaign_id") if members.has("campaign_id") else None
    if path == "bet":
        expires_at = members.moment("expires_at")
        return Bet(context, transaction_id, round_id, members.amount("amount"), expires_at, campaign_id)
    reference = members.identifier("bet_transaction_id")
    if path == "win":
        closed = members.flag("round_closed")
        return Win(context, transaction_id, round_id, members.amount("amount"), reference, closed, campaign_id)
    # The amount of a rollback is not on the wire: the wallet gives back what it took.
    return Rollback(context, transaction_id, round_id, reference, 0)


def answer(call: WalletCall, outcome: Outcome) -> HttpResponse:
    """The operator's answer to a call it understood: HTTP 200, except where it does not know what it did (500)."""
    match outcome:
        case Accepted(balance=balance, operator_reference=reference):
            members: dict[str, Value] = {"balance": balance, "currency": call.context.currency}
            if reference is not None and not isinstance(call, Balance | EndRound):
                members["transaction_id"] = reference
            return HttpResponse(200, _JSON, _encode(members))
        case Declined(reason=reason, message=message, balance=balance):
            code = UNKNOWN_TRANSACTION if reason == "not_found" else reason
            error: dict[str, Value] = {"code": code, "message": message or code.replace("_", " ")}
            body: dict[str, Value] = {"error": error} if balance is None else {"balance": balance, "error": error}
            return HttpResponse(200, _JSON, _encode(body))
        case Conflict():
            error = {"code": TRANSACTION_CONFLICT, "message": "This transaction_id was used with other content."}
            return HttpResponse(200, _JSON, _encode({"error": error}))
        case Unknown(why=why):
            return HttpResponse(500, _JSON, _encode({"error": {"code": "internal_error", "message": why}}))


def refuse(error: BadRequest) -> HttpResponse:
    return HttpResponse(error.status, _JSON, _encode({"error": {"code": error.code, "message": error.message}}))


def sign_answer(response: HttpResponse, secrets: tuple[str, ...], message_id: str, at: int) -> HttpResponse:
    """The same answer with the three headers; `message_id` is the request's ``webhook-id``."""
    signed = response.headers + signed_headers(secrets, message_id, at, response.body)
    return msgspec.structs.replace(response, headers=signed)


def signed_of(headers: Headers) -> Signed:
    by_name = {name.lower(): value for name, value in headers}
    return Signed(by_name.get(ID), by_name.get(TIMESTAMP), by_name.get(SIGNATURE))


class Members:
    """Members of a request, each read as exactly one type."""

    def __init__(self, members: dict[str, Value]) -> None:
        self._members = members

    def has(self, name: str) -> bool:
        return self._members.get(name) is not None

    def text(self, name: str, longest: int = 64) -> str:
        value = self._members.get(name)
        if type(value) is not str or not 1 <= len(value) <= longest:
            raise self._bad(name, f"text of 1-{longest} characters")
        return value

    def identifier(self, name: str) -> str:
        value = self.text(name)
        if PLAYER_ID.match(value) is None:
            raise self._bad(name, "1-64 characters of A-Z a-z 0-9 _ . : @ -")
        return value

    def amount(self, name: str) -> int:
        value = self._members.get(name)
        if type(value) is not int or not 0 <= value <= AMOUNT_MAX:
            raise self._bad(name, "a whole number of minor units, not negative")
        return value

    def flag(self, name: str) -> bool:
        value = self._members.get(name)
        if type(value) is not bool:
            raise self._bad(name, "true or false")
        return value

    def moment(self, name: str) -> int:
        try:
            return microseconds(self.text(name))
        except ValueError:
            raise self._bad(name, "an RFC 3339 moment") from None

    def _bad(self, name: str, wanted: str) -> BadRequest:
        what = f"is not {wanted}" if name in self._members else "is missing"
        return BadRequest(400, "bad_request", f"{name} {what}")
