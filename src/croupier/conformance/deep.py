"""`--deep`: random stories of bets, wins, rollbacks and repeats, against a ledger by our own rules.

Hypothesis tells the stories and shortens the first that ends wrong. It is no dependency of ours: whoever imports this
must have it installed.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import hypothesis
import msgspec
from hypothesis import HealthCheck, Phase, strategies
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from croupier.conformance.heard import Heard, in_words
from croupier.conformance.players import NoPlayers
from croupier.conformance.rule import Rule, Step
from croupier.conformance.standstill import Standstill, stood_twice
from croupier.conformance.trial import Inconclusive, Trial
from croupier.conformance.verdict import Result, judged, shown
from croupier.conformance.wallet import Wallet
from croupier.wallet.book import Entry
from croupier.wallet.calls import Bet, Win
from croupier.wallet.outcome import Accepted

T = TypeVar("T")

STORIES, STEPS = 100, 20
AMOUNT_MAX = 5_000

STORY = Rule(
    id="DEEP-01",
    group="deep",
    name="random-stories",
    requirement="Random stories of bets, wins, rollbacks and repeats end where a ledger says.",
    guards="what nobody thought of",
    causes=("CRP-BAL-004",),
    bug="",
)


class Wrong(Exception):
    """This story ends wrong."""

    def __init__(self, story: "Story") -> None:
        super().__init__()
        self.story = story


class NothingSaid(BaseException):
    """Why the kit cannot say how a story ends. No `Exception`: Hypothesis would look for a shorter one."""


class Story:
    """One player's, told step by step; after each step the wallet's balance is the ledger's. Wrong otherwise."""

    def __init__(self, wallet: Wallet) -> None:
        self.trial = Trial(wallet, STORY, [])
        self.closed: set[str] = set()
        self.labels: list[str] = []
        self.steps: list[tuple[Step, str]] = []

    async def begin(self) -> None:
        await self.trial.seat({"p"})

    async def play(self, step: Step, label: str) -> None:
        self.steps.append((step, label))
        await self.trial.play(step)
        if label not in self.labels:
            self.labels.append(label)
        told, trial = self.trial.heard[-1], self.trial
        player = trial.players["p"]
        trial.after["p"] = await trial.balance_of("p")
        wanted = "ok" if isinstance(told.model, Accepted) else "not ok"
        if step.answer == "any":
            wanted = "any"
        expected = str(trial.book.balance(player))
        judge = msgspec.structs.replace(told.step, answer=wanted)
        trial.heard[-1] = msgspec.structs.replace(told, step=judge)
        trial.rule = msgspec.structs.replace(STORY, expect={"p": expected})
        if judged(trial) is not None:
            raise Wrong(self)

    def entry(self, label: str) -> Entry | None:
        return self.trial.book.pages.entry(self.trial.calls.sent[label][0].id) if label in self.labels else None

    def lines(self) -> tuple[str, ...]:
        return tuple(_line(self.trial, one) for one in self.trial.heard)


class Teller:
    """Tells stories step by step. One that goes wrong while this machine stands still is told once more from its
    beginning, to a fresh player; if the machine stands still again, nothing is said of the wallet. Wrong, NothingSaid.
    """

    def __init__(self, wallet: Wallet, standstill: Standstill, again: str) -> None:
        self.wallet = wallet
        self._standstill = standstill
        self._again = again

    async def begin(self) -> Story:
        story = Story(self.wallet)
        return await self._excused(story, story.begin())

    async def play(self, story: Story, step: Step, label: str) -> Story:
        """The story one step on."""
        return await self._excused(story, story.play(step, label))

    async def _excused(self, story: Story, work: Awaitable[None]) -> Story:
        self._standstill.told()  # what was before is over
        try:
            await work
        except ENDS as error:
            if not self._standstill.told():
                raise _as_told(error) from None
            return await self._once_more(story)
        return story

    async def _once_more(self, story: Story) -> Story:
        again = Story(self.wallet)
        again.closed = story.closed
        try:
            await again.begin()
            for step, label in story.steps:
                await again.play(step, label)
        except ENDS as error:
            stood = self._standstill.told()
            if stood:
                raise NothingSaid(stood_twice(stood, "a story was told", self._again)) from None
            raise _as_told(error) from None
        return again


ENDS = (Wrong, Inconclusive, NoPlayers)


def _as_told(error: Exception) -> BaseException:
    return error if isinstance(error, Wrong) else NothingSaid(str(error))


def _line(trial: Trial, one: Heard) -> str:
    """``bet b1 of 1.63: accepted, balance 99840``"""
    amount = f" of {shown(trial, one.call.amount)}" if isinstance(one.call, Bet | Win) else ""
    name = one.label.removeprefix("roll ")
    what = f"rollback of {name}" if one.kind == "rollback" else f"{one.kind} {name}"
    beside = f" in the round of {one.step.of}" if one.kind == "bet" and one.step.of else ""
    return f"{what}{amount}{beside}{' again' if one.retry else ''}: {in_words(one)}"


