/** Five reels of three rows. They turn the moment they are asked to, and land when the answer is known. */
import { el, picture } from "../dom";
import type { Pace } from "../motion";
import type { Cell } from "../types";

const LOOP_CELLS = 13;
const LOOP_MS = 400;
const LAND_MS = 430;

interface Reel {
  strip: HTMLElement;
  turning: Animation[];
}

export class Reels {
  readonly element: HTMLElement;
  private readonly reels: Reel[];
  private window: string[][];
  /** Ready-made pictures of the symbols, once there are some. */
  bitmaps: ReadonlyMap<string, string> = new Map();

  constructor(
    private readonly symbols: readonly string[],
    window: string[][],
    private readonly pace: Pace,
  ) {
    this.window = window;
    this.reels = window.map(() => ({ strip: el("div", { class: "strip" }), turning: [] }));
    this.element = el(
      "div",
      { class: "reels", role: "img" },
      ...this.reels.map((reel) => el("div", { class: "reel" }, reel.strip)),
    );
    this.show(window);
  }

  private cells(names: string[]): HTMLElement[] {
    return names.map((name) => {
      const bitmap = this.bitmaps.get(name);
      const shown = bitmap
        ? el("img", { class: "picture", src: bitmap, alt: "", draggable: "false" })
        : picture(name);
      return el("div", { class: "cell" }, shown);
    });
  }

  private some(count: number): string[] {
    // Decoration between two results; nothing here is an outcome.
    return Array.from(
      { length: count },
      () => this.symbols[Math.floor(Math.random() * this.symbols.length)] ?? "A",
    );
  }

  /** Stands still on this window. */
  show(window: string[][]): void {
    this.window = window;
    this.element.classList.remove("dim");
    window.forEach((names, i) => this.rest(i, names));
  }

  private rest(i: number, names: string[]): void {
    const reel = this.reels[i];
    if (!reel) return;
    for (const animation of reel.turning) animation.cancel();
    reel.turning = [];
    reel.strip.style.transform = "";
    reel.strip.replaceChildren(...this.cells(names));
    reel.strip.parentElement?.classList.remove("turning", "waiting");
  }

  /** All reels turn until `land`. */
  turn(): void {
    this.unlight();
    if (this.pace.reduced) return;
    this.reels.forEach((reel, i) => {
      const now = this.window[i] ?? [];
      const names = [...now, ...this.some(LOOP_CELLS - 3), ...now];
      reel.strip.replaceChildren(...this.cells(names));
      reel.strip.parentElement?.classList.add("turning");
      const start = `translateY(${(-100 * LOOP_CELLS) / names.length}%)`;
      const away = reel.strip.animate([{ transform: start }, { transform: "translateY(0)" }], {
        duration: LOOP_MS * 1.5,
        delay: i * 45,
        fill: "backwards",
        easing: "cubic-bezier(.5,-.18,.75,.8)",
      });
      const round = reel.strip.animate([{ transform: start }, { transform: "translateY(0)" }], {
        duration: LOOP_MS,
        delay: i * 45 + LOOP_MS * 1.5,
        iterations: Infinity,
      });
      reel.turning = [away, round];
    });
  }

  /** Stops reel after reel on this window. `suspense`: reels before whose stop the player should hold their breath. */
  async land(
    window: string[][],
    suspense: ReadonlySet<number>,
    stopped: (reel: number) => void,
  ): Promise<void> {
    this.window = window;
    if (this.pace.reduced) {
      this.show(window);
      return;
    }
    const landings: Promise<void>[] = [];
    for (let i = 0; i < this.reels.length; i++) {
      if (suspense.has(i)) {
        this.reels[i]?.strip.parentElement?.classList.add("waiting");
        await this.pace.pause(850);
      } else if (i > 0) {
        await this.pace.pause(150);
      }
      landings.push(this.stop(i, window[i] ?? [], stopped));
    }
    await Promise.all(landings);
  }

  private async stop(i: number, names: string[], stopped: (reel: number) => void): Promise<void> {
    const reel = this.reels[i];
    if (!reel) return;
    for (const animation of reel.turning) animation.cancel();
    reel.turning = [];
    // One more cell above, seen only while the strip swings past its place.
    const strip = [...this.some(1), ...names, ...this.some(4)];
    reel.strip.replaceChildren(...this.cells(strip));
    const place = `translateY(${-100 / strip.length}%)`;
    reel.strip.style.transform = place;
    const sound = setTimeout(() => stopped(i), this.pace.fast ? 0 : LAND_MS * 0.62);
    await this.pace.animate(
      reel.strip,
      [{ transform: `translateY(${-500 / strip.length}%)` }, { transform: place }],
      { duration: LAND_MS, easing: "cubic-bezier(.2,.75,.4,1.14)" },
    );
    if (this.pace.fast) {
      clearTimeout(sound);
      stopped(i);
    }
    this.rest(i, names);
  }

  /** Only these cells stay bright. */
  light(cells: Cell[]): void {
    this.unlight();
    if (cells.length === 0) return;
    this.element.classList.add("dim");
    for (const [reel, row] of cells) this.cell(reel, row)?.classList.add("lit");
  }

  unlight(): void {
    this.element.classList.remove("dim");
    for (const lit of this.element.querySelectorAll(".lit")) lit.classList.remove("lit");
  }

  cell(reel: number, row: number): Element | undefined {
    return this.reels[reel]?.strip.children[row];
  }
}
