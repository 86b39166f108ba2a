"""What the journeys share: a running demo, and a browser that shows any call to the outside as a failure."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Playwright, Route, expect, sync_playwright

from journeys.demo_process import start_demo

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# A page, a platform, a database and another process's tests share two cores: five seconds, the default, can be too few.
PATIENCE_MS = 15_000
expect.set_options(timeout=PATIENCE_MS)
CI = os.environ.get("CI", "").lower() in {"1", "true"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """One demo for all journeys that leave it whole."""
    yield from start_demo(tmp_path_factory.mktemp("demo"))


# For one module: while it runs, its event loop occupies the thread, and tests of other folders have loops of their own.
@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    path = next((found for name in CHROMIUMS if (found := shutil.which(name))), None)
    if path is None and not Path(playwright.chromium.executable_path).exists():
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, capture_output=True)
        if not Path(playwright.chromium.executable_path).exists():
            missing = "no Chromium found; install one (Debian, Ubuntu: apt install chromium) and run the journeys again"
            (pytest.fail if CI else pytest.skip)(missing)
    running = playwright.chromium.launch(
        executable_path=path,
        args=[
            *(["--no-sandbox"] if os.geteuid() == 0 else []),
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--disable-sync",
            "--no-first-run",
        ],
    )
    yield running
    running.close()


@pytest.fixture
def has_touch() -> bool:
    """Whether the visitor has a touch screen; a test that wants one parametrizes it."""
    return False


@pytest.fixture
def page(browser: Browser, has_touch: bool) -> Iterator[Page]:
    """A page in a context of its own. Fails the test on an uncaught script error or a call beyond this machine."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="en-GB", timezone_id="UTC", has_touch=has_touch
    )
    context.set_default_timeout(PATIENCE_MS)
    outside: list[str] = []
    broken: list[str] = []

    def guard(route: Route) -> None:
        if urlsplit(route.request.url).hostname in {"127.0.0.1", "localhost", None}:
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    context.route("**/*", guard)
    opened = context.new_page()
    context.on("weberror", lambda error: broken.append(str(error.error)))
    yield opened
    context.close()
    assert not outside, "the product fetches nothing from elsewhere"
    assert not broken, "a script of the page failed"
