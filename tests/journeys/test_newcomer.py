"""The first minute: from the front door to a round that is broken on purpose and taken back before one's eyes."""

import re
import time
from typing import Any

from playwright.sync_api import Page, expect

from journeys.casino_page import break_it, minor, open_game, wallet_balance


def test_the_first_minute(demo: dict[str, Any], page: Page) -> None:
    began = time.monotonic()
    page.goto(demo["platform"])
    page.get_by_role("link", name="Play a round").click()
    page.get_by_role("link", name=re.compile("Kraken's Hoard")).click()
    game = page.frame_locator("iframe")
    calls = page.get_by_role("log", name="Wallet calls")
    expect(calls).to_contain_text("POST /balance")
    spin = game.get_by_role("button", name="Spin", exact=True)
    spin.click()
    expect(calls).to_contain_text("POST /bet")
    expect(spin).to_be_enabled(timeout=30_000)
    expect(game.get_by_test_id("balance")).to_have_attribute("data-minor", str(wallet_balance(page, demo["casino"])))

    break_it(page, "Wrong balance format")
    before = wallet_balance(page, demo["casino"])
    spin.click()
    expect(calls).to_contain_text("POST /rollback")
    expect(game.get_by_role("main")).to_contain_text(
        re.compile("rolled back|taken back|is back|bet is back", re.IGNORECASE)
    )
    assert wallet_balance(page, demo["casino"]) == before, "the casino gave the bet back"
    break_it(page, "Off")
    assert time.monotonic() - began < 60, "the newcomer's first minute"


def test_a_game_opened_again_goes_on_with_its_hand(demo: dict[str, Any], page: Page) -> None:
    game = open_game(page, demo["casino"], "blackjack")
    for _ in range(20):
        game.get_by_role("button", name="Deal").click()
        hit = game.get_by_role("button", name=re.compile("^Hit"))
        again = game.get_by_role("button", name="Deal")
        expect(hit.or_(again.and_(game.locator(":enabled"))).or_(_insurance(game)).first).to_be_visible(timeout=20_000)
        if hit.is_visible() and hit.is_enabled():
            break
        if _insurance(game).is_visible():
            _insurance(game).click()
    expect(hit).to_be_enabled()
    bet = minor(game.get_by_test_id("bet"))
    page.reload()
    expect(game.get_by_role("button", name=re.compile("^Hit"))).to_be_enabled(timeout=20_000)
    assert minor(game.get_by_test_id("bet")) == bet
    game.get_by_role("button", name=re.compile("^Stand")).click()
    expect(game.get_by_role("button", name="Deal")).to_be_enabled(timeout=20_000)
    expect(game.get_by_test_id("balance")).to_have_attribute("data-minor", str(wallet_balance(page, demo["casino"])))


def _insurance(game: Any) -> Any:
    return game.get_by_role("button", name=re.compile("^No insurance"))
