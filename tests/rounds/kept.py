"""What is held of a round wherever its story says where we are; ``python -m rounds.kept`` (in `tests`) writes it."""

from pathlib import Path

from croupier.domain.money import CURRENCIES, Money
from croupier.rounds.events import Event
from croupier.rounds.round import Round, Transaction
from rounds.story import START, Conversation, Line, read

FILE = Path(__file__).parent / "kept.txt"
STORIES = sorted((Path(__file__).parent / "stories").glob("*.txt"))
TICK_US = 1000
HEAD = """What is kept of a round wherever its story says where we are, told with one millisecond between two events.

First the round: state, why, amount won, when it was opened, changed and closed, its steps, what it waits for.
Then each transaction: state and what it moved, why, attempts, when it was first and last sent, expires, their id.
Times are milliseconds from the story's begin. Whoever changes the lifecycle sees here what becomes of every story.
"""


class Ticking(Conversation):
    """A conversation in which no two events happen at the same time."""

    def __init__(self) -> None:
        self.kept: list[str] = []
        super().__init__()

    def place(self, line: Line) -> None:
        super().place(line)
        r = self.state.round
        told = [] if r is None else [_round(r), *map(_transaction, r.transactions)]
        self.kept += ["    " + one if number else f"  {line.number}: {one}" for number, one in enumerate(told)]

    def happens(self, event: Event) -> list[str]:
        done = super().happens(event)
        self.at += TICK_US
        return done


def kept(path: Path) -> list[str]:
    story = Ticking()
    story.tell(read(path))
    return [path.stem, *story.kept]


def _round(r: Round) -> str:
    parts = [r.state, f"for {r.cause}" if r.cause else "", f"win {_money(r.win)}" if r.win else ""]
    if (free := r.free_round) is not None:
        counts = "the operator counts" if free.operator_counts else f"number {free.number} of {free.total}"
        parts.append(f"free round of {free.campaign_id}, {counts}, worth {_money(free.bet)}")
    parts += [f"opened {_ms(r.opened_at)}", f"changed {_ms(r.changed_at)}", f"closed {_ms(r.closed_at)}"]
    parts += [
        f"{s.action} {s.request_id or ''} at {_ms(s.at)}" + (f" for {_money(s.cost)}" if s.cost else "")
        for s in r.steps
    ]
    if r.pending is not None:
        parts.append(f"waits for {r.pending.action} since {_ms(r.pending.at)}")
    if r.offers:
        parts.append("offers " + ", ".join(f"{action} {_money(cost)}" for action, cost in r.offers))
    return " · ".join(part for part in parts if part)


def _transaction(t: Transaction) -> str:
    about = f" of {t.reference}" if t.reference else ""
    parts = [f"{t.kind} {t.transaction_id}{about} {_money(t.amount)} in {t.session_id}: {t.state}, {t.effect}"]
    parts += [
        f"for {t.why}" if t.why else "",
        f"{t.attempts} x",
        f"sent {_ms(t.first_sent_at)} to {_ms(t.last_sent_at)}",
    ]
    parts += [f"expires {_ms(t.expires_at)}" if t.expires_at else "", t.operator_reference or "", t.request_id or ""]
    return " · ".join(part for part in parts if part)


def _money(amount: int) -> str:
    return str(Money(amount, CURRENCIES["EUR"]))


def _ms(at: int | None) -> str:
    return "–" if at is None else str((at - START) // 1000)


def all_kept() -> str:
    return "\n".join([HEAD, *("\n".join(kept(path)) for path in STORIES), ""])


if __name__ == "__main__":
    FILE.write_text(all_kept(), encoding="utf-8")
