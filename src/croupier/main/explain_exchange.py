"""`croupier explain ex_…`: one stored exchange, and why it failed."""

from typing import Any

from croupier.dialects import SPOKEN
from croupier.domain.exchange import HttpResponse
from croupier.domain.instants import rfc3339
from croupier.main.database import registry
from croupier.main.settings import Settings
from croupier.runtime.explanations import Explainer, failed
from croupier.store.exchange_reads import stored


class _Known(dict[str, Any]):
    """`runtime.operators.Operators` as they were read once."""

    def get(self, operator_id: str) -> Any:  # type: ignore[override]
        return self[operator_id]


async def explain_exchange(settings: Settings, exchange_id: str) -> dict[str, Any] | None:
    """What there is to say; None when there is no such exchange, or it is past its retention."""
    async with registry(settings) as operators:
        e = await stored(operators.pool, exchange_id)
        known = await operators.settings()
    if e is None:
        return None
    found = Explainer(_Known(known.operators), SPOKEN).explain(e)
    told: dict[str, Any] = {
        "exchange_id": e.exchange_id,
        "operator": e.operator_id,
        "at": rfc3339(e.at),
        "call": f"{'->' if e.direction == 'out' else '<-'} {e.request.method} {e.request.url}",
        "status": e.answer.status if isinstance(e.answer, HttpResponse) else None,
        "verdict": e.verdict,
        "why": e.why,
        "side": found[0].entry.side if found else None,
    }
    if not found:
        return told | {"explained": "unexplained" if failed(e) else "nothing failed"}
    for one in found[:3]:
        told |= {one.code: f"{one.entry.title}. {one.detail} {one.entry.hint} {one.fix}".strip()}
    return told
