"""`croupier store restored` where not every stream of the backup can be read."""

import asyncio
import json
import os
import time

import pytest
from msgspec.structs import replace

from croupier.domain.parties import SeatKey
from croupier.store.journal import PostgresJournal
from croupier.store.restore import must_be_whole
from store.played import Stream


async def played(dsn, bad):
    """Bets of anna and bert that nobody has answered; something is wrong with the last record of anna's stream."""
    journal = PostgresJournal(dsn, now=lambda: time.time_ns() // 1000, random=os.urandom, pool_size=2)
    await journal.open()
    anna, bert = [Stream(await journal.seat(SeatKey("casino", name, "dice", "real"))) for name in ("anna", "bert")]
    wrong = {
        "a gap": lambda: replace(anna.record(), seq=4),
        "a newer release": lambda: replace(anna.record(), format=99),
        "a damaged record": lambda: replace(anna.record(), payload=b"\xc1"),
        "an impossible event": anna.paid,
    }
    for record in (anna.opened(), bert.opened(), anna.bet(100), bert.bet(100), wrong[bad]()):
        await journal.append(record)
    await journal.close()
    return anna, bert


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("a gap", "2 is followed by 4"),
        ("a newer release", "format 99; this release knows up to 1"),
        ("a damaged record", "DecodeError"),
        ("an impossible event", "NotAllowed: WalletAnswered in state betting"),
    ],
)
def test_a_seat_that_cannot_be_read_stays_closed_and_everything_else_is_done(croupier, bad, why):
    dsn = os.environ["CROUPIER_DATABASE_URL"]
    anna, bert = asyncio.run(played(dsn, bad))
    code, out, _ = croupier("store", "restored", "--json")
    told = json.loads(out)
    (unread,) = told["unreadable_seats"]
    named = (unread["seat_id"], unread["operator_id"], unread["player_id"], unread["game_id"], unread["mode"])
    assert named == (str(anna.seat.seat_id), "casino", "anna", "dice", "real")
    assert why in unread["why"]
    assert told["suspended_rounds"] == [bert.last]
    assert code == 1, "somebody has to look at it"
    asyncio.run(must_be_whole(dsn))  # servers may start

    code, _, said = croupier("store", "restored")
    assert code == 1
    assert "1 seats cannot be read" in said
    assert "casino, anna at dice (real)" in said
    assert why in said
