"""Performs what the machine commands until nothing is due: the same code for a fresh round and a recovered one."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from croupier.domain.parties import Operator
from croupier.rounds.commands import Command, SendCall
from croupier.rounds.events import BetSent, Event, RetriesExhausted, StillPending, TooOld, WalletAnswered
from croupier.rounds.late import is_late
from croupier.rounds.round import Transaction
from croupier.rounds.seat import call_of
from croupier.runtime.late_answers import Late, LooksBack
from croupier.runtime.lease import Ownership
from croupier.runtime.live_seat import LiveSeat, Recorder
from croupier.runtime.operators import Operators
from croupier.runtime.wallet_calls import Answer, WalletCalls, why_of
from croupier.runtime.world import World
from croupier.store.records import Stale, Unavailable
from croupier.wallet import retry
from croupier.wallet.outcome import Accepted, Declined, Outcome, Unknown

PATIENCE_S = 1.0
"""After the outcome is durable the player waits at most this long for the wallet to take the win."""


class Driver:
    def __init__(
        self, world: World, recorder: Recorder, calls: WalletCalls, operators: Operators, lease: Ownership
    ) -> None:
        self.world = world
        self.lease = lease
        self.recorder = recorder
        self.calls = calls
        self.operators = operators
        self.admission = calls.admission
        self._heard_at: dict[str, int] = {}
        """Transaction that is sent again and again -> when we last heard of it. Alarms are due between two answers."""
        self._pausing: dict[str, asyncio.Task[None]] = {}
        """Transaction that waits to be sent again -> its pause."""
        self._refused: set[str] = set()
        """Those of them that the wallet has refused, which people know."""

    async def drive(self, live: LiveSeat, commands: list[Command]) -> None:
        """Ends when the round waits for its player, for people, or for nothing. Only cancelling stops it before."""
        queue = deque(commands)
        attempts: dict[str, int] = {}
        while queue:
            command = queue.popleft()
            assert isinstance(command, SendCall), "the recorder has played the game already"
            queue.extend(await self._send(live, command, attempts))
            self._told_in_time(live)
        live.told.tell()

    def _told_in_time(self, live: LiveSeat) -> None:
        r = live.state.round
        if not live.told.done and r is not None and r.state in ("paying", "rolling_back"):
            asyncio.get_running_loop().call_later(PATIENCE_S, live.told.tell)

    async def _send(self, live: LiveSeat, command: SendCall, attempts: dict[str, int]) -> list[Command]:
        t = self._open_transaction(live, command.transaction_id)
        if t is None:
            return []
        assert live.round is not None, "a transaction has a round"
        round_id = live.round.round_id
        made = attempts.get(t.transaction_id, 0)
        operator = self.operators.get(live.state.seat.key.operator_id)
        if t.kind == "bet":
            return await self._send_bet(live, operator, round_id, t, again=command.again)
        if live.unsure:
            # Somebody did not wait for the record that he wrote: it may have stopped this round.
            await self.settle_what(live, lambda: None)
            if self._open_transaction(live, t.transaction_id) is None:
                return []
        if retry.too_old(t.first_sent_at, self.world.clock.now(), operator.id_retention_ms):
            return await self.settle_what(live, lambda: self._too_old(live, t)) or []
        attempts[t.transaction_id] = made + 1
        answer = await self._ask(live, operator, t, made + 1)
        commands = await self._heard(live, round_id, answered(t, answer, made + 1)) or []
        again = [c for c in commands if isinstance(c, SendCall) and c.transaction_id == t.transaction_id]
        if again:
            # The player need not watch our patience: the money is owed and will arrive.
            live.told.tell()
            before = self._heard_at.get(t.transaction_id, t.first_sent_at)
            self._heard_at[t.transaction_id] = answer.at
            if retry.alarms_between(t.first_sent_at, before, answer.at) or self._is_refused(t, answer.outcome):
                await self.settle(live, StillPending(answer.at, t.transaction_id, made + 1, why_of(answer.outcome)))
            await self.pause(
                operator, self._pauses(operator, t, made + 1), answer, again[0].not_before, t.transaction_id
            )
        else:
            self._heard_at.pop(t.transaction_id, None)
            self._refused.discard(t.transaction_id)
        return commands

    def _pauses(self, operator: Operator, t: Transaction, attempts: int) -> int:
        """How many pauses these attempts call for, the coming one included: some APIs want their first wins at once."""
        at_once = self.calls.dialects[operator.dialect].abilities.wins_at_once if t.kind == "win" else 1
        return attempts - at_once + 1

    def _is_refused(self, t: Transaction, outcome: Outcome) -> bool:
        """For the first time: what we owe is sent on, but no time will mend a refusal, so people hear of it at once.

        A rollback that finds no bet is none: it waits until the bet can no longer arrive.
        """
        refused = isinstance(outcome, Declined) or (isinstance(outcome, Unknown) and outcome.alarm)
        if not refused or t.transaction_id in self._refused:
            return False
        if isinstance(outcome, Declined) and t.kind == "rollback" and outcome.reason == "not_found":
            return False
        self._refused.add(t.transaction_id)
        return True

    def _open_transaction(self, live: LiveSeat, transaction_id: str) -> Transaction | None:
        """None when we send it no more: answered meanwhile, the round waits for people, or another goes on with it."""
        r = live.round
        ours = live.owner == self.world.journal.writer
        t = None if r is None or r.state == "suspended" or r.finished or not ours else r.transaction(transaction_id)
        return t if t is not None and t.state in ("pending", "sending") else None

    async def _send_bet(
        self, live: LiveSeat, operator: Operator, round_id: str, t: Transaction, *, again: bool
    ) -> list[Command]:
        """The stamp of each attempt is durable before its bytes leave."""
        if again:
            await self.pause(operator, t.attempts, None, 0)
            return await self.settle_what(live, lambda: self._stamp(live, t)) or []
        now = self.world.clock.now()
        if now - t.last_sent_at > operator.send_window_ms * 1000 or not self.lease.may_bet:
            # Its stamp would lie about its age.
            late: Outcome = Declined("not_sent") if t.attempts == 1 else Unknown("not_sent")
            return await self._heard(live, round_id, WalletAnswered(now, t.transaction_id, t.last_sent_at, late)) or []
        answer = await self._ask(live, operator, t, t.attempts)
        return await self._heard(live, round_id, answered(t, answer)) or []

    def _stamp(self, live: LiveSeat, t: Transaction) -> Event | None:
        """A further attempt of a bet; None when people have stopped the round meanwhile."""
        r = live.round
        if r is None or self._open_transaction(live, t.transaction_id) is None:
            return None
        now = self.world.clock.now()
        if now >= t.first_sent_at + r.terms.deadline_ms * 1000:
            return RetriesExhausted(now, t.transaction_id, "deadline")
        return BetSent(now, t.transaction_id)

    def _too_old(self, live: LiveSeat, t: Transaction) -> Event | None:
        owed = self._open_transaction(live, t.transaction_id) is not None
        return TooOld(self.world.clock.now(), t.transaction_id) if owed else None

    async def _ask(self, live: LiveSeat, operator: Operator, t: Transaction, attempt: int) -> Answer:
        answer = await self.calls.ask(operator, call_of(live.state, t), attempt)
        outcome = answer.outcome
        if isinstance(outcome, (Accepted, Declined)) and outcome.balance is not None:
            live.balance = outcome.balance
        if isinstance(outcome, Accepted) and outcome.free_rounds_left is not None:
            live.free_left = outcome.free_rounds_left
        return answer

    async def pause(
        self, operator: Operator, attempts: int, answer: Answer | None, not_before: int, transaction_id: str = ""
    ) -> None:
        """Until a call may be sent again: back-off with jitter, then a turn among this operator's other retries.

        The back-off of a named transaction can be cut short, though never to before `not_before`.
        """
        with self.admission.pausing(operator.operator_id):
            await self._back_off(operator, attempts, answer, not_before, transaction_id)
            await self._take_turn(operator.operator_id)

    def hurry(self, transaction_id: str) -> bool:
        """End its back-off now; False when it waits for nothing here."""
        pausing = self._pausing.get(transaction_id)
        return pausing is not None and pausing.cancel()

    async def _back_off(
        self, operator: Operator, attempts: int, answer: Answer | None, not_before: int, transaction_id: str
    ) -> None:
        now = self.world.clock.now()
        jitter = int.from_bytes(self.world.ids.random(2), "big")
        asked = answer.outcome.retry_after_ms if answer and isinstance(answer.outcome, Unknown) else None
        due = retry.next_attempt(
            now,
            attempts,
            jitter,
            base_ms=operator.retry_base_ms,
            cap_ms=operator.retry_cap_ms,
            retry_after_ms=asked,
        )
        await self._sleep_unless_hurried((max(due, not_before) - now) / 1_000_000, transaction_id)
        if (early := not_before - self.world.clock.now()) > 0:
            await self.world.clock.sleep(early / 1_000_000)

    async def _sleep_unless_hurried(self, seconds: float, transaction_id: str) -> None:
        if not transaction_id:
            await self.world.clock.sleep(seconds)
            return
        me = asyncio.current_task()
        sleeping = self._pausing[transaction_id] = asyncio.ensure_future(self.world.clock.sleep(seconds))
        try:
            await sleeping
        except asyncio.CancelledError:
            if me is None or me.cancelling():
                raise  # we are to stop; otherwise only our sleep is
        finally:
            self._pausing.pop(transaction_id, None)

    async def _take_turn(self, operator_id: str) -> None:
        admission, clock = self.admission, self.world.clock
        if admission.may_retry(operator_id, clock.boot()):
            return
        with admission.of(operator_id).queue():
            while not admission.may_retry(operator_id, clock.boot()):
                jitter = int.from_bytes(self.world.ids.random(2), "big")
                await clock.sleep(admission.look_again_us(operator_id, jitter) / 1_000_000)

    def _heard(self, live: LiveSeat, round_id: str, event: WalletAnswered) -> Coroutine[Any, Any, list[Command] | None]:
        """The answer to a call of this round, which may have gone on, or have ended, without it."""
        late = None

        def due() -> Event:
            nonlocal late
            r = live.round
            if late is None and r is not None and r.round_id == round_id and not is_late(r, event):
                return event
            if late is None:
                seat = live.state.seat
                late = Late(self.world, self.admission.of(seat.key.operator_id), seat, round_id, event)
            return late.due(r)

        return self.settle_what(live, due)

    async def settle(self, live: LiveSeat, event: Event) -> list[Command]:
        """Record an event that nobody may lose, however long the store is away."""
        return await self.settle_what(live, lambda: event) or []

    async def settle_what(self, live: LiveSeat, decide: Callable[[], Event | None]) -> list[Command] | None:
        """As `settle`, for an event that follows from the state: asked for again whenever that turns out to be newer.

        None when there is none.
        """
        pause = 0.05
        stale = False
        first: Callable[[], Awaitable[None]] | None = None
        while True:
            try:
                if first is not None:
                    await first()
                    first = None
                async with live.lock:
                    if stale:
                        await self.recorder.load(live)
                        stale = False
                    if live.unsure:
                        await self.recorder.regain(live)
                    event = decide()
                    commands = None if event is None else await self.recorder.record(live, event)
                    live.unwritten = False
                    return commands
            except Unavailable:
                live.unwritten = True
                await self.world.clock.sleep(pause)
                pause = min(2 * pause, 2.0)
            except Stale:
                # Somebody else wrote: what we hold is applied to what is there now, with the answer we already have.
                stale = True
            except LooksBack as needs:
                first = needs.work


def answered(t: Transaction, answer: Answer, attempt: int = 0) -> WalletAnswered:
    a = answer
    return WalletAnswered(
        *(a.at, t.transaction_id, a.sent_at, a.outcome, a.status, a.body, a.digest),
        attempt=attempt,
    )
