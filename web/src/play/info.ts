/** The game's help: paytable, rules, return to player and credits, all from the session's `rules`. */
import { formatDecimal, percent } from "./figures";
import { el, picture, svg } from "./dom";
import { openDialog } from "./dialogs";
import type { Key } from "./i18n";
import type { StageContext } from "./stage";
import type { SlotRules } from "./types";

type InfoContext = Pick<StageContext, "session" | "t" | "money"> & {
  bet: number;
  locale: string;
  glyphs: string[];
};

export function showInfo(context: InfoContext): void {
  const { session, t } = context;
  const parts: Record<string, (context: InfoContext) => Node[]> = { slot, roulette, blackjack };
  openDialog(
    t,
    `${session.game.name} · ${t("info")}`,
    "info",
    ...(parts[session.game.kind]?.(context) ?? []),
    ...returns(context),
    ...credits(context),
  );
}

const section = (title: string, ...content: (Node | string)[]) =>
  el("section", {}, el("h3", {}, title), ...content);
const paragraph = (text: string) => el("p", {}, text);

function slot(context: InfoContext): Node[] {
  const { session, t, money, bet } = context;
  const rules = session.rules as unknown as SlotRules;
  const unit = bet / (session.bet_modes["base"] ?? 20);
  const pays = (table: Record<string, number>) =>
    Object.entries(table)
      .sort(([a], [b]) => Number(b) - Number(a))
      .map(([count, units]) => el("li", {}, el("span", {}, count), ` ${money(Math.round(units * unit))}`));
  const card = (symbol: string, table: Record<string, number>) =>
    el(
      "li",
      { class: "pay-card" },
      picture(symbol),
      el(
        "div",
        {},
        el("strong", {}, symbol.length > 2 ? t(`symbol_${symbol}` as Key) : symbol),
        el("ul", {}, ...pays(table)),
      ),
    );
  const awards = Object.entries(rules.free_spins)
    .map(([chests, spins]) => `${chests} → ${spins}`)
    .join(", ");
  const scatterPays = Object.entries(rules.scatter_pays)
    .map(([chests, units]) => `${chests} → ${money(Math.round(units * unit))}`)
    .join(", ");
  return [
    section(
      t("paytable"),
      paragraph(t("pays_for_bet", { amount: money(bet) })),
      el(
        "ul",
        { class: "pay-grid" },
        ...Object.entries(rules.pays)
          .sort(([, a], [, b]) => best(b) - best(a))
          .map(([symbol, table]) => card(symbol, table)),
        ...(rules.pays["scatter"] ? [] : [card("scatter", rules.scatter_pays)]),
      ),
    ),
    section(
      t("rules"),
      paragraph(t("rules_slot_wild")),
      paragraph(t("rules_slot_scatter", { pays: scatterPays })),
      paragraph(
        t("rules_slot_free", {
          trigger: Math.min(...Object.keys(rules.free_spins).map(Number)),
          awards,
          factor: rules.free_multiplier,
          most: rules.max_free_spins,
        }),
      ),
      paragraph(t("rules_interrupted")),
    ),
    section(
      t("lines"),
      paragraph(t("lines_text", { count: rules.lines.length })),
      el(
        "ol",
        { class: "line-grid" },
        ...rules.lines.map((rows, i) => el("li", {}, lineDiagram(rows), el("span", {}, String(i + 1)))),
      ),
    ),
    section(
      t("max_win"),
      paragraph(t("max_win_text", { times: formatDecimal(String(rules.max_win), context.locale) })),
    ),
  ];
}

const best = (table: Record<string, number>) => Math.max(...Object.values(table));

function lineDiagram(rows: number[]): SVGElement {
  const cells = rows.flatMap((at, reel) =>
    [0, 1, 2].map((row) =>
      svg("rect", {
        x: reel * 12 + 1,
        y: row * 12 + 1,
        width: 10,
        height: 10,
        rx: 2,
        class: row === at ? "on" : "off",
      }),
    ),
  );
  return svg("svg", { viewBox: "0 0 60 36", "aria-hidden": "true" }, ...cells);
}

function roulette(context: InfoContext): Node[] {
  const { session, t } = context;
  const bets = session.rules["bets"] as Record<string, { pays: number }>;
  const rows = Object.entries(bets).map(([type, { pays }]) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, t(`spot_${type}` as Key, { numbers: "", index: "" }).trim()),
      el("td", {}, `${pays} : 1`),
    ),
  );
  return [
    section(
      t("rules"),
      paragraph(t("rules_roulette_1")),
      paragraph(t("rules_roulette_2")),
      paragraph(t("rules_interrupted")),
    ),
    section(
      t("paytable"),
      el(
        "table",
        {},
        el(
          "thead",
          {},
          el("tr", {}, el("th", { scope: "col" }, t("bet")), el("th", { scope: "col" }, t("pays"))),
        ),
        el("tbody", {}, ...rows),
      ),
    ),
  ];
}

function blackjack(context: InfoContext): Node[] {
  const { session, t } = context;
  const decks = Number(session.rules["decks"] ?? 6);
  return [
    section(
      t("rules"),
      paragraph(t("rules_blackjack_1", { decks })),
      paragraph(t("rules_blackjack_2")),
      paragraph(t("rules_blackjack_3")),
      paragraph(t("rules_blackjack_4")),
      paragraph(t("rules_abandon")),
      paragraph(t("rules_interrupted")),
    ),
  ];
}

function returns({ session, t, locale }: InfoContext): Node[] {
  // Where every bet returns the same (roulette), one line says it.
  const same = new Set(Object.values(session.rtp)).size === 1;
  const list = Object.entries(session.rtp).slice(0, same ? 1 : undefined);
  const lines = list.map(([mode, rtp]) => {
    const text = t("rtp_text", { percent: percent(rtp, locale) });
    return paragraph(list.length > 1 ? `${mode}: ${text}` : text);
  });
  return [section(t("rtp"), ...lines)];
}

function credits({ session, t, glyphs }: InfoContext): Node[] {
  return [
    section(
      t("credits"),
      ...(glyphs.length ? [paragraph(t("credits_glyphs", { glyphs: glyphs.join(", ") }))] : []),
      paragraph(t("credits_fonts")),
      paragraph(t("game_version", { version: session.game.version })),
    ),
  ];
}
