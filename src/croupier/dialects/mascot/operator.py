"""Seamless API v2, the operator's half: JSON-RPC bytes -> wallet call, Outcome -> answer bytes."""

import msgspec

from croupier.dialects.mascot import signature
from croupier.dialects.mascot.answers import DECLINES
from croupier.dialects.mascot.names import WIRE_MAX, scale, subject_of
from croupier.dialects.operator_half import NEVER, BadRequest
from croupier.dialects.strict_json import NotStrict, Value, read_object
from croupier.domain.exchange import HttpRequest, HttpResponse
from croupier.domain.ids import ID
from croupier.domain.parties import Operator
from croupier.wallet.book import NAMELESS
from croupier.wallet.calls import Balance, Batch, Bet, Context, EndRound, Rollback, WalletCall, Win
from croupier.wallet.outcome import Accepted, Conflict, Declined, Outcome, Unknown

_encode = msgspec.json.Encoder().encode
_JSON = (("content-type", "application/json"),)
_CODES = {reason: code for code, reason in reversed(DECLINES.items())} | {"already_rolled_back": 6}
_RPC_CODES = {"not_json": -32700, "bad_request": -32602, "not_found": -32601}

_WON = "won:"
"""Begins the key of a win that came in its bet's call, and has no reference of its own."""

Members = dict[str, Value]


class MascotOperator:
    """Rounds are named, not bets: a win carries the round's id only."""

    def read(self, request: HttpRequest, operator: Operator, at: int | None) -> WalletCall:
        _check_signature(request, operator, at)
        try:
            message = read_object(request.body)
        except NotStrict as error:
            raise BadRequest(200, "not_json", error.why) from None
        params = message.get("params")
        if not isinstance(params, dict):
            raise BadRequest(200, "bad_request", "params must be an object")
        if params.get("callerId") != operator.number:
            raise BadRequest(200, "bad_request", "callerId is not ours")
        match message.get("method"):
            case "getBalance":
                return Balance(_context(params), f"q:{message.get('id')}"[:64])
            case "rollbackTransaction":
                reference = _name(params, "transactionRef")
                # It has no reference of its own: one rollback for each transaction.
                return Rollback(_context(params), f"{NAMELESS}{reference}"[:64], _round(params), reference, 0)
            case "withdrawAndDeposit":
                return _moving(params, operator)
            case method:
                raise BadRequest(200, "not_found", f"there is no method {method!r}")

    def answer(self, request: HttpRequest, call: WalletCall, outcome: Outcome, operator: Operator) -> HttpResponse:
        """The stored answer of a repeat looks like the first."""
        match outcome:
            case Accepted():
                return _told(request, {"result": _result(call, operator, outcome)})
            case Declined("not_found") if isinstance(call, Rollback):
                # This API's promise: unknown is as good as done.
                return _told(request, {"result": {}})
            case Declined(reason=reason, message=message):
                code = _CODES.get(reason, 7)
                return _told(request, {"error": {"code": code, "message": message or reason}})
            case Conflict(why=why):
                # It has no code for "same id, other content"; 7 sends people to look, and moves nothing.
                return _told(request, {"error": {"code": 7, "message": why}})
            case Unknown(why=why):
                return HttpResponse(500, _JSON, _encode({"error": why}))

    def signed(self, request: HttpRequest, response: HttpResponse, operator: Operator, at: int) -> HttpResponse:  # noqa: ARG002 - as OperatorHalf says
        """With the nonce and the time of the call."""
        asked = signature.read(request.last_header)
        if asked is None or operator.settings.get("response_signature") == "off":
            return response
        key = signature.callback_keys(operator)[0]
        made = signature.headers(key, asked.subject, asked.nonce, asked.timestamp, response.body)
        return HttpResponse(response.status, response.headers + made, response.body)

    def refuse(self, request: HttpRequest, error: BadRequest) -> HttpResponse:
        if error.status == 401:
            return HttpResponse(401, (("content-type", "text/plain"),), error.message.encode())
        body = {"error": {"code": _RPC_CODES.get(error.code, -32600), "message": error.message}}
        return HttpResponse(error.status, _JSON, _encode({"jsonrpc": "2.0", "id": _id(request), **body}))


