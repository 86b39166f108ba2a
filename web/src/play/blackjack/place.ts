/** A place at the table: the cards of one hand, its total, its result and its stake. */
import type { Key, Translate } from "../i18n";
import { el } from "../dom";
import type { Pace } from "../motion";
import type { Sound } from "../sound";
import { Card, rankOf, suitOf } from "./cards";
import { totalOf } from "./fold";

export interface Table {
  t: Translate;
  pace: Pace;
  sound: Sound;
  /** Where new cards come from. */
  shoe: HTMLElement;
}

export class Place {
  readonly badge = el("div", { class: "badge", hidden: true });
  readonly stake = el("div", { class: "stake", "aria-hidden": "true" });
  readonly element: HTMLElement;
  private readonly cards = el("div", { class: "cards" });
  private readonly total = el("div", { class: "total", hidden: true });
  private shown: Card[] = [];

  constructor(
    private readonly table: Table,
    className: string,
    label: string,
  ) {
    this.element = el(
      "div",
      { class: `place ${className}`, role: "group", "aria-label": label },
      this.cards,
      this.total,
      this.badge,
      this.stake,
    );
  }

  clear(): void {
    this.shown = [];
    this.cards.replaceChildren();
  }

  /** Total and names of the cards that can be seen. A soft hand has two totals while it is `open` to more cards. */
  describe(cards: string[], label: string, open: boolean, hidden = false): void {
    const { t } = this.table;
    const { total, soft } = totalOf(cards);
    const names = cards.map((card) => cardName(t, card));
    if (hidden) names.push(t("face_down"));
    this.total.hidden = cards.length === 0;
    this.total.textContent = soft && open && total < 21 ? `${total - 10}/${total}` : String(total);
    this.element.setAttribute("aria-label", cards.length ? `${label}: ${names.join(", ")}` : label);
  }

  /** Brings the cards to these (`null` lies face down); with `move`, new ones fly in one after the other. */
  async lay(cards: (string | null)[], move: boolean): Promise<void> {
    const fits = (card: Card, i: number) =>
      i < cards.length && (card.code === null || card.code === cards[i]);
    if (!this.shown.every(fits)) this.clear();
    for (const [i, code] of cards.entries()) {
      const shown = this.shown[i];
      if (!shown) await this.add(new Card(code), move);
      else if (shown.code === null && code !== null) await this.turnUp(shown, code, move);
    }
  }

  private async add(card: Card, move: boolean): Promise<void> {
    const { pace, sound, shoe } = this.table;
    this.shown.push(card);
    this.cards.append(card.element);
    if (!move) return;
    sound.play("card");
    const from = shoe.getBoundingClientRect();
    const to = card.element.getBoundingClientRect();
    await pace.animate(
      card.element,
      [
        { transform: `translate(${from.x - to.x}px, ${from.y - to.y}px) rotate(28deg)`, opacity: 0.4 },
        { transform: "none", opacity: 1 },
      ],
      { duration: 300, easing: "cubic-bezier(.2,.7,.3,1)" },
    );
  }

  private async turnUp(card: Card, code: string, move: boolean): Promise<void> {
    const { pace, sound } = this.table;
    const edge = "rotateY(90deg)";
    if (move) {
      sound.play("card");
      await pace.animate(card.element, [{ transform: "none" }, { transform: edge }], { duration: 140 });
    }
    card.turnUp(code);
    if (move)
      await pace.animate(card.element, [{ transform: edge }, { transform: "none" }], { duration: 160 });
  }
}

function cardName(t: Translate, card: string): string {
  const rank = rankOf(card);
  const named = ["A", "K", "Q", "J"].includes(rank) ? t(`rank_${rank}` as Key) : rank;
  return t("card_name", { rank: named, suit: t(`suit_${suitOf(card)}` as Key) });
}
