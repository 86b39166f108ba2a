"""One record's postings as one line of the ledger, which sums to zero; and the postings of repairs."""

import pytest
from msgspec.structs import replace

from croupier.domain.parties import SeatKey, Session
from croupier.ledger.entries import Entry, entry_of
from croupier.ledger.postings import Posting, house, promo, repair_postings, wallet
from croupier.rounds.repairs import Repair
from croupier.rounds.round import Transaction

KEY = SeatKey("casino", "ana", "krakens-hoard", "real")
ANA, ROUND, HOUSE, PROMO = wallet(KEY), "round:rd_1", house(KEY), promo(KEY)
BET = Posting(ANA, ROUND, 100, "bet")
WIN = Posting(ROUND, ANA, 250, "win")
BACK = Posting(ROUND, ANA, 100, "rollback")

# what is posted -> bet, win, rollback; what wallet, round, house and promo received less what they gave
ROWS = [
    ("a bet", [BET], (100, 0, 0), (-100, 100, 0, 0)),
    ("a second bet", [BET, replace(BET, amount=50)], (150, 0, 0), (-150, 150, 0, 0)),
    ("a win", [WIN], (0, 250, 0), (250, -250, 0, 0)),
    ("a bet given back", [BET, BACK], (100, 0, 100), (0, 0, 0, 0)),
    ("the house keeps", [Posting(ROUND, HOUSE, 100, "close")], (0, 0, 0), (0, -100, 100, 0)),
    ("the house loses", [WIN, Posting(HOUSE, ROUND, 150, "close")], (0, 250, 0), (250, -100, -150, 0)),
    ("a free round", [Posting(PROMO, ROUND, 20, "free_bet")], (0, 0, 0), (0, 20, 0, -20)),
    ("a free round given back", [Posting(ROUND, PROMO, 20, "free_bet_return")], (0, 0, 0), (0, -20, 0, 20)),
    ("a free round that won", [replace(WIN, amount=70), Posting(PROMO, ROUND, 50, "close")], (0, 70, 0),
     (70, -20, 0, -50)),
]  # fmt: skip


@pytest.mark.parametrize(("postings", "causes", "accounts"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS])
def test_entry(postings, causes, accounts):
    assert entry_of("rd_1", 7, "EUR", postings) == Entry("rd_1", 7, "EUR", *causes, *accounts)
    assert sum(accounts) == 0


def test_nothing_moved_is_no_entry():
    assert entry_of("rd_1", 7, "EUR", []) is None


@pytest.mark.parametrize(
    "strange", [replace(BET, cause="gift"), replace(BET, source="safe:1"), replace(BET, destination="safe")]
)
def test_the_ledger_has_no_other_accounts_or_causes(strange):
    with pytest.raises(KeyError):
        entry_of("rd_1", 7, "EUR", [strange])


def repair(bet_state, *, noted=False, amount=100):
    bet = Transaction("b_1", "bet", amount, "ses_1", bet_state)
    back = Transaction("r_1", "rollback", amount, "ses_1", "sending", reference="b_1")
    return Repair("rp_1", "rd_1", Session("ses_1", "EUR", "en", 0, 1), bet, back, True, noted, 660_000)


@pytest.mark.parametrize(
    ("before", "after", "posted"),
    [
        (repair("unknown"), repair("reversed"), (BET, BACK)),
        (None, repair("reversed"), (BET, BACK)),
        (None, repair("unknown"), ()),
        (repair("unknown"), repair("unknown"), ()),
        (repair("reversed"), repair("reversed"), ()),  # posted already
        (repair("unknown"), repair("reversed", noted=True), ()),  # the round has posted both
        (repair("unknown"), repair("reversed", amount=0), ()),
    ],
)
def test_a_repaired_bet_is_posted_with_its_return(before, after, posted):
    assert repair_postings(KEY, before, after) == posted
