"""Each game by mouse, by tap and by keyboard: what the screen says at the end is what the wallet's book says."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from journeys.casino_page import minor, open_game, wallet_balance

Press = Callable[[str], None]

HANDS = (("mouse", False), ("tap", True), ("keyboard", False))


@pytest.fixture
def press(page: Page, hand: str) -> Press:
    """Presses the game's first button whose name matches, as that hand does."""

    def pressed(name: str) -> None:
        button = page.frame_locator("iframe").get_by_role("button", name=re.compile(name)).first
        expect(button).to_be_enabled(timeout=30_000)
        if hand == "mouse":
            button.click()
        elif hand == "tap":
            button.tap()
        else:
            button.focus()
            page.keyboard.press("Enter")

    return pressed


@pytest.mark.parametrize(("hand", "has_touch"), HANDS, ids=[hand for hand, _ in HANDS])
@pytest.mark.parametrize("game_id", ["krakens-hoard", "european-roulette", "blackjack"])
def test_a_game_is_played_by(demo: dict[str, Any], page: Page, press: Press, game_id: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    game = open_game(page, demo["casino"], game_id)
    if game_id == "european-roulette":
        press("^Straight 17$")
        press("^Red$")
    else:
        highest = minor(game.get_by_test_id("bet"))
        press("^Bet down$")
        assert minor(game.get_by_test_id("bet")) < highest
    placed = minor(game.get_by_test_id("bet"))
    assert placed > 0
    opens = "^Deal$" if game_id == "blackjack" else "^Spin$"
    reply = _answer(page, press, opens, "/play/v1/rounds$")
    assert reply["bet"] == placed
    while offered := {offer["action"] for offer in reply["next_actions"]}:
        reply = _answer(page, press, "^Stand" if "stand" in offered else "^No insurance", "/actions$")
    if game_id == "european-roulette":
        pocket = next(r["pocket"] for r in reply["reveals"] if r["kind"] == "roulette_spin")
        expect(game.get_by_role("main")).to_contain_text(str(pocket))
    expect(game.get_by_test_id("win")).to_have_attribute("data-minor", str(reply["win"]), timeout=30_000)
    expect(game.get_by_role("button", name=re.compile(opens))).to_be_visible(timeout=30_000)
    _balance_is_the_wallets(page, game, demo)


def _answer(page: Page, press: Press, name: str, path: str) -> dict[str, Any]:
    with page.expect_response(re.compile(path)) as answered:
        press(name)
    reply: dict[str, Any] = answered.value.json()
    return reply


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
