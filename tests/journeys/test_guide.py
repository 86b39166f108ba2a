"""The guide and the API reference as the platform serves them: whole, and nothing fetched from elsewhere."""

import re
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

# Redoc asks for its maker's logo; our Content-Security-Policy refuses it before it leaves.
REFUSED_LOGO = re.compile(r"violates the following Content Security Policy directive: \"img-src")


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser's console says of errors while the pages are looked at."""
    heard: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and not REFUSED_LOGO.search(message.text):
            heard.append(message.text)

    page.on("console", listen)
    return heard


@pytest.mark.parametrize(
    ("address", "heading"),
    [
        ("", "Croupier"),
        ("/quickstart/", "Quickstart"),
        ("/wallet-guide/", "Wallet guide"),
        ("/errors/insufficient_funds", "insufficient_funds"),
        ("/games/krakens-hoard/", "Kraken's Hoard"),
        ("/reference/round-lifecycle/", "Round lifecycle"),
    ],
)
def test_a_page_opens_without_complaints(
    demo: dict[str, Any], page: Page, complaints: list[str], address: str, heading: str
) -> None:
    page.goto(demo["docs"] + address)
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
    assert complaints == []


def test_the_search_finds_a_page(demo: dict[str, Any], page: Page, complaints: list[str]) -> None:
    page.goto(demo["docs"])
    page.keyboard.press("Control+k")
    page.keyboard.type("tombstone")
    expect(page.get_by_role("link", name=re.compile("late bet|Glossary|Concepts", re.IGNORECASE)).first).to_be_visible()
    assert complaints == []


def test_the_reference_shows_calls_and_webhooks(demo: dict[str, Any], page: Page, complaints: list[str]) -> None:
    page.goto(demo["docs"] + "/api/")
    expect(page.get_by_text("/api/v1/players/{player_id}").first).to_be_visible()
    expect(page.get_by_text("Wallet (we call you)").first).to_be_visible()
    assert complaints == []


def test_programs_get_the_pages_as_markdown(demo: dict[str, Any], page: Page) -> None:
    listing = page.request.get(demo["docs"] + "/llms.txt").text()
    addresses = re.findall(r"\((/docs/[^)]+)\)", listing)
    assert "/docs/wallet-guide.md" in addresses
    for address in addresses:
        answer = page.request.get(demo["platform"] + address)
        assert answer.ok, address
        assert answer.text().startswith("# "), address
