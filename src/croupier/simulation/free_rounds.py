"""I-13, worked out from what became durable: no free round is used twice, lost, or given back without a reason."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from croupier.rounds.events import (
    BetRequested,
    FreeRound,
    FreeRoundsEnded,
    GameUnavailable,
    ResolvedByStaff,
    VoidApproved,
    WalletAnswered,
)
from croupier.simulation.evidence import Finding, RoundSeen, events_of
from croupier.simulation.promotions import Promotions
from croupier.simulation.rest import Sends, rest
from croupier.simulation.store import Disk
from croupier.simulation.wallet import SimulatedWallet
from croupier.store.records import Record
from croupier.wallet.outcome import Accepted, Declined

NOTICED_US = 120_000_000
"""A cancelled campaign is noticed by then, also by a process that stood still or whose clock was set back."""

Left = Mapping[uuid.UUID, tuple[str, int]]
"""Seat -> the campaign that its session plays, and how many free rounds the platform says are left."""


def audit_free_rounds(
    disk: Disk, seen: Iterable[RoundSeen], sends: Sends, promotions: Promotions, left: Left
) -> Iterator[Finding]:
    returned, findings = _claims(disk)
    yield from findings
    grants: dict[tuple[str, str], list[tuple[FreeRound, RoundSeen]]] = defaultdict(list)
    for r in seen:
        if r.opened.free_round is not None:
            grants[r.opened.free_round.campaign_id, r.seat.key.player_id].append((r.opened.free_round, r))
    remaining: dict[tuple[str, str], int | None] = {}
    for (campaign_id, player_id), uses in grants.items():
        uses.sort(key=lambda use: (use[0].number, use[1].round_id))
        numbers = [free.number for free, _ in uses]
        if numbers != list(range(1, len(uses) + 1)):
            yield "I-13", uses[-1][1].round_id, f"{player_id} used free rounds {numbers} of {campaign_id}"
            continue
        account = _Grant(promotions, campaign_id, player_id, returned)
        for free, r in uses:
            yield from account.use(free, r, rest(r, sends)) if r.sum is None else account.sum(free, r)
        remaining[campaign_id, player_id] = None if account.open else account.left
    for seat_id, told in left.items():
        player_id = disk.streams.by_id[seat_id].seat.key.player_id
        all_of_them = promotions.campaigns[told[0]].rounds
        expected = remaining.get((told[0], player_id), all_of_them)
        if expected is not None and told[1] != expected:
            yield "I-13", "", f"{player_id} is told of {told[1]} free rounds left in {told[0]}, there are {expected}"


def audit_counted(
    rounds: Iterable[RoundSeen],
    wallet: SimulatedWallet,
    given: Mapping[str, int],
    astray: frozenset[str],
    sends: Sends,
) -> Iterator[Finding]:
    """Free rounds that the operator counts: those that it has charged are those that we played as free."""
    left = Counter(given)
    for r in rounds:
        for bet in r.bets:
            entry = wallet.pages.entry(bet.transaction_id)
            kept = entry is not None and entry.charged and entry.state == "taken"
            left[r.seat.key.player_id] -= kept
            if kept and bet is not r.bets[0]:
                yield "I-13", r.round_id, f"a free round was charged for {bet.transaction_id}, which opens nothing"
        opening = r.bets[0]
        entry = wallet.pages.entry(opening.transaction_id)
        kept = entry is not None and entry.charged and entry.state == "taken"
        if r.round_id not in astray and rest(r, sends) == "closed" and kept != opening.charged:
            yield "I-13", r.round_id, f"charged as a free round: {kept} by the operator, {opening.charged} by us"
        if r.round_id not in astray and rest(r, sends) in ("declined", "cancelled") and kept:
            yield "I-13", r.round_id, "the round came to nothing and its free round is gone"
    for player_id, expected in left.items():
        account = wallet.pages.account(player_id)
        if account is not None and account.free_rounds != expected:
            yield "I-13", "", f"{player_id} has {account.free_rounds} free rounds left, not {expected}"


def _claims(disk: Disk) -> tuple[set[str], list[Finding]]:
    """Keys of all uses that were given back; and what is wrong with how claims were written."""
    seen: set[tuple[str, str]] = set()
    findings: list[Finding] = []
    for record in disk.landed:
        key = disk.streams.by_id[record.seat_id].seat.key
        opening = [e for e in events_of(record) if isinstance(e, BetRequested | FreeRoundsEnded)]
        opened = [e for e in opening if e.free_round is not None]
        wanted = [
            f"{key.operator_id}/{e.free_round.campaign_id}/{key.player_id}/{e.free_round.number:09}"
            for e in opened
            if e.free_round is not None
        ]
        if [claim.key for claim in record.claims if claim.kind == "free_round"] != wanted:
            round_id = opened[0].round_id if opened else ""
            findings.append(("I-13", round_id, f"record {record.seq} opens {wanted} and claims {record.claims}"))
        if any(claim.kind == "free_round_return" for claim in record.claims) and not _came_to_nothing(record):
            findings.append(("I-13", "", f"record {record.seq} gives a use back and does not say why"))
        for claim in record.claims:
            if (claim.kind, claim.key) in seen:
                findings.append(("I-13", "", f"{claim} was made twice"))
            seen.add((claim.kind, claim.key))
    for claim, held_by in disk.streams.claims.items():
        if (claim.kind, claim.key) not in seen:
            findings.append(("I-13", "", f"{claim} is held by record {held_by.seq}, which did not claim it"))
    return {key for kind, key in seen if kind == "free_round_return"}, findings


def _came_to_nothing(record: Record) -> bool:
    """Whether the record can be the one in which a bet ended: declined, rolled back, or settled by people.

    One that no wallet was asked for ends at once.
    """
    return any(
        isinstance(event, ResolvedByStaff | VoidApproved | GameUnavailable)
        or (isinstance(event, WalletAnswered) and isinstance(event.outcome, Accepted | Declined))
        for event in events_of(record)
    )


class _Grant:
    """One player's account in one campaign, kept by hand from the first use to the last."""

    def __init__(self, promotions: Promotions, campaign_id: str, player_id: str, returned: set[str]) -> None:
        self.campaign = promotions.campaigns[campaign_id]
        self.prefix = f"{self.campaign.operator_id}/{campaign_id}/{player_id}/"
        self.given_back = returned
        self.used = self.back = self.won = 0
        self.open = False
        """Whether people, or the end of the world, left a use undecided."""
        self.told: RoundSeen | None = None
        """The sum of what they won, on its way to the operator."""

    @property
    def left(self) -> int:
        if self.told is not None:
            return 0
        if self.campaign.max_win is not None and self.won >= self.campaign.max_win:
            return 0
        return self.campaign.rounds - self.used + self.back

    def use(self, free: FreeRound, r: RoundSeen, end: str) -> Iterator[Finding]:
        for problem in (*self._before(free, r), *self._after(free, r, end)):
            yield "I-13", r.round_id, problem

    def sum(self, free: FreeRound, r: RoundSeen) -> Iterator[Finding]:
        """It is told once, when nothing can follow, and it is what the rounds have won."""
        campaign, at = self.campaign, r.opened.at
        over = {
            "played": self.left <= 0,
            "cancelled": campaign.cancelled_at is not None and at >= campaign.cancelled_at - NOTICED_US,
            "expired": at >= campaign.ends_at - NOTICED_US,
        }
        if self.told is not None or not campaign.summed or not over[free.ended]:
            yield "I-13", r.round_id, f"a sum is told of {campaign}, as {free.ended}, with {self.left} left"
        if (free.won, free.returned) != (self.won, self.back):
            yield "I-13", r.round_id, f"the sum told is {free.won}, {self.won} were won"
        self.told = r

    def _before(self, free: FreeRound, r: RoundSeen) -> Iterator[str]:
        campaign, at = self.campaign, r.opened.at
        if self.left <= 0:
            yield f"free round {free.number} was used when none was left"
        if (free.bet, free.total, r.opened.stake) != (campaign.bet, campaign.rounds, campaign.bet):
            yield f"{free} is not what {campaign} grants"
        if r.opened.amount:
            yield f"the wallet was asked for {r.opened.amount} for a free round"
        if (free.returned, free.won) != (self.back, self.won):
            yield f"{free} says what it found; {self.back} were given back and {self.won} won before it"
        if free.win_max != (None if campaign.max_win is None else campaign.max_win - self.won):
            yield f"free round {free.number} may win {free.win_max}; {self.won} of {campaign.max_win} are won"
        if not campaign.starts_at <= at < campaign.ends_at:
            yield f"free round {free.number} began at {at}, the campaign runs {campaign.starts_at}-{campaign.ends_at}"
        if campaign.cancelled_at is not None and at > campaign.cancelled_at + NOTICED_US:
            yield f"free round {free.number} began although the campaign was cancelled"
        self.used += 1

    def _after(self, free: FreeRound, r: RoundSeen, end: str) -> Iterator[str]:
        came_back = f"{self.prefix}{free.number:09}" in self.given_back
        if end in ("suspended", "unfinished"):
            self.open = True
            self.back += came_back
            return
        if came_back != (end in ("declined", "cancelled")):
            yield f"the round ended {end}; its use was {'given back' if came_back else 'not given back'}"
        self.back += came_back
        if end == "closed" and r.finished_play is not None:
            self.won += r.finished_play.win


