/** Blackjack: the table follows the folded reveals; every new card flies in from the shoe. */
import "./blackjack.css";

import { firstLevel, nextLevel } from "../bet-levels";
import { chip, chipColour } from "../chips";
import { button, el, svg } from "../dom";
import { actionName, type Key } from "../i18n";
import type { RoundFrame, Stage, StageContext, Wager } from "../stage";
import type { BlackjackReveal, Offer, Reveal } from "../types";
import { Card } from "./cards";
import { AT_REST, fold, totalOf, type BlackjackState, type Hand } from "./fold";
import { Place, type Table } from "./place";

export class BlackjackStage implements Stage {
  readonly element: HTMLElement;
  readonly controls = el("div", { class: "extra actions" });
  readonly mainButton = "deal";
  private readonly table: Table;
  private readonly dealer: Place;
  private hands: Place[] = [];
  private readonly handRow = el("div", { class: "hands" });
  private readonly insurance = el("div", { class: "insurance-bet", hidden: true });
  private readonly shoe = el("div", { class: "shoe", "aria-hidden": "true" });
  private state: BlackjackState = AT_REST;
  private level: number;
  private locked = false;
  private stake = 0;

  constructor(private readonly context: StageContext) {
    const { session, t, pace, sound } = context;
    const table = { t, pace, sound, shoe: this.shoe };
    this.table = table;
    this.level = firstLevel(session.bet_levels, session.balance);
    this.stake = this.level;
    this.controls.setAttribute("role", "group");
    this.controls.setAttribute("aria-label", t("your_move"));
    this.dealer = new Place(table, "dealer", t("dealer"));
    this.shoe.append(new Card(null).element, new Card(null).element);
    this.element = el(
      "section",
      { class: "blackjack", "aria-label": session.game.name },
      el("h1", { class: "logo" }, session.game.name),
      this.shoe,
      this.dealer.element,
      this.print(),
      this.insurance,
      this.handRow,
    );
    this.sync();
  }

  /** What is printed on the felt: the rules that matter while playing. */
  private print(): Element {
    const { t } = this.context;
    const arc = (id: string, y: number, words: string, className: string) => [
      svg("path", { id, d: `M40 ${y}Q400 ${y + 130} 760 ${y}`, fill: "none" }),
      svg(
        "text",
        { class: className },
        svg("textPath", { href: `#${id}`, startOffset: "50%", "text-anchor": "middle" }, words),
      ),
    ];
    return svg(
      "svg",
      { class: "felt-print", viewBox: "0 0 800 190", "aria-hidden": "true" },
      ...arc("felt-arc-1", 22, t("felt_pays"), "felt-big"),
      ...arc("felt-arc-2", 66, t("felt_dealer"), "felt-small"),
      svg("path", { d: "M70 84Q400 204 730 84M70 108Q400 228 730 108", class: "felt-line" }),
    );
  }

  get shownBet(): number {
    return this.level;
  }

  wager(): Wager {
    return { bet: this.level };
  }

  betUp(): void {
    this.choose(1);
  }

  betDown(): void {
    this.choose(-1);
  }

  private choose(by: 1 | -1): void {
    if (this.locked) return;
    this.level = nextLevel(this.context.session.bet_levels, this.level, by);
    this.stake = this.level;
    this.state = AT_REST;
    this.sync();
    this.context.betChanged();
  }

  lock(locked: boolean): void {
    this.locked = locked;
  }

  begin(): void {
    this.controls.replaceChildren();
    if (this.state.hands.length === 0 || this.state.active < 0) {
      this.state = AT_REST;
      this.stake = this.level;
      this.sync();
    }
  }

  abort(): void {
    this.sync();
  }

  offer(offers: Offer[], act: (action: string) => void): void {
    const { t, money } = this.context;
    this.controls.replaceChildren(
      ...offers.map(({ action, cost }) => {
        const made = button(actionName(t, action), `action ${action}`, () => act(action));
        const price = el("small", { id: `cost-${action}` }, cost ? `+ ${money(cost)}` : "\u00a0");
        if (cost) made.setAttribute("aria-describedby", price.id);
        return el("div", { class: "action-box" }, made, price);
      }),
    );
    if (offers.length && !document.querySelector("dialog[open]"))
      this.controls.querySelector("button")?.focus();
    if (this.state.insurance === "offered" && offers.length) this.context.say(t("insurance_question"));
  }

  pieces(reveals: Reveal[]): Reveal[][] {
    return reveals.length ? [reveals] : [];
  }

  restore(reveals: Reveal[], frame: RoundFrame): void {
    this.setStake(frame, reveals);
    this.state = (reveals as BlackjackReveal[]).reduce(fold, AT_REST);
    for (const place of [this.dealer, ...this.hands]) place.clear();
    this.sync();
  }

  /** `frame.bet` is everything staked so far; the first bet alone is what one hand holds. */
  private setStake(frame: RoundFrame, reveals: Reveal[]): void {
    if (frame.bet === 0) this.stake = this.level;
    else if (!reveals[0] || reveals[0].kind === "deal")
      this.stake = frame.unit * (this.context.session.bet_modes["base"] ?? 2);
  }

