"""What must hold after any sequence of events: money, order, and the same state from the same bytes."""

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from croupier.campaigns.claims import Claim, claims_between
from croupier.domain.refusal import Refused
from croupier.ledger.postings import account_of, balance_of, house, postings_between, promo, wallet
from croupier.rounds.events import BetSent, WalletAnswered
from croupier.rounds.round import Round
from croupier.rounds.seat import SeatState, apply
from croupier.rounds.transitions import NotAllowed
from croupier.store import formats
from rounds.any_terms import TERMS
from rounds.story import KEY, SEAT, Conversation

# Good news is frequent, or few rounds would get far.
ANSWERS = (
    *(["wallet accepted"] * 6),
    *("wallet unknown: timeout", "wallet declined: insufficient_funds", "wallet declined: not_found"),
    *("wallet declined: not_sent", "wallet conflict: transaction_conflict"),
)
ABOUT = (
    "",
    ", about the bet",
    ", about the extra bet",
    ", about the win",
    ", about the rollback of the bet",
    *[", about the end of the round"] * 2,
)
HAPPENINGS = st.one_of(
    st.sampled_from([answer + about for answer in ANSWERS for about in ABOUT]),
    st.sampled_from(
        [
            *(
                "free round 1 of 5 requested at 1.00 EUR",
                "bet requested 1.00 EUR",
                "hit requested",
                "double requested, costs 1.00 EUR",
                "bet sent again",
            ),
            *("game goes on", "game goes on", "game finished", "game finished, win 2.50 EUR"),
            *("game unavailable: disabled", "abandonment due", "void approved by ann and bob", "suspended by ann"),
            *("retries exhausted: deadline, about the bet", "still pending, about the win", "too old, about the win"),
            *("check failed: sums", "session opened", "session ended: expired", "player returned"),
            "resolved by ann and bob to rolling_back",
            "resolved by ann and bob to paying; the win is pending",
            "resolved by ann and bob to closed; the win is accepted",
            "resolved by ann and bob to in_play; the extra bet is declined",
            "resolved by ann and bob to cancelled; the bet is declined",
        ]
    ),
)
STEPS = st.lists(st.tuples(HAPPENINGS, st.sampled_from([0, 1, 30, 120])), max_size=40)


@settings(max_examples=300, deadline=None)
@given(TERMS, STEPS)
def test_laws(terms, steps):
    talk = Conversation()
    talk.terms = terms
    claims: dict[str, list[Claim]] = {}
    for text, seconds in steps:
        talk.at += seconds * 1_000_000
        before = talk.state
        try:
            event = talk.event(text)
            sent_too_late = isinstance(event, BetSent) and rolled_back(before.round or Round(), event.transaction_id)
            talk.happens(event)
        except (Refused, NotAllowed, KeyError):
            assert talk.state == before
            continue
        assert not sent_too_late, "a bet was sent after its rollback existed"
        after = talk.state.round or Round()
        assert_lawful(before.round or Round(), after, event)
        made = claims.setdefault(after.round_id, [])
        made.extend(claims_between(KEY, before.round, talk.state.round))
        assert_counted(made, after)
    assert replayed(talk) == talk.state


def rolled_back(r: Round, bet: str) -> bool:
    return any(t.kind == "rollback" and t.reference == bet for t in r.transactions)


def replayed(talk: Conversation) -> SeatState:
    """The seat folded again from bytes, split into records at a place of its own for every length."""
    at = len(talk.events) // 2
    records = [formats.encode(talk.events[:at]), formats.encode(talk.events[at:])]
    state = SeatState(SEAT)
    for record in records:
        for event in formats.decode(formats.CURRENT, record):
            state, _ = apply(state, event)
    return state


