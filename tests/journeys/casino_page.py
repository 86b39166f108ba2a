"""The demo casino as a visitor's hands know it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import FrameLocator, Locator, Page, expect

GAME = "iframe"
_DIGITS = re.compile(r"^\d+$")


def open_game(page: Page, casino: str, game_id: str) -> FrameLocator:
    """The game in its frame, ready to be played."""
    page.goto(f"{casino}/g/{game_id}")
    game = page.frame_locator(GAME)
    expect(game.get_by_test_id("balance")).to_have_attribute("data-minor", _DIGITS, timeout=30_000)
    return game


def minor(place: Locator) -> int:
    return int(place.get_attribute("data-minor") or "")


def wallet_balance(page: Page, casino: str) -> int:
    """What the casino's own book says of this visitor, minor units."""
    return int(page.request.get(f"{casino}/casino/api/me").json()["balance"])


@contextmanager
def broken(page: Page, casino: str, title: str) -> Iterator[None]:
    """With that fault of the wallet on, switched where a visitor would; off again whatever happens."""
    try:
        break_it(page, title)
        yield
    finally:
        page.request.post(f"{casino}/break", data={"mode": "off"})


def break_it(page: Page, title: str) -> None:
    """Switch a fault of the wallet on (or ``Off``) where a visitor would."""
    switch = page.get_by_role("region", name="Break it")
    choose = switch.get_by_role("button", name="Choose how")
    if choose.count() and choose.get_attribute("aria-expanded") != "true":
        choose.click()
    radio = switch.get_by_role("radio", name=title)
    radio.click(force=True)
    expect(radio).to_be_checked()
