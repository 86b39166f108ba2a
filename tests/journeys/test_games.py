"""Each kind of game by mouse and by keyboard: what the screen says at the end is what the wallet's book says."""

import re
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from journeys.casino_page import minor, open_game, wallet_balance


def test_slot_by_keyboard(demo: dict[str, Any], page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    game = open_game(page, demo["casino"], "krakens-hoard")
    levels = minor(game.get_by_test_id("bet"))
    game.get_by_role("button", name="Bet down").click()
    assert minor(game.get_by_test_id("bet")) < levels
    spin = game.get_by_role("button", name="Spin", exact=True)
    for _ in range(5):
        expect(spin).to_be_enabled(timeout=30_000)
        spin.focus()
        with page.expect_response(re.compile("/play/v1/rounds$")) as answered:
            page.keyboard.press("Enter")
        reply = answered.value.json()
        expect(spin).to_be_enabled(timeout=30_000)
        expect(game.get_by_test_id("win")).to_have_attribute("data-minor", str(reply["win"]), timeout=30_000)
    _balance_is_the_wallets(page, game, demo)


def test_roulette_by_mouse(demo: dict[str, Any], page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    game = open_game(page, demo["casino"], "european-roulette")
    game.get_by_role("button", name="Straight 17", exact=True).first.click()
    game.get_by_role("button", name="Red", exact=True).click()
    placed = minor(game.get_by_test_id("bet"))
    assert placed > 0
    with page.expect_response(re.compile("/play/v1/rounds$")) as answered:
        game.get_by_role("button", name="Spin", exact=True).click()
    reply = answered.value.json()
    assert reply["bet"] == placed
    pocket = next(r["pocket"] for r in reply["reveals"] if r["kind"] == "roulette_spin")
    expect(game.get_by_role("main")).to_contain_text(str(pocket))
    expect(game.get_by_test_id("win")).to_have_attribute("data-minor", str(reply["win"]), timeout=30_000)
    _balance_is_the_wallets(page, game, demo)


@pytest.mark.parametrize(
    ("currency", "shown"),
    [
        ("JPY", r"^¥[\d,]+$"),
        ("KWD", r"^KWD\s[\d,]+\.\d{3}$"),
        ("BTC", r"^(₿|BTC\s?)[\d,]+\.\d{8}$"),
        ("USD", r"^\$[\d,]+\.\d\d$"),
    ],
)
def test_amounts_are_written_as_their_currency_is(demo: dict[str, Any], page: Page, currency: str, shown: str) -> None:
    page.request.post(f"{demo['casino']}/casino/api/me", data={"currency": currency})
    game = open_game(page, demo["casino"], "krakens-hoard")
    expect(game.get_by_test_id("balance")).to_have_text(re.compile(shown.replace(" ", r"\s")))
    assert minor(game.get_by_test_id("balance")) == wallet_balance(page, demo["casino"])


@pytest.mark.parametrize(("language", "spin"), [("de", "Drehen"), ("es", "Girar"), ("pt-BR", "Girar")])
def test_the_game_speaks_the_players_language(demo: dict[str, Any], page: Page, language: str, spin: str) -> None:
    page.goto(demo["casino"])
    with page.expect_response(lambda r: r.url.endswith("/casino/api/me") and r.request.method == "POST"):
        page.get_by_role("combobox").nth(1).select_option(language)
    game = open_game(page, demo["casino"], "krakens-hoard")
    expect(game.locator("html")).to_have_attribute("lang", language)
    expect(game.get_by_role("button", name=spin)).to_be_visible()


def test_history_replays_a_round_in_the_same_game(demo: dict[str, Any], page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    game = open_game(page, demo["casino"], "krakens-hoard")
    spin = game.get_by_role("button", name="Spin", exact=True)
    spin.click()
    expect(spin).to_be_enabled(timeout=30_000)
    live = _reels(game)
    spin.click()
    expect(spin).to_be_enabled(timeout=30_000)
    game.get_by_role("button", name="History").click()
    rounds = game.get_by_role("dialog").get_by_role("button", name=re.compile("Replay"))
    expect(rounds).to_have_count(2, timeout=20_000)
    rounds.nth(1).click()
    game.get_by_role("button", name="Play all").click()
    expect(game.get_by_role("img", name=live)).to_be_visible(timeout=30_000)


def _reels(game: FrameLocator) -> str:
    return game.get_by_role("img", name=re.compile("^Reels")).get_attribute("aria-label") or ""


def _balance_is_the_wallets(page: Page, game: FrameLocator, demo: dict[str, Any]) -> None:
    expect(game.get_by_test_id("balance")).to_have_attribute(
        "data-minor", str(wallet_balance(page, demo["casino"])), timeout=30_000
    )
