"""Lists and statistics against a ledger kept by the test: every sum equals the sum of single rounds, to the cent."""

import asyncio
import csv
import datetime as dt
import io
from collections import Counter

import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio(loop_scope="module")

BETS = {"EUR": (20, 100), "JPY": (40, 100)}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def played(casino):
    """Rounds of two players in two currencies, as their clients saw them."""
    rounds = []
    for player_id, currency in (("eva", "EUR"), ("yui", "JPY")):
        await casino.player(player_id, 1_000_000, currency)
        seat = await casino.open(player_id)
        levels = (await seat.call("GET", "/session")).json()["bet_levels"]
        for number in range(12):
            spun = (await seat.bet(f"r-{number}", levels[number % 3])).json()
            assert spun["state"] == "closed", spun
            rounds.append(spun | {"player_id": player_id, "session_id": seat.session_id})
    await asyncio.sleep(1.5)  # closing events of winning rounds ride in the next record, or go alone after a second
    return rounds


def today() -> str:
    """Asked when the rounds have been played: tests may be collected on the day before."""
    return dt.datetime.now(dt.UTC).date().isoformat()


def share(part: int, whole: int) -> str:
    """A fraction with six decimals, cut."""
    millionths = 1_000_000 * part // whole
    return f"{millionths // 1_000_000}.{millionths % 1_000_000:06d}"


async def report(casino, query):
    answer = await casino.call("GET", f"/reports/games?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_totals_are_the_sums_of_the_rounds(casino, played):
    got = await report(casino, f"from={today()}&to={today()}")
    theory = (await casino.call("GET", "/games/krakens-hoard")).json()["rtp"]
    for row in got["totals"]:
        mine = [r for r in played if r["currency"] == row["currency"]]
        assert row["rounds"] == len(mine)
        assert row["bets"] == sum(r["bet"] for r in mine)
        assert row["wins"] == sum(r["win"] for r in mine)
        assert row["ggr"] == row["bets"] - row["wins"]
        assert row["hit_frequency"] == share(sum(r["win"] > 0 for r in mine), len(mine))
        assert row["rtp"] == share(row["wins"], row["bets"])
        assert row["rtp_theory"] == theory["base"], "said as in the list of games"
        assert float(row["rtp_low"]) <= float(row["rtp_theory"]) <= float(row["rtp_high"])
    assert {row["currency"]: row["exponent"] for row in got["totals"]} == {"EUR": 2, "JPY": 0}


@pytest.mark.parametrize(
    "by", ["day", "game", "currency", "player", "game_set", "day,player", "day,game,currency,player"]
)
async def test_every_way_to_group_adds_up_to_the_same(casino, played, by):
    got = await report(casino, f"by={by}")
    for total in got["totals"]:
        parts = [row for row in got["items"] if row["currency"] == total["currency"]]
        for column in ("rounds", "bets", "wins", "ggr", "free_rounds_cost"):
            assert sum(row[column] for row in parts) == total[column]
    keys = [tuple(row[k] for k in ("day", "game_id", "game_set", "player_id", "currency")) for row in got["items"]]
    assert len(set(keys)) == len(keys)


async def test_filters_of_the_report(casino, played):
    mine = [r for r in played if r["player_id"] == "eva"]
    got = await report(casino, "player_id=eva&by=player")
    assert [(row["player_id"], row["bets"]) for row in got["items"]] == [("eva", sum(r["bet"] for r in mine))]
    assert (await report(casino, "game_id=blackjack"))["items"] == []
    assert (await report(casino, "currency=USD"))["totals"] == []
    assert (await report(casino, "from=2020-01-01&to=2020-01-31"))["totals"] == []


async def test_a_game_set_is_a_filter_everywhere(casino, played):
    await casino.call("PUT", "/game-sets/slots", json={"name": "Slots", "game_ids": ["krakens-hoard"]})
    await casino.call("PUT", "/game-sets/tables", json={"name": "Tables", "game_ids": ["blackjack"]})
    assert len((await casino.call("GET", "/rounds?game_set=slots&limit=200")).json()["items"]) == len(played)
    assert (await casino.call("GET", "/rounds?game_set=tables")).json()["items"] == []
    games = (await casino.call("GET", "/games?game_set=tables")).json()["items"]
    assert [g["id"] for g in games] == ["blackjack"]
    got = await report(casino, "game_set=slots&by=game_set")
    assert {row["game_set"] for row in got["items"]} == {"slots"}
    assert sum(row["rounds"] for row in got["items"]) == len(played)
    assert (await report(casino, "game_set=tables"))["items"] == []


async def test_pages_of_rounds_meet_every_round_once(casino, played):
    seen, cursor = [], None
    while True:
        page = (await casino.call("GET", "/rounds?limit=5" + (f"&cursor={cursor}" if cursor else ""))).json()
        seen += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert [r["round_id"] for r in seen] == [r["round_id"] for r in reversed(played)]
    for row, mine in zip(seen, reversed(played), strict=True):
        assert {k: row[k] for k in ("bet", "win", "currency", "player_id", "session_id", "state")} == {
            k: mine[k] for k in ("bet", "win", "currency", "player_id", "session_id", "state")
        }


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("player_id=eva", 12),
        ("state=closed", 24),
        ("state=suspended", 0),
        ("game_id=krakens-hoard&player_id=yui", 12),
        ("from=TODAY", 24),
        ("to=TODAY", 24),
        ("to=2020-01-01", 0),
        ("from=2099-01-01T00:00:00Z", 0),
    ],
)
async def test_filters_of_rounds(casino, played, query, count):
    query = query.replace("TODAY", today())
    assert len((await casino.call("GET", f"/rounds?limit=200&{query}")).json()["items"]) == count


