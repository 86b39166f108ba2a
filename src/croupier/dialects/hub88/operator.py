"""Seamless wallet, the operator's half: signed JSON -> wallet call, Outcome -> answer."""

import json

import msgspec

from croupier.dialects.amounts import CannotCarry
from croupier.dialects.hub88.answers import DECLINES, ERROR, OK, REFUSES_BALANCE
from croupier.dialects.hub88.names import WIRE_MAX, scale
from croupier.dialects.hub88.signature import HEADER, proves
from croupier.dialects.members import Members
from croupier.dialects.operator_half import NEVER, BadRequest
from croupier.dialects.strict_json import NotStrict, read_object
from croupier.domain.exchange import HttpRequest, HttpResponse
from croupier.domain.ids import transaction_named
from croupier.domain.parties import Operator
from croupier.wallet.calls import Balance, Bet, Context, Prize, Rollback, WalletCall, Win
from croupier.wallet.outcome import Accepted, Conflict, Declined, Outcome, Unknown

_encode = msgspec.json.Encoder().encode
_JSON = (("content-type", "application/json"),)
_WORDS = {reason: word for word, reason in reversed((REFUSES_BALANCE | DECLINES).items())}


class Hub88Operator:
    """`operator.wallet_secrets`: the platform's key, its public half is enough."""

    def read(self, request: HttpRequest, operator: Operator, at: int | None) -> WalletCall:  # noqa: ARG002 - as OperatorHalf says
        signature = request.last_header(operator.settings.get("signature_header", HEADER))
        if not any(proves(signature, pem, request.body) for pem in operator.wallet_secrets):
            raise _bad("INVALID_SIGNATURE", "The signature is not the platform's.")
        try:
            members = Members(read_object(request.body), _wrong)
        except NotStrict as error:
            raise _bad("WRONG_SYNTAX", error.why) from None
        members.text("request_uuid")
        match request.url.partition("?")[0].split("/")[-2:]:
            case ["user", "balance"]:
                return Balance(_context(members), members.text("request_uuid"))
            case ["transaction", "bet"]:
                members.flag("round_closed")
                members.text("round")
                return Bet(*_moving(members), NEVER, _reward(members))
            case ["transaction", "win"] if members.has("is_supplier_promo") and members.flag("is_supplier_promo"):
                return Prize(*_moving(members))
            case ["transaction", "win"]:
                members.text("round")
                reference, closed = _named(members, "reference_transaction_uuid"), members.flag("round_closed")
                return Win(*_moving(members), reference, closed, _reward(members))
            case ["transaction", "rollback"]:
                names = _named(members, "transaction_uuid"), members.text("round")
                reference, closed = _named(members, "reference_transaction_uuid"), members.flag("round_closed")
                return Rollback(_context(members), *names, reference, 0, closed)
            case _:
                raise BadRequest(404, ERROR + "WRONG_SYNTAX", "There is no such call.")

    def answer(self, request: HttpRequest, call: WalletCall, outcome: Outcome, operator: Operator) -> HttpResponse:  # noqa: ARG002 - as OperatorHalf says
        match outcome:
            case Accepted(balance=balance):
                return _told(request, OK, call, balance)
            case Declined("not_found", balance=balance):
                return _told(request, ERROR + "TRANSACTION_DOES_NOT_EXIST", call, balance)
            case Declined("unknown_player"):
                # It has no word for a player it does not know; the token is what it knows a player by.
                return _told(request, ERROR + "INVALID_TOKEN", call, None)
            case Declined(reason=reason, balance=balance):
                return _told(request, ERROR + _WORDS.get(reason, "UNKNOWN"), call, balance)
            case Conflict():
                return _told(request, ERROR + "DUPLICATE_TRANSACTION", call, None)
            case Unknown():
                return HttpResponse(500, _JSON, _encode({"status": ERROR + "UNKNOWN"}))

    def signed(self, request: HttpRequest, response: HttpResponse, operator: Operator, at: int) -> HttpResponse:  # noqa: ARG002 - as OperatorHalf says
        return response

    def refuse(self, request: HttpRequest, error: BadRequest) -> HttpResponse:
        status = error.code if error.code.startswith(ERROR) else ERROR + "WRONG_SYNTAX"
        members = {"status": status, "request_uuid": _request_uuid(request), "message": error.message}
        return HttpResponse(error.status, _JSON, _encode(members))


def _told(request: HttpRequest, status: str, call: WalletCall, balance: int | None) -> HttpResponse:
    who = call.context
    members: dict[str, object] = {
        "user": who.player_id,
        "status": status,
        "request_uuid": _request_uuid(request),
        "currency": who.currency,
    }
    if balance is not None:
        members["balance"] = scale(who.currency).integer(balance)
    return HttpResponse(200, _JSON, _encode(members))


def _request_uuid(request: HttpRequest) -> str | None:
    """Repeated also to a call that is wrong elsewhere, say in its amount: else nobody knows what was refused."""
    try:
        members = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    told = members.get("request_uuid") if isinstance(members, dict) else None
    return told if isinstance(told, str) and told.isprintable() else None


def _context(members: Members) -> Context:
    """Its calls name no session, and some no currency."""
    return Context(
        player_id=members.name("user"),
        session_id="",
        game_id=members.name("game_code"),
        currency=members.optional_text("currency", 16) or "",
        operator_token=members.optional_text("token", 512),
    )


def _moving(members: Members) -> tuple[Context, str, str, int]:
    context = _context(members)
    try:
        amount = scale(members.text("currency", 16)).exact(members.whole("amount", 0, WIRE_MAX))
    except KeyError:
        raise _bad("WRONG_CURRENCY", "The currency is not known.") from None
    except CannotCarry as error:
        raise _bad("WRONG_TYPES", str(error)) from None
    return context, _named(members, "transaction_uuid"), members.optional_text("round") or "", amount


def _named(members: Members, name: str) -> str:
    """In the book it stands under the platform's own id, as in its statements."""
    return transaction_named(members.text(name))


def _reward(members: Members) -> str | None:
    """The bet of a free round has no amount."""
    return members.text("reward_uuid") if members.flag("is_free") else None


def _wrong(name: str, wanted: str, missing: bool) -> BadRequest:  # noqa: FBT001 - as Members calls it
    return _bad("WRONG_SYNTAX", f"{name} is missing.") if missing else _bad("WRONG_TYPES", f"{name} must be {wanted}.")


def _bad(word: str, message: str) -> BadRequest:
    return BadRequest(200, ERROR + word, message)
