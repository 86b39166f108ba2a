"""docs/reference/round-lifecycle.md: what `step` does in every state with every event, told by calling it."""

from croupier.domain.refusal import Refused
from croupier.main.reference.round_samples import ROUNDS, events_for
from croupier.rounds.commands import Command, PlayGame, SendCall
from croupier.rounds.lifecycle import step
from croupier.rounds.round import FINISHED, Round
from croupier.rounds.transitions import NotAllowed

INTRODUCTION = """\
# Round lifecycle

This page is made by calling the state machine with every event in every state; `make generate` writes it.
The machine is `step` in `src/croupier/rounds/lifecycle.py`: events in, commands out.

- **Accepted, Declined, Unknown, Conflict** are the four meanings an answer of a wallet can have
  ([errors and outcomes](../wallet-guide.md#what-your-answer-means)).
- *recorded*: the event is kept and changes nothing. *refused* goes back to whoever asked, with that
  [error](../errors/index.md). Where an event is not listed it cannot happen in that state: the machine would raise an
  error of our own and change nothing.
- Every event is durable before its command is carried out.

"""


def page() -> str:
    return INTRODUCTION + matrix() + "".join(section(title, r) for title, r in ROUNDS.items())


def matrix() -> str:
    """From where to where: one row per state, the reachable states with the events that lead there."""
    lines = ["## From where to where\n", "| State | Next states |", "|---|---|"]
    for title, r in ROUNDS.items():
        ways: dict[str, list[str]] = {}
        for name, event in events_for(r).items():
            try:
                after, _ = step(r, event)
            except (NotAllowed, Refused):
                continue
            if after.state != r.state:
                ways.setdefault(after.state, []).append(name)
        cell = "; ".join(f"**{state}** ({', '.join(names)})" for state, names in ways.items())
        lines.append(f"| [{title}](#{anchor(title)}) | {cell or 'none: the round is finished'} |")
    return "\n".join(lines) + "\n\n"


def section(title: str, r: Round) -> str:
    heading = f"## {title} {{ #{anchor(title)} }}\n\n"
    rows = []
    for name, event in events_for(r).items():
        try:
            after, commands = step(r, event)
        except NotAllowed:
            continue
        except Refused as refused:
            rows.append(f"| {name} | refused: `{refused.code}` | |")
            continue
        rows.append(f"| {name} | {outcome(r, after)} | {', '.join(told(after, command) for command in commands)} |")
    if not rows:
        return ""
    return heading + "| What happens | Next state | Then |\n|---|---|---|\n" + "\n".join(rows) + "\n\n"


def outcome(before: Round, after: Round) -> str:
    if after.state == before.state:
        return "recorded" if before.state in FINISHED or after == before else f"{after.state}"
    return f"**{after.state}**"


def told(r: Round, command: Command) -> str:
    match command:
        case PlayGame():
            return "let the game play"
        case SendCall(transaction_id, not_before, again):
            t = r.transaction(transaction_id)
            kind = t.kind.replace("_", " ") if t is not None else "call"
            when = " when its bet can no longer arrive" if not_before else " after a pause" if again else ""
            return f"send {'the ' + kind}{' again' if again else ''}{when}"


def anchor(title: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in title.lower()).strip("-").replace("--", "-")
