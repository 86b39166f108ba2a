"""Turns a line of a book story into a call, and an outcome into the words after ``->``."""

from itertools import pairwise

from croupier.wallet.calls import Balance, Bet, Context, Rollback, WalletCall, Win
from croupier.wallet.outcome import Accepted, Conflict, Declined, Outcome

EXPIRES_AT = 1_800_000_000_000_000
PLAYERS = {"p": False, "q": False, "x": True}
START = 1000


def steps(story: str, prefix: str = "") -> list[tuple[str, WalletCall, int, str]]:
    """``(line, call, at, expected)`` of each line; `prefix` goes before ids, so that stories can share a wallet."""
    return [step(line.strip(), prefix) for line in story.strip().splitlines()]


def step(line: str, prefix: str) -> tuple[str, WalletCall, int, str]:
    said, _, expected = line.partition(" -> ")
    verb, *words = said.split()
    own = words[: next((i for i, word in enumerate(words) if word in OPTIONS or word[0] == "@"), len(words))]
    options = dict(pairwise(words))
    named = next((word[1:] for word in words if word[0] == "@"), None)
    who = Context(prefix + options.get("by", "p"), "ses_1", "krakens-hoard", options.get("in", "EUR"))
    at = EXPIRES_AT + int(options.get("at", "-1")) * 1_000_000
    match verb, own:
        case "balance", []:
            call: WalletCall = Balance(who, "c_1")
        case "bet", [name, amount]:
            call = Bet(who, prefix + name, named or f"rd-{name}", int(amount), EXPIRES_AT, options.get("for"))
        case "win", [name, amount]:
            bet = options["of"]
            call = Win(
                who, prefix + name, named or f"rd-{bet}", int(amount), prefix + bet, campaign_id=options.get("for")
            )
        case "roll", [name]:
            call = Rollback(who, prefix + options["as"], f"rd-{name}", prefix + name, 9999)
        case _:
            raise AssertionError(line)
    return line, call, at, expected


OPTIONS = {"by", "in", "at", "of", "as", "for"}


def shown(outcome: Outcome) -> str:
    match outcome:
        case Accepted(balance=balance):
            return str(balance)
        case Declined(reason=reason):
            return reason
        case Conflict():
            return "conflict"
    raise AssertionError(outcome)
