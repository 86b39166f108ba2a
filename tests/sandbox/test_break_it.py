"""Each fault that can be switched on: what the platform makes of the answer, and whether money moved."""

import pytest

from croupier.sandbox.break_it import FAULTS, Breaker
from croupier.wallet.calls import Context, Rollback, Win
from croupier.wallet.outcome import Accepted, Declined, Unknown
from sandbox.process import CasinoProcess, Platform, bet


@pytest.fixture(autouse=True)
def mended(casino: CasinoProcess):
    yield
    casino.post("/break", mode="off")


# mode -> what the platform understands of a bet of 100 on a balance of 1000, and the balance afterwards
BETS = {
    "off": (Accepted, 900),
    "slow": (Unknown("timeout"), 900),
    "lost_answers": (Unknown("reset"), 900),
    "http_500": (Unknown("http_500"), 900),
    "html": (Unknown("html"), 1000),
    "wrong_balance": (Unknown("bad_balance"), 900),
    "insufficient_funds": (Declined("insufficient_funds"), 1000),
}


def test_every_fault_is_described_and_tested():
    assert BETS.keys() == FAULTS.keys()


@pytest.mark.parametrize("mode", BETS)
async def test_a_bet_meets_the_fault_once(casino: CasinoProcess, mode: str):
    player = f"bet-{mode}"
    casino.open(player, 1000)
    assert casino.post("/break", mode=mode).json() == {"mode": mode}
    expected, balance = BETS[mode]
    platform = Platform(casino, timeout_ms=500)
    call = bet(player, f"{player}-1", 100)
    outcome = await platform.send(call)
    if expected is Accepted:
        assert isinstance(outcome, Accepted)
    else:
        plain = type(outcome)(getattr(outcome, "why", None) or outcome.reason)  # without words for people
        assert plain == expected
    assert casino.get(f"/players/{player}")["balance"] == balance
    # The round can always be ended: a rollback, sent again when its answer is lost, gives back what was taken.
    back = Rollback(call.context, f"{player}-r", call.round_id, call.id, 100)
    outcomes = [await platform.send(back) for _ in range(2)]
    assert isinstance(outcomes[1], Accepted)
    assert outcomes[1].balance == casino.get(f"/players/{player}")["balance"] == 1000


@pytest.mark.parametrize("mode", [mode for mode, fault in FAULTS.items() if "win" in fault.calls])
async def test_a_win_is_counted_once_although_its_first_answer_is_spoilt(casino: CasinoProcess, mode: str):
    player = f"win-{mode}"
    casino.open(player, 1000)
    platform = Platform(casino, timeout_ms=500)
    call = bet(player, f"{player}-1", 100)
    await platform.send(call)
    casino.post("/break", mode=mode)
    who = Context(player, "ses_1", "krakens-hoard", "EUR")
    win = Win(who, f"{player}-w", call.round_id, 250, call.id)
    assert isinstance(await platform.send(win), Unknown)
    assert await platform.send(win) == await platform.send(win)
    assert casino.get(f"/players/{player}")["balance"] == 1150


def test_a_share_of_the_transactions_chosen_by_the_seed():
    def met(share: int, seed: int) -> list[str]:
        breaker = Breaker()
        breaker.switch("http_500", share, seed)
        return [name for n in range(1000) if breaker.meets("bet", name := f"b_{n}")]

    assert met(0, 1) == []
    assert len(met(100, 1)) == 1000
    assert 220 <= len(met(25, 1)) <= 280
    assert met(25, 1) == met(25, 1) != met(25, 2)
    assert set(met(10, 1)) < set(met(25, 1))


def test_the_page_reads_the_same_table(casino: CasinoProcess):
    modes = casino.get("/break")["modes"]
    assert modes == {name: {"title": fault.title, "effect": fault.effect} for name, fault in FAULTS.items()}


@pytest.mark.parametrize(
    "members",
    [{"mode": "everything"}, {"mode": 7}, {}, {"mode": "slow", "share": 101}, {"mode": "slow", "share": 0.5}, {"x": 1}],
    ids=repr,
)
def test_a_bad_switch_is_refused(casino: CasinoProcess, members):
    answer = casino.post("/break", **members)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_request")
    assert casino.get("/break")["mode"] == "off"
