"""Wallet, our half: wallet call -> signed JSON at one of four paths, answer -> Outcome."""

import re
from decimal import Decimal
from typing import TypeGuard

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
from croupier.wallet.outcome import Accepted, Outcome, Unknown

AMOUNT = re.compile(r"[0-9]{1,23}(\.[0-9]{1,16})?\Z", re.ASCII)
"""As a call may write it: at most 40 characters."""
_BALANCE = re.compile(r"-?[0-9]{1,23}(\.[0-9]{1,16})?\Z", re.ASCII)


def wire_amount(amount: int, currency: str) -> str:
    """With exactly the currency's digits: ``1.50``, ``150`` of JPY."""
    return format(scale(currency).decimal(amount), "f")


class SoftswissV2:
    name = "softswiss-v2"
    abilities = Abilities(
        signature_header="X-REQUEST-SIGN",
        bet_attempts=2,
        free_bets="absent",
        end_round=True,
        closing_win=True,
        batches=frozenset({"bet and win", "rollbacks"}),
        timeout_ms=15_000,
        retry_cap_ms=3_600_000,
        id_retention_ms=86_400_000,
        key="text",
        settings=SETTING,
        lacks=frozenset({"wrong-signature", "free-round-bet", "free-round-win", "facade-games"}),
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
        if not wrong_status and "meta" not in members:
            return _done(call, members)
        meta = members.get("meta")
        code = meta.get("api_code") if isinstance(meta, dict) else None
        text = str(code) if type(code) is int else code
        if not isinstance(meta, dict) or not isinstance(text, str) or not re.fullmatch(r"[0-9]{1,4}", text, re.ASCII):
            return Unknown(wrong_status or "bad_error", ascii(members.get("code"))[:80])
        return codes.refused(call, int(text), plain(meta.get("api_message")), _balance(call, meta))


def _done(call: WalletCall, members: dict[str, Loose]) -> Outcome:
    balance = _balance(call, members)
    if balance is None:
        shown = members.get("balance")
        return Unknown("missing_balance" if shown is None else "bad_balance", ascii(shown)[:80])
    if isinstance(call, Balance) or _finishes(call):
        return Accepted(balance)
    if members.get("round_id") not in (None, call.round_id):
        return Unknown("wrong_round_id", ascii(members.get("round_id"))[:80])
    listed = members.get("transactions")
    mine = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    if isinstance(call, Batch):
        told = {name for one in mine if isinstance(name := one.get("id_provider"), str)}
        return Accepted(balance) if {one.id for one in call.calls} <= told else Unknown("missing_id_provider")
    reference = next((codes.reference(one.get("id")) for one in mine if one.get("id_provider") == call.id), None)
    if reference is None:
        return Unknown("missing_id_provider")
    if reference == "":
        # Nothing was reversed: right for a rollback without its bet; a bet or win must have an id.
        return Accepted(balance) if isinstance(call, Rollback) else Unknown("empty_id")
    return Accepted(balance, reference)


def _balance(call: WalletCall, members: dict[str, Loose]) -> int | None:
    value = members.get("balance")
    if not isinstance(value, str) or _BALANCE.match(value) is None:
        return None
    return scale(call.context.currency).of_decimal(Decimal(value))


def _finishes(call: WalletCall) -> TypeGuard[EndRound | Win]:
    """A win of nothing cannot be written: amounts are above 0."""
    return isinstance(call, EndRound) or (isinstance(call, Win) and not call.amount and call.round_closed)


def _members(call: WalletCall) -> tuple[str, Body]:
    who = call.context
    head: Body = {"account_id": who.player_id, "currency": who.currency}
    if _finishes(call):
        return "/finish", head | {"round_id": call.round_id}
    assert not isinstance(call, EndRound)
    if isinstance(call, Prize):
        raise TypeError("this API has no call for a prize")
    head["game_id"] = wire_game(who.game_id)
    if isinstance(call, Balance):
        return "/balance", head | ({"session_id": who.session_id} if who.session_id else {})
    parts = call.calls if isinstance(call, Batch) else (call,)
    last = parts[-1]
    moved = {"finished": not isinstance(last, Bet) and last.round_closed, "transactions": [_moved(p) for p in parts]}
    if isinstance(last, Rollback):
        return "/rollback", head | {"round_id_provider": call.round_id} | moved
    return "/betwin", head | {"round_id": call.round_id} | moved


def _moved(one: Bet | Win | Rollback) -> Body:
    named: Body = {"id_provider": one.transaction_id}
    if isinstance(one, Rollback):
        return named | {"type": "rollback", "original_id_provider": one.bet_transaction_id}
    amount = wire_amount(one.amount, one.context.currency)
    return named | {"type": "win" if isinstance(one, Win) else "bet", "amount": amount}


def is_amount(value: object) -> bool:
    return isinstance(value, str) and AMOUNT.match(value) is not None
