"""Every screen in light and dark, wide and 360 px: axe finds nothing, and nothing sticks out."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from journeys.accessibility import faults
from journeys.casino_page import open_game

SCHEMES = ("light", "dark")
WIDTHS = (1280, 360)
GAMES = ("krakens-hoard", "european-roulette", "blackjack")


@pytest.fixture(params=[(s, w) for s in SCHEMES for w in WIDTHS], ids=lambda p: f"{p[0]}-{p[1]}")
def look(request: pytest.FixtureRequest, page: Page) -> Page:
    scheme, width = request.param
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 800 if width > 400 else 740})
    return page


def _sound(page: Page) -> None:
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, "the page scrolls sideways"


def test_front_door(demo: dict[str, Any], look: Page) -> None:
    look.goto(demo["platform"])
    expect(look.get_by_role("link", name="Play a round")).to_be_visible()
    _sound(look)


def test_lobby(demo: dict[str, Any], look: Page) -> None:
    look.goto(demo["casino"])
    expect(look.get_by_role("link", name=re.compile("Kraken's Hoard"))).to_be_visible()
    _sound(look)


@pytest.mark.parametrize("game_id", GAMES)
def test_game(demo: dict[str, Any], look: Page, game_id: str) -> None:
    game = open_game(look, demo["casino"], game_id)
    _sound(look)
    for dialog in ("Game information", "History"):
        game.get_by_role("button", name=dialog).click()
        expect(game.get_by_role("dialog")).to_be_visible()
        assert faults(look) == [], dialog
        look.keyboard.press("Escape")
        expect(game.get_by_role("dialog")).to_be_hidden()


def test_game_with_free_rounds(demo: dict[str, Any], look: Page) -> None:
    look.goto(demo["casino"])
    look.get_by_test_id("gift-krakens-hoard").click()
    game = look.frame_locator("iframe")
    expect(game.get_by_text("You have 10 free rounds")).to_be_visible(timeout=30_000)
    assert faults(look) == [], "the greeting"
    game.get_by_role("button", name="Continue").click()
    expect(game.get_by_test_id("free-rounds")).to_be_visible()
    _sound(look)


def test_account(demo: dict[str, Any], look: Page) -> None:
    look.goto(demo["account"])
    expect(look.get_by_role("button", name="Sign in")).to_be_visible()
    _sound(look)
    look.get_by_label("E-mail").fill(demo["login"]["email"])
    look.get_by_label("Password").first.fill(demo["login"]["password"])
    look.get_by_role("button", name="Sign in").click()
    for place in ("rounds", "games", "campaigns", "integration", "exchanges", "stuck", "reconciliations"):
        look.goto(f"{demo['account']}/{place}")
        expect(look.get_by_role("heading", level=1)).to_be_visible()
        look.wait_for_load_state("networkidle")
        assert faults(look) == [], place


def test_documentation(demo: dict[str, Any], page: Page) -> None:
    page.goto(demo["docs"])
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(f"{demo['docs']}/api/")
    expect(page.get_by_text("Croupier operator API").first).to_be_visible(timeout=20_000)
