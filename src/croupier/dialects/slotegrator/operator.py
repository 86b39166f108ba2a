"""Wallet, the operator's half: signed form -> wallet call, Outcome -> answer."""

from decimal import Decimal
from typing import Literal

import msgspec

from croupier.dialects import forms
from croupier.dialects.amounts import CannotCarry
from croupier.dialects.decimals import exact, number, shortest
from croupier.dialects.forms import Fields
from croupier.dialects.operator_half import NEVER, BadRequest
from croupier.dialects.slotegrator import signature
from croupier.dialects.slotegrator.answers import FUNDS, INTERNAL
from croupier.dialects.slotegrator.names import scale
from croupier.domain.exchange import HttpRequest, HttpResponse
from croupier.domain.parties import Operator
from croupier.wallet.book import NAMELESS
from croupier.wallet.calls import Balance, Batch, Bet, Context, Prize, Rollback, WalletCall, Win
from croupier.wallet.outcome import Accepted, Declined, Outcome, Unknown

LISTED_MAX = 100
PRIZES = frozenset({
    "jackpot", "bonus", "pragmatic_prize_drop", "pragmatic_tournament", "promo", "prize_drop", "tournament",
    "unaccounted_promo", "loyalty_win",
})  # fmt: skip
"""Types of a win that needs no bet."""

_encode = msgspec.json.Encoder().encode
_JSON = (("content-type", "application/json"),)


class SlotegratorOperator:
    """Errors travel on HTTP 200, a wrong signature too. Rounds are named, not bets: a win has the round's id only."""

    def read(self, request: HttpRequest, operator: Operator, at: int | None) -> WalletCall:
        keys = operator.wallet_secrets
        doubt = signature.doubt(request.last_header, request.body, operator.operator_id, keys, at)
        if doubt is not None:
            raise _bad(doubt)
        fields = Fields(forms.read(request.body), lambda name, wanted: _bad(f"{name} must be {wanted}"))
        if fields.optional_text("action") == "balance":
            return Balance(_context(fields), f"q:{request.last_header(signature.NONCE)}"[:64])
        names = fields.name("transaction_id"), fields.optional_name("round_id") or ""
        freespin = fields.name("freespin_id") if fields.optional_text("type") == "freespin" else None
        match fields.optional_text("action"):
            case "bet":
                return Bet(_context(fields), *names, _amount(fields, operator), NEVER, freespin)
            case "win" if fields.optional_text("type") in PRIZES:
                return Prize(_context(fields), *names, _amount(fields, operator))
            case "rollback":
                return Batch(_context(fields), *names, _listed(fields, names[1]))
            case "win":
                closed = fields.optional_text("finished") == "1"
                return Win(_context(fields), *names, _amount(fields, operator), "", closed, freespin)
            case "refund":
                bet = fields.name("bet_transaction_id")
                return Rollback(_context(fields), *names, bet, _amount(fields, operator))
            case action:
                raise _bad(f"there is no action {action!r} here")

    def answer(self, request: HttpRequest, call: WalletCall, outcome: Outcome, operator: Operator) -> HttpResponse:  # noqa: ARG002 - as OperatorHalf says
        match outcome:
            case Accepted(balance=int(balance), operator_reference=reference):
                return _told(call, operator, balance, reference)
            case Declined("already_rolled_back", balance=int(balance)) if isinstance(call, Bet):
                # This API's promise: a bet whose refund came first succeeds, and takes nothing.
                return _told(call, operator, balance, f"void-{call.transaction_id}"[:64])
            case Declined("not_found", balance=int(balance)) if isinstance(call, Rollback):
                return _told(call, operator, balance, f"void-{call.transaction_id}"[:64])
            case Declined("insufficient_funds"):
                return _error(FUNDS, "Not enough money.")
            case Declined(reason=reason, message=message):
                return _error(INTERNAL, message or reason)
            case Unknown(why=why):
                return HttpResponse(500, _JSON, _encode({"error_code": INTERNAL, "error_description": why}))
            case _:
                return _error(INTERNAL, "The same transaction_id had other content.")

    def signed(self, request: HttpRequest, response: HttpResponse, operator: Operator, at: int) -> HttpResponse:  # noqa: ARG002 - its answers are not signed
        return response

    def refuse(self, request: HttpRequest, error: BadRequest) -> HttpResponse:  # noqa: ARG002 - as OperatorHalf says
        return _error(INTERNAL, error.message, error.status)


def _told(call: WalletCall, operator: Operator, balance: int, reference: str | None) -> HttpResponse:
    digits = scale(call.context.currency, operator).here
    members: dict[str, object] = {"balance": msgspec.Raw(shortest(Decimal(balance).scaleb(-digits)).encode())}
    if reference is not None:
        members["transaction_id"] = reference
    if isinstance(call, Batch):
        members["rollback_transactions"] = [f"{reference}.{number}" for number, _ in enumerate(call.calls)]
    return HttpResponse(200, _JSON, _encode(members))


def _error(code: str, description: str, status: int = 200) -> HttpResponse:
    return HttpResponse(status, _JSON, _encode({"error_code": code, "error_description": description}))


def _bad(message: str) -> BadRequest:
    return BadRequest(200, "bad_request", message)


def _context(fields: Fields) -> Context:
    return Context(
        player_id=fields.name("player_id"),
        session_id=fields.optional_text("session_id", 512) or "",
        game_id=fields.optional_name("game_uuid") or "",
        currency=fields.name("currency"),
    )


def _listed(fields: Fields, round_id: str) -> tuple[Rollback, ...]:
    """One rollback for each transaction: those of a list have no references of their own."""
    context, listed = _context(fields), list[Rollback]()
    for place in range(LISTED_MAX):
        inside = f"rollback_transactions[{place}]"
        if not fields.has(f"{inside}[transaction_id]"):
            break
        named, kind = fields.name(f"{inside}[transaction_id]"), fields.one_of(f"{inside}[action]", "bet", "win")
        listed.append(Rollback(context, f"{NAMELESS}{named}"[:64], round_id, named, 0, undoes=_KINDS[kind]))
    if not listed:
        raise _bad("rollback_transactions must be given")
    return tuple(listed)


_KINDS: dict[str, Literal["bet", "win"]] = {"bet": "bet", "win": "win"}


def _amount(fields: Fields, operator: Operator) -> int:
    value = number(fields.text("amount"))
    try:
        counted = scale(fields.name("currency"), operator)
        if value is None or value < 0:
            raise CannotCarry("not an amount")
        return exact(value, counted)
    except KeyError:
        raise _bad("currency is not known") from None
    except CannotCarry as error:
        raise _bad(f"amount: {error}") from None
