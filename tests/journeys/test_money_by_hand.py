"""Finance and staff at work: a day is reconciled, a stuck round goes on when a second person agrees."""

import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from journeys.account_page import looked_at, person, sign_in
from journeys.demo_process import start_demo

PLAYER = "by-hand"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory):
    """A demo of its own: its casino's book is damaged here."""
    yield from start_demo(tmp_path_factory.mktemp("by-hand"))


def play(own: dict[str, Any], http: httpx.Client) -> tuple[str, int]:
    """Plays until a win comes that the wallet gives without saying so; answers its round and amount."""
    http.post(f"{own['casino']}/players", json={"player_id": PLAYER, "currency": "EUR", "balance": 1_000_000})
    headers = {"Authorization": f"Bearer {own['operator']['api_key']}"}
    session = {"player_id": PLAYER, "game_id": "krakens-hoard"}
    launched = http.post(f"{own['platform']}/api/v1/sessions", json=session, headers=headers).json()
    token = httpx.URL(launched["launch_url"]).params["token"]
    opened = http.post(f"{own['platform']}/play/v1/sessions", json={"token": token}).json()
    mine = {"Authorization": f"Bearer {opened['play_token']}"}
    damage(own, "create table edited (transaction_id text)")
    switch = {"mode": "http_500", "share": 50, "seed": 1}
    for n in range(400):
        if n == 20:
            # From here on somebody edits each win in the casino's book, and half of the answers are lost: a win that is
            # sent again meets another content.
            damage(own, EDITS)
            http.post(f"{own['casino']}/break", json=switch).raise_for_status()
        bet = {"request_id": f"by-hand-{n}", "bet": 100}
        spun = http.post(f"{own['platform']}/play/v1/rounds", json=bet, headers=mine).json()
        if n >= 20 and spun.get("state") == "paying":
            break
    else:
        raise AssertionError("nothing was won in 400 spins")
    http.post(f"{own['casino']}/break", json={"mode": "off"}).raise_for_status()
    damage(own, "drop trigger edits")
    others = "kind = 'win' and round_id <> ? and transaction_id in (select transaction_id from edited)"
    damage(own, f"update transactions set amount = amount - 1 where {others}", spun["round_id"])
    return spun["round_id"], spun["win"]


EDITS = """create trigger edits after insert on transactions when new.kind = 'win' begin
  update transactions set amount = amount + 1 where transaction_id = new.transaction_id;
  insert into edited values (new.transaction_id);
end"""


def damage(own: dict[str, Any], statement: str, *values: object) -> None:
    with closing(sqlite3.connect(own["data"] / "casino" / "casino.sqlite3", timeout=10)) as book, book:
        book.execute(statement, values)


def test_a_day_is_reconciled_and_two_people_end_a_stuck_round(own, browser: Browser, tmp_path: Path) -> None:
    http = httpx.Client(timeout=20)
    finance, boss = person(own, "finance"), person(own, "staff_admin")
    page = sign_in(browser, own, finance)
    page.goto(f"{own['account']}/stuck")
    expect(page.get_by_text("No round is stuck")).to_be_visible()
    looked_at(page, "stuck-empty")
    page.goto(f"{own['account']}/reconciliations")
    expect(page.get_by_text("No day was compared yet")).to_be_visible()
    looked_at(page, "reconciliations-empty")

    round_id, win = play(own, http)
    deadline = time.monotonic() + 60
    page.goto(f"{own['account']}/stuck")
    while page.get_by_test_id("stuck").count() == 0:
        assert time.monotonic() < deadline, "the round is not suspended"
        time.sleep(1)
        page.reload()
        page.wait_for_load_state("networkidle")
    looked_at(page, "stuck")

    today = datetime.now(UTC).date().isoformat()
    file = tmp_path / "statement.csv"
    file.write_bytes(http.get(f"{own['casino']}/statement?date={today}").content + b"x_1,bet,5,EUR,a,b,accepted,now\n")
    page.goto(f"{own['account']}/reconciliations")
    page.get_by_label("Day (UTC)").fill(today)
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_test_id("failure")).to_contain_text("at must be a time with a zone")
    file.write_bytes(http.get(f"{own['casino']}/statement?date={today}").content)
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_test_id("failure")).to_contain_text("Choose it again")
    page.get_by_role("button", name="Remove the file").click()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Compare").click()
    rows = page.get_by_test_id("differences")
    expect(rows).to_contain_text("The same id has another amount")
    expect(page.get_by_test_id("attention")).to_contain_text("1 difference needs a person")
    looked_at(page, "reconciliation")
    rows.get_by_role("link").first.click()

    panel = page.get_by_test_id("resolution")
    expect(panel).to_contain_text("How this round goes on")
    panel.get_by_role("radio").filter(has=page.locator("xpath=.")).first.wait_for()
    panel.locator("label").filter(has_text="Closed").filter(has_text="Accepted").first.click()
    panel.get_by_label("Evidence").fill("our statement, the win was paid at once")
    panel.get_by_label("Reason").fill("the amount in our book was edited by hand")
    looked_at(page, "propose")
    panel.get_by_role("button", name="Propose").click()
    expect(panel.get_by_test_id("proposal")).to_contain_text("Waits for a second person")
    expect(panel.get_by_role("button", name="Approve")).to_be_hidden()

    second = sign_in(browser, own, boss)
    second.goto(f"{own['account']}/rounds/{round_id}")
    other = second.get_by_test_id("resolution")
    other.get_by_label("Your password").fill("wrong")
    other.get_by_role("button", name="Approve").click()
    expect(other.get_by_test_id("failure")).to_be_visible()
    looked_at(second, "approve")
    other.get_by_label("Your password").fill(boss[1])
    other.get_by_role("button", name="Approve").click()
    expect(other.get_by_test_id("proposal")).to_contain_text("Approved by staff_admin@demo.test")
    expect(second.get_by_test_id("round-win")).to_have_attribute("data-minor", str(win))
    looked_at(second, "approved")
    second.goto(f"{own['account']}/stuck")
    expect(second.get_by_text("No round is stuck")).to_be_visible()
