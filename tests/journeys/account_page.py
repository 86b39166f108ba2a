"""People at the account's pages: added, signed in; and pages looked at in light and dark, wide and narrow."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from journeys.accessibility import faults
from journeys.demo_process import CROUPIER

SHOTS = os.environ.get("CROUPIER_TEST_SHOTS")
LOOKS = [("light", 1280), ("dark", 360)]
"""The empty pages are looked at in all four ways by test_screens."""


def new_operator(own: dict[str, Any], operator: str) -> str:
    """Its API key. Nobody answers at its wallet."""
    add = ("operator", "add", operator, "--wallet-url", "http://127.0.0.1:9/wallet", "--currency", "EUR", "--json")
    done = subprocess.run([CROUPIER, *add, "--data", own["data"]], capture_output=True, check=True)
    return str(json.loads(done.stdout)["api_key"])


def person(own: dict[str, Any], role: str, operator: str = "demo") -> tuple[str, str]:
    """E-mail and password of somebody new with this role."""
    email = f"{role}@{operator}.test"
    command = [CROUPIER, "user", "add", email, "--operator", operator, "--role", role, "--data", own["data"], "--json"]
    done = subprocess.run(command, capture_output=True, check=True)
    return email, json.loads(done.stdout)["password"]


def sign_in(browser: Browser, own: dict[str, Any], who: tuple[str, str]) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page.goto(own["account"])
    page.get_by_label("E-mail").fill(who[0])
    page.get_by_label("Password").first.fill(who[1])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Rounds")).to_be_visible()
    return page


def looked_at(page: Page, name: str) -> None:
    """Axe finds nothing, and nothing sticks out."""
    for scheme, width in LOOKS:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_load_state("networkidle")
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{scheme}-{width}.png", full_page=True)
        assert faults(page) == [], f"{name} {scheme} {width}"
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, f"{name} {scheme} {width}"
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 800})
