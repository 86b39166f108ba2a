"""Ten free rounds with one click: played, reloaded in the middle, counted to the end, and in everybody's books."""

import re
import time
from typing import Any

from playwright.sync_api import FrameLocator, Page, expect

from journeys.casino_page import minor, wallet_balance


def press(game: FrameLocator) -> None:
    """One free round: pressed again it is brought to its end at once."""
    spin = game.get_by_role("button", name="Spin", exact=True)
    expect(spin).to_be_enabled(timeout=30_000)
    spin.click()


def left(game: FrameLocator) -> int:
    return int(game.get_by_test_id("free-rounds").get_attribute("data-left") or "0")


def test_free_rounds_from_the_lobby_to_the_last_coin(demo: dict[str, Any], page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(demo["casino"])
    page.get_by_role("button", name=re.compile("^10 free rounds in Kraken")).click()
    game = page.frame_locator("iframe")
    expect(game.get_by_text("You have 10 free rounds")).to_be_visible(timeout=30_000)
    start = wallet_balance(page, demo["casino"])
    game.get_by_role("button", name="Continue").click()
    expect(game.get_by_test_id("bet")).to_have_attribute("data-minor", "100")
    expect(game.get_by_role("button", name="Bet up")).to_be_disabled()

    for number in range(9, 0, -1):
        press(game)
        expect(game.get_by_test_id("free-rounds")).to_have_attribute("data-left", str(number), timeout=30_000)
        if number == 6:
            page.reload()
            game.get_by_role("button", name="Continue").click(timeout=30_000)
            assert left(game) == 6
    won = int(game.get_by_test_id("free-rounds").get_attribute("data-won") or "")
    expect(game.get_by_test_id("balance")).to_have_attribute("data-minor", str(start + won))
    press(game)
    over = game.get_by_text("Your free rounds are over.")
    expect(over).to_be_visible(timeout=30_000)
    total = wallet_balance(page, demo["casino"]) - start
    assert f"€{total / 100:.2f}" in over.inner_text()
    page.reload()
    expect(over).to_be_visible(timeout=30_000)
    game.get_by_role("button", name="Continue").click()
    expect(game.get_by_test_id("free-rounds")).to_be_hidden()
    expect(game.get_by_role("button", name="Bet up")).to_be_enabled()

    player = page.request.get(f"{demo['casino']}/casino/api/me").json()["player_id"]
    api = {"Authorization": f"Bearer {demo['operator']['api_key']}"}
    told: dict[str, Any] = {}
    for _ in range(50):
        found = page.request.get(f"{demo['platform']}/api/v1/campaigns", headers=api).json()["items"]
        told = page.request.get(
            f"{demo['platform']}/api/v1/campaigns/{found[0]['campaign_id']}?player_id={player}", headers=api
        ).json()
        if told["won"] == total and told["used"] == 10:
            break
        time.sleep(0.1)
    (progress,) = told["progress"]
    assert (progress["used"], progress["left"], progress["won"]) == (10, 0, total)
    lines = page.request.get(f"{demo['casino']}/ledger?player_id={player}").json()["items"]
    assert sum(line["amount"] for line in lines if line["kind"] == "bet") == 0
    assert {line["campaign_id"] for line in lines} == {told["campaign_id"]}

    press(game)
    expect(game.get_by_role("button", name="Spin", exact=True)).to_be_enabled(timeout=30_000)
    assert minor(game.get_by_test_id("bet")) > 0
    assert wallet_balance(page, demo["casino"]) != start + total or total >= 0