  async play(reveals: Reveal[], frame: RoundFrame): Promise<void> {
    const { pace, say, won, money, t, sound } = this.context;
    this.setStake(frame, reveals);
    let win = this.state.hands.reduce((sum, hand) => sum + hand.win, this.state.insuranceWin);
    const results: string[] = [];
    for (const reveal of reveals as BlackjackReveal[]) {
      if (reveal.kind === "deal") {
        await this.deal(reveal);
      } else if (reveal.kind === "split") {
        const [first = [], second = []] = reveal.hands;
        this.state = { ...this.state, hands: [first, second].map((cards) => handOf(cards.slice(0, 1))) };
        this.sync();
        await pace.pause(250);
        this.state = fold(this.state, reveal);
        await this.sync(true);
      } else {
        this.state = fold(this.state, reveal);
        await this.sync(true);
      }
      if (reveal.kind === "card") say(this.handSentence(reveal.hand));
      if (reveal.kind === "dealer_reveal" || reveal.kind === "dealer_card") await pace.pause(300);
      if (reveal.kind === "peek") await pace.pause(450);
      if (reveal.kind === "insurance_result") {
        win += reveal.win;
        results.push(t(reveal.win > 0 ? "insurance_won" : "insurance_lost"));
      }
      if (reveal.kind === "hand_result") {
        win += reveal.win;
        const which = this.state.hands.length > 1 ? t("hand_number", { number: reveal.hand + 1 }) : "";
        results.push(`${which} ${t(`result_${reveal.result}` as Key)}`.trim());
        won(win * frame.unit);
        if (reveal.result === "blackjack" || reveal.result === "win") sound.win(2);
        await pace.pause(350);
      }
    }
    const paid = win * frame.unit;
    if (results.length && this.state.active < 0) {
      won(paid);
      say(`${results.join(". ")}. ${paid > 0 ? t("paid_back", { amount: money(paid) }) : t("no_win")}`);
    } else if (this.state.insurance !== "offered") {
      say(this.handSentence(this.state.active));
    }
  }

  private async deal(reveal: BlackjackReveal & { kind: "deal" }): Promise<void> {
    // As at a table: player, dealer, player, dealer's hole card.
    const [cards = []] = reveal.hands;
    const whole = fold(AT_REST, reveal);
    for (const place of [this.dealer, ...this.hands]) place.clear();
    for (const [player, dealer, hole] of [
      [1, 0, false],
      [1, 1, false],
      [2, 1, false],
      [2, 1, true],
    ] as const) {
      this.state = {
        ...whole,
        hands: [handOf(cards.slice(0, player))],
        dealer: whole.dealer.slice(0, dealer),
        holeHidden: hole && whole.holeHidden,
      };
      await this.sync(true);
    }
    this.state = whole;
    this.sync();
  }

  private handSentence(index: number): string {
    const hand = this.state.hands[index];
    if (!hand) return "";
    const { t } = this.context;
    const { total, soft } = totalOf(hand.cards);
    const which = this.state.hands.length > 1 ? t("hand_number", { number: index + 1 }) : t("your_hand");
    return `${which}: ${t(soft && total < 21 ? "total_soft" : "total_hard", { total })}. ${t("dealer")}: ${totalOf(this.state.dealer).total}.`;
  }

  /** Brings the table to the state; with `move`, new cards fly in one after the other. */
  private async sync(move = false): Promise<void> {
    const { t } = this.context;
    const count = Math.max(1, this.state.hands.length);
    while (this.hands.length > count) this.hands.pop()?.element.remove();
    while (this.hands.length < count) {
      const place = new Place(this.table, "player", t("your_hand"));
      this.hands.push(place);
      this.handRow.append(place.element);
    }
    const hole: (string | null)[] = this.state.holeHidden ? [null] : [];
    await this.dealer.lay([...this.state.dealer, ...hole], move);
    const open = this.state.active >= 0;
    this.dealer.describe(this.state.dealer, t("dealer"), open, this.state.holeHidden);
    for (const [i, place] of this.hands.entries()) {
      const hand = this.state.hands[i];
      const cards = hand?.cards ?? [];
      await place.lay(cards, move);
      place.describe(cards, count > 1 ? t("hand_number", { number: i + 1 }) : t("your_hand"), open);
      this.mark(place, hand, i);
    }
    const insured = this.state.insurance === "taken";
    this.insurance.hidden = !insured;
    if (insured)
      this.insurance.textContent = `${t("action_insurance")} ${this.context.money(this.stake / 2)}`;
  }

  private mark(place: Place, hand: Hand | undefined, i: number): void {
    const { t, session, short } = this.context;
    place.element.classList.toggle("active", this.state.hands.length > 1 && this.state.active === i);
    place.badge.hidden = !hand?.result;
    if (hand?.result) {
      place.badge.textContent = t(`result_${hand.result}` as Key);
      place.badge.className = `badge ${hand.result}`;
    }
    const amount = this.stake * (hand?.doubled ? 2 : 1);
    const colour = chipColour(session.bet_levels.findLastIndex((level) => level <= amount));
    const chips = hand?.doubled ? [this.stake, this.stake] : [this.stake];
    place.stake.replaceChildren(...chips.map((each) => chip(short(each), colour)));
  }
}

function handOf(cards: string[]): Hand {
  return { cards, doubled: false, result: null, win: 0 };
}
