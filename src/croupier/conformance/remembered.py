"""What our own book remembers of a trial, for the hypotheses of `diagnosis.ledgers`."""

from croupier.conformance.calls import parts
from croupier.conformance.heard import Heard
from croupier.conformance.trial import Trial
from croupier.diagnosis.ledgers import Transaction
from croupier.wallet.book import Entry, MemoryPages
from croupier.wallet.calls import Bet, Rollback
from croupier.wallet.outcome import Accepted


def transactions(trial: Trial) -> list[Transaction]:
    """Every bet and win of player p, and how often each was sent."""
    pages = trial.book.pages
    assert isinstance(pages, MemoryPages)
    told = []
    for entry in pages.entries.values():
        if entry.kind not in ("bet", "win") or entry.player_id != trial.players.get("p"):
            continue
        if not _fits_what_was_heard(trial, entry):
            continue
        amount = entry.amount
        if entry.state == "tombstone" or entry.charged:
            sent = trial.calls.sent_call(entry.transaction_id)
            amount = sent.amount if isinstance(sent, Bet) else 0
        effect = {"taken": -entry.moved, "done": entry.moved}.get(entry.state, 0)
        rolled_back = {"tombstone": "before", "reversed": "after"}.get(entry.state, "")
        one = Transaction(
            kind="bet" if entry.kind == "bet" else "win",
            amount=amount,
            effect=effect,
            sent=max(1, trial.often[entry.transaction_id]),
            declined=entry.state == "declined",
            rolled_back=rolled_back,  # type: ignore[arg-type]
            rollbacks=trial.rollbacks[entry.transaction_id],
            settled=entry.settled,
            free=(entry.campaign_id is not None or entry.charged) and entry.kind == "bet",
        )
        told.append(one)
    accepted = {part.id for one in trial.heard if isinstance(one.outcome, Accepted) for part in parts(one.call)}
    refused = [bet for bet in trial.refused if bet.id not in accepted]
    told += [Transaction(kind="bet", amount=bet.amount, effect=0, declined=True) for bet in refused]
    return told


def _fits_what_was_heard(trial: Trial, entry: Entry) -> bool:
    """Whether the wallet said of this transaction what the book says: else its answer is the news, not its sum."""
    about = [one for one in trial.heard if entry.transaction_id in {part.id for part in parts(one.call)}]
    if any(one.model is None for one in about):
        return False  # its id was sent in a call that was wrong on purpose
    if entry.state == "reversed":
        about += [one for one in trial.heard if _undoes(one, entry)]
        if not any(isinstance(one.outcome, Accepted) for one in about if _undoes(one, entry)):
            return False
    accepted = any(isinstance(one.outcome, Accepted) or one.cut for one in about)
    return not accepted if entry.state == "declined" else accepted or entry.state == "tombstone"


def _undoes(one: Heard, entry: Entry) -> bool:
    undone = [part.bet_transaction_id for part in parts(one.call) if isinstance(part, Rollback)]
    return entry.transaction_id in undone
