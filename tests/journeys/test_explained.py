"""An operator's wallet answers wrong: from the log to the cause, the fix and the bytes in three clicks."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from journeys.accessibility import faults
from journeys.casino_page import open_game


@pytest.fixture
def broken_spin(demo: dict[str, Any], page: Page) -> Page:
    """A bet was answered with an amount as people write it, and the operator's technician has signed in."""
    game = open_game(page, demo["casino"], "krakens-hoard")
    page.request.post(f"{demo['casino']}/break", data={"mode": "wrong_balance"})
    try:
        with page.expect_response(re.compile("/play/v1/rounds$")):
            game.get_by_role("button", name="Spin", exact=True).click()
        link = page.get_by_test_id("broken-toast").get_by_role("link")
        broken_call = str(link.get_attribute("href"))
    finally:
        page.request.post(f"{demo['casino']}/break", data={"mode": "off"})
    page.broken_call = broken_call  # type: ignore[attr-defined]
    page.goto(demo["account"])
    page.get_by_label("E-mail").fill(demo["login"]["email"])
    page.get_by_label("Password").first.fill(demo["login"]["password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Rounds")).to_be_visible()
    return page


def test_from_the_group_to_the_cause(demo: dict[str, Any], broken_spin: Page) -> None:
    page = broken_spin
    page.get_by_role("navigation").get_by_role("link", name="API log").click()
    row = page.get_by_test_id("exchange-groups").get_by_role("row").filter(has_text="/bet")
    for _ in range(20):  # exchanges are written within a second
        if row.count():
            break
        page.wait_for_timeout(250)
        page.get_by_role("button", name="Refresh").click()
    expect(row.first).to_contain_text("Your side")
    row.first.get_by_role("link").first.click()
    listed = page.get_by_test_id("exchanges").get_by_role("row").filter(has_text="/bet")
    expect(listed.first).to_contain_text(re.compile("CRP-[A-Z]+-[0-9]+"))
    listed.first.get_by_role("link", name=re.compile("POST")).click()

    verdict = page.get_by_test_id("verdict")
    expect(verdict).to_contain_text("Your side")
    expect(verdict).to_contain_text("What to change:")
    expect(verdict.get_by_test_id("failing-test")).to_contain_text("croupier certify CONN-03")
    expect(page.get_by_test_id("signature-request")).to_contain_text("webhook-signature")
    expect(page.get_by_role("button", name="Copy as curl")).to_be_visible()
    expect(page.get_by_text("What a right answer looks like")).to_be_visible()
    code = page.get_by_test_id("finding").first.get_attribute("data-code")
    money = page.get_by_test_id("money-line")
    expect(money).to_have_attribute("data-became", "returned", timeout=15_000)
    expect(money).to_contain_text("given back")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy as ticket").click()
    ticket = str(page.evaluate("navigator.clipboard.readText()"))
    assert str(code) in ticket
    assert "**Money:** bet" in ticket
    assert page.url.rpartition("/")[2] in ticket
    assert faults(page) == []
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 360, "height": 740})
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, "the page scrolls sideways"
    neighbours = page.get_by_test_id("neighbours")
    neighbours.get_by_role("link", name=re.compile("Rollback")).last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("/rollback")
    expect(neighbours.locator("[aria-current]")).to_contain_text("Rollback")
    page.goto(page.broken_call)  # type: ignore[attr-defined]
    expect(page.get_by_role("heading", level=1)).to_contain_text("/bet")
    assert "/account/exchanges/ex_" in page.url
    page.get_by_role("link", name=f"About {code}").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(str(code))


def test_what_waits_is_shown_before_it_is_sent_again(demo: dict[str, Any], broken_spin: Page) -> None:
    page = broken_spin
    page.goto(f"{demo['account']}/exchanges")
    page.get_by_role("button", name="Retry all unconfirmed").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("with the same ids")
    expect(dialog.get_by_text("Nothing waits").or_(dialog.get_by_test_id("retry-totals"))).to_be_visible()
    assert faults(page) == []


def test_a_check_of_the_wallet_opens_the_first_cause_with_its_bytes(demo: dict[str, Any], broken_spin: Page) -> None:
    page = broken_spin
    key = {"Authorization": f"Bearer {demo['operator']['api_key']}"}
    body = {"rules": ["ROLL-05"], "players_url": f"{demo['casino']}/players?platform=no"}
    page.request.post(f"{demo['casino']}/bug", data={"name": "forgets-rollbacks"})
    try:
        page.get_by_role("navigation").get_by_role("link", name="Integration").click()
        expect(page.get_by_role("heading", name="Integration")).to_be_visible()
        page.request.post(f"{demo['platform']}/api/v1/certifications", data=body, headers=key)
        page.goto(f"{demo['account']}/integration")
        expect(page.get_by_test_id("fix-first")).to_contain_text("ROLL-05", timeout=30_000)
    finally:
        page.request.post(f"{demo['casino']}/bug", data={"name": "off"})
    failed = page.get_by_test_id("rule-ROLL-05")
    expect(failed.get_by_test_id("cause")).to_have_attribute("data-code", "CRP-ROLL-003")
    expect(failed.get_by_text('"type": "bet"')).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("link", name="JUnit").click()
    assert saved.value.suggested_filename.endswith(".xml")
    assert faults(page) == []
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 360, "height": 740})
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, "the page scrolls sideways"
    failed.get_by_role("link", name=re.compile("bet b1")).click()
    expect(page.get_by_test_id("sent-by-check")).to_contain_text("ROLL-05")
