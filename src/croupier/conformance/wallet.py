"""What every trial of a run shares: whom to call and how, who plays, and what the operator lets us do to players."""

from collections.abc import Awaitable, Callable

import msgspec

from croupier.conformance.players import Players
from croupier.conformance.wire_changes import Voice
from croupier.domain.exchange import HttpRequest, HttpResponse, NoAnswer
from croupier.runtime.wallet_client import WalletClient
from croupier.runtime.world import Clock

SETTLE_MS = 50


class Missing(Exception):
    """The wallet or its operator has not given what the rule needs: a name of `runner.NEEDS`."""


Hook = Callable[[str], Awaitable[None]]
"""Does something to the player of this id, or to the wallet."""


class Wallet(msgspec.Struct, frozen=True):
    """`settle_ms` lies between the two equal reads of a settled balance.

    `hooks`: by name, see `Step.hook`. `second_currency`: one that every player holds as well. `more_currencies`: others
    in which players can be made.
    """

    voice: Voice
    client: WalletClient
    players: Players
    clock: Clock
    currency: str
    hooks: dict[str, Hook] = {}
    settle_ms: int = SETTLE_MS
    second_currency: str = ""
    more_currencies: tuple[str, ...] = ()

    async def read(self, request: HttpRequest) -> HttpResponse | NoAnswer:
        """What moves nothing is sent again on a connection that was closed under it: servers close one after a 500."""
        answer = await self.client.send(request, private=True)
        if isinstance(answer, NoAnswer) and answer.why == "reset":
            answer = await self.client.send(request, private=True)
        return answer
