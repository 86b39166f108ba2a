"""Every screen in light and dark, wide and 360 px: axe finds nothing, and nothing sticks out."""

import json
import re
import time
from typing import Any
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect

from journeys.accessibility import faults, sideways
from journeys.casino_page import open_game
from journeys.players import GAMES, Player, perform, sit, table

LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (1280, 360)]
NAMED = "{0[0]}-{0[1]}".format
# Colours go with the scheme and the layout with the width: where many pages are looked at, two looks show all four.
TWO_LOOKS = pytest.mark.parametrize("look", [("light", 360), ("dark", 1280)], indirect=True, ids=NAMED)

# Below /account, and what must be there before it is judged. `{round_id}` and so on are made by `things`.
PAGES = (
    ("rounds", "[data-testid=rounds]"),
    ("rounds?player_id=nobody", "[data-testid=empty]"),
    ("rounds/{round_id}", "[data-testid=ledger]"),
    ("rounds/rd_unknown", "[data-testid=failure]"),
    ("games", "[data-testid=game-sets]"),
    ("games?by=game_set", "[data-testid=game-sets]"),
    ("games?from=2020-01-01&to=2020-01-02", "[data-testid=empty]"),
    ("campaigns", "[data-testid=campaigns]"),
    ("campaigns/{campaign_id}", "[data-testid=campaign]"),
    ("integration", "h1"),
    ("exchanges", "h1"),
    ("stuck", "[data-testid=empty]"),
    ("audit", "[data-testid=audit]"),
    ("reconciliations", "[data-testid=reconciliations]"),
    ("reconciliations/{reconciliation_id}", "[data-testid=reconciliation-facts]"),
    ("nowhere", "h1"),
)
# Where each is, and what opens it.
DIALOGS = (
    ("games", "New set"),
    ("games", "Edit Favourites"),
    ("games", "Delete Favourites"),
    ("campaigns", "New campaign"),
    ("campaigns/{campaign_id}", "Cancel campaign"),
    ("integration", "Check my wallet"),
)
GUIDE = (
    "",
    "quickstart/",
    "concepts/",
    "wallet-guide/",
    "errors/",
    "errors/CRP-JSON-003/",
    "reference/settings/",
    "api/",
)


@pytest.fixture(params=LOOKS, ids=NAMED)
def look(request: pytest.FixtureRequest, page: Page) -> Page:
    scheme, width = request.param
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 800 if width > 400 else 740})
    return page


@pytest.fixture(scope="module")
def things(demo: dict[str, Any]) -> dict[str, str]:
    """A round, a campaign, a game set and a reconciliation to look at."""
    (player,) = table(demo, 1, seed=700)
    perform(_play_one(player))
    _ask(demo, "PUT", "game-sets/favourites", {"name": "Favourites", "game_ids": list(GAMES)})
    gift = {"game_ids": GAMES[:1], "rounds": 10, "bet": 20, "currency": "EUR"}
    gift |= {"starts_at": "2026-01-01T00:00:00Z", "ends_at": "2099-01-01T00:00:00Z"}
    _ask(demo, "PUT", "campaigns/looked-at", gift)
    _ask(demo, "PUT", "campaigns/looked-at/players", {"player_ids": [player.player_id]})
    today = time.strftime("%Y-%m-%d", time.gmtime())
    nothing = b"transaction_id,kind,amount,currency,player_id,round_id,state,at\n"
    compared = _ask(demo, "POST", f"reconciliations?date={today}", nothing)
    (played,) = _ask(demo, "GET", f"rounds?player_id={player.player_id}")["items"]
    return {
        "round_id": played["round_id"],
        "replay": _ask(demo, "GET", f"rounds/{played['round_id']}")["replay_url"],
        "campaign_id": "looked-at",
        "reconciliation_id": compared["reconciliation_id"],
    }


async def _play_one(player: Player) -> None:
    await sit([player])
    await player.play()
    await player.settle()


