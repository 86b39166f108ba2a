"""Wallet, our half: wallet call -> signed JSON at one of three paths, answer -> Outcome."""

from croupier.dialects.signing_key import SETTING
from croupier.dialects.softswiss import codes
from croupier.dialects.softswiss.messages import Body, Read, read_answer, scale, signed_request
from croupier.dialects.softswiss.names import wire_game
from croupier.dialects.strangers_texts import plain
from croupier.dialects.strict_json import Loose
from croupier.domain.exchange import HttpRequest, HttpResponse, NoAnswer
from croupier.domain.parties import Operator
from croupier.wallet.calls import Balance, Batch, Bet, EndRound, Prize, Rollback, WalletCall, Win
from croupier.wallet.dialect import Abilities
from croupier.wallet.outcome import Accepted, Declined, Outcome, Unknown

WIRE_MAX = 2**63 - 1
CODE_MAX = 9999


ENDED = {"played": "played", "cancelled": "canceled", "expired": "expired"}
"""How free rounds ended -> the API's word."""


class SoftswissV1:
    name = "softswiss-v1"
    abilities = Abilities(
        signature_header="X-REQUEST-SIGN",
        bet_attempts=2,
        free_sum=True,
        round_end="zero_win",
        batches=frozenset({"bet and win", "rollbacks"}),
        timeout_ms=15_000,
        retry_cap_ms=3_600_000,
        id_retention_ms=86_400_000,
        key="text",
        settings=SETTING,
        lacks=frozenset({"wrong-signature", "facade-games"}),
    )

    def step(self, currency: str, operator: Operator) -> int:  # noqa: ARG002 - as Dialect says
        return scale(currency).step

    def request(self, call: WalletCall, operator: Operator, at: int, attempt: int = 1) -> HttpRequest:  # noqa: ARG002 - as Dialect says
        return signed_request(operator, *_members(call))

    def outcome(
        self,
        call: WalletCall,
        operator: Operator,  # noqa: ARG002 - as Dialect says
        answer: HttpResponse | NoAnswer,
        at: int,
        request: HttpRequest | None = None,  # noqa: ARG002 - nothing of a request is repeated but its ids
    ) -> Outcome:
        read = read_answer(answer, at)
        if not isinstance(read, Read):
            return read
        members, wrong_status = read
        code = members.get("code")
        if isinstance(code, str) and code.isascii() and code.isdigit() and len(code) <= 4:
            code = int(code)
        if type(code) is int and isinstance(code, int):
            if not 0 <= code <= CODE_MAX:
                return Unknown("bad_code")
            return codes.refused(call, code, plain(members.get("message")), _balance(members))
        return Unknown(wrong_status) if wrong_status else _done(call, members)


def _done(call: WalletCall, members: dict[str, Loose]) -> Outcome:
    balance = _balance(members)
    if balance is None:
        shown = members.get("balance")
        return Unknown("missing_balance" if shown is None else "bad_balance", ascii(shown)[:80])
    if isinstance(call, Balance) or (isinstance(call, Win) and call.free_rounds_ended):
        return Accepted(balance)
    if members.get("game_id") not in (None, call.round_id):
        return Unknown("wrong_game_id", ascii(members.get("game_id"))[:80])
    listed = members.get("transactions")
    mine = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    if isinstance(call, Batch):
        told = {name for one in mine if isinstance(name := one.get("action_id"), str)}
        return Accepted(balance) if {one.id for one in call.calls} <= told else Unknown("missing_action_id")
    reference = next((codes.reference(one.get("tx_id")) for one in mine if one.get("action_id") == call.id), None)
    if reference is None:
        return Unknown("missing_action_id")
    if reference == "":
        # Nothing moved: right for a rollback without its bet, and for a bet that came after its rollback.
        if isinstance(call, Rollback):
            return Accepted(balance)
        return Declined("already_rolled_back", "", balance) if isinstance(call, Bet) else Unknown("empty_tx_id")
    return Accepted(balance, reference)


def _balance(members: dict[str, Loose]) -> int | None:
    value = members.get("balance")
    return value if type(value) is int and isinstance(value, int) and abs(value) <= WIRE_MAX else None


def _members(call: WalletCall) -> tuple[str, Body]:
    who = call.context
    if isinstance(call, EndRound | Prize):
        raise TypeError(f"this API has no call for a {type(call).__name__}")
    if isinstance(call, Win) and call.free_rounds_ended:
        # The issue is all that names it: neither the player nor a transaction.
        total = scale(who.currency).integer(call.amount)
        status = ENDED[call.free_rounds_ended]
        return "/freespins", {"issue_id": call.campaign_id, "status": status, "total_amount": total}
    head: Body = {"user_id": who.player_id, "currency": who.currency, "game": wire_game(who.game_id)}
    if isinstance(call, Balance):
        return "/play", head
    head["game_id"] = call.round_id
    parts = call.calls if isinstance(call, Batch) else (call,)
    last = parts[-1]
    moved = {"finished": not isinstance(last, Bet) and last.round_closed, "actions": [_action(one) for one in parts]}
    return "/rollback" if isinstance(last, Rollback) else "/play", head | moved


def _action(one: Bet | Win | Rollback) -> Body:
    if isinstance(one, Rollback):
        return {"action": "rollback", "action_id": one.transaction_id, "original_action_id": one.bet_transaction_id}
    amount = scale(one.context.currency).integer(one.amount)
    return {"action": "win" if isinstance(one, Win) else "bet", "amount": amount, "action_id": one.transaction_id}
