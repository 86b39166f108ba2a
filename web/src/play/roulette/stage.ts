/** European roulette: the betting table, the wheel and the last numbers. */
import "./roulette.css";

import { chipValues, nextLevel } from "../bet-levels";
import { chip, chipColour } from "../chips";
import { button, el, icon } from "../dom";
import type { Key } from "../i18n";
import type { RoundFrame, Stage, StageContext, Wager } from "../stage";
import type { Reveal, RouletteReveal, SpotBet } from "../types";
import { Bets } from "./bets";
import { AT_REST, fold, type RouletteState } from "./fold";
import { colourOf, neighbour, SPOTS, type TableSpot } from "./layout";
import { Wheel } from "./wheel";

const CHIPS = 6;
const RECENT = 9;
const DIAMOND = "◆";
const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export class RouletteStage implements Stage {
  readonly element: HTMLElement;
  readonly controls: HTMLElement;
  readonly mainButton = "spin";
  private readonly bets = new Bets();
  private readonly values: number[];
  private value: number;
  private readonly wheel: Wheel;
  private readonly table: HTMLElement;
  private readonly buttons = new Map<string, HTMLButtonElement>();
  private readonly chipButtons: HTMLButtonElement[];
  private readonly tools: Record<"undo" | "clear" | "repeat", HTMLButtonElement>;
  private readonly result = el("div", { class: "result", "aria-hidden": "true", hidden: true });
  private readonly recent = el("ol", { class: "recent" });
  private readonly wheelSide: HTMLElement;
  private state: RouletteState = AT_REST;
  /** The round is over: its chips still lie there, and leave with the next change. */
  private settled = false;
  private locked = false;

  constructor(private readonly context: StageContext) {
    const { session, t, money, short, pace } = context;
    this.values = chipValues(session.bet_levels, CHIPS);
    this.value = this.values[Math.min(1, this.values.length - 1)] ?? 1;
    this.wheel = new Wheel(pace);
    this.table = el("div", { class: "table", role: "group", "aria-label": t("betting_table") });
    for (const spot of SPOTS) this.table.append(this.spotButton(spot));
    this.table.addEventListener("keydown", (event) => this.move(event));
    this.chipButtons = this.values.map((value, i) => {
      const made = button(t("chip", { amount: money(value) }), "chip-choice", () => this.choose(value));
      made.textContent = "";
      made.setAttribute("aria-label", t("chip", { amount: money(value) }));
      made.append(chip(short(value), chipColour(i)));
      return made;
    });
    const tool = (key: Key, name: "undo" | "clear" | "repeat", act: () => void) =>
      button(t(key), "tool", () => this.change(act), icon(name), el("span", {}, t(key)));
    this.tools = {
      undo: tool("undo", "undo", () => this.bets.undo()),
      clear: tool("clear", "clear", () => this.bets.clear()),
      repeat: tool("repeat", "repeat", () => this.bets.repeat()),
    };
    this.controls = el(
      "div",
      { class: "extra roulette-controls" },
      el("div", { class: "chips", role: "group", "aria-label": t("chips") }, ...this.chipButtons),
      el("div", { class: "tools" }, ...Object.values(this.tools)),
    );
    this.wheelSide = el(
      "div",
      { class: "wheel-side" },
      el("h1", { class: "logo" }, session.game.name),
      el("div", { class: "wheel-box" }, this.wheel.element, this.result),
    );
    this.recent.setAttribute("aria-label", t("recent_numbers"));
    this.element = el(
      "section",
      { class: "roulette", "aria-label": session.game.name },
      this.wheelSide,
      el("div", { class: "table-side" }, this.recent, this.table),
    );
    this.draw();
  }

  private spotButton(spot: TableSpot): HTMLButtonElement {
    const made = el("button", {
      type: "button",
      class: `spot ${spot.w ? "cell" : "edge"} ${spot.type}`,
      "data-spot": spot.key,
      tabindex: spot.key === "straight-17" ? 0 : -1,
      "aria-label": this.spotName(spot),
    });
    const place = { x: spot.x, y: spot.y, w: spot.w ?? 0, h: spot.h ?? 0 };
    for (const [name, value] of Object.entries(place)) made.style.setProperty(`--${name}`, String(value));
    if (spot.type === "straight") made.classList.add(colourOf(spot.numbers?.[0] ?? 0));
    const words = this.spotWords(spot);
    if (words) made.append(el("span", { class: "words" }, words));
    made.addEventListener("click", (event) =>
      this.change(() => (event.shiftKey ? this.bets.take(spot.key) : this.put(spot.key))),
    );
    made.addEventListener("contextmenu", (event) => {
      event.preventDefault();
      this.change(() => this.bets.take(spot.key));
    });
    for (const [on, covered] of [
      ["pointerenter", true],
      ["focus", true],
      ["pointerleave", false],
      ["blur", false],
    ] as const)
      made.addEventListener(on, () => this.cover(spot, covered));
    this.buttons.set(spot.key, made);
    return made;
  }

  private spotName(spot: TableSpot): string {
    const { t } = this.context;
    const name = t(`spot_${spot.type}` as Key, { numbers: spot.covers.join(", "), index: spot.index ?? "" });
    // What stands on the button must be in its name, or it cannot be called by what one sees.
    const words = this.spotWords(spot);
    return words && words !== DIAMOND && !name.includes(words) ? `${name}, ${words}` : name;
  }

  private spotWords(spot: TableSpot): string {
    const { t } = this.context;
    if (spot.type === "straight") return String(spot.numbers?.[0]);
    if (spot.type === "dozen") return t(`dozen_${spot.index}` as Key);
    if (spot.type === "column") return "2:1";
    if (spot.type === "red" || spot.type === "black") return DIAMOND;
    return spot.w ? t(`word_${spot.type}` as Key) : "";
  }

  private cover(spot: TableSpot, on: boolean): void {
    for (const number of spot.covers) this.buttons.get(`straight-${number}`)?.classList.toggle("covered", on);
  }

  private get upright(): boolean {
    return getComputedStyle(this.table).getPropertyValue("--upright").trim() === "1";
  }

  /** Arrow keys walk from spot to spot as they lie on the screen; Delete takes a chip back. */
  private move(event: KeyboardEvent): void {
    const key = (event.target as HTMLElement).dataset["spot"];
    const from = SPOTS.find((spot) => spot.key === key);
    if (!from) return;
    if (event.key === "Delete" || event.key === "Backspace") {
      this.change(() => this.bets.take(from.key));
      return;
    }
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    const [right, down] = arrow;
    const to = this.upright ? neighbour(from, down, -right) : neighbour(from, right, down);
    this.buttons.get(from.key)?.setAttribute("tabindex", "-1");
    const next = this.buttons.get(to.key);
    next?.setAttribute("tabindex", "0");
    next?.focus();
  }

  private put(key: string): void {
    this.bets.place(key, this.value);
    this.context.sound.play("chip");
  }

  /** Any change of the bets: first the last round leaves the table. */
  private change(act: () => void): void {
    if (this.locked) return;
    if (this.settled) this.bets.clear();
    this.settled = false;
    this.state = AT_REST;
    this.result.hidden = true;
    act();
    this.draw();
    this.context.betChanged();
  }

  private choose(value: number): void {
    this.value = value;
    this.draw();
  }

  get shownBet(): number {
    return this.bets.total;
  }

  wager(): Wager | null {
    return this.bets.empty || this.settled ? null : { bet: this.bets.total, choice: this.bets.choice() };
  }

  betUp(): void {
    this.choose(nextLevel(this.values, this.value, 1));
  }

  betDown(): void {
    this.choose(nextLevel(this.values, this.value, -1));
  }

  lock(locked: boolean): void {
    this.locked = locked;
    this.table.classList.toggle("locked", locked);
    this.draw();
  }

  offer(): void {
    // The ball has fallen: nothing to choose.
  }

  begin(): void {
    this.state = AT_REST;
    this.result.hidden = true;
    this.draw();
    this.element.classList.add("spinning");
    this.wheel.turn();
  }

  abort(): void {
    this.element.classList.remove("spinning");
    this.wheel.show(this.state.pocket);
    this.draw();
  }

  restore(reveals: Reveal[], frame: RoundFrame): void {
    this.element.classList.remove("spinning");
    this.load(frame);
    this.settled = reveals.length > 0;
    if (this.settled) this.bets.remember();
    this.state = (reveals as RouletteReveal[]).reduce(fold, AT_REST);
    this.wheel.show(this.state.pocket);
    this.showResult();
    this.draw();
  }

  /** Puts a stored round's bets on the table; an empty choice clears it. */
  private load(frame: RoundFrame): void {
    this.bets.load((frame.choice as { bets?: SpotBet[] } | null)?.bets ?? []);
  }

  pieces(reveals: Reveal[]): Reveal[][] {
    return reveals.length ? [reveals] : [];
  }

  async play(reveals: Reveal[], frame: RoundFrame): Promise<void> {
    const { pace, sound, t, money, say, won } = this.context;
    if (this.bets.empty) this.load(frame);
    this.element.classList.add("spinning");
    for (const reveal of reveals as RouletteReveal[]) {
      this.state = fold(this.state, reveal);
      if (reveal.kind === "roulette_spin") {
        await this.wheel.land(reveal.pocket, () => sound.play("ball"));
        this.showResult();
        this.addRecent(reveal.pocket);
        await pace.pause(900);
        this.element.classList.remove("spinning");
      } else {
        this.draw();
        const win = reveal.win * frame.unit;
        won(win);
        if (win > 0) sound.win(Math.floor(win / frame.bet));
        const number = t("number_is", {
          number: this.state.pocket ?? "",
          colour: t(`colour_${this.state.colour}` as Key),
        });
        say(`${number} ${win > 0 ? t("you_win", { amount: money(win) }) : t("no_win")}`);
        await pace.pause(win > 0 ? 1300 : 700);
      }
    }
    this.element.classList.remove("spinning");
    this.bets.remember();
    this.settled = true;
    this.draw();
  }

  private showResult(): void {
    const { pocket, colour } = this.state;
    this.result.hidden = pocket === null;
    this.result.className = `result ${colour ?? ""}`;
    this.result.textContent = String(pocket ?? "");
  }

  private addRecent(number: number): void {
    this.recent.prepend(el("li", { class: colourOf(number) }, String(number)));
    while (this.recent.children.length > RECENT) this.recent.lastElementChild?.remove();
  }

  /** Chips, the winning number and the tools, as the state says. */
  private draw(): void {
    const { money, short, t } = this.context;
    const amounts = this.bets.amounts;
    for (const [key, made] of this.buttons) {
      made.querySelector(".chip")?.remove();
      const amount = amounts.get(key);
      const win = this.state.wins.get(key);
      made.classList.toggle("won", (win ?? 0) > 0);
      made.classList.toggle("lost", win === 0);
      made.classList.toggle("hit", this.state.pocket !== null && key === `straight-${this.state.pocket}`);
      if (amount === undefined) {
        made.removeAttribute("aria-description");
        continue;
      }
      const place = this.values.findLastIndex((value) => value <= amount);
      made.append(chip(short(amount), chipColour(Math.max(0, place))));
      made.setAttribute("aria-description", t("staked", { amount: money(amount) }));
    }
    this.chipButtons.forEach((made, i) =>
      made.setAttribute("aria-pressed", String(this.values[i] === this.value)),
    );
    const open = !this.bets.empty && !this.settled;
    this.tools.undo.disabled = this.tools.clear.disabled = this.locked || !open;
    this.tools.repeat.disabled = this.locked || !this.bets.canRepeat || open;
  }
}
