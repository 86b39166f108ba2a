/** Free rounds of a session: how many are left, played at the campaign's bet, and what they have won. */
import { el } from "./dom";
import type { Translate } from "./i18n";
import type { Shell } from "./shell";
import type { Wager } from "./stage";
import type { FreeRounds as State, RoundReply, Session } from "./types";

type Counts = Pick<Session, "free_rounds" | "operator_free_rounds">;

/** What a round is worth: a free one is played at the campaign's bet and costs nothing. */
export function stakeOf(round: Pick<RoundReply, "bet" | "free_round">): number {
  return round.free_round?.bet ?? round.bet;
}

const SEEN = "croupier-free-rounds-over";

// In a frame the browser may keep storage from us; then the sum is told once more.
function seen(campaignId: string): boolean {
  try {
    return localStorage.getItem(SEEN) === campaignId;
  } catch {
    return false;
  }
}

function remember(campaignId: string): void {
  try {
    localStorage.setItem(SEEN, campaignId);
  } catch {
    // As above.
  }
}

export class FreeRounds {
  readonly element = el("div", { class: "free-rounds", "data-testid": "free-rounds", hidden: true });
  private state: State | null;
  /** Those that the casino counts itself: it says after each round how many are left. */
  counted: number;

  constructor(
    counts: Counts,
    private readonly t: Translate,
    private readonly money: (minor: number) => string,
    private readonly shell: Pick<Shell, "showNotice">,
  ) {
    this.state = counts.free_rounds;
    this.counted = counts.operator_free_rounds ?? 0;
    this.show();
  }

  /** The next bet is a free one. */
  get active(): boolean {
    return this.state?.state === "active";
  }

  /** What the next round is played at; `own` with money. */
  bet(own: number): number {
    return this.active && this.state ? this.state.bet : own;
  }

  /** What the next round costs: the casino's own free rounds pay for plain rounds only. */
  cost(own: number, wager: Wager): number {
    const taken = this.counted > 0 && (wager.mode ?? "base") === "base";
    return this.active || taken ? 0 : own;
  }

  /** Names the campaign, so that a round that was shown as free never costs money. */
  wager(own: Wager): Wager {
    return this.active && this.state
      ? { ...own, bet: this.state.bet, campaign_id: this.state.campaign_id }
      : own;
  }

  /** Says once what there is: free rounds to play, or what they came to. */
  greet(then: () => void): void {
    if (!this.state || this.state.state === "scheduled") return;
    if (this.active) this.notice(this.t("free_rounds_here", this.words(this.state)), then);
    else this.over(then);
  }

  /** A round has ended: true when it was the last free one. */
  ended(reply: RoundReply, then: () => void): boolean {
    const counted = reply.free_round;
    if (!this.state || !counted) return false;
    this.state = {
      ...this.state,
      left: counted.left,
      won: counted.won,
      state: counted.left ? "active" : "used_up",
    };
    this.show();
    if (!this.active) this.over(then);
    return !this.active;
  }

  /** As the server counts them now. */
  set(counts: Counts): void {
    this.state = counts.free_rounds;
    this.counted = counts.operator_free_rounds ?? 0;
    this.show();
  }

  /** What they came to; also after a reload, until the player has put it away. */
  private over(then: () => void): void {
    const state = this.state;
    if (!state || (state.state !== "used_up" && state.won === 0) || seen(state.campaign_id)) return;
    this.notice(this.t("free_rounds_over", this.words(state)), () => {
      remember(state.campaign_id);
      then();
    });
  }

  private notice(text: string, then: () => void): void {
    this.shell.showNotice(text, { label: this.t("continue"), act: then });
  }

  private words({ bet, left, total, won }: State): Record<string, string | number> {
    return { bet: this.money(bet), left, total, won: this.money(won) };
  }

  private show(): void {
    this.element.hidden = !this.active && this.counted === 0;
    if (!this.state || !this.active) {
      const left = this.counted;
      this.element.dataset["left"] = String(left);
      this.element.replaceChildren(
        ...(left ? [el("strong", {}, this.t("free_rounds_counted", { left }))] : []),
      );
      return;
    }
    const { left, won } = this.state;
    this.element.dataset["left"] = String(left);
    this.element.dataset["won"] = String(won);
    const words = this.words(this.state);
    this.element.replaceChildren(
      el("strong", {}, this.t("free_rounds_left", words)),
      el("span", {}, this.t("free_rounds_at", words)),
      el("span", {}, this.t("free_rounds_won", words)),
    );
  }
}
