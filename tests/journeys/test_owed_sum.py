"""Free rounds told in one sum, and a wallet that does not answer: what the account and the player see meanwhile."""

import datetime as dt
import hashlib
import hmac
import json
import subprocess
import uuid
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Page, expect

from journeys.account_page import looked_at, person, sign_in
from journeys.demo_process import CROUPIER
from sandbox.process import CasinoProcess

ROUNDS = 30
"""So many that one of them wins: the chance that none does is 1 in 50,000."""
OPERATOR, BET, BALANCE = "sums", 20, 100_000


def test_a_sum_that_is_owed_is_seen_until_the_wallet_has_taken_it(
    demo: dict[str, Any], browser: Browser, page: Page, tmp_path: Path
) -> None:
    told, casino = added(demo, tmp_path)
    try:
        issued(demo, told, casino)
        page.emulate_media(reduced_motion="reduce")
        with page.expect_response("**/play/v1/sessions") as opened:
            page.goto(launched(demo, told))
        expect(page.get_by_text(f"You have {ROUNDS} free rounds")).to_be_visible(timeout=30_000)
        casino.kill()
        won = plays(demo, opened.value.json()["play_token"])

        owner = sign_in(browser, demo, person(demo, "owner", OPERATOR))
        owner.goto(f"{demo['account']}/campaigns/gift")
        expect(owner.get_by_test_id("campaign-owed")).to_have_attribute("data-minor", str(won))
        told_so = owner.get_by_test_id("one-sum")
        expect(told_so).to_contain_text("are owed")
        expect(owner.get_by_role("button", name="Add players")).to_have_count(0)
        expect(owner.get_by_test_id("campaign")).to_contain_text("Used up")
        looked_at(owner, "campaign-owed")
        told_so.get_by_role("link").click()
        rows = owner.get_by_test_id("rounds").locator("tbody tr")
        expect(rows).to_have_count(1)
        expect(rows).to_contain_text("Sum of free rounds")
        looked_at(owner, "rounds-owed")
        rows.get_by_role("link").first.click()
        expect(owner.get_by_test_id("attention")).to_contain_text("until it takes it")
        expect(owner.get_by_test_id("settlement")).to_be_visible()
        expect(owner.get_by_test_id("replay")).to_have_count(0)
        expect(owner.get_by_role("button", name="Void", exact=False)).to_have_count(0)
        expect(owner.get_by_test_id("timeline")).to_contain_text("→ POST /wallet/freespins")
        expect(owner.get_by_test_id("timeline")).not_to_contain_text("POST /win")
        looked_at(owner, "round-owed")

        # The player's next bet waits, and the page says for what.
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("button", name="Spin", exact=True).click()
        expect(page.get_by_text("Your win is being paid to your casino account").first).to_be_visible()

        casino.start()
        owner.goto(f"{demo['account']}/campaigns/gift")
        expect(told_so).to_contain_text("has taken", timeout=90_000)
        expect(owner.get_by_test_id("campaign-owed")).to_have_attribute("data-minor", "0")
        expect(owner.get_by_test_id("campaign-won")).to_have_attribute("data-minor", str(won))
        assert casino.get("/players/ana")["balance"] == BALANCE + won
        owner.goto(f"{demo['account']}/rounds?campaign_id=gift")
        expect(owner.get_by_test_id("total-win")).to_have_attribute("data-minor", str(won))
    finally:
        casino.kill()


def plays(demo: dict[str, Any], token: str) -> int:
    """All of them; what they have won."""
    mine = {"Authorization": f"Bearer {token}"}
    won = 0
    for _ in range(ROUNDS):
        bet = {"request_id": uuid.uuid4().hex, "bet": BET, "campaign_id": "gift"}
        played = httpx.post(f"{demo['platform']}/play/v1/rounds", json=bet, headers=mine, timeout=20)
        won += played.raise_for_status().json()["win"]
    assert won > 0
    return won


def launched(demo: dict[str, Any], told: dict[str, Any]) -> str:
    body = {"player_id": "ana", "game_id": "krakens-hoard", "campaign_id": "gift"}
    answer = httpx.post(
        f"{demo['platform']}/api/v1/sessions", json=body, headers={"Authorization": f"Bearer {told['api_key']}"}
    )
    return answer.raise_for_status().json()["launch_url"]


def issued(demo: dict[str, Any], told: dict[str, Any], casino: CasinoProcess) -> None:
    """As the API's own call: one issue is one player's."""
    casino.post("/players", player_id="ana", currency="EUR", balance=BALANCE).raise_for_status()
    casino.post("/players/ana", issue="gift").raise_for_status()
    until = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    issue = {
        "casino_id": OPERATOR,
        "issue_id": "gift",
        "currency": "EUR",
        "games": ["croupier:krakens-hoard"],
        "freespins_quantity": ROUNDS,
        "bet_level": 1,
        "valid_until": until.isoformat(timespec="seconds"),
        "user": {"id": "ana"},
    }
    body = json.dumps(issue).encode()
    signed = hmac.new(told["auth_token"].encode(), body, hashlib.sha256).hexdigest()
    address = f"{demo['platform']}/dialects/softswiss-v1/freespins/issue"
    httpx.post(address, content=body, headers={"X-REQUEST-SIGN": signed}).raise_for_status()


def added(demo: dict[str, Any], folder: Path) -> tuple[dict[str, Any], CasinoProcess]:
    """An operator of SOFTSWISS v1 and its casino."""
    add = ("operator", "add", OPERATOR, "--dialect", "softswiss-v1", "--currency", "EUR", "--json")
    words = (*add, "--wallet-url", "http://127.0.0.1:1/wallet", "--data", str(demo["data"]))
    new = json.loads(subprocess.run([CROUPIER, *words], check=True, capture_output=True).stdout)
    told = {**new["softswiss-v1"], "api_key": new["api_key"]}
    casino = CasinoProcess(
        folder,
        CROUPIER_CASINO_DIALECT="softswiss-v1",
        CROUPIER_CASINO_OPERATOR_ID=OPERATOR,
        CROUPIER_CASINO_NUMBER=str(new["number"]),
        CROUPIER_CASINO_WALLET_SECRET=told["auth_token"],
    )
    change = ("operator", "set", OPERATOR, "--wallet-url", f"{casino.url}/wallet", "--data", str(demo["data"]))
    subprocess.run([CROUPIER, *change], check=True, capture_output=True)
    return told, casino