def tell_stories(wallet: Callable[[], Wallet], seed: int, stories: int = STORIES) -> Result:
    """Blocks; to be called in a thread of its own. `wallet`: made in the event loop that is opened here."""
    began, loop = time.perf_counter_ns(), asyncio.new_event_loop()
    failed: list[Story] = []
    note, verdict = "", "PASS"
    played = loop.run_until_complete(_made(wallet))
    standstill = Standstill(played.clock, played.voice.operator.timeout_ms)
    loop.run_until_complete(standstill.__aenter__())
    try:
        machine = _machine(loop, Teller(played, standstill, f"--deep --seed {seed}"), failed)
        run_state_machine_as_test(
            hypothesis.seed(seed)(machine),
            settings=hypothesis.settings(
                max_examples=stories, stateful_step_count=STEPS, deadline=None, database=None, print_blob=False,
                report_multiple_bugs=False, suppress_health_check=list(HealthCheck),
                phases=(Phase.generate, Phase.shrink), verbosity=hypothesis.Verbosity.quiet,
            ),
        )  # fmt: skip
    except (Wrong, hypothesis.errors.Flaky):
        verdict = "FAIL"
    except NothingSaid as error:
        note, verdict = str(error), "ERROR"
    finally:
        loop.run_until_complete(standstill.__aexit__())
        played.client.close()
        loop.close()
    ms = (time.perf_counter_ns() - began) // 1_000_000
    if verdict != "FAIL":
        return Result(rule=STORY, verdict="ERROR" if note else "PASS", note=note, ms=ms)
    last = failed[-1]
    found = judged(last.trial)
    assert found is not None, "it was judged wrong before"
    complaint, findings = found
    return Result(
        rule=STORY, verdict="FAIL", expected=complaint.expected, got=complaint.got, findings=findings,
        note=f"the shortest story that shows it; once more: --deep --seed {seed}", story=last.lines(),
        heard=tuple(last.trial.heard), ms=ms,
    )  # fmt: skip


async def _made(wallet: Callable[[], Wallet]) -> Wallet:
    return wallet()


def _machine(loop: asyncio.AbstractEventLoop, teller: Teller, failed: list[Story]) -> Any:
    wallet = teller.wallet
    unit = wallet.voice.spoken.wallet.step(wallet.currency, wallet.voice.operator)
    amounts = strategies.integers(1, AMOUNT_MAX).map(lambda units: units * unit)

    def done(work: Awaitable[T]) -> T:
        return loop.run_until_complete(work)

    class Stories(RuleBasedStateMachine):
        """Only what every wallet must agree about: what a dialect leaves open is not told."""

        bets, calls = Bundle("bets"), Bundle("calls")

        @initialize()
        def begin(self) -> None:
            self.story = done(teller.begin())

        def play(self, step: Step, label: str) -> str:
            try:
                self.story = done(teller.play(self.story, step, label))
            except Wrong as wrong:
                failed.append(wrong.story)
                raise
            return label

        def new(self, letter: str) -> str:
            return f"{letter}{len([one for one in self.story.labels if one.startswith(letter)]) + 1}"

        @rule(target=bets, amount=amounts)
        def bet(self, amount: int) -> str:
            label = self.new("b")
            return self.play(Step(bet=label, amount=str(amount)), label)

        @rule(target=bets, of=bets, amount=amounts)
        def bet_in_the_same_round(self, of: str, amount: int) -> str:
            entry = self.story.entry(of)
            if entry is None or of in self.story.closed:
                return of
            label = self.new("b")
            return self.play(Step(bet=label, of=of, amount=str(amount)), label)

        @rule(target=bets, more=strategies.sampled_from((0, 1)))
        def bet_everything(self, more: int) -> str:
            """Or one unit more than there is."""
            label, left = self.new("b"), self.story.trial.book.balance(self.story.trial.players["p"])
            return self.play(Step(bet=label, amount=str(left // unit * unit + more * unit)), label)

        @rule(target=calls, of=bets, amount=amounts, final=strategies.sampled_from((False, False, True)))
        def win(self, of: str, amount: int, final: bool) -> str:  # noqa: FBT001 - drawn by name
            entry = self.story.entry(of)
            if entry is None or entry.state != "taken" or of in self.story.closed:
                return of
            if final:
                self.story.closed.add(of)
            label = self.new("w")
            return self.play(Step(win=label, of=of, amount=str(amount), closed=final), label)

        @rule(target=calls, of=bets)
        def rollback(self, of: str) -> str:
            entry = self.story.entry(of)
            if entry is None or entry.settled:
                return of
            label = f"roll {of}"
            again = label in self.story.labels
            step = Step(again=label) if again else Step(rollback=of)
            return self.play(msgspec.structs.replace(step, answer="ok" if entry.state == "taken" else "any"), label)

        @rule(target=calls, late=strategies.booleans(), amount=amounts)
        def rollback_before_bet(self, late: bool, amount: int) -> str:  # noqa: FBT001 - drawn by name
            label = self.new("b")
            self.play(Step(rollback=label, answer="any"), f"roll {label}")
            return self.play(Step(bet=label, amount=str(amount), answer="any"), label) if late else f"roll {label}"

        @rule(one=bets | calls)
        def repeat(self, one: str) -> None:
            entry = self.story.entry(one)
            # Not every API says that what was declined stays declined.
            if entry is not None and entry.state != "declined":
                clear = entry.state in ("taken", "done")
                self.play(Step(again=one, answer="ok" if clear else "any"), one)

    return Stories
