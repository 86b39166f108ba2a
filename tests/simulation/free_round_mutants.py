"""Mistakes about free rounds that the simulator must find; as `mutants`, each is a context manager."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from msgspec.structs import replace

from croupier.campaigns import campaign, claims
from croupier.rounds.events import Recovered
from croupier.runtime import free_rounds, settlements
from croupier.runtime.live_seat import Recorder
from croupier.store.memory import MemoryJournal, Streams
from croupier.store.records import Claimed, LastClaim

Mutant = Iterator[None]


@contextmanager
def free_round_used_twice() -> Mutant:
    """M-16: two records may claim the same; whoever looks at the count a moment too early uses it again."""
    honest = Streams.put

    def put(self, record):
        try:
            honest(self, record)
        except Claimed:
            honest(self, replace(record, claims=()))

    with patch.object(Streams, "put", put):
        yield


@contextmanager
def free_rounds_counted_per_game() -> Mutant:
    """M-16, another way: every game counts for itself."""

    def key(seat_key, campaign_id):
        return f"{seat_key.operator_id}/{campaign_id}/{seat_key.player_id}.{seat_key.game_id}/"

    with patch.object(claims, "grant_key", key), patch.object(free_rounds, "grant_key", key):
        yield


@contextmanager
def free_round_given_back_while_in_doubt() -> Mutant:
    """M-16, a third way: a bet that may still be taken and played counts as not used."""

    def given_back(r):
        return r.free_round is not None and r.transactions[0].state in ("declined", "reversed", "unknown")

    with patch.object(campaign, "given_back", given_back), patch.object(claims, "given_back", given_back):
        yield


@contextmanager
def free_round_lost() -> Mutant:
    """M-17: a use that came to nothing is not given back when its bet was rolled back."""

    def given_back(r):
        return r.free_round is not None and r.transactions[0].state == "declined"

    with patch.object(campaign, "given_back", given_back), patch.object(claims, "given_back", given_back):
        yield


@contextmanager
def free_round_lost_with_its_record() -> Mutant:
    """M-17, another way: a record that was never written leaves its claim behind."""
    honest = MemoryJournal._settle

    async def settle(self, record):
        failed = await honest(self, record)
        if failed is not None:
            for claim in record.claims:
                self.streams.claims.setdefault(claim, LastClaim(claim.key, record.seat_id, record.seq))
        return failed

    with patch.object(MemoryJournal, "_settle", settle):
        yield


@contextmanager
def free_round_taken_outside_of_its_record() -> Mutant:
    """M-42: first the use, then the round, in two records; a crash comes between them."""
    honest = Recorder._append

    async def append(self, live, events, at, *request_and_claims, opening):
        request_id, claimed = request_and_claims
        if claimed and opening:
            await honest(self, live, [Recovered(self.world.journal.writer)], at, None, claimed, opening=False)
            claimed = ()
        return await honest(self, live, events, at, request_id, claimed, opening=opening)

    with patch.object(Recorder, "_append", append):
        yield


@contextmanager
def sum_told_twice() -> Mutant:
    """The sum of free rounds is told again by whoever looks next, with an id of its own."""
    honest = campaign.standing_after

    def standing_after(r):
        return replace(honest(r), used=r.free_round.number, told=False)

    ids = itertools.count()

    def settlement_id(operator_id, campaign_id):
        return f"w_{campaign_id}-{next(ids)}"

    with (
        patch.object(free_rounds, "standing_after", standing_after),
        patch.object(settlements, "settlement_id", settlement_id),
    ):
        yield


@contextmanager
def sum_told_only_when_all_are_played() -> Mutant:
    """What was won before free rounds ran out or were cancelled is forgotten."""
    honest = campaign.ended

    def ended(of, standing, now):
        due = honest(of, standing, now)
        return due if due is not None and due.ended == "played" else None

    with patch.object(free_rounds, "ended", ended):
        yield


@contextmanager
def win_paid_beside_the_sum() -> Mutant:
    """A free round pays its win by itself, and the sum pays it again."""
    honest = campaign.next_use

    def next_use(*given, **named):
        return replace(honest(*given, **named), local=False, summed=False)

    with patch.object(free_rounds, "next_use", next_use):
        yield


@contextmanager
def last_win_left_out_of_the_sum() -> Mutant:
    """The sum is what the last free round found, without what it won itself."""
    honest = campaign.standing_after

    def standing_after(r):
        standing = honest(r)
        return standing if standing.told else replace(standing, won=r.free_round.won)

    with patch.object(free_rounds, "standing_after", standing_after):
        yield


@contextmanager
def sum_lost_in_a_crash() -> Mutant:
    """Only the last free round opens the telling: a process that dies before it takes the sum along."""

    async def look(self):
        return

    with patch.object(settlements.Settlements, "look", look):
        yield
