/**
 * A past round on the game's own stage: first how it ended, then, when asked, from the start and step by step.
 * Reads only: nothing here can place a bet.
 */
import { button, el, icon } from "./dom";
import { stakeOf } from "./free-rounds";
import { stateName } from "./history";
import { actionName, type Translate } from "./i18n";
import type { Pace } from "./motion";
import type { RoundFrame, Stage } from "./stage";
import type { ReplayReply, Reveal } from "./types";

interface Piece {
  action: string;
  staked: number;
  reveals: Reveal[];
}

export interface ViewerContext {
  stage: Stage;
  pace: Pace;
  t: Translate;
  locale: string;
  setBet: (minor: number) => void;
  setWin: (minor: number) => void;
  say: (text: string) => void;
  /** Null when there is no game to go back to. */
  leave: (() => void) | null;
}

/** The round's steps, cut where the stage wants to stop; `staked` grows with every cost. */
export function piecesOf(round: ReplayReply, cut: (reveals: Reveal[]) => Reveal[][]): Piece[] {
  let staked = 0;
  return round.steps.flatMap((step) => {
    staked += step.cost;
    const now = staked;
    return cut(step.reveals).map((reveals) => ({ action: step.action, staked: now, reveals }));
  });
}

export class Viewer {
  readonly element: HTMLElement;
  private readonly pieces: Piece[];
  private readonly frame: RoundFrame;
  private at = 0;
  private playing = false;
  private all = false;
  private left = false;
  private readonly position = el("span", { class: "position", role: "status" });
  private readonly step: HTMLButtonElement;
  private readonly playAll: HTMLButtonElement;

  constructor(
    private readonly round: ReplayReply,
    private readonly context: ViewerContext,
  ) {
    const { t, stage, locale, leave } = context;
    this.pieces = piecesOf(round, (reveals) => stage.pieces(reveals));
    this.frame = { unit: round.unit, bet: stakeOf(round), choice: round.choice };
    const control = (key: Parameters<Translate>[0], glyph: Parameters<typeof icon>[0], act: () => void) =>
      button(t(key), "viewer-button", act, icon(glyph), el("span", {}, t(key)));
    this.step = control("replay_step", "step", () => void this.next());
    this.playAll = control("replay_all", "play", () => void this.run());
    const time = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" }).format(
      new Date(round.opened_at),
    );
    this.element = el(
      "div",
      { class: "viewer", role: "group", "aria-label": t("replay") },
      el(
        "div",
        { class: "viewer-title" },
        el("strong", {}, t("replay_banner")),
        el("span", {}, t("replay_of", { round: round.round_id, time })),
        this.position,
      ),
      el(
        "div",
        { class: "viewer-controls" },
        control("replay_restart", "restart", () => this.restart()),
        this.step,
        this.playAll,
        leave ? button(t("replay_back"), "solid-button", () => this.leave(leave)) : null,
      ),
    );
    if (this.pieces.length === 0) this.restart();
    else this.showEnd();
  }

  /** The whole outcome at once: that is what most come for. */
  private showEnd(): void {
    const { stage, setBet, setWin, t, say } = this.context;
    this.at = this.pieces.length;
    stage.restore(
      this.pieces.flatMap(({ reveals }) => reveals),
      this.frame,
    );
    stage.lock(true);
    setBet(this.staked(this.pieces.at(-1)));
    setWin(this.round.win);
    say(t("replay_end"));
    this.show();
  }

  private restart(): void {
    const { stage, pace, setBet, setWin, say, t } = this.context;
    this.all = false;
    pace.hurry();
    this.context.say("");
    this.at = 0;
    stage.restore([], this.frame);
    stage.lock(true);
    setWin(0);
    setBet(this.staked(this.pieces[0]));
    if (this.pieces.length === 0) say(t("no_outcome", { state: stateName(t, this.round.state) }));
    this.show();
  }

  /** A free round shows what it was worth. */
  private staked(piece: Piece | undefined): number {
    return (this.round.free_round?.bet ?? 0) + (piece?.staked ?? this.round.bet);
  }

  private leave(act: () => void): void {
    this.left = true;
    this.all = false;
    this.context.pace.hurry();
    act();
  }

  private show(): void {
    const { t } = this.context;
    const piece = this.pieces[this.at - 1];
    const step = t("replay_step_of", { step: this.at, steps: this.pieces.length });
    this.position.textContent = piece ? `${step} · ${actionName(t, piece.action)}` : step;
    this.step.disabled = this.at >= this.pieces.length;
    this.playAll.disabled = this.pieces.length === 0;
  }

  /** The next piece; pressed while one is still playing, it brings that one to its end. */
  private async next(): Promise<void> {
    const { stage, pace, setBet, setWin } = this.context;
    if (this.playing) {
      pace.hurry();
      return;
    }
    const piece = this.pieces[this.at];
    if (!piece) return;
    this.playing = true;
    this.at += 1;
    const at = this.at;
    this.show();
    setBet(this.staked(piece));
    pace.restart();
    await stage.play(piece.reveals, this.frame);
    this.playing = false;
    if (this.left) return;
    // Restarted in the middle: the piece ran out, and the table is cleared again.
    if (this.at !== at) this.restart();
    else if (this.at === this.pieces.length) setWin(this.round.win);
  }

  private async run(): Promise<void> {
    if (this.at >= this.pieces.length && !this.playing) this.restart();
    this.all = true;
    while (this.all && this.at < this.pieces.length) {
      if (this.playing) return;
      await this.next();
      if (this.all) await this.context.pace.pause(500);
    }
    this.all = false;
  }
}
