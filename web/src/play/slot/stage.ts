/** The slot on screen: reels, lines, free spins and plates, all from the reveals and the session's rules. */
import "./slot.css";

import art from "virtual:game-art/sea";

import { firstLevel, nextLevel } from "../bet-levels";
import { button, el, picture } from "../dom";
import type { Key } from "../i18n";
import type { RoundFrame, Stage, StageContext, Wager } from "../stage";
import type { LineWin, Reveal, SlotReveal, SlotRules, SpinReveal } from "../types";
import { paintAll } from "./bitmaps";
import { Coins } from "./coins";
import { atRest, fold, payingCells, restWindow, spins, type SlotState } from "./fold";
import { Marquee, tierOf } from "./marquee";
import { Reels } from "./reels";
import { scenery } from "./scenery";
import { WinLines } from "./win-lines";

const SHORTEST_SPIN_MS = 550;

export class SlotStage implements Stage {
  readonly element: HTMLElement;
  readonly controls: HTMLElement | null;
  readonly mainButton = "spin";
  private readonly rules: SlotRules;
  private readonly reels: Reels;
  private readonly marquee: Marquee;
  private readonly coins = new Coins();
  private readonly lines = new WinLines();
  private readonly card = el("div", { class: "card-over", hidden: true });
  private state: SlotState;
  private level: number;
  private mode = "base";
  private locked = false;
  private began = 0;
  private readonly modes: HTMLButtonElement[] = [];

  constructor(private readonly context: StageContext) {
    const { session, pace, money } = context;
    this.rules = session.rules as unknown as SlotRules;
    const symbols = [...Object.keys(this.rules.pays), "wild", "scatter"];
    this.state = atRest(restWindow([...new Set(symbols)]));
    this.level = firstLevel(session.bet_levels, session.balance);
    this.reels = new Reels([...new Set(symbols)], this.state.window, pace);
    this.marquee = new Marquee(session.game.name, pace, money);
    const sprite = el("div", { class: "sprite" });
    sprite.innerHTML = art;
    const board = el(
      "div",
      { class: "board" },
      this.reels.element,
      this.lines.element,
      this.lines.tag,
      this.card,
    );
    this.element = el(
      "section",
      { class: "slot", "aria-label": session.game.name },
      sprite,
      scenery(),
      el("div", { class: "cabinet" }, this.marquee.element, el("div", { class: "frame" }, board)),
      this.coins.canvas,
    );
    this.controls = this.modeControls();
    this.describe();
    // The drawings do as well, only slower.
    paintAll(sprite).then(
      (bitmaps) => (this.reels.bitmaps = bitmaps),
      () => undefined,
    );
  }

  /** One button for each bet mode but the base game: bought features and ante bets, with what they cost. */
  private modeControls(): HTMLElement | null {
    const { session, t } = this.context;
    const names = Object.keys(session.bet_modes).filter((mode) => mode !== "base");
    if (names.length === 0) return null;
    for (const mode of names) {
      const key: Key = mode === "buy" ? "mode_buy" : mode === "ante" ? "mode_ante" : "mode_other";
      const made = button(t(key, { mode }), "chip-button mode", () => {
        this.mode = this.mode === mode ? "base" : mode;
        this.markModes();
        this.context.betChanged();
      });
      made.dataset["mode"] = mode;
      this.modes.push(made);
    }
    this.markModes();
    return el("div", { class: "extra" }, ...this.modes);
  }

  private markModes(): void {
    for (const made of this.modes)
      made.setAttribute("aria-pressed", String(made.dataset["mode"] === this.mode));
  }

  get shownBet(): number {
    const { bet_modes: modes } = this.context.session;
    const base = modes["base"] ?? 1;
    return (this.level * (modes[this.mode] ?? base)) / base;
  }

  wager(): Wager {
    return { bet: this.level, mode: this.mode };
  }

  betUp(): void {
    this.choose(nextLevel(this.context.session.bet_levels, this.level, 1));
  }

  betDown(): void {
    this.choose(nextLevel(this.context.session.bet_levels, this.level, -1));
  }

  private choose(level: number): void {
    if (this.locked) return;
    this.level = level;
    this.context.betChanged();
  }

