"""What the simulated platform and its casino have agreed on: an API, keys, and what this seed does differently."""

from dataclasses import replace

import msgspec

from croupier.dialects import DIALECTS
from croupier.domain.exchange import HttpRequest, HttpResponse, NoAnswer
from croupier.domain.parties import Operator
from croupier.simulation.faults import SIGNATURE, Mix, Quirks
from croupier.store.registry import new_secret
from croupier.wallet.calls import WalletCall
from croupier.wallet.dialect import Dialect
from croupier.wallet.outcome import Outcome
from croupier.wallet.signature import secret_of

SECRET = secret_of(b"simulated-request-key-24")
ANSWER_SECRET = secret_of(b"simulated-answers-key-24")

STRANGER = secret_of(b"simulated-strangers-key!")

ECHOED = frozenset({"foreign_answer", "wrong_currency"})
"""Faults of an answer that only the native API notices, because it echoes the currency."""
SIGNED = frozenset(SIGNATURE)
"""Faults that only an API notices whose answers must be signed."""


class Watched:
    """A dialect that remembers which call each request carries: other APIs do not say it in our words."""

    def __init__(self, dialect: Dialect, bet_attempts: int) -> None:
        self.dialect = dialect
        self.name = dialect.name
        abilities = dialect.abilities
        if self.name == "native":
            # For a wallet whose bets are known to be idempotent: it may be asked again.
            abilities = msgspec.structs.replace(abilities, bet_attempts=bet_attempts)
        self.abilities = abilities
        self._calls: dict[int, tuple[HttpRequest, WalletCall]] = {}

    def step(self, currency: str, operator: Operator) -> int:
        return self.dialect.step(currency, operator)

    def request(self, call: WalletCall, operator: Operator, at: int, attempt: int = 1) -> HttpRequest:
        request = self.dialect.request(call, operator, at, attempt)
        self._calls[id(request)] = request, call
        return request

    def outcome(
        self,
        call: WalletCall,
        operator: Operator,
        answer: HttpResponse | NoAnswer,
        at: int,
        request: HttpRequest | None = None,
    ) -> Outcome:
        return self.dialect.outcome(call, operator, answer, at, request)

    def call_of(self, request: HttpRequest) -> WalletCall:
        return self._calls[id(request)][1]


def operator_of(dialect: str, operator_id: str, quirks: Quirks) -> Operator:
    """Its settings: what the API brings, and what this seed says."""
    abilities = DIALECTS[dialect].abilities
    operator = abilities.given_to(
        Operator(
            operator_id=operator_id,
            dialect=dialect,
            wallet_url="https://wallet.example/api",
            wallet_secrets=(_key(dialect),),
            currencies=("EUR", "JPY"),
            number=1001,
        )
    )
    if quirks.zero_win:
        operator = msgspec.structs.replace(operator, round_end="zero_win")
    signed = quirks.signed_answers and dialect == "native"
    if quirks.signed_answers and "response_signature" in abilities.settings:
        operator = msgspec.structs.replace(operator, settings={"response_signature": "required"})
    return msgspec.structs.replace(
        operator,
        answer_secrets=(ANSWER_SECRET,) if signed else (),
        signed_answers=signed,
        declines_trusted=quirks.declines_trusted,
        id_retention_ms=quirks.id_retention_h * 3_600_000,
        idempotent_bets=True,
    )


def weather_for(dialect: str, mix: Mix) -> Mix:
    """The same weather over another API, without what it cannot notice or promises not to do."""
    if dialect == "native":
        return mix
    signed = mix.quirks.signed_answers and DIALECTS[dialect].abilities.answers_signed
    unnoticed = ECHOED if signed else ECHOED | SIGNED
    kept = [(k, w) for k, w in zip(mix.wire_kinds, mix.wire_weights, strict=True) if k not in unnoticed]
    kinds, weights = zip(*kept, strict=True) if kept else (("timeout",), (1.0,))
    quirks = replace(mix.quirks, tombstones=True, signed_answers=signed)
    # After a restore only our own ids say of a movement that it was lost; a sum of free rounds has none of ours.
    wire = mix.wire if kept else 0.0
    return replace(mix, wire=wire, wire_kinds=tuple(kinds), wire_weights=tuple(weights), quirks=quirks, restored=False)


def stranger(operator: Operator) -> Operator:
    """Somebody who would like to answer in this operator's place, with a secret of his own."""
    return msgspec.structs.replace(operator, wallet_secrets=(STRANGER,), answer_secrets=(STRANGER,))


def _key(dialect: str) -> str:
    kind = DIALECTS[dialect].abilities.key
    return SECRET if kind != "rsa" else new_secret(kind)
