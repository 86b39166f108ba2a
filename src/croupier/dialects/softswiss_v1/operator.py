"""Wallet, the operator's half: signed JSON -> wallet call, Outcome -> answer."""

import msgspec

from croupier.dialects.members import Members
from croupier.dialects.operator_half import NEVER, BadRequest
from croupier.dialects.softswiss import codes
from croupier.dialects.softswiss.names import game_named
from croupier.dialects.softswiss.signed_calls import all_of, read_call, told_ids
from croupier.dialects.softswiss_v1.wallet import ENDED
from croupier.dialects.strict_json import Value
from croupier.domain.exchange import HttpRequest, HttpResponse
from croupier.domain.instants import rfc3339
from croupier.domain.parties import Operator
from croupier.wallet.calls import Balance, Bet, Context, EndRound, Rollback, WalletCall, Win
from croupier.wallet.outcome import Accepted, Conflict, Declined, Outcome, Unknown

_encode = msgspec.json.Encoder().encode
HOW = {word: how for how, word in ENDED.items()}
_JSON = (("content-type", "application/json"),)


class SoftswissV1Operator:
    """Takes one action in a call, a bet and its win, or several rollbacks."""

    def read(self, request: HttpRequest, operator: Operator, at: int | None) -> WalletCall:  # noqa: ARG002 - as OperatorHalf says
        path, members = read_call(request, operator, forbidden=403)
        match path:
            case "play":
                return _play(members)
            case "rollback":
                return all_of([_undone(members, action) for action in members.objects("actions")], "actions")
            case "freespins":
                status = members.one_of("status", *HOW)
                issue, total = members.name("issue_id"), members.whole("total_amount")
                # Whose it is the casino knows, which has issued it.
                return Win(Context("", "", "", ""), issue, issue, total, "", True, issue, free_rounds_ended=HOW[status])
            case _:
                raise BadRequest(404, "404", f"there is no {path}")

    def answer(self, request: HttpRequest, call: WalletCall, outcome: Outcome, operator: Operator) -> HttpResponse:  # noqa: ARG002 - as OperatorHalf says
        match outcome:
            case Accepted(balance=balance, operator_reference=reference):
                return _told(call, balance, reference or "")
            case Declined("already_rolled_back", balance=balance) if isinstance(call, Bet):
                # This API says so by an empty tx_id: nothing moved.
                return _told(call, balance, "")
            case Declined("not_found", balance=balance) if isinstance(call, Rollback):
                return _told(call, balance, "")
            case Declined(reason=reason, balance=balance):
                return _failed(codes.CODES.get(reason, codes.REQUEST), reason, balance)
            case Conflict():
                # No code of its own for "same id, other content", and 400 would say that the id has moved nothing.
                return _failed(codes.INTERNAL, "transaction_conflict", None, 400)
            case Unknown(why=why):
                return _failed(codes.INTERNAL, why, None)

    def signed(self, request: HttpRequest, response: HttpResponse, operator: Operator, at: int) -> HttpResponse:  # noqa: ARG002 - as OperatorHalf says
        return response

    def refuse(self, request: HttpRequest, error: BadRequest) -> HttpResponse:  # noqa: ARG002 - as OperatorHalf says
        code = int(error.code) if error.code.isdigit() else codes.REQUEST
        return HttpResponse(error.status, _JSON, _encode({"code": code, "message": error.message}))


def _play(members: Members) -> WalletCall:
    if not members.has("actions"):
        return Balance(_context(members), "q")
    return all_of([_moving(members, action) for action in members.objects("actions")], "actions")


def _undone(members: Members, action: Members) -> Rollback:
    action.one_of("action", "rollback")
    names = action.name("action_id"), members.name("game_id"), action.name("original_action_id")
    return Rollback(_context(members), *names, 0, members.flag("finished"))


def _moving(members: Members, action: Members) -> Bet | Win:
    kind, name, round_id = action.one_of("action", "bet", "win"), action.name("action_id"), members.name("game_id")
    amount, closed = action.whole("amount"), members.flag("finished")
    if kind == "bet":
        return Bet(_context(members), name, round_id, amount, NEVER)
    return Win(_context(members), name, round_id, amount, "", closed)


def _context(members: Members) -> Context:
    game = game_named(members.text("game", 128))
    return Context(members.name("user_id"), "", game, members.text("currency", 32))


def _told(call: WalletCall, balance: int | None, reference: str) -> HttpResponse:
    members: dict[str, Value] = {"balance": balance}
    if isinstance(call, Balance | EndRound) or (isinstance(call, Win) and call.free_rounds_ended):
        return HttpResponse(200, _JSON, _encode(members))
    if call.round_id:
        when = rfc3339(0)  # nobody reads it
        ids = told_ids(call, reference)
        done: list[Value] = [{"action_id": one, "tx_id": theirs, "processed_at": when} for one, theirs in ids]
        members |= {"game_id": call.round_id, "transactions": done}
    return HttpResponse(200, _JSON, _encode(members))


def _failed(code: int, message: str, balance: int | None, status: int | None = None) -> HttpResponse:
    usual = 412 if code == codes.FUNDS else 500 if code >= codes.INTERNAL else 403 if code == codes.SIGNATURE else 400
    members: dict[str, Value] = {"code": code, "message": message}
    return HttpResponse(status or usual, _JSON, _encode(members if balance is None else members | {"balance": balance}))
