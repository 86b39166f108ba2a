"""Round stories: conversations with the state machine, as text.

    Prose first, until the first line with a mark.

    * the operator's declines are not trusted        a setting
    > bet requested 1.00 EUR                          what happens
    > free round 1 of 5 requested at 1.00 EUR         the same, paid by the operator
    < send bet 1.00 EUR                               all that we then do, in order; no line = nothing
    ! refused round_in_progress                       the event is refused, `! not allowed` = a bug; nothing changed
    = closed, player -1.00 EUR                        where we are, and what the player has more or less than before
    = closed, player 1.00 EUR, promo -1.00 EUR        the same, and what the operator gave for free rounds

What a record claims across all streams is told before what is sent: `take free round 1`, `give back free round 1`.

Transactions are called `bet`, `extra bet`, `second extra bet`, `rollback of the bet`, `rollback of the extra bet`,
`win`, `end of the round`. A wallet's answer belongs to the call that was sent last, unless the line ends in
`, about the <transaction>`.
"""

import re
import uuid
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from croupier.campaigns.claims import Claim, claims_between
from croupier.domain.money import CURRENCIES, Money
from croupier.domain.parties import Seat, SeatKey, Session
from croupier.domain.refusal import Refused
from croupier.ledger.postings import balance_of, postings_between, promo, wallet
from croupier.rounds.commands import PlayGame, SendCall
from croupier.rounds.events import (
    AbandonmentDue,
    ActionRequested,
    BetRequested,
    BetSent,
    CheckFailed,
    Event,
    FreeRound,
    FreeRoundsEnded,
    GamePlayed,
    GameUnavailable,
    PlayerReturned,
    ResolvedByStaff,
    RetriesExhausted,
    SessionEnded,
    SessionOpened,
    StillPending,
    SuspendedByStaff,
    Terms,
    TooOld,
    VoidApproved,
    WalletAnswered,
)
from croupier.rounds.round import Round
from croupier.rounds.seat import SeatState, apply
from croupier.rounds.transitions import NotAllowed
from croupier.wallet.outcome import Accepted, Conflict, Declined, Unknown

EUR = CURRENCIES["EUR"]
KEY = SeatKey("casino", "ana", "table", "real")
SEAT = Seat(uuid.UUID(int=7), KEY)
START = 1_795_000_000_000_000
SECOND = 1_000_000
UNITS = {"ms": 1000, "s": SECOND, "min": 60 * SECOND, "h": 3600 * SECOND, "days": 86_400 * SECOND}
ORDINALS = ("bet", "extra bet", "second extra bet", "third extra bet")
MARKS = "*><!="


@dataclass(frozen=True)
class Line:
    number: int
    mark: str
    text: str


def read(path: Path) -> list[Line]:
    """The marked lines; a story that has none, or no prose, is an error."""
    raw = path.read_text().splitlines()
    lines = [
        Line(number, text[0], text[1:].strip())
        for number, text in enumerate(raw, 1)
        if text[:1] and text[0] in MARKS and text[1:2] == " "
    ]
    assert lines, f"{path.name} has no marked line"
    assert lines[0].number > 1, f"{path.name} begins without saying what it shows"
    assert lines[-1].mark == "=", f"{path.name} does not say where it ends"
    stray = [
        number
        for number, text in enumerate(raw[lines[0].number - 1 :], lines[0].number)
        if text.strip() and text[0] not in MARKS
    ]
    assert not stray, f"{path.name}:{stray[0]} has no mark"
    return lines


def money(text: str) -> int:
    amount = Money.parse(text)
    assert amount.currency == EUR, "stories are in EUR"
    return amount.amount


