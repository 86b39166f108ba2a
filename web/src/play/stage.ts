/** What each kind of game gives the app: one component for live rounds, resumed rounds and replays. */
import type { Translate } from "./i18n";
import type { Pace } from "./motion";
import type { Sound } from "./sound";
import type { Offer, Reveal, Session } from "./types";

export interface StageContext {
  session: Session;
  t: Translate;
  pace: Pace;
  sound: Sound;
  /** Minor units as text. */
  money: (minor: number) => string;
  /** The same, as short as a chip has room for. */
  short: (minor: number) => string;
  /** One sentence for the visible message line and for the polite live region. */
  say: (text: string) => void;
  /** The same line, without speaking: for what changes every second. */
  show: (text: string) => void;
  /** What has been won so far in this round, in minor units, as it is shown. */
  won: (minor: number) => void;
  /** The player chose another bet; the heads-up display follows. */
  betChanged: () => void;
}

/** What opening a round would send. */
export interface Wager {
  bet: number;
  mode?: string;
  choice?: unknown;
  campaign_id?: string;
}

/** The frame that reveals are shown in: one game unit in minor units, and what the round was opened with. No round: bet 0. */
export interface RoundFrame {
  unit: number;
  bet: number;
  choice: unknown;
}

export interface Stage {
  readonly element: HTMLElement;
  /** Extra controls of the game, beside the bet and the main button. */
  readonly controls: HTMLElement | null;
  /** i18n key of the main button. */
  readonly mainButton: "spin" | "deal";
  /** Null when nothing can be sent yet, for instance no chip on the table. */
  wager(): Wager | null;
  betUp(): void;
  betDown(): void;
  /** The bet shown in the heads-up display while no round is open. */
  readonly shownBet: number;
  /** The player has pressed and the answer is on its way. */
  begin(): void;
  /** There will be no answer: back to rest. */
  abort(): void;
  play(reveals: Reveal[], frame: RoundFrame): Promise<void>;
  /** Show these reveals' result at once. No reveals: the table at rest. */
  restore(reveals: Reveal[], frame: RoundFrame): void;
  /** Actions the player has now; empty when the round is over or the stage has none. */
  offer(offers: Offer[], act: (action: string) => void): void;
  /** Locks the bet while a round is open. */
  lock(locked: boolean): void;
  /** Cuts the replay of a round into the pieces a viewer steps through. */
  pieces(reveals: Reveal[]): Reveal[][];
}
