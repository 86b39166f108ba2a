"""The platform's four calls, read from raw bytes; nothing is taken for granted."""

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, NoReturn, cast

AMOUNT_MAX = 2**53 - 1
"""The platform has no larger one; near 2**63 a balance would outgrow its column."""
Kind = Literal["balance", "bet", "win", "rollback"]
KINDS = ("balance", "bet", "win", "rollback")


class BadCall(Exception):
    """A request that is no wallet call. `status`: of the answer, 4xx."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call. `amount`: minor units of `currency`; `expires_at`: seconds since 1970, of a bet.

    `bet_transaction_id`: the bet that a win or rollback names. `campaign_id`: of a free round, whose bet takes nothing.
    What a kind of call does not have is empty.
    """

    kind: Kind
    player_id: str
    session_id: str
    game_id: str
    currency: str
    operator_token: str | None = None
    transaction_id: str = ""
    round_id: str = ""
    amount: int = 0
    expires_at: float = 0
    bet_transaction_id: str = ""
    round_closed: bool = False
    campaign_id: str | None = None


def read_call(kind: str, body: bytes) -> Call:
    """The call in a body that came to the address ``…/<kind>``. BadCall when it is none."""
    if kind not in KINDS:
        raise BadCall(404, "not_found", f"POST {', '.join(KINDS)}.")
    members = _Members(body)
    # The signature does not cover the address: a captured win must not pass as a rollback.
    if members.text("type") != kind:
        raise BadCall(400, "wrong_type", f"The body's type is not {kind!r}, as the address says.")
    moves = kind != "balance"
    return Call(
        kind=cast("Kind", kind),
        player_id=members.id("player_id"),
        session_id=members.id("session_id"),
        game_id=members.id("game_id"),
        currency=members.id("currency"),
        operator_token=members.text("operator_token", 4096) if members.has("operator_token") else None,
        transaction_id=members.id("transaction_id") if moves else "",
        round_id=members.id("round_id") if moves else "",
        amount=members.amount("amount") if kind in ("bet", "win") else 0,
        expires_at=members.moment("expires_at") if kind == "bet" else 0,
        bet_transaction_id=members.id("bet_transaction_id") if kind in ("win", "rollback") else "",
        round_closed=members.flag("round_closed") if kind == "win" else False,
        campaign_id=members.id("campaign_id") if kind in ("bet", "win") and members.has("campaign_id") else None,
    )


class _Members:
    """Members of one JSON object, each read as exactly one type. Those that nobody asks for are ignored."""

    def __init__(self, body: bytes) -> None:
        try:
            value = json.loads(
                body.decode("utf-8"), object_pairs_hook=_no_doubles, parse_float=Decimal, parse_constant=_no_constant
            )
        except (ValueError, ArithmeticError, RecursionError):  # an exponent that no Decimal has is of arithmetic
            value = None
        if type(value) is not dict:
            raise BadCall(400, "not_json", "The body is not one JSON object.")
        self._members: dict[str, Any] = value

    def has(self, name: str) -> bool:
        return self._members.get(name) is not None

    def text(self, name: str, longest: int = 64) -> str:
        value = self._members.get(name)
        if type(value) is not str or not 1 <= len(value) <= longest or not value.isprintable():
            raise self._bad(name, f"text of 1-{longest} printable characters")
        return value

    def id(self, name: str) -> str:
        # Blanks and letters outside of ASCII are what databases compare in ways of their own.
        value = self.text(name)
        if not value.isascii() or " " in value:
            raise self._bad(name, "1-64 visible ASCII characters")
        return value

    def amount(self, name: str) -> int:
        value = self._members.get(name)
        if type(value) is not int or not 0 <= value <= AMOUNT_MAX:
            raise self._bad(name, "a whole number of minor units, 0 or more")
        return value

    def flag(self, name: str) -> bool:
        value = self._members.get(name)
        if type(value) is not bool:
            raise self._bad(name, "true or false")
        return value

    def moment(self, name: str) -> float:
        text = self.text(name)
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None or "T" not in text.upper():
            raise self._bad(name, "an RFC 3339 moment")
        return moment.timestamp()

    def _bad(self, name: str, wanted: str) -> BadCall:
        return BadCall(400, "bad_request", f"{name} is {'not ' + wanted if name in self._members else 'missing'}.")


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member comes twice")
    return members


def _no_constant(text: str) -> NoReturn:
    raise ValueError(text)
