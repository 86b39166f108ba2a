"""What a dialect is: pure translation of a wallet call to one operator API, and of its answer to an Outcome."""

from typing import Literal, Protocol

import msgspec

from croupier.domain.exchange import HttpRequest, HttpResponse, NoAnswer
from croupier.domain.parties import Operator
from croupier.wallet.calls import WalletCall
from croupier.wallet.outcome import Outcome

FreeBets = Literal["call", "local", "none", "absent"]
RoundEnd = Literal["none", "zero_win"]
Batches = Literal["bet and win", "rollbacks"]
KeyKind = Literal["standard_webhooks", "text", "rsa"]


class Abilities(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator API can carry, as data. Times are defaults: an operator's own settings win.

    `bet_attempts`: how often a bet may be sent, to an operator that has shown that its bets are idempotent.
    `wins_at_once`: how often a win is sent before the first pause; rollbacks pause from the first.
    `free_bets`, the bet of a free round: ``call`` = a call that takes nothing, ``local`` = the wallet is not asked,
    ``none`` = the operator's own system counts free rounds, so our campaigns cannot be used with it, ``absent`` = it
    has no free rounds. `free_sum`: those that its own facade gives are not called for one by one; what a player won of
    them is told once, when they are over.
    `round_end`: how a round without a win ends, ``zero_win`` = with a win of 0. `end_round`: every round that was
    played ends with a call that says so, after its win; with `closing_win` only one without a win, because a win says
    it itself. `secret_token`: the operator's token opens his wallet, so it is never kept. `answers_signed`: whether
    answers can carry a signature. `signature_header` carries one, or `signature_field` of a form: neither is kept.
    `key`: what the calls of a new operator are signed with. `settings`: what an operator's technician may choose, name
    -> pattern of its value. `prizes`, `batches`: calls that it has and our rounds do not make.
    `lacks`: required examples (tests/dialects) of things that it does not have.
    """

    bet_attempts: int = 1
    wins_at_once: int = 1
    free_bets: FreeBets = "call"
    free_sum: bool = False
    round_end: RoundEnd = "none"
    end_round: bool = False
    closing_win: bool = False
    prizes: bool = False
    batches: frozenset[Batches] = frozenset()
    secret_token: bool = True
    timeout_ms: int = 5000
    retry_base_ms: int = 1000
    retry_cap_ms: int = 60_000
    id_retention_ms: int = 30 * 86_400_000
    answers_signed: bool = False
    signature_header: str = ""
    signature_field: str = ""
    key: KeyKind = "standard_webhooks"
    settings: dict[str, str] = {}
    lacks: frozenset[str] = frozenset()

    def given_to(self, operator: Operator) -> Operator:
        """A new operator with these times and habits as its settings."""
        return msgspec.structs.replace(
            operator,
            round_end=self.round_end,
            timeout_ms=self.timeout_ms,
            retry_base_ms=self.retry_base_ms,
            retry_cap_ms=self.retry_cap_ms,
            id_retention_ms=self.id_retention_ms,
        )


class Dialect(Protocol):
    name: str
    abilities: Abilities

    def request(self, call: WalletCall, operator: Operator, at: int, attempt: int = 1) -> HttpRequest:
        """The bytes of this attempt; `at` in microseconds (signatures carry it).

        `attempt`: of this process; some APIs want to see it. Nothing else may depend on it.
        """
        ...

    def outcome(
        self,
        call: WalletCall,
        operator: Operator,
        answer: HttpResponse | NoAnswer,
        at: int,
        request: HttpRequest | None = None,
    ) -> Outcome:
        """What the answer means for this call. Never raises: what it cannot read is Unknown.

        `request`: the attempt that it answers, for APIs whose answers repeat something of it.
        """
        ...

    def step(self, currency: str, operator: Operator) -> int:
        """The smallest amount, in minor units, of which this API carries every multiple. Other bets are refused."""
        ...
