"""The replay link: a page that shows one round of a player once more."""

from croupier.dialects.actions import FindRound, ListTransactions, Steps, TransactionFound, ask
from croupier.dialects.pragmatic.asked import Asked, wrong
from croupier.dialects.pragmatic.replies import reply
from croupier.domain.exchange import HttpResponse
from croupier.domain.ids import round_number

PAGE, PAGES = 1000, 5
"""How far back a round is looked for: the newest transactions of its player. `roundId` cannot be turned back."""


def shared_link(asked: Asked) -> Steps[HttpResponse]:
    player_id, number = asked.fields.name("externalPlayerId"), asked.fields.text("roundId", 19)
    round_id = yield from _named(player_id, number)
    found = None if round_id is None else (yield from ask(FindRound(round_id=round_id)))
    if found is None:
        raise wrong("roundId", f"one of the last rounds of {player_id}")
    return reply(sharedLink=found.replay_url)


def _named(player_id: str, number: str) -> Steps[str | None]:
    last: TransactionFound | None = None
    for _ in range(PAGES):
        before = None if last is None else (last.at, last.transaction_id)
        page = yield from ask(ListTransactions(PAGE, before, player_id=player_id))
        for one in page:
            if str(round_number(one.round_id)) == number:
                return one.round_id
        if len(page) < PAGE:
            break
        last = page[-1]
    return None