class Conversation:
    """One story being told to the state machine."""

    def __init__(self) -> None:
        self.at = START
        self.state = SeatState(SEAT)
        self.terms = Terms()
        self.local_free_bets = False
        self.summed = False
        self.bonus_id: str | None = None
        self.events: list[Event] = []
        self.player = 0
        """What the ledger says the player won or lost, minor units."""
        self.promo = 0
        """What it says the operator's promotions got; below zero = what free rounds cost."""
        self.names: dict[str, str] = {}
        """Transaction's name in the story -> its id."""
        self.sent_at: dict[str, int] = {}
        self.last_sent = ""
        self.sessions = 0
        self.happens(self.session_opened())

    # What happens

    def session_opened(self) -> SessionOpened:
        self.sessions += 1
        session = Session(f"s{self.sessions}", "EUR", "en", self.at, self.at + UNITS["days"], bonus_id=self.bonus_id)
        return SessionOpened(self.at, session)

    def happens(self, event: Event) -> list[str]:
        """Apply the event and say what we then do."""
        before = self.state.round or Round()
        self.state, commands = apply(self.state, event)
        self.events.append(event)
        after = self.state.round or Round()
        if after.round_id != before.round_id:
            before = Round()
        moved = postings_between(KEY, before, after)
        self.player += balance_of(wallet(KEY), moved)
        self.promo += balance_of(promo(KEY), moved)
        self._name(after)
        claims = claims_between(KEY, before, after)
        return [self.claimed(claim) for claim in claims] + [self.spoken(command) for command in commands]

    def claimed(self, claim: Claim) -> str:
        verb = {"free_round": "take", "free_round_return": "give back"}[claim.kind]
        grant, _, number = claim.key.rpartition("/")
        assert grant == "casino/spring/ana"
        return f"{verb} free round {int(number)}"

    def _name(self, r: Round) -> None:
        bets = [t.transaction_id for t in r.transactions if t.kind == "bet"]
        self.names = dict(zip(ORDINALS, bets, strict=False))
        rolled = {t.reference: t.transaction_id for t in r.transactions if t.kind == "rollback"}
        self.names |= {f"rollback of the {name}": rolled[bet] for name, bet in self.names.items() if bet in rolled}
        if (win := next((t for t in r.transactions if t.kind == "win"), None)) is not None:
            self.names["win"] = win.transaction_id
        if (end := next((t for t in r.transactions if t.kind == "end_round"), None)) is not None:
            self.names["end of the round"] = end.transaction_id

    def spoken(self, command: SendCall | PlayGame) -> str:
        if isinstance(command, PlayGame):
            return "play"
        name = next(name for name, known in self.names.items() if known == command.transaction_id)
        self.last_sent = name
        self.sent_at[name] = max(self.at, command.not_before)
        r = self.state.round
        t = r.transaction(command.transaction_id) if r else None
        assert t is not None, "what is sent belongs to the round"
        text = f"send {name}" if t.kind in ("rollback", "end_round") else f"send {name} {Money(t.amount, EUR)}"
        text += " again" if command.again else ""
        if command.not_before:
            waits = command.not_before - START
            text += f", not before {waits // SECOND // 60} min {waits // SECOND % 60} s"
        return text

    def event(self, text: str) -> Event:
        """The event that a line tells."""
        text, _, about = text.partition(", about the ")
        for pattern, make in EVENTS:
            if (found := re.fullmatch(pattern, text)) is not None:
                self.about = about or self.last_sent
                return make(self, *found.groups())
        raise AssertionError(f"no such event: {text!r}")

    def bet(self, amount: str) -> BetRequested:
        n = self.state.rounds
        return BetRequested(
            *(self.at, f"rd_{n}", f"q{len(self.events)}", self.session_id, f"b_{n}.0", "1", "base", None),
            *(money(amount), 1, money(amount), self.at + 30 * SECOND, self.terms),
        )

    def free_bet(self, number: str, total: str, amount: str, cap: str | None) -> BetRequested:
        most = money(cap) if cap else None
        free = FreeRound("spring", int(number), money(amount), int(total), win_max=most, local=self.local_free_bets)
        free = replace(free, summed=self.summed)
        return replace(self.bet(amount), amount=0, free_round=free)

    def free_rounds_ended(self, how: str, used: str, total: str, won: str) -> FreeRoundsEnded:
        n, session = self.state.rounds, self.state.session
        assert session is not None
        free = FreeRound("spring", int(used) + 1, 0, int(total), won=money(won), local=True, summed=True, ended=how)
        return FreeRoundsEnded(self.at, f"rd_{n}", session, f"b_{n}.0", f"w_{n}", "1", free)

    def action(self, name: str, cost: str | None) -> ActionRequested:
        r = self.state.round or Round()
        bets = sum(t.kind == "bet" for t in r.transactions)
        paid = f"b_{r.round_id[3:]}.{bets}" if cost else None
        request_id = f"q{len(self.events)}"
        price = money(cost) if cost else 0
        return ActionRequested(self.at, request_id, self.session_id, name, None, price, paid, self.at + 30 * SECOND)

    @property
    def session_id(self) -> str:
        return f"s{self.sessions}"

    def answered(self, outcome: Accepted | Declined | Unknown | Conflict) -> WalletAnswered:
        sent = self.sent_at.get(self.about, self.at)
        return WalletAnswered(self.at, self.names.get(self.about, "b_stranger"), sent, outcome)

    def transaction(self, name: str) -> str:
        return self.names.get(name, "b_stranger")

    def played(self, win: str | None, finished: bool) -> GamePlayed:
        r = self.state.round or Round()
        action = r.pending.action if r.pending else "bet"
        n = len(r.steps) + 1
        amount = money(win) if win else 0
        later = r.free_round is not None and r.free_round.summed
        owed = f"w_{r.round_id[3:]}" if finished and not later and (amount or self.terms.zero_win) else None
        return GamePlayed(self.at, action, ((6, n % 6),), finished, amount, owed, b'{"step":%d}' % n, b"[]")

    def resolved(self, who: tuple[str, str], to: str, settled: str) -> ResolvedByStaff:
        pairs = tuple(part.split(" is ") for part in settled.removeprefix("; the ").split("; the ") if part)
        states = tuple((self.names[name], state) for name, state in pairs)
        return ResolvedByStaff(self.at, to, states, *who, "looked at both sides")

    # Telling

    def tell(self, lines: list[Line]) -> None:
        """Raises AssertionError where the machine and the story differ."""
        index = 0
        while index < len(lines):
            line = lines[index]
            index += 1
            follow = []
            while index < len(lines) and lines[index].mark in "<!":
                follow.append(lines[index])
                index += 1
            match line.mark:
                case "*":
                    self.setting(line.text)
                case "=":
                    self.place(line)
                case ">" if (passed := re.fullmatch(r"(\d+) (ms|s|min|h|days) pass", line.text)) is not None:
                    self.at += int(passed[1]) * UNITS[passed[2]]
                case ">" if (back := re.fullmatch(r"the clock is set back by (\d+) s", line.text)) is not None:
                    self.at -= int(back[1]) * SECOND
                case ">" if follow and follow[0].mark == "!":
                    self.refused(line, follow[0].text)
                case ">":
                    done = self.happens(self.event(line.text))
                    assert done == [f.text for f in follow], f"line {line.number}: after {line.text!r}"
                case _:
                    raise AssertionError(f"line {line.number} follows nothing that happened")

    def refused(self, line: Line, expected: str) -> None:
        before, event = self.state, self.event(line.text)
        try:
            apply(self.state, event)
        except Refused as refused:
            told = f"refused {refused.code}"
        except NotAllowed:
            told = "not allowed"
        else:
            told = "done"
        assert told == expected, f"line {line.number}: {line.text!r}"
        assert self.state == before

    def setting(self, text: str) -> None:
        if text == "the operator's wallet is not asked about free rounds":
            self.local_free_bets = True
            return
        if text == "what free rounds win is told in one sum":
            self.local_free_bets = self.summed = True
            return
        if text == "the session plays free rounds that the operator counts":
            self.bonus_id = "spring"
            self.happens(self.session_opened())
            return
        for pattern, change in SETTINGS:
            if (found := re.fullmatch(pattern, text)) is not None:
                self.terms = change(self.terms, *found.groups())
                return
        raise AssertionError(f"no such setting: {text!r}")

    def place(self, line: Line) -> None:
        r = self.state.round or Round()
        state, _, holders = line.text.partition(", player ")
        player, _, promo_account = holders.partition(", promo ")
        assert (r.state, self.player) == (state, money(player)), f"line {line.number}"
        assert self.promo == (money(promo_account) if promo_account else 0), f"line {line.number}"


