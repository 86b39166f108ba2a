"""What the journeys share: a running demo, and a browser that shows any call to the outside as a failure."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Playwright, Route, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CROUPIER = Path(sys.executable).with_name("croupier")
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
START_SECONDS = 60
STOP_SECONDS = 20
CI = os.environ.get("CI", "").lower() in {"1", "true"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.journey)


def free_ports() -> int:
    """A port that is free together with the next one, where the casino listens."""
    for _ in range(200):
        with socket.socket() as first:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            with socket.socket() as second:
                try:
                    second.bind(("127.0.0.1", port + 1))
                except OSError:
                    continue
                return port
    raise RuntimeError("no two neighbouring ports are free")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """One demo for all journeys that leave it whole."""
    yield from start_demo(tmp_path_factory.mktemp("demo"))


def start_demo(data: Path) -> Iterator[dict[str, Any]]:
    """A demo of its own, as `croupier demo` starts it: its JSON line, plus `log`, `data`, `pid`."""
    log = data / "demo.log"
    command = [
        str(CROUPIER), "demo", "--json", "--no-browser",
        "--history", "0", "--port", str(free_ports()), "--data", str(data / "data"),
    ]  # fmt: skip
    with log.open("wb") as errors:
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, stdin=subprocess.DEVNULL)
        try:
            line = first_line(process)
            if not line.startswith(b"{"):
                pytest.fail(f"the demo did not start: {line!r}\n{log.read_text(errors='replace')[-4000:]}")
            yield {**json.loads(line), "log": log, "data": data / "data", "pid": process.pid}
        finally:
            stop(process)


def first_line(process: subprocess.Popen[bytes]) -> bytes:
    """The first line of stdout; empty when the process ends or START_SECONDS pass."""
    timer = threading.Timer(START_SECONDS, process.terminate)
    timer.start()
    try:
        assert process.stdout is not None
        return process.stdout.readline()
    finally:
        timer.cancel()


def stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        pytest.fail(f"the demo did not stop within {STOP_SECONDS} s of SIGINT")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
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
def page(browser: Browser) -> Iterator[Page]:
    """A page in a context of its own. Fails the test on an uncaught script error or a call beyond this machine."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB", timezone_id="UTC")
    context.set_default_timeout(15_000)
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
