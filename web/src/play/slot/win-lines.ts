/** The winning lines over the reels: all of them, or one after the other with its amount. */
import { el, svg } from "../dom";
import type { Cell, LineWin } from "../types";

const EACH_MS = 1500;

export class WinLines {
  readonly element = svg("svg", {
    class: "lines",
    viewBox: "0 0 500 300",
    preserveAspectRatio: "none",
    "aria-hidden": "true",
  });
  readonly tag = el("div", { class: "line-tag", "aria-hidden": "true", hidden: true });
  private timer = 0;

  clear(): void {
    clearTimeout(this.timer);
    this.element.replaceChildren();
    this.tag.hidden = true;
  }

  /** Draws one line; with `amount` it carries a tag. */
  draw(line: LineWin, amount: string | null = null): void {
    const at = ([reel, row]: Cell) => [reel * 100 + 50, row * 100 + 50] as const;
    const cells = [...line.cells].sort((a, b) => a[0] - b[0]);
    const first = cells[0];
    const last = cells.at(-1);
    if (!first || !last) return;
    // From the reels' edge through the paying cells, and no further: what does not pay stays untouched.
    const points = [[0, at(first)[1]], ...cells.map(at)].map((point) => point.join(",")).join(" ");
    const hue = (line.line * 47) % 360;
    this.element.append(
      svg("polyline", { points, class: "line-shade" }),
      svg("polyline", { points, class: "line-light", stroke: `hsl(${hue} 95% 72%)` }),
    );
    if (amount === null) return;
    this.tag.textContent = amount;
    this.tag.style.left = `${(last[0] + 0.5) * 20}%`;
    this.tag.style.top = `${(Math.min(last[1] + 0.98, 2.9) * 100) / 3}%`;
    this.tag.hidden = false;
  }

  /** Shows line after line, then all together, over and over until `clear`. `shown` lights the cells; null = all. */
  cycle(
    lines: LineWin[],
    amount: (line: LineWin) => string,
    shown: (line: LineWin | null) => void,
    turn = 0,
  ): void {
    this.clear();
    const line = lines[turn % (lines.length + 1)] ?? null;
    if (line) this.draw(line, amount(line));
    else for (const each of lines) this.draw(each);
    shown(line);
    this.timer = window.setTimeout(() => this.cycle(lines, amount, shown, turn + 1), EACH_MS);
  }
}