def assert_lawful(before: Round, r: Round, event: object) -> None:
    assert r.offers == () or r.state in ("in_play", "betting", "suspended"), "only a round in play offers anything"
    if replace(r, changed_at=0) != replace(before, changed_at=0):
        assert r.changed_at == event.at, "a round knows when it was changed"
    ids = [t.transaction_id for t in r.transactions]
    assert len(ids) == len(set(ids)), "an id names one transaction"
    wins = [t for t in r.transactions if t.kind == "win"]
    bets = [t for t in r.transactions if t.kind == "bet"]
    rollbacks = [t for t in r.transactions if t.kind == "rollback"]
    assert len(wins) <= 1
    ends = [t for t in r.transactions if t.kind == "end_round"]
    assert len(ends) <= r.terms.end_round
    if ends:
        assert r.transactions[-1] is ends[0], "nothing follows the end of a round"
        assert all(win.state == "accepted" for win in wins), "the end follows the win"
    assert len({t.reference for t in rollbacks}) == len(rollbacks), "a bet is rolled back once"
    assert {t.reference for t in rollbacks} <= {t.transaction_id for t in bets}
    for bet in bets:
        if rolled_back(r, bet.transaction_id):
            assert bet.state not in ("pending", "sending"), "never sent again once a rollback exists"

    # Nothing is drawn that was not paid for: every step but the free ones has its accepted bet (or it was voided).
    assert len(r.steps) <= 1 + sum(step.cost == 0 for step in r.steps[1:]) + len(bets) - 1
    if len(r.steps) > len(before.steps) and r.round_id == before.round_id:
        given = 100 if r.free_round is not None and bets[0].state == "accepted" else 0
        paid = given + sum(t.amount for t in bets if t.state == "accepted")
        assert paid == given + sum(step.cost for step in r.steps), "what was played is what was paid"
    if isinstance(event, WalletAnswered) and r.round_id == before.round_id:
        assert r.steps == before.steps, "an answer draws nothing by itself"

    assert_conserved(r)
    if r.finished:
        assert not r.owed
    if r.state == "cancelled":
        assert not any(t.kind == "win" and t.state == "accepted" for t in r.transactions)


def assert_conserved(r: Round) -> None:
    postings = postings_between(KEY, Round(), r)
    accounts = (wallet(KEY), account_of(r), house(KEY), promo(KEY))
    assert all(posting.amount > 0 for posting in postings)
    assert sum(balance_of(account, postings) for account in accounts) == 0
    held = sum(t.amount for t in r.transactions if t.kind == "bet" and t.state == "accepted")
    won = sum(t.amount for t in r.transactions if t.kind == "win" and t.state == "accepted")
    assert balance_of(wallet(KEY), postings) == won - held
    if r.finished:
        assert balance_of(account_of(r), postings) == 0, "a finished round holds no money"
    if r.state in ("declined", "cancelled"):
        assert balance_of(wallet(KEY), postings) == balance_of(promo(KEY), postings) == 0
    if r.finished and r.free_round is None:
        assert balance_of(promo(KEY), postings) == 0
    if r.finished and r.free_round is not None and len(r.steps) == 1:
        assert balance_of(promo(KEY), postings) == -won, "what a free round costs is what it won"
        assert balance_of(house(KEY), postings) == 0


def assert_counted(claims: list[Claim], r: Round) -> None:
    """Each use is taken once and given back at most once: exactly when the free bet came to nothing."""
    assert len(claims) == len(set(claims))
    if r.free_round is not None:
        back = r.transactions[0].state in ("declined", "reversed")
        assert [claim.kind for claim in claims] == ["free_round", *["free_round_return"] * back]


@given(st.lists(st.binary(max_size=6), max_size=3))
def test_unknown_bytes_of_a_game_are_carried_unread(blobs):
    """The machine never looks into choice, state and reveals."""
    talk = Conversation()
    for text in ("bet requested 1.00 EUR", "wallet accepted"):
        talk.happens(talk.event(text))
    for blob in blobs:
        talk.happens(replace(talk.event("game goes on"), state=blob, reveals=blob))
        assert talk.state.round is not None
        assert talk.state.round.game_state == blob
        talk.happens(talk.event("hit requested"))
