"""The rules on behalf of the platform: the operator's own address and keys, our rules for addresses, all kept."""

import ssl

import msgspec

from croupier.conformance.heard import Heard, fits
from croupier.conformance.rule import Change
from croupier.conformance.runner import NEEDS
from croupier.conformance.verdict import Result
from croupier.conformance.wire_changes import Voice
from croupier.domain.exchange import Exchange, HttpRequest, HttpResponse, NoAnswer
from croupier.domain.parties import Operator
from croupier.runtime.masks import masked_answer, masked_request
from croupier.runtime.wallet_calls import VERDICTS, why_of
from croupier.runtime.wallet_client import WalletClient
from croupier.wallet.calls import Balance, WalletCall

CALLS_MAX = 20_000
"""A whole check of a correct wallet is some 2,500 calls."""

_HOOK = "needs hooks_url, where your test server {}"
NEEDS_HERE = NEEDS | {
    "another player": "needs a second player: two player_ids, or players_url",
    "restart": _HOOK.format("kills the wallet and starts it again"),
    "expire": _HOOK.format("ends the sessions of a player"),
    "block": _HOOK.format("blocks a player"),
    "limit": _HOOK.format("brings a player to a limit of theirs"),
    "free_round": _HOOK.format("gives a player a free round of the bonus certify"),
    "tokens": "needs the token of a player's session: operator_tokens, or operator_token from players_url",
    "second currency": "needs second_currency, where players hold two",
    "more currencies": "needs players_url, and currencies of yours with other decimals, in which it makes players",
    "deep": "takes six minutes: only with croupier certify --deep on your machine",
    "free rounds": "the wallet does not declare free rounds: has",
}
"""Why a rule is skipped in a check by the platform, and how to enable it, as `runner.NEEDS`."""
_WORDS = {NEEDS[need]: words for need, words in NEEDS_HERE.items()}


def told_here(result: Result) -> Result:
    """With the words of the API where the kit has those of its command."""
    return msgspec.structs.replace(result, note=_WORDS.get(result.note, result.note))


class TooManyCalls(Exception):
    """The check has used up what it may ask of a wallet."""


class CheckedClient(WalletClient):
    """The platform's client for one operator: private addresses and plain http only where the operator may have them,
    whatever the caller says.
    """

    def __init__(self, operator: Operator, tls: ssl.SSLContext) -> None:
        super().__init__(tls=tls)
        self._operator = operator
        self._left = CALLS_MAX

    async def send(
        self,
        request: HttpRequest,
        *,
        private: bool = False,  # noqa: ARG002 - the operator's kind decides
        operator_id: str = "",  # noqa: ARG002 - there is one
        owed: bool = False,
    ) -> HttpResponse | NoAnswer:
        self._left -= 1
        if self._left < 0:
            raise TooManyCalls(f"the check was ended after {CALLS_MAX} calls")
        return await super().send(
            request, private=self._operator.test, operator_id=self._operator.operator_id, owed=owed
        )


class NotingVoice(Voice):
    """The operator's dialect. `named`: ids of the transactions that were made since somebody emptied it."""

    def __init__(self, operator: Operator) -> None:
        super().__init__(operator)
        self.named: set[str] = set()

    def request(self, call: WalletCall, at: int, change: Change | None = None) -> HttpRequest:
        if not isinstance(call, Balance):
            self.named.add(call.id)
        return super().request(call, at, change)


def exchange_of(one: Heard, operator: Operator, certification_id: str, exchange_id: str) -> Exchange:
    """As the API log keeps it. What a rule wants refused, and was, is no failure."""
    verdict, why = VERDICTS[type(one.outcome)], why_of(one.outcome)
    if verdict != "accepted" and (one.cut or (one.step.answer != "ok" and fits(one, one.step.answer))):
        verdict = "declined"
    of_round = not isinstance(one.call, Balance)
    return Exchange(
        exchange_id=exchange_id,
        operator_id=operator.operator_id,
        direction="out",
        at=one.at,
        request=masked_request(one.request, one.masks),
        answer=masked_answer(one.answer, one.masks),
        verdict=verdict,
        why=why,
        round_id=getattr(one.call, "round_id", None) if of_round else None,
        transaction_id=getattr(one.call, "transaction_id", None) if of_round else None,
        player_id=one.call.context.player_id,
        session_id=one.call.context.session_id,
        call=one.kind,
        attempt=2 if one.retry else 1,
        currency=one.call.context.currency,
        certification_id=certification_id,
        rule_id=one.rule,
    )