def audit_sums(
    rounds: Iterable[RoundSeen],
    wallet: SimulatedWallet,
    promotions: Promotions,
    sends: Sends,
    *,
    astray: frozenset[str],
    heals: bool,
) -> Iterator[Finding]:
    """Of each issue of free rounds the operator's wallet has given, once, what its rounds have won together."""
    given: Counter[str] = Counter()
    for movement in wallet.statement:
        given[movement.round_id] += movement.change
    issues: dict[str, list[RoundSeen]] = defaultdict(list)
    busy = set()
    for r in rounds:
        resting = rest(r, sends) in ("closed", "declined", "cancelled")
        if not resting:
            busy.add(r.seat.seat_id)
        if r.opened.free_round is not None and r.opened.free_round.summed:
            issues[r.opened.free_round.campaign_id].append(r)
    for name, of in issues.items():
        if any(r.round_id in astray or rest(r, sends) not in ("closed", "cancelled") for r in of):
            continue  # people, or a later day, see to it
        won = sum(r.finished_play.win for r in of if r.finished_play is not None)
        sums = [r for r in of if r.sum is not None]
        credited = sum(given[r.round_id] for r in of)
        if sums and credited != won:
            yield "I-01", sums[0].round_id, f"the rounds of {name} have won {won}, the operator has given {credited}"
        if not sums and credited:
            yield "I-01", of[0].round_id, f"{credited} were given of {name} before its sum was told"
        if heals and not sums and name in promotions.ended_now() and not busy & {r.seat.seat_id for r in of}:
            yield "I-10", of[-1].round_id, f"{name} is over, its rounds have won {won}, and nobody tells it"


def count_free_rounds(some: Counter[str], disk: Disk, seen: Iterable[RoundSeen]) -> None:
    """Add what a long run must have met."""
    some["free round raced for"] += disk.raced
    some["free round given back"] += sum(c.kind == "free_round_return" for r in disk.landed for c in r.claims)
    for r in seen:
        some["free round that the operator counts"] += r.bets[0].charged
        some["sum of free rounds told"] += r.sum is not None
        some["sum told of free rounds left unplayed"] += r.sum is not None and r.sum.free_round.ended != "played"
        free, play = r.opened.free_round, r.finished_play
        if free is not None:
            some["last free round used"] += free.number - free.returned == free.total
            some["free round won all it may"] += play is not None and free.win_max == play.win
