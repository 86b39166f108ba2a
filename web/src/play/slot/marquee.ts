/** The strip above the reels: the game's name, the free-spin count, or the plate of a big win. */
import { el } from "../dom";
import type { Pace } from "../motion";

export type Tier = "big_win" | "huge_win" | "epic_win";

/** Which plate a win deserves; `times` is the win in whole stakes. */
export function tierOf(times: number): Tier | null {
  if (times >= 100) return "epic_win";
  if (times >= 30) return "huge_win";
  return times >= 10 ? "big_win" : null;
}

/** Runs a shown amount up to `to`. The element says the exact final amount from the start (`data-minor`). */
export function countUp(
  target: HTMLElement,
  from: number,
  to: number,
  ms: number,
  text: (minor: number) => string,
): () => void {
  target.dataset["minor"] = String(to);
  if (ms <= 0 || to === from) {
    target.textContent = text(to);
    return () => undefined;
  }
  const start = performance.now();
  let stopped = false;
  const step = (now: number) => {
    if (stopped) return;
    const part = Math.min(1, Math.max(0, (now - start) / ms));
    // The fraction is a position in time; what is shown is a whole number of minor units.
    target.textContent = text(part === 1 ? to : from + Math.floor((to - from) * part));
    if (part < 1) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
  return () => {
    stopped = true;
    target.textContent = text(to);
  };
}

export class Marquee {
  readonly element: HTMLElement;
  private readonly title: HTMLElement;
  private readonly status = el("div", { class: "free-status", hidden: true });
  private readonly plate = el("div", { class: "plate", hidden: true });

  constructor(
    name: string,
    private readonly pace: Pace,
    private readonly money: (minor: number) => string,
  ) {
    this.title = el("h1", { class: "logo" }, name);
    this.element = el("div", { class: "marquee" }, this.title, this.status, this.plate);
  }

  private only(shown: HTMLElement): void {
    for (const part of [this.title, this.status, this.plate]) part.hidden = part !== shown;
  }

  showTitle(): void {
    this.only(this.title);
  }

  /** Pairs of label and value, for instance free spins left, multiplier, total. */
  showStatus(pairs: [string, string][]): void {
    this.status.replaceChildren(
      ...pairs.map(([label, value]) =>
        el("span", { class: "pair" }, el("small", {}, label), el("b", {}, value)),
      ),
    );
    this.only(this.status);
  }

  /** Shows the plate until the amount has run up and stood for a moment. */
  async showPlate(label: string, tier: Tier, minor: number): Promise<void> {
    const amount = el("span", { class: "plate-amount" });
    this.plate.replaceChildren(el("span", { class: "plate-label" }, label), amount);
    this.plate.className = `plate ${tier}`;
    this.only(this.plate);
    const ms = this.pace.reduced ? 0 : { big_win: 1400, huge_win: 2200, epic_win: 3200 }[tier];
    void this.pace.animate(
      this.plate,
      [
        { transform: "scale(.3)", opacity: 0 },
        { transform: "scale(1.12)", opacity: 1, offset: 0.7 },
        { transform: "scale(1)", opacity: 1 },
      ],
      { duration: 420, easing: "ease-out" },
    );
    const finish = countUp(amount, 0, minor, ms, this.money);
    await this.pace.pause(ms + 900);
    finish();
  }
}
