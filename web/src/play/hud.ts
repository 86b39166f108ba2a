/** The bar under every game: balance, bet, win, and the buttons that cost money. */
import { button, el, icon } from "./dom";
import type { Key, Translate } from "./i18n";
import { countUp } from "./slot/marquee";

export interface HudActions {
  main: () => void;
  betUp: () => void;
  betDown: () => void;
}

function meter(id: "balance" | "bet" | "win", label: string): { box: HTMLElement; value: HTMLElement } {
  const value = el("output", { class: "value", "data-testid": id, "aria-live": "off" });
  return { box: el("div", { class: `meter ${id}` }, el("span", { class: "label" }, label), value), value };
}

export class Hud {
  readonly element: HTMLElement;
  readonly main: HTMLButtonElement;
  private readonly up: HTMLButtonElement;
  private readonly down: HTMLButtonElement;
  private readonly balance;
  private readonly bet;
  private readonly win;
  private readonly slot = el("div", { class: "extra-slot" });
  private readonly mainText = el("span", { class: "main-text" });
  private stopCount: () => void = () => undefined;

  constructor(
    private readonly t: Translate,
    private readonly money: (minor: number) => string,
    actions: HudActions,
    longest: string,
  ) {
    this.balance = meter("balance", t("balance"));
    this.bet = meter("bet", t("bet"));
    this.win = meter("win", t("win"));
    this.up = button(t("bet_up"), "round-button bet-up", actions.betUp, icon("plus"));
    this.down = button(t("bet_down"), "round-button bet-down", actions.betDown, icon("minus"));
    this.main = button(t("spin"), "main-button", actions.main, this.mainText);
    this.element = el(
      "div",
      { class: "hud" },
      this.slot,
      this.balance.box,
      el("div", { class: "bet-box" }, this.down, this.bet.box, this.up),
      this.win.box,
      el("div", { class: "main-box" }, this.main),
    );
    this.setMain("spin");
    this.setWin(0);
    this.element.classList.toggle("long", longest.length > 9);
  }

  /** Puts the game's own controls into the bar. */
  mount(controls: HTMLElement | null): void {
    this.slot.replaceChildren(...(controls ? [controls] : []));
  }

  setMain(key: Key): void {
    this.main.setAttribute("aria-label", this.t(key));
    this.main.classList.toggle("stop", key === "quick_stop");
    this.main.classList.toggle("wordy", this.t(key).length > 7);
    this.mainText.replaceChildren(key === "quick_stop" ? icon("stop") : this.t(key));
  }

  /** Null while the casino has not yet told: its last value would be wrong. */
  setBalance(minor: number | null): void {
    const { value } = this.balance;
    value.textContent = minor === null ? this.t("balance_pending") : this.money(minor);
    value.classList.toggle("pending", minor === null);
    if (minor === null) delete value.dataset["minor"];
    else value.dataset["minor"] = String(minor);
  }

  hideBalance(): void {
    this.balance.box.hidden = true;
  }

  setBet(minor: number): void {
    this.bet.value.textContent = this.money(minor);
    this.bet.value.dataset["minor"] = String(minor);
  }

  setWin(minor: number, count = false): void {
    const { value, box } = this.win;
    const from = Number(value.dataset["minor"] ?? 0);
    this.stopCount();
    this.stopCount = countUp(value, from, minor, count && minor > from ? 700 : 0, this.money);
    box.classList.toggle("winning", minor > 0);
  }

  /** `busy`: the bet stands still; `main` says whether the main button can be pressed. */
  enable(bet: boolean, main: boolean): void {
    this.up.disabled = this.down.disabled = !bet;
    this.main.disabled = !main;
  }

  showMain(shown: boolean): void {
    this.main.parentElement?.classList.toggle("away", !shown);
    this.main.hidden = !shown;
  }
}
