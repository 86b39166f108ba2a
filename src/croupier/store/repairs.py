"""Orders of a reconciliation: a worker takes them, the journal makes sure that each happens once."""

import hashlib
import uuid
from collections.abc import Sequence
from typing import Literal

import msgspec

from croupier.domain.parties import Seat
from croupier.rounds.events import WalletAnswered
from croupier.rounds.late import Item
from croupier.store.connect import TROUBLE, Connection, Pool
from croupier.store.records import Unavailable
from croupier.wallet.outcome import Accepted, Conflict, Outcome

TAKEN_FOR = "15 seconds"
"""Longer than the pause between two looks: who lives takes his own again, a dead worker's go to another one."""

Act = Literal["roll_back", "suspend", "compare"]
"""`compare` is for people: it is done from the start, as far as we can do it."""
Result = Literal["rolled_back", "conflict", "too_old", "suspended", "refused"]


class RepairOrder(msgspec.Struct, frozen=True):
    repair_id: str
    operator_id: str
    seat_id: uuid.UUID
    round_id: str
    transaction_id: str
    act: Act
    reconciliation_id: str | None
    """None: a late answer has told it."""
    asked_at: int
    done_at: int | None = None
    result: str | None = None
    detail: str = ""


_COLUMNS = ", ".join(RepairOrder.__struct_fields__)


def repair_id(reconciliation_id: str, transaction_id: str) -> str:
    return "rp_" + hashlib.sha256(f"{reconciliation_id}/{transaction_id}".encode()).hexdigest()[:32]


async def ask_for(db: Connection, orders: Sequence[RepairOrder]) -> int:
    """Stores them; one that is still open for the same transaction stays. How many are new."""
    added = await db.fetch(
        """INSERT INTO repairs
             (repair_id, operator_id, seat_id, round_id, transaction_id, act, reconciliation_id, asked_at)
           SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[],
                                $8::bigint[])
           ON CONFLICT DO NOTHING RETURNING repair_id""",
        *(
            [getattr(order, name) for order in orders]
            for name in (
                *("repair_id", "operator_id", "seat_id", "round_id", "transaction_id", "act"),
                *("reconciliation_id", "asked_at"),
            )
        ),
    )
    return len(added)


async def told_late(db: Pool, order: RepairOrder) -> None:
    """Stores what a late answer leaves to do, once."""
    await db.execute(
        """INSERT INTO repairs
             (repair_id, operator_id, seat_id, round_id, transaction_id, act, asked_at, done_at, result, detail)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING""",
        *(order.repair_id, order.operator_id, order.seat_id, order.round_id, order.transaction_id, order.act),
        *(order.asked_at, order.done_at, order.result, order.detail[:500]),
    )


class PostgresItems:
    """See `runtime.world.Items`."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    async def ask(self, seat: Seat, round_id: str, event: WalletAnswered, item: Item) -> None:
        done = (event.at, "conflict", _seen(event.outcome)) if item == "compare" else (None, None, "")
        bet_id = event.transaction_id
        names = repair_id("late", bet_id), seat.key.operator_id, seat.seat_id, round_id, bet_id
        try:
            await told_late(self.pool, RepairOrder(*names, item, None, event.at, *done))
        except TROUBLE as trouble:
            raise Unavailable from trouble


def _seen(outcome: Outcome) -> str:
    """Why people should compare."""
    match outcome:
        case Conflict(why):
            return why
        case Accepted(operator_reference=named):
            return f"accepted again, as another transaction of the casino's: {named}"
    return ""


async def take_orders(db: Pool, writer: str, limit: int = 200) -> list[RepairOrder]:
    """Open orders that are this worker's for the next seconds: new ones, its own, and those of workers that died."""
    rows = await db.fetch(
        f"""UPDATE repairs SET taken_by = $1, taken_until = now() + interval '{TAKEN_FOR}'
            WHERE repair_id IN (
              SELECT repair_id FROM repairs
              WHERE done_at IS NULL AND (taken_by IS NULL OR taken_by = $1 OR taken_until < now())
              ORDER BY asked_at, repair_id LIMIT $2 FOR UPDATE SKIP LOCKED)
            RETURNING {_COLUMNS}""",
        writer,
        limit,
    )
    return [RepairOrder(*row) for row in map(tuple, rows)]


async def order_done(db: Pool, repair: str, result: Result, detail: str, at: int) -> None:
    await db.execute(
        "UPDATE repairs SET done_at = $2, result = $3, detail = $4 WHERE repair_id = $1 AND done_at IS NULL",
        *(repair, at, result, detail[:500]),
    )


async def repairs_of(
    db: Pool | Connection, operator_id: str, *, reconciliation_id: str | None = None, round_id: str | None = None
) -> list[RepairOrder]:
    """Of one reconciliation, with what late answers told on its day; or of one round."""
    rows = await db.fetch(
        f"""SELECT {_COLUMNS} FROM repairs
            WHERE operator_id = $1
              AND ($2::text IS NULL OR reconciliation_id = $2 OR (
                reconciliation_id IS NULL AND (to_timestamp(asked_at / 1e6) AT TIME ZONE 'UTC')::date
                  = (SELECT day FROM reconciliations AS of WHERE of.reconciliation_id = $2)))
              AND ($3::text IS NULL OR round_id = $3)
            ORDER BY asked_at, transaction_id""",
        *(operator_id, reconciliation_id, round_id),
    )
    return [RepairOrder(*row) for row in map(tuple, rows)]
