"""Which pages frame an operator's games: let by a header, and noted for its Integration page."""

from collections.abc import Mapping

from croupier.api.platform import Platform
from croupier.domain.origins import framers_of, may_frame, origin_of
from croupier.domain.parties import Operator
from croupier.store.framed import Framed, note_framed

PAUSE_US = 1_000_000
"""Of one operator, one answer: whatever browsers send, it is written no more often than this."""
_FRAMES = (b"iframe", b"frame")


def page_around(headers: Mapping[bytes, bytes]) -> str | None:
    """Origin of the page that frames this one, as its browser says. None: it is in no frame, in one of ours, or the
    page around it hides itself.

    Browsers say in what they will show it only to https and to this machine.
    """
    if headers.get(b"sec-fetch-dest") not in _FRAMES or headers.get(b"sec-fetch-site") == b"same-origin":
        return None
    return origin_of("/".join(headers.get(b"referer", b"").decode("latin-1").split("/", 3)[:3]))


class Framing:
    def __init__(self, platform: Platform, pause_us: int = PAUSE_US) -> None:
        self.platform, self.pause_us = platform, pause_us
        self._noted: dict[tuple[str, bool], int] = {}

    async def framers(self, operator: Operator, page: str | None) -> tuple[str, ...]:
        """Origins that may frame the game. `page`: the one that does."""
        if page is not None:
            await self._note(operator, page)
        return framers_of(operator)

    async def _note(self, operator: Operator, page: str) -> None:
        now, allowed = self.platform.now(), may_frame(operator, page)
        key = operator.operator_id, allowed
        if now - self._noted.get(key, 0) < self.pause_us:
            return
        self._noted[key] = now
        await note_framed(self.platform.pool, operator.operator_id, Framed(page, now), allowed=allowed)
