"""The game list and its tags, as this API shows them."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import msgspec

from croupier.dialects.decimals import shortest
from croupier.dialects.forms import Fields, encoded
from croupier.domain.exchange import Headers
from croupier.games.game import Game

PER_PAGE = 50
PROVIDER, PROVIDER_ID = "Croupier", 1
EXPAND = frozenset({"tags", "parameters", "images", "related_games"})

Item = dict[str, Any]


def shown(game: Game, expand: frozenset[str]) -> Item:
    item: Item = {
        "uuid": game.game_id,
        "name": game.name,
        "image": "",
        "type": "slots" if game.kind == "slot" else game.kind,
        "provider": PROVIDER,
        "provider_id": PROVIDER_ID,
        "technology": "HTML5",
        "has_lobby": 0,
        "is_mobile": 1,
        "has_freespins": int(game.free_rounds),
        "has_tables": 0,
        "freespin_valid_until_full_day": 0,
        "label": PROVIDER,
    }
    if "tags" in expand:
        item["tags"] = [{"code": tag, "label": _label(tag)} for tag in sorted(game.features)]
    if "parameters" in expand:
        item["parameters"] = _parameters(game)
    # There are none; a list that was asked for is there all the same.
    return item | {name: [] for name in ("images", "related_games") if name in expand}


def tags(games: Iterable[Game], expand: frozenset[str]) -> list[Item]:
    codes = sorted({tag for game in games for tag in game.features})
    category = {"category": {"code": "features", "label": "Features"}} if "category" in expand else {}
    return [{"code": code, "label": _label(code)} | category for code in codes]


def expanded(fields: Fields, known: frozenset[str]) -> frozenset[str]:
    """Names that the API does not know are left out, as it says nothing of them."""
    return frozenset((fields.optional_text("expand", 200) or "").replace(" ", "").split(",")) & known


def page(games: tuple[Game, ...], fields: Fields, url: str) -> tuple[Item, Headers]:
    """The page that `fields` ask for, as body and headers. `url`: the list's own address."""
    current = fields.whole("page", 1, 10**6) if fields.has("page") else 1
    expand, total = expanded(fields, EXPAND), len(games)
    pages = max(1, -(-total // PER_PAGE))
    items = [shown(game, expand) for game in games[(current - 1) * PER_PAGE : current * PER_PAGE]]
    kept = [("expand", ",".join(sorted(expand)))] if expand else []
    links = {
        name: f"{url}?{encoded([*kept, ('page', str(number))])}"
        for name, number in (
            ("self", current),
            ("first", 1),
            ("prev", current - 1 if current > 1 else 0),
            ("next", current + 1 if current < pages else 0),
            ("last", pages),
        )
        if number
    }
    meta = {"totalCount": total, "pageCount": pages, "currentPage": current, "perPage": PER_PAGE}
    headers = (
        ("X-Pagination-Total-Count", str(total)),
        ("X-Pagination-Page-Count", str(pages)),
        ("X-Pagination-Current-Page", str(current)),
        ("X-Pagination-Per-Page", str(PER_PAGE)),
        ("Link", ", ".join(f"<{link}>; rel={name}" for name, link in links.items())),
    )
    return {"items": items, "_links": {name: {"href": link} for name, link in links.items()}, "_meta": meta}, headers


def _parameters(game: Game) -> Item:
    """`rtp` in percent with two digits, of the base game or, where modes are bets, of the first of them."""
    rtp = game.rtp.get("base") or next(iter(game.rtp.values()))
    hundredths = rtp.numerator * 10_000 // rtp.denominator
    lines = game.rules.get("lines") if isinstance(game.rules, dict) else None
    return {
        "rtp": msgspec.Raw(_percent(hundredths)),
        "volatility": game.volatility,
        "reels_count": len(lines[0]) if lines else None,
        "lines_count": len(lines) if lines else None,
    }


def _percent(hundredths: int) -> bytes:
    return shortest(Decimal(hundredths).scaleb(-2)).encode()


def _label(code: str) -> str:
    return code.replace("_", " ").capitalize()
