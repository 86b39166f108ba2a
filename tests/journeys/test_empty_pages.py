"""A new operator's account: nothing has happened yet, and each page teaches how the first thing comes about."""

from typing import Any

from playwright.sync_api import Browser, expect

from journeys.account_page import looked_at, new_operator, person, sign_in

OPERATOR = "brand-new"
# Where, and the command that stands there to be copied.
TAUGHT = (
    ("rounds", "/api/v1/demo-sessions"),
    ("campaigns", "PUT /api/v1/campaigns/spring"),
    ("stuck", f"croupier user add finance@casino.example --operator {OPERATOR} --role finance"),
    ("reconciliations", f"croupier reconcile --operator {OPERATOR} --date 2026-11-22 --statement FILE.csv"),
)


def test_an_empty_page_teaches_with_a_command_to_copy(demo: dict[str, Any], browser: Browser) -> None:
    new_operator(demo, OPERATOR)
    page = sign_in(browser, demo, person(demo, "owner", OPERATOR))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for path, command in TAUGHT:
        page.goto(f"{demo['account']}/{path}")
        expect(page.locator(".command")).to_contain_text(command)
        page.get_by_role("button", name="Copy command").click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        assert command in page.evaluate("navigator.clipboard.readText()")
        looked_at(page, f"empty-{path}")
    for path in ("exchanges", "games"):
        page.goto(f"{demo['account']}/{path}")
        expect(page.get_by_test_id("empty").first).to_be_visible()
        looked_at(page, f"empty-{path}")
