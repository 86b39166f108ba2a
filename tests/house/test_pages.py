"""The built pages load nothing from elsewhere, and the borrowed glyphs stay in their package."""

import json
import re
from xml.etree import ElementTree as ET

import pytest
from tree import ROOT, texts

from croupier.api.operator.games import SHAPES
from croupier.games.catalogue import GAMES

WEB = ROOT / "src/croupier/web"
GLYPHS = ROOT / "web/node_modules/@iconify-json/game-icons/icons.json"

# What a page loads by itself; a plain link (<a href>) is the reader's own decision.
LOADS = re.compile(
    r"""<(?:script|img|iframe|source|audio|video|embed)\b[^>]*?\ssrc=["'](?:https?:)?//[^"']+"""
    r"""|<link\b(?=[^>]*\brel=["']?(?:stylesheet|preload|modulepreload|icon|preconnect|dns-prefetch))[^>]*?\shref=["'](?:https?:)?//[^"']+"""
    r"""|@import\s+(?:url\()?["']?(?:https?:)?//[^"')]+"""
    r"""|url\(\s*["']?(?:https?:)?//[^"')]+""",
    re.IGNORECASE,
)
PATH_DATA = re.compile(r"[Mm][\d.,\s-][\d.,\sa-zA-Z-]{38,}")


def test_built_pages_load_nothing_from_elsewhere():
    pages = [page for page in WEB.rglob("*") if page.suffix in {".html", ".css"}]
    assert pages, "the pages are not built: make setup"
    found = {str(page.relative_to(WEB)): hit for page in pages if (hit := LOADS.findall(page.read_text("utf-8")))}
    assert not found


@pytest.mark.parametrize("game_id", GAMES)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_game_has_its_pictures(game_id, shape):
    """Whole in themselves: a lobby shows them as images, where nothing else is loaded and no script runs."""
    drawn = (WEB / "games" / game_id / f"{shape}.svg").read_text("utf-8")
    picture = ET.fromstring(drawn)
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    ratio = int(picture.attrib["width"]) / int(picture.attrib["height"])
    assert ratio == {"landscape": 8 / 5, "square": 1, "portrait": 3 / 4}[shape]
    width, height = map(float, picture.attrib["viewBox"].split()[2:])
    assert width / height == ratio
    ids = {part.attrib["id"] for part in picture.iter() if "id" in part.attrib}
    asked = set(re.findall(r"url\(#([^)]+)\)", drawn)) | set(re.findall(r'href="#([^"]+)"', drawn))
    assert asked <= ids
    assert not re.search(r'<script|<foreignObject|\son\w+=|href="[^#]|url\((?!#|data:font/)', drawn)
    assert len(drawn) < 100_000


@pytest.mark.parametrize(
    ("html", "loads"),
    [
        ('<script src="https://cdn.example/x.js"></script>', True),
        ('<link rel="stylesheet" href="//fonts.example/css">', True),
        ("@font-face { src: url(https://fonts.example/a.woff2) }", True),
        ('<a href="https://example.com">licence</a>', False),
        ('<svg xmlns="http://www.w3.org/2000/svg">', False),
        ('<script src="/assets/x.js"></script>', False),
    ],
)
def test_the_rule_tells_loading_from_linking(html, loads):
    assert bool(LOADS.search(html)) is loads


def test_no_glyph_of_the_icon_package_is_committed():
    """Its licence asks for a credit wherever a glyph goes; so glyphs go only into the build."""
    assert GLYPHS.exists(), "the front end's packages are not installed: make setup"
    bodies = (icon["body"] for icon in json.loads(GLYPHS.read_text("utf-8"))["icons"].values())
    starts = {data[:40] for body in bodies for data in re.findall(r'\bd="([^"]{40,})"', body)}
    assert len(starts) > 1000
    copied = {name for name, text in texts() if any(hit[:40] in starts for hit in PATH_DATA.findall(text))}
    assert not copied
