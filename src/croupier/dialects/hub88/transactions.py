"""The list of transactions, in pages: each names the cursor of the next."""

import re
from collections.abc import Callable

from croupier.dialects.actions import ListTransactions, Steps, TransactionFound, ask
from croupier.dialects.amounts import CannotCarry
from croupier.dialects.hub88.names import uuid_of, wire_amount
from croupier.dialects.hub88.wanted import Asked, Result, wrong
from croupier.domain.ids import transaction_uuid
from croupier.domain.instants import rfc3339

PAGE, PAGE_MAX = 100, 1000
CURSOR = re.compile(r"([0-9]{1,17})_([A-Za-z0-9_-]{1,64})", re.ASCII)


def transactions_list(asked: Asked) -> Steps[Result]:
    """Newest first. `user` and `round` narrow it, `start_time` and `end_time` bound it."""
    m = asked.members
    limit = m.optional_whole("limit", 1, PAGE_MAX) or PAGE
    given = m.optional_text("cursor", 96)
    cursor = CURSOR.fullmatch(given) if given is not None else None
    if given is not None and cursor is None:
        raise wrong("cursor", "one that an earlier page has named", False)
    found = yield from ask(
        ListTransactions(
            limit + 1,
            (int(cursor[1]), cursor[2]) if cursor is not None else None,
            player_id=m.optional_name("user"),
            round_id=m.optional_text("round"),
            from_at=m.optional_moment("start_time"),
            to_at=m.optional_moment("end_time"),
        )
    )
    shown = found[:limit]
    more = f"{shown[-1].at}_{shown[-1].transaction_id}" if len(found) > limit else None
    return {"transactions": [_transaction(one) for one in shown], "cursor": more}


def _transaction(one: TransactionFound) -> Result:
    try:
        amount: int | None = wire_amount(one.amount, one.currency)
    except CannotCarry:
        amount = None
    return {
        "transaction_uuid": str(transaction_uuid(one.transaction_id)),
        "supplier_transaction_id": one.transaction_id,
        "reference_transaction_uuid": None if one.reference is None else str(transaction_uuid(one.reference)),
        "kind": one.kind,
        "status": one.state,
        "user": one.player_id,
        "round": one.round_id,
        "game_code": one.game_id,
        "currency": one.currency,
        "amount": amount,
        "is_free": one.campaign_id is not None,
        "reward_uuid": None if one.campaign_id is None else uuid_of(one.campaign_id),
        "created_at": rfc3339(one.at),
    }


CALLS: dict[str, Callable[[Asked], Steps[object]]] = {"/transactions/list": transactions_list}
