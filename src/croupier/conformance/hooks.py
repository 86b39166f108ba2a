"""What the operator's own systems do to a player, or to the wallet, when a rule asks for it: by one address."""

import msgspec

from croupier.conformance.runner import HOOKS
from croupier.conformance.trial import Inconclusive
from croupier.conformance.wallet import Hook, Missing
from croupier.domain.exchange import HttpRequest, HttpResponse
from croupier.runtime.wallet_client import WalletClient

PATIENCE_MS = 30_000
HAS_NONE = frozenset({404, 405, 501})
"""What a test server answers to a hook that it does not have: the rules that need it are skipped."""


def by_url(url: str, client: WalletClient) -> dict[str, Hook]:
    """``POST {"hook", "player_id"}`` → 2xx when it is done, as `croupier sandbox` has at ``/hooks``."""
    return {name: _hook(name, url, client) for name in sorted(HOOKS)}


def _hook(name: str, url: str, client: WalletClient) -> Hook:
    async def call(player_id: str) -> None:
        """Missing, Inconclusive."""
        body = msgspec.json.encode({"hook": name, "player_id": player_id})
        request = HttpRequest("POST", url, (("content-type", "application/json"),), body, PATIENCE_MS)
        answer = await client.send(request, private=True)
        if isinstance(answer, HttpResponse):
            if answer.status in HAS_NONE:
                raise Missing(name)
            if not 200 <= answer.status < 300:
                raise Inconclusive(f"POST {url} for {name} was answered: {answer.status}")
        elif name != "restart" or answer.why != "reset":  # who is killed on the spot does not answer
            raise Inconclusive(f"POST {url} for {name} was answered: {answer.why}")

    return call
