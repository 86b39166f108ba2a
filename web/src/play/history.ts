/** The player's own rounds, newest first, page by page; each can be replayed. */
import type { PlayApi } from "./api";
import { openDialog } from "./dialogs";
import { button, el, icon } from "./dom";
import type { Key, Translate } from "./i18n";
import type { RoundSummary } from "./types";

export interface HistoryContext {
  api: PlayApi;
  t: Translate;
  locale: string;
  money: (minor: number) => string;
  replay: (roundId: string) => void;
}

const STATES: ReadonlySet<string> = new Set([
  "closed",
  "cancelled",
  "declined",
  "in_play",
  "paying",
  "rolling_back",
]);

export function stateName(t: Translate, state: string): string {
  return STATES.has(state) ? t(`state_${state}` as Key) : state.replace(/_/g, " ");
}

export function showHistory(context: HistoryContext): void {
  const { api, t } = context;
  const body = el("tbody");
  const head = ["time", "bet", "win", "round"] as const;
  const table = el(
    "table",
    { class: "rounds" },
    el("thead", {}, el("tr", {}, ...head.map((key) => el("th", { scope: "col" }, t(key))), el("td"))),
    body,
  );
  const status = el("p", { role: "status" }, t("connecting"));
  const more = button(t("history_more"), "plain-button", () => void page());
  more.hidden = true;
  const dialog = openDialog(t, t("history"), "history", status, table, more);
  let cursor: string | null = null;

  async function page(): Promise<void> {
    more.disabled = true;
    try {
      const { items, next_cursor } = await api.rounds(cursor);
      body.append(...items.map((round) => row(context, round, dialog)));
      cursor = next_cursor;
      status.textContent = body.children.length ? "" : t("history_empty");
      table.hidden = body.children.length === 0;
      more.hidden = cursor === null;
    } catch {
      status.textContent = t("error_load");
    }
    more.disabled = false;
  }
  table.hidden = true;
  void page();
}

function row(
  { t, locale, money, replay }: HistoryContext,
  round: RoundSummary,
  dialog: HTMLDialogElement,
): HTMLElement {
  const time = new Intl.DateTimeFormat(locale, { dateStyle: "short", timeStyle: "medium" }).format(
    new Date(round.opened_at),
  );
  const play = button(
    `${t("replay")} ${round.round_id}`,
    "icon-button",
    () => {
      dialog.close();
      replay(round.round_id);
    },
    icon("play"),
  );
  const id = el("code", { title: round.round_id }, round.round_id);
  return el(
    "tr",
    {},
    el("td", {}, time),
    el("td", { class: "amount" }, round.bet || !round.campaign_id ? money(round.bet) : t("free")),
    el(
      "td",
      { class: "amount" },
      round.state === "closed" || round.state === "paying" ? money(round.win) : stateName(t, round.state),
    ),
    el("td", { class: "id" }, id),
    el("td", {}, play),
  );
}
