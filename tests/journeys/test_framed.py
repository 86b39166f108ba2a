"""A game in a page of another origin: shown where the operator allows it, kept out by the browser where it does not."""

import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from croupier.api.framing import PAUSE_US
from journeys.account_page import looked_at, new_operator, person, sign_in
from ports import free_port

OPERATOR = "framed"
LOBBY = '<!doctype html><title>Lobby</title><h1>Casino</h1><iframe src="{}" allow="autoplay" width="900" height="600">'


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """The casino's web server. Names end in .localhost: other origins than the platform's, of this machine."""
    quiet = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = ThreadingHTTPServer(("127.0.0.1", free_port()), partial(quiet, directory=str(tmp_path)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


class Lobby:
    """The casino's page, below whatever name, with a game in it."""

    def __init__(self, demo: dict[str, Any], browser: Browser, folder: Path, port: int) -> None:
        self.demo, self.folder, self.port = demo, folder, port
        self.key = new_operator(demo, OPERATOR)
        self.page: Page = browser.new_page()
        self.refusals: list[str] = []
        self.page.on("console", self._heard)

    def _heard(self, said: ConsoleMessage) -> None:
        if "frame-ancestors" in said.text:
            self.refusals.append(said.text)

    def opens(self, name: str) -> bool:
        """Whether the browser shows a newly launched game in the page of this name."""
        address = f"{self.demo['platform']}/api/v1/demo-sessions"
        asked = {"game_id": "krakens-hoard", "currency": "EUR"}
        answer = httpx.post(address, json=asked, headers={"authorization": f"Bearer {self.key}"}, timeout=30)
        (self.folder / "index.html").write_text(LOBBY.format(answer.raise_for_status().json()["launch_url"]))
        self.refusals.clear()
        self.page.goto(f"http://{name}:{self.port}/")
        spin = self.page.frame_locator("iframe").get_by_role("button", name="Spin", exact=True)
        until = time.monotonic() + 30
        while time.monotonic() < until:
            if spin.is_visible():
                return True
            if self.refusals:
                assert self.page.frames[1].url.startswith("chrome-error:")
                return False
            self.page.wait_for_timeout(100)
        raise AssertionError("neither shown nor refused")


def test_a_page_is_let_in_and_another_kept_out(
    demo: dict[str, Any], browser: Browser, tmp_path: Path, port: int
) -> None:
    lobby = Lobby(demo, browser, tmp_path, port)
    owner = sign_in(browser, demo, person(demo, "owner", OPERATOR))
    owner.goto(f"{demo['account']}/integration")
    framing = owner.get_by_test_id("framing")
    expect(framing).to_contain_text("<iframe")
    looked_at(owner, "framing-unseen")

    assert not lobby.opens("casino.localhost")
    mine = f"http://casino.localhost:{port}"
    owner.reload()
    expect(framing).to_have_attribute("data-state", "finished")
    expect(framing).to_contain_text(mine)
    looked_at(owner, "framing-blocked")
    framing.get_by_role("button", name="Allow it").click()
    form = owner.get_by_role("dialog")
    expect(form.get_by_label("Origins")).to_have_value(mine)
    looked_at(owner, "framing-form")
    form.get_by_role("button", name="Save").click()
    expect(form).to_be_hidden()
    expect(framing).to_contain_text(mine)

    until = time.monotonic() + 30  # workers hear of new settings with a heartbeat
    while not lobby.opens("casino.localhost"):
        assert time.monotonic() < until
    owner.reload()
    expect(framing).to_have_attribute("data-state", "green")
    expect(framing).to_contain_text(f"{mine} showed a game")
    looked_at(owner, "framing-seen")

    owner.wait_for_timeout(2 * PAUSE_US / 1000)  # our own page, kept out until the settings held, was noted just now
    assert not lobby.opens("stranger.localhost"), "the browser kept it out"
    owner.reload()
    expect(framing).to_have_attribute("data-state", "green")
    expect(framing.get_by_role("note")).to_contain_text(f"http://stranger.localhost:{port}")

    assert lobby.opens("localhost"), "a test operator's pages may be anywhere on this machine"
    framing.get_by_role("button", name="Change").click()
    form.get_by_label("Origins").fill("https://casino.example/lobby")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_test_id("failure")).to_contain_text("without path")
    owner.keyboard.press("Escape")
    owner.goto(f"{demo['account']}/audit")
    expect(owner.get_by_test_id("audit")).to_contain_text(mine)
