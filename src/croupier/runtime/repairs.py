"""Carries out what a reconciliation decided by rule: rolls a bet of a finished round back, or suspends a round.

An order is performed as often as somebody asks and happens once: the journal refuses its request id the second time.
A repair that a dead process left is found in the stream and driven on, like a round.
"""

import asyncio
import logging
import uuid
from functools import partial

from croupier.domain.ids import locate_round
from croupier.domain.parties import Operator
from croupier.domain.refusal import Refused
from croupier.rounds.commands import Command, SendCall
from croupier.rounds.events import Event, StillPending, SuspendedByStaff, TooOld
from croupier.rounds.repairs import Repair, RepairEvent, is_about, repair_for
from croupier.rounds.round import Round
from croupier.runtime.driver import answered
from croupier.runtime.live_seat import LiveSeat
from croupier.runtime.past_round import past_repair, past_round
from croupier.runtime.round_runner import RoundRunner
from croupier.runtime.wallet_calls import Answer, why_of
from croupier.store.connect import TROUBLE, Pool
from croupier.store.records import RequestRepeated, Unavailable
from croupier.store.repairs import RepairOrder, Result, order_done, take_orders
from croupier.wallet import retry
from croupier.wallet.calls import Context, Rollback
from croupier.wallet.outcome import Accepted

Done = tuple[Result, str]
"""How an order ended, and why."""

log = logging.getLogger("croupier.repairs")


def request_id_of(repair_id: str) -> str:
    """No player can choose an id with a slash, so nobody can take this one's place."""
    return f"repair/{repair_id}"


class Repairs:
    def __init__(self, runner: RoundRunner) -> None:
        self.runner = runner
        self.world = runner.world
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def look(self, db: Pool) -> None:
        """Take what is ordered; each order is a task of its own, and takes as long as the operator's wallet does."""
        for order in await take_orders(db, self.world.journal.writer):
            if order.repair_id not in self._tasks:
                task = asyncio.create_task(self._carry_out(db, order))
                self._tasks[order.repair_id] = task
                task.add_done_callback(partial(self._forget, order.repair_id))

    def _forget(self, repair_id: str, _: asyncio.Task[None]) -> None:
        self._tasks.pop(repair_id, None)

    async def close(self) -> None:
        for task in list(self._tasks.values()):
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _carry_out(self, db: Pool, order: RepairOrder) -> None:
        try:
            done: Done | None
            if order.act == "suspend":
                done = await self.suspend(order.seat_id, order.repair_id, order.transaction_id)
            else:
                done = await self.roll_back(order.round_id, order.transaction_id, order.repair_id)
            if done is not None:
                await order_done(db, order.repair_id, *done, self.world.clock.now())
        except (Unavailable, *TROUBLE) as error:
            log.warning("repair %s waits: %s", order.repair_id, error)  # the next look finds it again
        except Exception:
            log.exception("repair %s stands still", order.repair_id)

    async def suspend(self, seat_id: uuid.UUID, repair_id: str, transaction_id: str) -> Done:
        """Nothing more is sent for the seat's open round until two people have compared both sides."""
        reason = f"the operator's statement has another content for {transaction_id}"
        event = SuspendedByStaff(self.world.clock.now(), "reconciliation", reason)
        try:
            await self.runner.system_event(seat_id, event, request_id_of(repair_id))
        except RequestRepeated:
            pass
        except Refused as refused:
            return "refused", refused.detail
        return "suspended", ""

    async def roll_back(self, round_id: str, bet_id: str, repair_id: str) -> Done | None:
        """Until the wallet has taken it, or people must look. None: the round is not finished; ask again later."""
        place = locate_round(round_id)
        seat = await self.world.journal.seat_by_id(place[0]) if place is not None else None
        if place is None or seat is None:
            return "refused", "there is no such round"
        seq = await self.world.journal.find_request(seat.seat_id, request_id_of(repair_id))
        if seq is None:
            r = await past_round(self.world.journal, seat, place[1], to_the_last=True)
            if r is None or not r.finished:
                return None
            refused = await self._open(seat.seat_id, r, bet_id, repair_id)
            if refused is not None:
                return "refused", refused
            seq = await self.world.journal.find_request(seat.seat_id, request_id_of(repair_id))
            assert seq is not None, "it was written a moment ago"
        admission, operator_id = self.runner.admission, seat.key.operator_id
        admission.entered(operator_id)
        try:
            await self._drive(seat.seat_id, repair_id)
        finally:
            admission.left(operator_id)
        # From the journal: the seat in memory may have gone on to another round and dropped what had ended.
        await self.runner.seats.write_waiting(seat.seat_id)
        ended = await past_repair(self.world.journal, seat, seq)
        if ended is None or not ended.ended:
            return None
        why = ended.rollback.why or ""
        if ended.rollback.state == "accepted":
            return "rolled_back", ended.rollback.transaction_id
        return ("too_old" if why == "too_old" else "conflict"), why

    async def _open(self, seat_id: uuid.UUID, r: Round, bet_id: str, repair_id: str) -> str | None:
        """Why it may not be done; None when it is recorded."""
        try:
            event = repair_for(r, bet_id, repair_id, self.world.clock.now())
            await self.runner.system_event(seat_id, event, request_id_of(repair_id))
        except RequestRepeated:
            return None
        except Refused as refused:
            return refused.detail
        return None

    async def _drive(self, seat_id: uuid.UUID, repair_id: str) -> None:
        attempts, heard_at = 0, self.world.clock.now()
        while True:
            live = await self.runner.seats.live(seat_id)
            repair = _open_repair(live, repair_id)
            if repair is None:
                return
            operator = self.runner.operators.get(live.state.seat.key.operator_id)
            t = repair.rollback
            if retry.too_old(t.first_sent_at, self.world.clock.now(), operator.id_retention_ms):
                await self._settle(live, repair_id, TooOld(self.world.clock.now(), t.transaction_id))
                continue
            attempts += 1
            answer = await self._ask(live, operator, repair, attempts)
            commands = await self._settle(live, repair_id, answered(t, answer, attempts))
            again = [c for c in commands if isinstance(c, SendCall) and c.again]
            if not again:
                continue
            if retry.alarms_between(t.first_sent_at, heard_at, answer.at):
                alarm = StillPending(answer.at, t.transaction_id, attempts, why_of(answer.outcome))
                await self._settle(live, repair_id, alarm)
            heard_at = answer.at
            await self.runner.driver.pause(operator, attempts, answer, again[0].not_before)

    async def _ask(self, live: LiveSeat, operator: Operator, repair: Repair, attempt: int) -> Answer:
        key, session, t = live.state.seat.key, repair.session, repair.rollback
        context = Context(key.player_id, t.session_id, key.game_id, session.currency, session.operator_token)
        names = t.transaction_id, repair.round_id, repair.bet.transaction_id
        call = Rollback(context, *names, t.amount, made_at=t.first_sent_at)
        answer = await self.runner.calls.ask(operator, call, attempt)
        if isinstance(answer.outcome, Accepted) and live.drive is None:
            live.balance = answer.outcome.balance
        return answer

    async def _settle(self, live: LiveSeat, repair_id: str, event: RepairEvent) -> list[Command]:
        """Record what happened to the repair, unless it has gone on without us meanwhile."""

        def decide() -> Event | None:
            repair = _open_repair(live, repair_id)
            return event if repair is not None and is_about(event, repair) else None

        return await self.runner.driver.settle_what(live, decide) or []


def _open_repair(live: LiveSeat, repair_id: str) -> Repair | None:
    return next((one for one in live.state.repairs if one.repair_id == repair_id and not one.ended), None)
