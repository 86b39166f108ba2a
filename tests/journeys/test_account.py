"""The online account: the round that was just played, every wallet call of it, and its place in the statistics."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from journeys.accessibility import faults, sideways
from journeys.books import differences, read_journal
from journeys.casino_page import open_game
from journeys.players import Player, perform, sit, table


@pytest.fixture
def account(demo: dict[str, Any], page: Page) -> Page:
    page.goto(demo["account"])
    page.get_by_label("E-mail").fill(demo["login"]["email"])
    page.get_by_label("Password").first.fill(demo["login"]["password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Rounds")).to_be_visible()
    return page


def test_a_wrong_password_is_told_and_nothing_is_shown(demo: dict[str, Any], page: Page) -> None:
    page.goto(demo["account"])
    page.get_by_label("E-mail").fill(demo["login"]["email"])
    page.get_by_label("Password").first.fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("heading", name="Rounds")).to_be_hidden()


def test_a_round_from_the_spin_to_its_ledger_lines(demo: dict[str, Any], account: Page) -> None:
    page = account
    game = open_game(page, demo["casino"], "krakens-hoard")
    with page.expect_response(re.compile("/play/v1/rounds$")) as answered:
        game.get_by_role("button", name="Spin", exact=True).click()
    reply = answered.value.json()
    page.goto(f"{demo['account']}/rounds/{reply['round_id']}")
    main = page.get_by_role("main")
    expect(main).to_contain_text("/bet", timeout=20_000)
    ledger = page.get_by_test_id("ledger")
    expect(ledger.get_by_title(re.compile("^wallet:demo")).first).to_be_visible()
    expect(ledger.get_by_title(f"round:{reply['round_id']}").first).to_be_visible()
    replayed = page.frame_locator("iframe")
    expect(replayed.get_by_role("img", name=re.compile("^Reels"))).to_be_visible(timeout=20_000)
    page.get_by_role("link", name=re.compile("^Attempt 1: . POST .*bet")).first.click()
    expect(page.get_by_role("main")).to_contain_text("webhook-signature")
    expect(page.get_by_role("main")).to_contain_text("***")


def test_statistics_are_the_rounds_that_were_played(demo: dict[str, Any], account: Page) -> None:
    page = account
    page.goto(f"{demo['account']}/games")
    expect(page.get_by_role("main")).to_contain_text("Kraken's Hoard", timeout=20_000)
    players = table(demo, 3, seed=400)
    perform(_play_five_each(players))
    assert perform(differences(demo["data"], "p400-")) == []
    book = perform(read_journal(demo["data"], "p400-"))
    head = {"Authorization": f"Bearer {demo['operator']['api_key']}"}
    for player in players:
        query = f"by=game,player&player_id={player.player_id}"
        report = page.request.get(f"{demo['platform']}/api/v1/reports/games?{query}", headers=head).json()
        (row,), (total,) = report["items"], report["totals"]
        assert (row["game_id"], row["player_id"], row["currency"]) == (player.game_id, player.player_id, "EUR")
        held = book.players[player.player_id]
        for told in (row, total):
            assert (told["rounds"], told["bets"], told["wins"]) == (5, held.bets, held.wins)
            assert told["ggr"] == held.bets - held.wins


async def _play_five_each(players: list[Player]) -> None:
    await sit(players)
    for player in players:
        for _ in range(5):
            await player.play()
        await player.settle()


def test_a_campaign_is_made_given_and_cancelled(demo: dict[str, Any], account: Page) -> None:
    page = account
    page.get_by_role("navigation").get_by_role("link", name="Free rounds").click()
    head = {"Authorization": f"Bearer {demo['operator']['api_key']}"}
    page.request.put(f"{demo['platform']}/api/v1/players/journey-1", headers=head, data={"currency": "EUR"})
    page.get_by_role("button", name="New campaign").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Name").fill("Journey gift")
    form.get_by_label("Kraken's Hoard").check()
    form.get_by_label("Players").fill("journey-1, nobody-knows-me")
    form.get_by_role("button", name="Create").click()
    expect(form.get_by_test_id("failure")).to_contain_text("nobody-knows-me")
    form.get_by_label("Players").fill("journey-1")
    form.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="journey-gift")).to_be_visible()
    row = page.get_by_test_id("progress").get_by_role("row").filter(has_text="journey-1")
    expect(row.locator("[data-column=left]")).to_have_text("10")
    page.get_by_role("button", name="Cancel campaign").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel campaign").click()
    expect(page.get_by_test_id("campaign")).to_contain_text("Cancelled")
    page.get_by_role("navigation").get_by_role("link", name="Free rounds").click()
    expect(page.get_by_test_id("campaigns")).to_contain_text("journey-gift")


def test_a_green_check_says_until_when_it_counts_and_what_was_done_is_in_the_audit_log(
    demo: dict[str, Any], account: Page
) -> None:
    page = account
    page.get_by_role("navigation").get_by_role("link", name="Integration").click()
    page.get_by_role("button", name=re.compile("^Check (my wallet|by every rule)$")).click()
    form = page.get_by_role("dialog")
    form.get_by_label("How much").select_option("money-safe")
    form.get_by_role("button", name="Start the check").click()
    certificate = page.get_by_test_id("certificate")
    expect(certificate).to_contain_text("rule set", timeout=90_000)
    expect(certificate).to_contain_text("It counts for going live until")
    assert faults(page) + sideways(page) == []
    page.get_by_role("navigation").get_by_role("link", name="Audit log").click()
    newest = page.get_by_test_id("audit").locator("tbody tr").first
    expect(newest).to_contain_text("Wallet check started")
    expect(newest).to_contain_text(demo["login"]["email"])
    assert faults(page) + sideways(page) == []
