"""Transactions: every movement we asked of the operator's wallet. As JSON pages, or all of them as CSV."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query, Response
from pydantic import Field
from starlette.responses import StreamingResponse

from croupier.api.fields import CurrencyCode, Id, LongId, Text, View
from croupier.api.operator.audit import tell_export
from croupier.api.operator.caller import Caller, TheCaller, ThePlatform
from croupier.api.operator.errors import errors
from croupier.api.operator.games import games_named
from croupier.api.operator.reading import AsOf, Fresh, OfPlayer
from croupier.api.platform import Platform
from croupier.api.wire import cursor_of, key_of
from croupier.domain.instants import rfc3339
from croupier.domain.money import CURRENCIES
from croupier.store.reads import (
    TransactionFilter,
    TransactionRow,
    every_transaction,
    list_transactions,
    named_transactions,
)

router = APIRouter(tags=["Bets and winnings"])

_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""What a text begins with that a spreadsheet would run; some take the wide forms for the narrow ones."""

TransactionState = Literal["pending", "sending", "accepted", "declined", "unknown", "reversed", "conflict"]


Accept = Annotated[str, Header(include_in_schema=False)]


class TransactionParams(OfPlayer):
    round_id: LongId | None = None
    kind: Literal["bet", "win", "rollback", "end_round"] | None = None
    state: TransactionState | None = None
    game_id: Text | None = None
    game_set: Id | None = None
    currency: CurrencyCode | None = None
    campaign_id: Id | None = None
    transaction_id: LongId | None = Field(
        None, description="Ours, or the one your wallet gave; the other filters do not count then"
    )


class TransactionView(View):
    transaction_id: str
    round_id: str
    player_id: str
    game_id: str
    kind: str = Field(description="bet, win or rollback")
    state: TransactionState
    effect: str = Field(description="What you confirmed: moved, none or unsure")
    amount: int
    currency: str
    exponent: int
    reference: str | None = Field(description="The bet that a win or rollback refers to")
    attempts: int
    first_sent_at: str
    last_sent_at: str
    operator_reference: str | None = Field(description="Your own transaction id")
    campaign_id: str | None = Field(description="The bet or win of a free round of this campaign")


class TransactionList(View):
    items: list[TransactionView]
    next_cursor: str | None
    as_of: AsOf


COLUMNS = tuple(TransactionView.model_fields)


@router.get(
    "/transactions",
    summary="Transactions, newest first",
    response_model=TransactionList,
    responses={200: {"content": {"text/csv": {}}}, **errors("invalid_cursor")},
)
async def get_transactions(
    params: Annotated[TransactionParams, Query()],
    caller: TheCaller,
    platform: ThePlatform,
    response: Response,
    *,
    seen: Fresh,
    accept: Accept = "",
) -> TransactionList | Response:
    """With `Accept: text/csv` all that match are streamed; `limit` and `cursor` have no meaning then. Your server gets
    every text as it is. In the file that a person saves from the account, one that a spreadsheet would run as a formula
    begins with an apostrophe.
    """
    as_of = rfc3339(seen.as_of)
    if params.transaction_id is not None:
        named = await named_transactions(platform.pool, caller.operator_id, params.transaction_id, params.limit)
        return TransactionList(items=[transaction_view(row) for row in named], next_cursor=None, as_of=as_of)
    wanted = TransactionFilter(
        params.player_id,
        params.round_id,
        params.kind,
        params.state,
        params.from_at,
        params.to_at,
        await games_named(platform, caller.operator_id, params.game_id, params.game_set),
        params.currency,
        params.campaign_id,
    )
    if "text/csv" in accept:
        await tell_export(platform, caller, "transactions", **params.model_dump(exclude={"limit", "cursor"}))
        headers = {"Content-Disposition": 'attachment; filename="transactions.csv"', **response.headers}
        headers.pop("content-length", None)
        return StreamingResponse(_csv(platform, caller, wanted), media_type="text/csv", headers=headers)
    rows = await list_transactions(platform.pool, caller.operator_id, wanted, params.limit + 1, key_of(params.cursor))
    shown = rows[: params.limit]
    more = cursor_of(shown[-1].first_sent_at, shown[-1].transaction_id) if len(rows) > params.limit else None
    return TransactionList(items=[transaction_view(row) for row in shown], next_cursor=more, as_of=as_of)


async def _csv(platform: Platform, caller: Caller, wanted: TransactionFilter) -> AsyncIterator[str]:
    yield ",".join(COLUMNS) + "\r\n"
    async for rows in every_transaction(platform.pool, caller.operator_id, wanted):
        text = io.StringIO()
        writer = csv.writer(text)
        for row in rows:
            view = transaction_view(row)
            cells = [getattr(view, column) for column in COLUMNS]
            writer.writerow(cells if caller.person is None else map(in_spreadsheet, cells))
        yield text.getvalue()


def in_spreadsheet(cell: object) -> object:
    """Players' ids and wallets' references are chosen elsewhere; amounts are numbers and stay."""
    return "'" + cell if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def transaction_view(row: TransactionRow) -> TransactionView:
    return TransactionView(
        transaction_id=row.transaction_id,
        round_id=row.round_id,
        player_id=row.player_id,
        game_id=row.game_id,
        kind=row.kind,
        state=row.state,  # type: ignore[arg-type]
        effect=row.effect,
        amount=row.amount,
        currency=row.currency,
        exponent=CURRENCIES[row.currency].exponent,
        reference=row.reference,
        attempts=row.attempts,
        first_sent_at=rfc3339(row.first_sent_at),
        last_sent_at=rfc3339(row.last_sent_at),
        operator_reference=row.operator_reference,
        campaign_id=row.campaign_id,
    )
