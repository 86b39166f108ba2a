"""What a dialect is: pure translation of a wallet call to one operator API, and of its answer to an Outcome."""

from typing import Literal, Protocol

import msgspec

from croupier.domain.exchange import HttpRequest, HttpResponse, NoAnswer
from croupier.domain.parties import Operator
from croupier.wallet.calls import WalletCall
from croupier.wallet.outcome import Outcome

FreeBets = Literal["call", "local", "none"]


class Abilities(msgspec.Struct, frozen=True):
    """What an operator API can carry, as data.

    `free_bets`, the bet of a free round: ``call`` = a call that takes nothing, ``local`` = the wallet is not asked,
    ``none`` = the operator's own system counts free rounds, so our campaigns cannot be used with it.
    """

    bet_attempts: int = 1
    end_round: bool = False
    free_bets: FreeBets = "call"


class Dialect(Protocol):
    name: str
    abilities: Abilities

    def request(self, call: WalletCall, operator: Operator, at: int) -> HttpRequest:
        """The bytes of this attempt; `at` in microseconds (signatures carry it)."""
        ...

    def outcome(self, call: WalletCall, operator: Operator, answer: HttpResponse | NoAnswer, at: int) -> Outcome:
        """What the answer means for this call. Never raises: what it cannot read is Unknown."""
        ...