def _ask(demo: dict[str, Any], method: str, path: str, body: object = None) -> Any:
    """The operator's API; bytes go as CSV, all else as JSON."""
    raw = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
    headers = {
        "authorization": f"Bearer {demo['operator']['api_key']}",
        "content-type": "text/csv" if isinstance(body, bytes) else "application/json",
    }
    with urlopen(Request(f"{demo['platform']}/api/v1/{path}", raw, headers, method=method)) as answer:
        return json.load(answer)


def _sound(page: Page) -> None:
    assert faults(page) + sideways(page) == []


def test_front_door(demo: dict[str, Any], look: Page) -> None:
    look.goto(demo["platform"])
    expect(look.get_by_role("link", name="Play a round")).to_be_visible()
    _sound(look)


def test_lobby(demo: dict[str, Any], look: Page) -> None:
    look.goto(demo["casino"])
    expect(look.get_by_role("link", name=re.compile("Kraken's Hoard"))).to_be_visible()
    _sound(look)


@pytest.mark.parametrize("game_id", GAMES)
def test_game(demo: dict[str, Any], look: Page, game_id: str) -> None:
    game = open_game(look, demo["casino"], game_id)
    _sound(look)
    for dialog in ("Game information", "History"):
        game.get_by_role("button", name=dialog).click()
        expect(game.get_by_role("dialog")).to_be_visible()
        assert faults(look) == [], dialog
        look.keyboard.press("Escape")
        expect(game.get_by_role("dialog")).to_be_hidden()


def test_game_with_free_rounds(demo: dict[str, Any], look: Page) -> None:
    look.goto(demo["casino"])
    look.get_by_test_id("gift-krakens-hoard").click()
    game = look.frame_locator("iframe")
    expect(game.get_by_text("You have 10 free rounds")).to_be_visible(timeout=30_000)
    assert faults(look) == [], "the greeting"
    game.get_by_role("button", name="Continue").click()
    expect(game.get_by_test_id("free-rounds")).to_be_visible()
    _sound(look)


@TWO_LOOKS
def test_replay_alone(look: Page, things: dict[str, str]) -> None:
    look.goto(things["replay"])
    expect(look.get_by_role("button", name="Play all")).to_be_visible()
    expect(look.locator(".position")).to_have_text(re.compile(r"Step (\d+) of \1\b"))
    _sound(look)
    meters = [look.locator(f".meter.{which}").bounding_box() or {} for which in ("bet", "win")]
    assert meters[0]["x"] + meters[0]["width"] <= meters[1]["x"], "the bet and the win stand side by side"


@TWO_LOOKS
def test_account(demo: dict[str, Any], look: Page, things: dict[str, str]) -> None:
    look.goto(demo["account"])
    expect(look.get_by_role("button", name="Sign in")).to_be_visible()
    _sound(look)
    look.get_by_label("E-mail").fill(demo["login"]["email"])
    look.get_by_label("Password").first.fill(demo["login"]["password"])
    look.get_by_role("button", name="Sign in").click()
    expect(look.get_by_role("heading", name="Rounds")).to_be_visible()
    found = []
    for page, ready in PAGES:
        look.goto(f"{demo['account']}/{page.format(**things)}")
        expect(look.locator(ready).first).to_be_visible()
        look.wait_for_load_state("networkidle")
        found += [f"{page}: {fault}" for fault in (*faults(look), *sideways(look))]
    for page, opener in DIALOGS:
        look.goto(f"{demo['account']}/{page.format(**things)}")
        look.get_by_role("button", name=opener).click()
        expect(look.get_by_role("dialog")).to_be_visible()
        found += [f"{opener}: {fault}" for fault in (*faults(look), *sideways(look))]
    assert found == []


@TWO_LOOKS
def test_documentation(demo: dict[str, Any], look: Page) -> None:
    found = []
    for page in GUIDE:
        look.goto(f"{demo['docs']}/{page}")
        expect(look.get_by_role("heading", level=1)).to_be_visible(timeout=20_000)
        found += [f"{page}: {fault}" for fault in (*faults(look), *sideways(look))]
    assert found == []
