"""Wallet, the operator's half: signed JSON -> wallet call, Outcome -> answer."""

from decimal import Decimal

import msgspec

from croupier.dialects import decimals
from croupier.dialects.amounts import CannotCarry
from croupier.dialects.members import Members
from croupier.dialects.operator_half import NEVER, BadRequest
from croupier.dialects.softswiss import codes
from croupier.dialects.softswiss.messages import scale
from croupier.dialects.softswiss.names import game_named
from croupier.dialects.softswiss.signed_calls import all_of, read_call, told_ids, wrong
from croupier.dialects.softswiss_v2.wallet import is_amount, wire_amount
from croupier.dialects.strict_json import Value
from croupier.domain.exchange import HttpRequest, HttpResponse
from croupier.domain.parties import Operator
from croupier.wallet.calls import Balance, Batch, Bet, Context, EndRound, Rollback, WalletCall, Win
from croupier.wallet.outcome import Accepted, Conflict, Declined, Outcome, Unknown

_encode = msgspec.json.Encoder().encode
_JSON = (("content-type", "application/json"),)


class SoftswissV2Operator:
    """Takes one transaction in a call, a bet and its win, or several rollbacks."""

    def read(self, request: HttpRequest, operator: Operator, at: int | None) -> WalletCall:  # noqa: ARG002 - as OperatorHalf says
        path, members = read_call(request, operator, forbidden=400)
        match path:
            case "balance":
                return Balance(_context(members), "q")
            case "betwin":
                return all_of([_moving(members, one) for one in members.objects("transactions")], "transactions")
            case "rollback":
                return all_of([_undone(members, one) for one in members.objects("transactions")], "transactions")
            case "finish":
                who = Context(members.name("account_id"), "", "", members.text("currency", 32))
                return EndRound(who, "", members.name("round_id"))
            case _:
                raise BadRequest(404, "404", f"there is no {path}")

    def answer(self, request: HttpRequest, call: WalletCall, outcome: Outcome, operator: Operator) -> HttpResponse:  # noqa: ARG002 - as OperatorHalf says
        currency = call.context.currency
        match outcome:
            case Accepted(balance=balance, operator_reference=reference):
                return _told(call, balance, reference or "")
            case Declined("not_found", balance=balance) if isinstance(call, Rollback):
                return _told(call, balance, "")
            case Declined(reason=reason, balance=balance):
                shown = wire_amount(balance, currency) if balance is not None else None
                return _failed(codes.CODES.get(reason, codes.REQUEST), reason, shown)
            case Conflict():
                # No code of its own for "same id, other content", and 400 would say that the id has moved nothing.
                return _failed(codes.INTERNAL, "transaction_conflict", None, "invalid_argument")
            case Unknown(why=why):
                return _failed(codes.INTERNAL, why, None)

    def signed(self, request: HttpRequest, response: HttpResponse, operator: Operator, at: int) -> HttpResponse:  # noqa: ARG002 - as OperatorHalf says
        return response

    def refuse(self, request: HttpRequest, error: BadRequest) -> HttpResponse:  # noqa: ARG002 - as OperatorHalf says
        code = int(error.code) if error.code.isdigit() else codes.REQUEST
        return HttpResponse(error.status, _JSON, _failed(code, error.message, None).body)


def _undone(members: Members, one: Members) -> Rollback:
    one.one_of("type", "rollback")
    names = one.name("id_provider"), members.name("round_id_provider"), one.name("original_id_provider")
    return Rollback(_context(members), *names, 0, members.flag("finished"))


def _moving(members: Members, one: Members) -> Bet | Win:
    context = _context(members)
    kind, name, round_id = one.one_of("type", "bet", "win"), one.name("id_provider"), members.name("round_id")
    text, closed = one.text("amount", 40), members.flag("finished")
    try:
        amount = decimals.exact(Decimal(text), scale(context.currency)) if is_amount(text) else 0
    except (CannotCarry, KeyError):
        amount = 0
    if amount <= 0:
        raise wrong("amount", "a decimal above 0 with the digits of the currency", missing=False)
    if kind == "bet":
        return Bet(context, name, round_id, amount, NEVER)
    return Win(context, name, round_id, amount, "", closed)


def _context(members: Members) -> Context:
    game = game_named(members.text("game_id", 128))
    return Context(members.name("account_id"), "", game, members.text("currency", 32))


def _told(call: WalletCall, balance: int | None, reference: str) -> HttpResponse:
    assert balance is not None, "a book knows its balances"
    members: dict[str, Value] = {"balance": wire_amount(balance, call.context.currency)}
    if not isinstance(call, Balance | EndRound):
        undoes = isinstance(call, Rollback) or (isinstance(call, Batch) and call.undoes)
        more: dict[str, Value] = {} if undoes else {"bonus_amount": wire_amount(0, call.context.currency)}
        ids = told_ids(call, reference)
        done: list[Value] = [{"id_provider": one, "id": theirs, **more} for one, theirs in ids]
        members |= {"round_id": call.round_id, "transactions": done}
    return HttpResponse(200, _JSON, _encode(members))


def _failed(code: int, message: str, balance: str | None, name: str = "") -> HttpResponse:
    name = name or ("internal" if code >= codes.INTERNAL else "invalid_argument")
    status = 500 if name == "internal" else 400
    meta: dict[str, Value] = {"api_code": str(code), "api_message": message}
    if balance is not None:
        meta["balance"] = balance
    return HttpResponse(status, _JSON, _encode({"code": name, "msg": message, "meta": meta}))
