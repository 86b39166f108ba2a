"""The first minute: from the front door to a round that is broken on purpose and taken back before one's eyes."""

import re
import time
from typing import Any

from playwright.sync_api import Page, expect

from journeys.casino_page import broken, minor, open_game, wallet_balance


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

    before = wallet_balance(page, demo["casino"])
    with broken(page, demo["casino"], "Wrong balance format"):
        spin.click()
        expect(calls).to_contain_text("POST /rollback")
        expect(game.get_by_role("main")).to_contain_text("was rolled back")
        assert wallet_balance(page, demo["casino"]) == before, "the casino gave the bet back"
    assert time.monotonic() - began < 60, "the newcomer's first minute"


def test_a_game_opened_again_goes_on_with_its_hand(demo: dict[str, Any], page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    game = open_game(page, demo["casino"], "blackjack")
    deal = game.get_by_role("button", name="Deal")
    hit = game.get_by_role("button", name=re.compile("^Hit"))
    while True:
        expect(deal).to_be_enabled(timeout=30_000)
        with page.expect_response(re.compile("/play/v1/rounds$")) as answered:
            deal.click()
        if "hit" in {offer["action"] for offer in answered.value.json()["next_actions"]}:
            break
        if answered.value.json()["next_actions"]:
            game.get_by_role("button", name=re.compile("^No insurance")).click()
    expect(hit).to_be_enabled(timeout=30_000)
    bet = minor(game.get_by_test_id("bet"))
    page.reload()
    expect(hit).to_be_enabled(timeout=30_000)
    assert minor(game.get_by_test_id("bet")) == bet
    game.get_by_role("button", name=re.compile("^Stand")).click()
    expect(deal).to_be_enabled(timeout=30_000)
    expect(game.get_by_test_id("balance")).to_have_attribute("data-minor", str(wallet_balance(page, demo["casino"])))
