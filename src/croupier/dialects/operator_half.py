"""What the operator's half of a dialect is: bytes to wallet call, outcome to bytes. Sandbox and simulation speak it."""

from collections.abc import Callable
from typing import Protocol

import msgspec

from croupier.domain.exchange import HttpRequest, HttpResponse
from croupier.domain.parties import Operator
from croupier.wallet.calls import WalletCall
from croupier.wallet.outcome import Outcome

NEVER = 2**62
"""When a bet expires in an API whose bets carry no moment after which they are refused."""


class BadRequest(Exception):
    """The request is not a wallet call of ours. `status`: an HTTP status; `code` and text say what is wrong."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message


class OperatorHalf(Protocol):
    """`operator`: as both sides have agreed it, with the secrets that we sign with."""

    def read(self, request: HttpRequest, operator: Operator, at: int | None) -> WalletCall:
        """The call in these bytes, if they are ours. BadRequest otherwise.

        `at`: now, microseconds; None = the time of signing is not looked at.
        """
        ...

    def answer(self, request: HttpRequest, call: WalletCall, outcome: Outcome, operator: Operator) -> HttpResponse:
        """The operator's answer to a call it understood."""
        ...

    def signed(self, request: HttpRequest, response: HttpResponse, operator: Operator, at: int) -> HttpResponse:
        """The answer as it leaves; unchanged where signatures are not agreed."""
        ...

    def refuse(self, request: HttpRequest, error: BadRequest) -> HttpResponse: ...


def issued_to(call: WalletCall, player_id: str, currency: str) -> WalletCall:
    """The sum of free rounds, which an API tells by their name alone, now that their player is known."""
    known = msgspec.structs.replace(call.context, player_id=player_id, currency=currency)
    return msgspec.structs.replace(call, context=known)


def read_again(
    read: Callable[..., WalletCall], request: HttpRequest, operator: Operator, at: int | None, currency: str
) -> WalletCall:
    """A call of an API that names no currency, now that the account's is known: amounts may be read by it.

    `read`: as `OperatorHalf.read`.
    """
    known = msgspec.structs.replace(operator, currencies=(currency,))
    call = read(request, known, at)
    return msgspec.structs.replace(call, context=msgspec.structs.replace(call.context, currency=currency))