  lock(locked: boolean): void {
    this.locked = locked;
    for (const made of this.modes) made.disabled = locked;
  }

  offer(): void {
    // A spin is over with its answer; there is nothing to choose in it.
  }

  begin(): void {
    this.rest();
    this.marquee.showTitle();
    this.element.classList.remove("free");
    this.began = performance.now();
    this.context.sound.play("spinStart");
    this.reels.turn();
  }

  abort(): void {
    this.began = 0;
    this.rest();
    this.reels.show(this.state.window);
  }

  private rest(): void {
    this.lines.clear();
    this.coins.clear();
    this.card.hidden = true;
    this.reels.unlight();
  }

  restore(reveals: Reveal[], frame: RoundFrame): void {
    this.rest();
    if (reveals.length === 0) {
      this.state = atRest(this.state.window);
    } else {
      this.state = (reveals as SlotReveal[]).reduce(fold, atRest(this.state.window));
    }
    this.reels.show(this.state.window);
    this.reels.light(payingCells(this.state));
    this.showFreeSpins(frame);
    this.describe();
    if (this.state.lines.length) this.cycleLines(frame);
  }

  pieces(reveals: Reveal[]): Reveal[][] {
    return spins(reveals as SlotReveal[]);
  }

  async play(reveals: Reveal[], frame: RoundFrame): Promise<void> {
    const pieces = spins(reveals as SlotReveal[]);
    if (pieces[0]?.[0]?.kind === "spin" && pieces[0][0].mode === "base") {
      this.state = atRest(this.state.window);
      this.showFreeSpins(frame);
    }
    for (const [i, piece] of pieces.entries()) {
      const [first, ...rest] = piece;
      if (!first) continue;
      if (i > 0) this.context.pace.restart();
      if (first.kind === "spin") await this.spin(first, frame, i === pieces.length - 1 && rest.length === 0);
      else await this.after(first, frame);
      for (const reveal of rest) await this.after(reveal, frame);
    }
    this.context.won(this.state.total * frame.unit);
    if (this.state.total === 0) this.context.say(this.context.t("no_win"));
    else
      this.context.say(
        this.context.t("you_win", { amount: this.context.money(this.state.total * frame.unit) }),
      );
    if (this.state.lines.length) this.cycleLines(frame);
  }

  private async spin(spin: SpinReveal, frame: RoundFrame, last: boolean): Promise<void> {
    const { pace, sound, won, money, t } = this.context;
    const waited = performance.now() - this.began;
    if (this.began === 0) {
      this.rest();
      this.showFreeSpins(frame, spin.free_spins_left);
      this.reels.turn();
      await pace.pause(300);
    } else {
      this.began = 0;
      if (waited < SHORTEST_SPIN_MS && !pace.reduced) await pace.pause(SHORTEST_SPIN_MS - waited);
    }
    this.state = fold(this.state, spin);
    await this.reels.land(spin.window, suspense(spin), (reel) => sound.reelStop(reel));
    this.describe();
    const paying = payingCells(this.state);
    if (paying.length) this.reels.light(paying);
    if (spin.win > 0) {
      const times = Math.floor((spin.win * frame.unit) / frame.bet);
      const tier = tierOf(times);
      for (const line of spin.lines) this.lines.draw(line);
      won(spin.total * frame.unit);
      sound.win(times);
      if (tier) {
        if (!pace.reduced) this.coins.burst({ big_win: 40, huge_win: 90, epic_win: 160 }[tier]);
        await this.marquee.showPlate(t(tier), tier, spin.win * frame.unit);
      } else {
        if (spin.mode === "free") this.context.say(t("you_win", { amount: money(spin.win * frame.unit) }));
        await pace.pause(spin.mode === "free" ? 800 : 550);
      }
    } else if (!last) {
      await pace.pause(200);
    }
    if (spin.mode === "free") this.showFreeSpins(frame);
  }

