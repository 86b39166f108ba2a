"""The casino's statement of a day, as `croupier reconcile` reads it: an example of what an operator exports."""

import csv
import io
from collections.abc import Iterable

from croupier.domain.instants import rfc3339
from croupier.sandbox.misbehaviour import AGAIN
from croupier.sandbox.pages import Line
from croupier.wallet.book import NAMELESS

COLUMNS = ("transaction_id", "kind", "amount", "currency", "player_id", "round_id", "state", "at")
STATES = {
    "taken": "accepted",
    "done": "accepted",
    "reversed": "reversed",
    "declined": "declined",
    "tombstone": "declined",
}
"""What the book calls it -> what a statement does. A tombstone is a bet that never moved anything."""


def statement(lines: Iterable[Line]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for line in lines:
        if line.transaction_id.startswith(NAMELESS):
            continue
        writer.writerow(
            (
                *(
                    line.transaction_id.removesuffix(AGAIN),
                    line.kind,
                    line.amount,
                    line.currency,
                    line.player_id,
                    line.round_id,
                ),
                *(STATES[line.state], rfc3339(line.at)),
            )
        )
    return text.getvalue()
