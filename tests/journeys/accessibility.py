"""What a screen keeps, in every frame that it shows: axe-core, WCAG 2.2 AA, no exceptions; no scrolling sideways."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "web/node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """async tags => {
  const found = await axe.run(document, {runOnly: {type: "tag", values: tags}, iframes: false});
  return found.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target.join(" ")}`));
}"""

AT_REST = """() => document.getAnimations().every(
  a => a.playState !== "running" || !isFinite(a.effect?.getComputedTiming().endTime))"""


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def faults(page: Page) -> list[str]:
    """``rule: element`` for each violation. Waits until nothing moves: a fading text has no contrast to speak of."""
    found = []
    for frame in page.frames:
        frame.wait_for_function(AT_REST)
        frame.evaluate(_axe())
        found += [f"{frame.url.partition('?')[0]}: {fault}" for fault in frame.evaluate(RUN, TAGS)]
    return found


TABLES = """() => [...document.querySelectorAll(".table-scroll")].map(
  table => [table.ariaLabel, table.scrollWidth - table.clientWidth])"""


def sideways(page: Page) -> list[str]:
    """Each frame that is wider than its window, each table that is wider than its place, and by how many pixels."""
    wider = [(frame.url, frame.evaluate("document.documentElement.scrollWidth - innerWidth")) for frame in page.frames]
    wider += [(f"{page.url} {table}", by) for table, by in page.evaluate(TABLES)]
    return [f"{where.partition('?')[0]}: {by} px too wide" for where, by in wider if by > 0]
