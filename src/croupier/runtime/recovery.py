"""Goes on with every round that a dead process left unfinished, by the same path as a living one."""

from croupier.domain.refusal import Refused
from croupier.rounds.events import RetriesExhausted
from croupier.rounds.seat import commands_after_restart
from croupier.runtime.live_seat import GapInStream, LiveSeat
from croupier.runtime.round_runner import RoundRunner


async def recover(runner: RoundRunner, per_second: int = 500) -> int:
    """Resume all unfinished rounds, at most `per_second`; returns how many needed something."""
    resumed = 0
    for seat_id in await runner.world.journal.unfinished():
        try:
            live = await runner.seats.live(seat_id)
            resumed += await resume(runner, live)
        except (Refused, GapInStream, LookupError):
            continue  # this seat stops, the others go on; every later use of it says why
        if resumed and resumed % per_second == 0:
            await runner.world.clock.sleep(1.0)
    return resumed


async def resume(runner: RoundRunner, live: LiveSeat) -> bool:
    """What this round needs now; False when it waits for its player, for people, or for nothing."""
    r = live.state.open_round
    if r is None or live.drive is not None:
        return False
    if r.state == "betting":
        # Nobody knows whether the bet left us, and the answer is lost with the process that asked: take it back.
        bet = next(t for t in reversed(r.transactions) if t.kind == "bet")
        died = RetriesExhausted(runner.world.clock.now(), bet.transaction_id, "process died")
        commands = await runner.driver.settle(live, died)
    elif r.state == "in_play" and r.pending is not None:
        played = runner.recorder.drawn_once(live, r, runner.world.clock.now())
        commands = await runner.driver.settle(live, played)
    else:
        commands = list(commands_after_restart(r))
    if commands:
        runner.start(live, commands)
    return bool(commands)


async def tend(runner: RoundRunner, every_s: float = 0.25) -> None:
    """Background care: closing events that waited long enough, and seats that nobody uses."""
    while True:
        await runner.world.clock.sleep(every_s)
        await runner.seats.sweep()