SETTINGS = (
    (r"the dialect allows (\d) bet attempts", lambda t, n: replace(t, bet_attempts=int(n))),
    (r"the operator's declines are not trusted", lambda t: replace(t, declines_trusted=False)),
    (r"the operator wants a closing win of 0", lambda t: replace(t, zero_win=True)),
    (r"the operator's API has a call for the end of a round", lambda t: replace(t, end_round=True)),
    (r"a win tells the end of its round", lambda t: replace(t, closing_win=True)),
)

C = Conversation  # short, for the table below
EVENTS = (
    (r"bet requested (.+)", C.bet),
    (r"free round (\d+) of (\d+) requested at ([\d.]+ EUR)(?:, winning at most (.+))?", C.free_bet),
    (r"free rounds (\w+): (\d+) of (\d+) used, (.+) won", C.free_rounds_ended),
    (r"(\w+) requested, costs (.+)", C.action),
    (r"(\w+) requested", lambda c, name: c.action(name, None)),
    (r"wallet accepted", lambda c: c.answered(Accepted(1000, "op-1"))),
    (r"wallet accepted with a free round", lambda c: c.answered(Accepted(1000, "op-1", True, 4))),
    (r"wallet accepted without a free round", lambda c: c.answered(Accepted(1000, "op-1", False, 0))),
    (r"wallet declined: (\w+)", lambda c, why: c.answered(Declined(why))),
    (r"wallet unknown: (\w+)", lambda c, why: c.answered(Unknown(why))),
    (r"wallet conflict: (\w+)", lambda c, why: c.answered(Conflict(why))),
    (r"bet sent again", lambda c: BetSent(c.at, c.transaction(c.last_sent))),
    (r"retries exhausted: (.+)", lambda c, why: RetriesExhausted(c.at, c.transaction(c.about), why)),
    (r"game goes on", lambda c: c.played(None, finished=False)),
    (r"game finished(?:, win (.+))?", lambda c, win: c.played(win, finished=True)),
    (r"game unavailable: (.+)", lambda c, why: GameUnavailable(c.at, why)),
    (r"check failed: (.+)", lambda c, why: CheckFailed(c.at, why)),
    (r"still pending", lambda c: StillPending(c.at, c.transaction(c.about), 9, "timeout")),
    (r"too old", lambda c: TooOld(c.at, c.transaction(c.about))),
    (r"abandonment due", lambda c: AbandonmentDue(c.at)),
    (r"void approved by (\w+) and (\w+)", lambda c, a, b: VoidApproved(c.at, a, b, "a broken symbol")),
    (r"suspended by (\w+)", lambda c, by: SuspendedByStaff(c.at, by, "looks odd")),
    (
        r"resolved by (\w+) and (\w+) to (\w+)((?:; the [\w ]+ is \w+)*)",
        lambda c, a, b, to, s: c.resolved((a, b), to, s),
    ),
    (r"session opened", C.session_opened),
    (r"session ended: (\w+)", lambda c, why: SessionEnded(c.at, c.session_id, why)),
    (r"player returned", lambda c: PlayerReturned(c.at, c.session_id)),
)