async def test_the_csv_has_every_transaction_of_the_book(casino, played):
    answer = await casino.call("GET", "/transactions", headers={"accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    book = {
        (e.transaction_id, e.kind, e.player_id, e.amount, e.currency, e.round_id)
        for e in casino.wallet.pages.entries.values()
    }
    mine = {
        (r["transaction_id"], r["kind"], r["player_id"], int(r["amount"]), r["currency"], r["round_id"]) for r in rows
    }
    assert mine == book
    assert Counter(r["kind"] for r in rows) == {"bet": 24, "win": sum(r["win"] > 0 for r in played)}
    one = rows[0]["transaction_id"]
    listed = (await casino.call("GET", f"/transactions?round_id={rows[0]['round_id']}")).json()["items"]
    assert one in {t["transaction_id"] for t in listed}


async def test_the_ledger_of_every_round_gives_the_wallets_balance(casino, played):
    moved = Counter()
    for spun in played:
        page = (await casino.call("GET", f"/rounds/{spun['round_id']}")).json()
        for line in page["ledger"]:
            moved[line["source"]] -= line["amount"]
            moved[line["destination"]] += line["amount"]
        assert moved[f"round:{spun['round_id']}"] == 0
    for player_id in ("eva", "yui"):
        assert moved[f"wallet:casino/{player_id}"] == casino.wallet.book.balance(player_id) - 1_000_000


async def test_every_list_says_how_fresh_it_is(casino, played):
    player = await casino.open("eva")
    for answer in (
        await casino.call("GET", "/rounds"),
        await casino.call("GET", "/transactions"),
        await casino.call("GET", "/reports/games"),
        await player.call("GET", "/rounds"),
    ):
        as_of = dt.datetime.fromisoformat(answer.json()["as_of"])
        assert abs(dt.datetime.now(dt.UTC) - as_of) < dt.timedelta(seconds=20)
        assert 0 <= int(answer.headers["croupier-lag-ms"]) < 20_000


async def test_games_say_what_they_are(casino):
    games = {g["id"]: g for g in (await casino.call("GET", "/games")).json()["items"]}
    assert set(games) >= {"krakens-hoard", "european-roulette", "blackjack"}
    assert games["european-roulette"]["rtp"] == {"base": "0.972972"}
    for game in games.values():
        assert game["bet_levels"]["EUR"] == sorted(game["bet_levels"]["EUR"])
        assert all(0 < float(value) < 1 for value in game["rtp"].values())
        at = f"http://localhost:24001/games/{game['id']}"
        assert game["images"] == {s: f"{at}/{s}.svg" for s in ("landscape", "square", "portrait")}
        assert game["languages"] == ["en", "de", "es", "pt-BR"]
    only = (await casino.call("GET", "/games?kind=slot")).json()["items"]
    assert {g["kind"] for g in only} == {"slot"}
    first = (await casino.call("GET", "/games?limit=1")).json()
    rest = (await casino.call("GET", f"/games?cursor={first['next_cursor']}")).json()
    assert [g["id"] for g in first["items"] + rest["items"]] == sorted(games)