  private async after(reveal: SlotReveal, frame: RoundFrame): Promise<void> {
    const { pace, sound, t, money } = this.context;
    this.state = fold(this.state, reveal);
    if (reveal.kind === "free_spins_awarded") {
      sound.play("feature");
      const again = (this.state.freeSpins?.awarded ?? 0) > reveal.count;
      const sentence = t(again ? "free_spins_more" : "free_spins_won", { count: reveal.count });
      this.context.say(sentence);
      await pace.pause(600);
      const factor = again ? "" : t("free_spins_factor", { factor: this.rules.free_multiplier });
      await this.showCard(sentence, factor, again ? 1300 : 2400, "scatter");
      this.showFreeSpins(frame);
    } else if (reveal.kind === "free_spins_ended") {
      sound.play("feature");
      const amount = money(reveal.win * frame.unit);
      const times = Math.floor((reveal.win * frame.unit) / frame.bet);
      this.context.say(t("free_spins_total", { amount }));
      if (times >= 10 && !pace.reduced) this.coins.burst(120);
      await this.showCard(t("free_spins_over"), amount, 2600, "scatter");
      this.element.classList.remove("free");
      this.marquee.showTitle();
    } else if (reveal.kind === "win_cap") {
      const sentence = t("win_cap", { amount: money(reveal.win * frame.unit) });
      this.context.say(sentence);
      await this.showCard(t("win_cap_title"), sentence, 2800, "wild");
    }
  }

  private async showCard(title: string, text: string, ms: number, symbol: string): Promise<void> {
    this.lines.clear();
    this.card.replaceChildren(
      picture(symbol),
      el("strong", {}, title),
      ...(text ? [el("span", {}, text)] : []),
    );
    this.card.hidden = false;
    this.context.pace.restart();
    await this.context.pace.animate(this.card, [{ opacity: 0 }, { opacity: 1 }], {
      duration: 260,
      easing: "cubic-bezier(.2,.9,.3,1.3)",
    });
    await this.context.pace.pause(ms);
    this.card.hidden = true;
  }

  private showFreeSpins(frame: RoundFrame, left = this.state.freeSpins?.left ?? 0): void {
    const free = this.state.freeSpins;
    const during = free !== null && !free.ended;
    this.element.classList.toggle("free", during);
    if (!during) {
      this.marquee.showTitle();
      return;
    }
    const { t, money } = this.context;
    this.marquee.showStatus([
      [t("free_left"), String(left)],
      [t("free_factor"), `×${this.rules.free_multiplier}`],
      [t("free_won"), money(this.state.total * frame.unit)],
    ]);
  }

  /** Names the symbols in rows, for those who do not see them. */
  private describe(): void {
    const { t } = this.context;
    const rows = [0, 1, 2].map((row) =>
      t("reels_row", {
        row: row + 1,
        symbols: this.state.window.map((reel) => this.symbolName(reel[row] ?? "")).join(", "),
      }),
    );
    this.reels.element.setAttribute("aria-label", `${t("reels")}. ${rows.join(". ")}`);
  }

  private symbolName(symbol: string): string {
    return symbolName(this.context, symbol);
  }

  /** One winning line after the other until the next spin; without motion all of them stand. */
  private cycleLines(frame: RoundFrame): void {
    const { lines, scatters } = this.state;
    const { t, money, pace, show } = this.context;
    const amount = (line: LineWin) => money(line.win * frame.unit);
    if (pace.reduced) {
      for (const line of lines) this.lines.draw(line);
      return;
    }
    this.lines.cycle(lines, amount, (line) => {
      this.reels.light(line?.cells ?? payingCells({ lines, scatters }));
      if (!line) return;
      const symbol = this.symbolName(line.symbol);
      show(t("line_wins", { line: line.line + 1, count: line.count, symbol, amount: amount(line) }));
    });
  }
}

export function symbolName(context: Pick<StageContext, "t">, symbol: string): string {
  const key = `symbol_${symbol}` as Key;
  return symbol.length > 2 ? context.t(key) : symbol;
}

/** Reels that stop while two scatters are already in view and a third could still come. */
function suspense(spin: SpinReveal): Set<number> {
  const held = new Set<number>();
  let seen = 0;
  spin.window.forEach((reel, i) => {
    if (seen === 2 && i >= 2) held.add(i);
    seen += reel.filter((symbol) => symbol === "scatter").length;
  });
  return held;
}
