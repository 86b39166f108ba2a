"""What all lists share: how fresh they are, and which time they are about."""

from typing import Annotated

from fastapi import Depends, Response
from pydantic import Field

from croupier.api.fields import Id, Moment, Page, Params
from croupier.api.operator.caller import ThePlatform
from croupier.api.wire import instant
from croupier.store.reads import Freshness, freshness


class Between(Params):
    """What lies between two times, whole."""

    from_: Moment | None = Field(None, alias="from", description="RFC 3339 time, or a date; inclusive")
    to: Moment | None = Field(None, description="RFC 3339 time (exclusive), or a date (inclusive)")

    @property
    def from_at(self) -> int | None:
        return instant(self.from_, "from")

    @property
    def to_at(self) -> int | None:
        return instant(self.to, "to", end=True)


class Span(Between, Page):
    """A page of what lies between two times."""


class OfPlayer(Span):
    player_id: Id | None = None


async def fresh(platform: ThePlatform, response: Response) -> Freshness:
    """Waits a little for the projector, then says in a header how far the list may lie behind."""
    seen = await freshness(platform.pool, platform.now())
    response.headers["Croupier-Lag-Ms"] = str(seen.lag_ms)
    return seen


AsOf = Annotated[str, Field(description="Everything recorded before is in the list, see Croupier-Lag-Ms")]
Fresh = Annotated[Freshness, Depends(fresh)]
