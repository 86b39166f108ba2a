"""Wallet, the operator's half: hashed form -> wallet call, Outcome -> answer."""

from urllib.parse import urlsplit

import msgspec

from croupier.dialects import forms
from croupier.dialects.amounts import CannotCarry, Scale
from croupier.dialects.decimals import exact, number
from croupier.dialects.forms import Fields
from croupier.dialects.operator_half import NEVER, BadRequest
from croupier.dialects.pragmatic import signature
from croupier.dialects.pragmatic.answers import DECLINES
from croupier.dialects.pragmatic.names import DIGITS, provider_of, scale, shown
from croupier.domain.exchange import HttpRequest, HttpResponse
from croupier.domain.parties import Operator
from croupier.wallet.book import NAMELESS
from croupier.wallet.calls import Balance, Bet, Context, EndRound, Prize, Rollback, WalletCall, Win
from croupier.wallet.outcome import Accepted, Conflict, Declined, Outcome, Unknown

_encode = msgspec.json.Encoder().encode
_JSON = (("content-type", "application/json"),)
_NUMBERS = {reason: error for error, reason in reversed(DECLINES.items())} | {"already_rolled_back": 120}
_HASH, _PARAMETERS, _INTERNAL, _NOT_REPEATED = 5, 7, 100, 120


class PragmaticOperator:
    """Its calls name no currency: it is the account's (`operator.currencies` when there is one). A token of this wallet
    is the player's id.
    """

    def read(self, request: HttpRequest, operator: Operator, at: int | None) -> WalletCall:  # noqa: ARG002 - its calls carry no time of signing
        if not signature.proves(request.body, operator.wallet_secrets):
            raise BadRequest(200, str(_HASH), "hash is wrong")
        fields = Fields(forms.read(request.body), lambda name, wanted: _bad(f"{name} must be {wanted}"))
        if fields.optional_text("providerId") != provider_of(operator):
            raise _bad("providerId is not known")
        method = urlsplit(request.url).path.rpartition("/")[2].removesuffix(".html")
        currency = operator.currencies[0] if len(operator.currencies) == 1 else ""
        player_id = fields.name("token" if method == "authenticate" else "userId")
        who = Context(player_id, "", fields.optional_name("gameId") or "", currency, fields.optional_text("token", 512))
        match method:
            case "authenticate" | "balance":
                return Balance(who, "q", introduces=method == "authenticate")
            case "endRound":
                round_id = fields.name("roundId")
                return EndRound(who, f"end:{round_id}", round_id)
        if method in ("promoWin", "jackpotWin"):
            round_id = fields.name("roundId") if method == "jackpotWin" else ""
            return Prize(who, fields.name("reference"), round_id, _amount(fields, currency))
        names, amount = (fields.name("reference"), fields.name("roundId")), _amount(fields, currency)
        bonus = fields.optional_name("bonusCode")
        match method:
            case "bet":
                return Bet(who, *names, amount, NEVER, bonus)
            case "result":
                return Win(who, *names, amount, "", campaign_id=bonus)
            case "refund":
                # It has no reference of its own: one refund for each bet.
                return Rollback(who, f"{NAMELESS}{names[0]}"[:64], names[1], names[0], amount)
            case _:
                raise BadRequest(404, str(_PARAMETERS), f"there is no {method[:40]!r} here")

    def answer(self, request: HttpRequest, call: WalletCall, outcome: Outcome, operator: Operator) -> HttpResponse:  # noqa: ARG002 - as OperatorHalf says
        match outcome:
            case Accepted():
                return _told(call, outcome)
            case Declined("not_found") if isinstance(call, Rollback):
                # This API's promise: unknown is as good as done.
                return _error(0, "Success")
            case Declined("not_found"):
                return _error(_INTERNAL, "The bet of this round is not known.")
            case Declined("unknown_player") if isinstance(call, Balance) and call.introduces:
                return _error(4, "The token is not known.")
            case Declined(reason=reason, message=message):
                return _error(_NUMBERS.get(reason, _PARAMETERS), message or reason)
            case Conflict(why=why):
                return _error(_NOT_REPEATED, why)
            case Unknown(why=why):
                return _error(_INTERNAL, why)

    def signed(self, request: HttpRequest, response: HttpResponse, operator: Operator, at: int) -> HttpResponse:  # noqa: ARG002 - its answers are not signed
        return response

    def refuse(self, request: HttpRequest, error: BadRequest) -> HttpResponse:  # noqa: ARG002 - as OperatorHalf says
        known = error.code if error.code.isdigit() else str(_PARAMETERS)
        return _error(int(known), error.message, error.status)


def _told(call: WalletCall, outcome: Accepted) -> HttpResponse:
    who, members = call.context, dict[str, object]()
    if outcome.operator_reference is not None:
        members["transactionId"] = outcome.operator_reference
    if isinstance(call, Balance) and call.introduces:
        members |= {"userId": who.player_id, "token": who.operator_token}
    if outcome.balance is not None and who.currency:
        cash = msgspec.Raw(format(shown(outcome.balance, who.currency), "f").encode())
        members |= {"currency": who.currency, "cash": cash, "bonus": msgspec.Raw(b"0.00")}
    return HttpResponse(200, _JSON, _encode(members | {"error": 0, "description": "Success"}))


def _error(number: int, description: str, status: int = 200) -> HttpResponse:
    return HttpResponse(status, _JSON, _encode({"error": number, "description": description}))


def _bad(message: str) -> BadRequest:
    return BadRequest(200, str(_PARAMETERS), message)


def _amount(fields: Fields, currency: str) -> int:
    """Minor units of the account; of a currency with two digits until that is known."""
    value = number(fields.text("amount"))
    try:
        if value is None or value < 0 or value.as_tuple().exponent != -DIGITS:
            raise CannotCarry("it must have exactly two digits after the point")
        return exact(value, scale(currency) if currency else Scale(DIGITS, DIGITS))
    except KeyError:
        raise _bad("the account's currency is not known") from None
    except CannotCarry as error:
        raise _bad(f"amount: {error}") from None
