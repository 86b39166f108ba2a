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


def sideways(page: Page) -> list[str]:
    """The address of each frame that is wider than its window, and by how many pixels."""
    wider = [(frame, frame.evaluate("document.documentElement.scrollWidth - innerWidth")) for frame in page.frames]
    return [f"{frame.url.partition('?')[0]}: {by} px too wide" for frame, by in wider if by > 0]
