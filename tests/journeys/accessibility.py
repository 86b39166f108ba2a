"""axe-core in the page and in every frame it shows: WCAG 2.2 AA, no exceptions."""

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
