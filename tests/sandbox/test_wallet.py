"""The casino's wallet through real HTTP: it keeps the operator's rules, whoever calls, how often and how fast."""

import asyncio
import signal
import uuid

import httpx
import pytest

from croupier.wallet.calls import Balance, Context, Rollback, Win
from croupier.wallet.outcome import Accepted, Declined, Unknown
from sandbox.process import CasinoProcess, Platform, bet, in_real_time
from wallet.book_steps import PLAYERS, START, shown, steps
from wallet.book_stories import STORIES


def told(outcome) -> str:
    """As in the stories; a win whose bet is unknown proves nothing over the native wire."""
    return "not_found" if outcome == Unknown("unknown_transaction") else shown(outcome)


@pytest.mark.parametrize("name", STORIES)
async def test_story(casino: CasinoProcess, name: str):
    prefix = uuid.uuid4().hex[:8] + "-"
    for player_id, blocked in PLAYERS.items():
        casino.open(prefix + player_id, START, blocked=blocked)
    platform = Platform(casino)
    for line, call, at, expected in steps(STORIES[name], prefix):
        assert told(await platform.send(in_real_time(call, at))) == expected, line


async def test_simultaneous_copies_have_one_effect(casino: CasinoProcess):
    casino.open("burst", 1000)
    platform = Platform(casino)
    for n in range(10):
        call = bet("burst", f"burst-{n}", 10)
        first, second = await asyncio.gather(platform.send(call), platform.send(call))
        assert first == second == Accepted(1000 - 10 * (n + 1), first.operator_reference)
    assert casino.get("/players/burst")["bets"] == 100


async def test_two_bets_of_the_whole_balance_at_once(casino: CasinoProcess):
    casino.open("last", 100)
    platform = Platform(casino)
    outcomes = await asyncio.gather(*(platform.send(bet("last", f"last-{n}", 100)) for n in range(2)))
    assert {type(outcome) for outcome in outcomes} == {Accepted, Declined}
    assert casino.get("/players/last")["balance"] == 0


async def test_another_secret_is_refused_and_uses_up_no_id(casino: CasinoProcess):
    casino.open("forged", 1000)
    call = bet("forged", "forged-1", 100)
    forger = Platform(casino, "whsec_" + "REVG" * 8)
    assert await forger.send(call) == Unknown("http_401")
    assert casino.get("/players/forged")["balance"] == 1000
    assert isinstance(await Platform(casino).send(call), Accepted)
    assert casino.get("/players/forged")["balance"] == 900


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/wallet/bet", b"{}", 401),
        ("POST", "/wallet/bet", b"x" * 65_537, 413),
        ("GET", "/wallet/bet", b"", 405),
    ],
)
def test_a_request_that_is_no_call_gets_a_clean_4xx(casino: CasinoProcess, method, path, body, status):
    answer = httpx.request(method, casino.url + path, content=body)
    assert answer.status_code == status
    assert answer.json()["error"]["code"]


async def test_a_statement_adds_up(casino: CasinoProcess):
    casino.open("adds", 5000)
    platform, who = Platform(casino), Context("adds", "ses_1", "krakens-hoard", "EUR")
    await platform.send(bet("adds", "adds-1", 700))
    await platform.send(Win(who, "adds-w", "rd-adds-1", 1234, "adds-1"))
    await platform.send(bet("adds", "adds-2", 300))
    await platform.send(Rollback(who, "adds-r", "rd-adds-2", "adds-2", 300))
    await platform.send(bet("adds", "adds-3", 9999))
    player = casino.get("/players/adds")
    sums = {name: player[name] for name in ("opened_with", "bets", "wins", "rollbacks", "balance")}
    assert sums == {"opened_with": 5000, "bets": 1000, "wins": 1234, "rollbacks": 300, "balance": 5534}
    lines = {line["transaction_id"]: line for line in casino.get("/ledger?player_id=adds")["items"]}
    assert {name: (line["kind"], line["amount"], line["state"]) for name, line in lines.items()} == {
        "adds-1": ("bet", 700, "taken"),
        "adds-w": ("win", 1234, "done"),
        "adds-2": ("bet", 300, "reversed"),
        "adds-r": ("rollback", 300, "done"),
        "adds-3": ("bet", 9999, "declined"),
    }


async def test_money_survives_a_kill(tmp_path):
    """Kill -9 under load, twice: what was confirmed is there, what is sent again counts once."""
    casino = CasinoProcess(tmp_path)
    try:
        casino.open("kill", 1_000_000)
        sent, confirmed = [], {}

        async def play(platform: Platform, run: int, player: int) -> None:
            for n in range(1000):
                call = bet("kill", f"kill-{run}-{player}-{n}", 1)
                sent.append(call)
                outcome = await platform.send(call)
                if not isinstance(outcome, Accepted):
                    return
                confirmed[call.id] = outcome

        for run in range(2):
            platform = Platform(casino)
            players = [asyncio.ensure_future(play(platform, run, player)) for player in range(8)]
            await asyncio.sleep(0.3)
            casino.kill()
            await asyncio.gather(*players)
            casino.start()
            lines = {line["transaction_id"] for line in casino.get("/ledger?player_id=kill&limit=10000")["items"]}
            assert len(confirmed) > 50 * run, "it was killed under load"
            assert confirmed.keys() <= lines
        platform = Platform(casino)
        again = {call.id: await platform.send(call) for call in sent}
        assert {name: again[name] for name in confirmed} == confirmed, "answered as the first time"
        assert len({outcome.operator_reference for outcome in again.values()}) == len(sent)
        player = casino.get("/players/kill")
        assert (player["balance"], player["bets"]) == (1_000_000 - len(sent), len(sent))
        who = Context("kill", "ses_1", "krakens-hoard", "EUR")
        assert await platform.send(Balance(who, "c_1")) == Accepted(1_000_000 - len(sent))
    finally:
        casino.kill()


def test_it_stops_when_told(tmp_path):
    assert CasinoProcess(tmp_path).stop() in (0, -signal.SIGTERM)
