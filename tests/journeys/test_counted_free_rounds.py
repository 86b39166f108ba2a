"""Free rounds that the casino counts itself: the player sees how many are left, and does not pay for them."""

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page, expect

from croupier.dialects.mascot import signature
from journeys.demo_process import CROUPIER
from sandbox.process import CasinoProcess

BALANCE = 10_000


def calls(told: dict[str, str], method: str, **params: Any) -> Any:
    body = json.dumps({"jsonrpc": "2.0", "method": method, "id": 1, "params": params}).encode()
    signed = signature.headers(told["key"], told["subject"], time.time_ns(), int(time.time()), body)
    answer = httpx.post(told["signed_url"], content=body, headers=dict(signed), timeout=20)
    return answer.raise_for_status().json()["result"]


def test_the_player_sees_what_the_casino_counts(demo: dict[str, Any], page: Page, tmp_path: Path) -> None:
    add = ("operator", "add", "counts", "--dialect", "mascot", "--currency", "EUR", "--json")
    words = (*add, "--wallet-url", "http://127.0.0.1:1/cb", "--data", str(demo["data"]))
    new = json.loads(subprocess.run([CROUPIER, *words], check=True, capture_output=True).stdout)
    told = {**new["mascot"], "signed_url": f"{demo['platform']}/dialects/mascot/v1/signed/"}
    casino = CasinoProcess(
        tmp_path,
        CROUPIER_CASINO_DIALECT="mascot",
        CROUPIER_CASINO_NUMBER=str(new["number"]),
        CROUPIER_CASINO_WALLET_SECRET=told["key"],
    )
    try:
        change = ("operator", "set", "counts", "--wallet-url", f"{casino.url}/wallet", "--data", str(demo["data"]))
        subprocess.run([CROUPIER, *change], check=True, capture_output=True)
        casino.post("/players", player_id="ana", currency="EUR", balance=BALANCE, free_rounds=2).raise_for_status()
        calls(told, "BankGroup.Set", Id="eur", Currency="EUR")
        calls(told, "Player.Set", Id="ana", BankGroupId="eur")
        calls(told, "Bonus.Set", Id="spring")
        opened = calls(told, "Session.Create", PlayerId="ana", GameId="krakens_hoard", BonusId="spring")
        plays(page, opened["SessionUrl"])
        left = casino.get("/players/ana")
        assert int(page.get_by_test_id("balance").get_attribute("data-minor") or "") == left["balance"]
    finally:
        casino.kill()


def plays(page: Page, address: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(address)
    shown, balance, win = (page.get_by_test_id(name) for name in ("free-rounds", "balance", "win"))
    expect(shown).to_have_text("Free rounds left: 2", timeout=30_000)
    expect(balance).to_have_attribute("data-minor", str(BALANCE))
    spin, has = page.get_by_role("button", name="Spin", exact=True), BALANCE
    for after in (1, 0, 0):
        expect(spin).to_be_enabled(timeout=30_000)
        spin.click()
        if after:
            expect(shown).to_have_text(f"Free rounds left: {after}", timeout=30_000)
        else:
            expect(shown).to_be_hidden(timeout=30_000)
        expect(spin).to_be_enabled(timeout=30_000)
        has += int(win.get_attribute("data-minor") or "0")
    bet = int(page.get_by_test_id("bet").get_attribute("data-minor") or "0")
    assert bet > 0
    expect(balance).to_have_attribute("data-minor", str(has - bet))