def _result(call: WalletCall, operator: Operator, outcome: Accepted) -> Members:
    if isinstance(call, Rollback | EndRound):
        return {}
    assert outcome.balance is not None, "a book knows its balances"
    balance = scale(call.context.currency, operator).integer(outcome.balance)
    result: Members = {"balance": balance} if isinstance(call, Balance) else {"newBalance": balance}
    if not isinstance(call, Balance):
        result["transactionId"] = outcome.operator_reference
    if outcome.free_rounds_left is not None:
        result["freeroundsLeft"] = outcome.free_rounds_left
    if outcome.free_round_charged is not None:
        result["freeroundWasCharged"] = outcome.free_round_charged
    return result


def _told(request: HttpRequest, members: Members) -> HttpResponse:
    return HttpResponse(200, _JSON, _encode({"jsonrpc": "2.0", "id": _id(request), **members}))


def _id(request: HttpRequest) -> Value:
    try:
        return read_object(request.body).get("id")
    except NotStrict:
        return None


def _check_signature(request: HttpRequest, operator: Operator, at: int | None) -> None:
    signed = signature.read(request.last_header)
    if signed is None or signed.subject != subject_of(operator):
        raise BadRequest(401, "unsigned", "sign the call")
    if at is not None and abs(signed.timestamp - at // 1_000_000) > signature.TOLERANCE_S:
        raise BadRequest(401, "old_timestamp", "the call is too old")
    if not signature.proves(signed, signature.callback_keys(operator), request.body):
        raise BadRequest(401, "bad_signature", "the signature is wrong")


def _moving(params: Members, operator: Operator) -> WalletCall:
    context = _context(params)
    reference, round_id = _name(params, "transactionRef"), _round(params)
    try:
        counted = scale(context.currency, operator)
    except KeyError:
        raise BadRequest(200, "bad_request", "currency is not known") from None
    withdraw, deposit = _amount(params, "withdraw"), _amount(params, "deposit")
    closed = params.get("reason") == "GAME_PLAY_FINAL"
    if withdraw and deposit:
        bet = Bet(context, reference, round_id, counted.minor(withdraw), NEVER)
        win = Win(context, f"{_WON}{reference}"[:64], round_id, counted.minor(deposit), reference, closed)
        return Batch(context, reference, round_id, (bet, win))
    if deposit or (closed and not withdraw):
        bonus_id = _name(params, "bonusId") if params.get("freeround") is True else None
        return Win(context, reference, round_id, counted.minor(deposit), "", closed, bonus_id)
    charge = params.get("chargeFreerounds") == 1
    return Bet(context, reference, round_id, counted.minor(withdraw), NEVER, charge_free_round=charge)


def _context(params: Members) -> Context:
    return Context(
        player_id=_name(params, "playerName"),
        session_id=_name(params, "sessionId") if "sessionId" in params else "",
        game_id=_name(params, "gameId") if "gameId" in params else "",
        currency=_name(params, "currency") if "currency" in params else "",
        operator_token=_text(params, "sessionAlternativeId") if "sessionAlternativeId" in params else None,
        bonus_id=_name(params, "bonusId") if "bonusId" in params else None,
    )


def _round(params: Members) -> str:
    return _name(params, "gameRoundRef" if "gameRoundRef" in params else "roundId")


def _name(params: Members, name: str) -> str:
    value = _text(params, name)
    if ID.match(value) is None:
        raise BadRequest(200, "bad_request", f"{name} is not a plain name")
    return value


def _text(params: Members, name: str) -> str:
    value = params.get(name)
    if not isinstance(value, str) or not 1 <= len(value) <= 512:
        raise BadRequest(200, "bad_request", f"{name} must be text")
    return value


def _amount(params: Members, name: str) -> int:
    value = params.get(name)
    if type(value) is not int or not 0 <= value <= WIRE_MAX:
        raise BadRequest(200, "bad_request", f"{name} must be a whole number of minor units")
    return value
