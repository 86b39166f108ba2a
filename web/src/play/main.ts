import "@fontsource/lilita-one/latin-400.css";
import "@fontsource-variable/inter";
import "../tokens.css";
import "./play.css";

import { ApiError, PlayApi } from "./api";
import { App, type StageMaker } from "./app";
import { Bridge } from "./bridge";
import { button, el } from "./dom";
import { languageFor, load, type Translate } from "./i18n";
import type { Session } from "./types";

/** Each kind of game comes in a file of its own, loaded when a session asks for it. */
const STAGES: Record<string, () => Promise<{ make: StageMaker; glyphs: string[] }>> = {
  slot: async () => {
    const [{ SlotStage }, art] = await Promise.all([import("./slot/stage"), import("virtual:game-art/sea")]);
    return { make: (context) => new SlotStage(context), glyphs: art.glyphs };
  },
  roulette: async () => {
    const { RouletteStage } = await import("./roulette/stage");
    return { make: (context) => new RouletteStage(context), glyphs: [] };
  },
  blackjack: async () => {
    const { BlackjackStage } = await import("./blackjack/stage");
    return { make: (context) => new BlackjackStage(context), glyphs: [] };
  },
};

/** What there is to say before, or instead of, a game. */
function screen(
  root: HTMLElement,
  text: string,
  busy: boolean,
  action?: { label: string; act: () => void },
): void {
  root.replaceChildren(
    el(
      "div",
      { class: "welcome" },
      el("h1", { class: "logo" }, "Croupier"),
      busy ? el("span", { class: "spinner", "aria-hidden": "true" }) : null,
      el("p", { role: "status" }, text),
      action ? button(action.label, "solid-button", action.act) : null,
    ),
  );
}

function speak(language: string): void {
  document.documentElement.lang = language;
}

async function start(root: HTMLElement): Promise<void> {
  const address = new URL(window.location.href);
  const token = address.searchParams.get("token");
  const wish = address.searchParams.get("lang");
  // The token is good for one use; neither history nor a referrer nor a copied address should hold it.
  address.searchParams.delete("token");
  window.history.replaceState(null, "", address);
  const remember = (name: string, value: string) => {
    address.searchParams.set(name, value);
    window.history.replaceState(null, "", address);
  };

  const bridge = new Bridge();
  let t: Translate = await load(languageFor(wish ?? navigator.language));
  speak(languageFor(wish ?? navigator.language));
  const relaunch = (reason: string) => ({
    label: t("new_game"),
    act: () => bridge.send({ croupier: "relaunch", reason }),
  });
  screen(root, t("connecting"), true);
  if (!token) {
    bridge.send({ croupier: "relaunch", reason: "no_token" });
    screen(root, t("error_no_token"), false, bridge.embedded ? relaunch("no_token") : undefined);
    return;
  }
  const api = new PlayApi();
  let session: Session;
  try {
    const sessionId = await api.start(token);
    session = await api.session();
    // What is left for a reload: a session's id opens nothing, but says whose pages may frame this one.
    // A replay link may be opened again, so it stays.
    if (session.mode === "replay") remember("token", token);
    else remember("session", sessionId);
  } catch (error) {
    const code = error instanceof ApiError ? error.problem.code : "no_answer";
    const expired = error instanceof ApiError && error.problem.status < 500;
    bridge.send({ croupier: "error", code, money: null, round_id: null });
    screen(root, t(expired ? "error_no_token" : "error_load"), false, relaunch(code));
    return;
  }
  const language = languageFor(wish ?? session.language);
  t = await load(language);
  speak(language);
  document.title = session.game.name;
  bridge.returnTo(session.return_url);
  const kind = STAGES[session.game.kind];
  if (!kind) {
    screen(root, t("error_load"), false);
    return;
  }
  // The letters of the symbols want their font; a game with plainer letters is better than none.
  const font = Promise.race([
    document.fonts.load('20px "Lilita One"').catch(() => []),
    new Promise((resolve) => setTimeout(resolve, 2000)),
  ]);
  const [{ make, glyphs }] = await Promise.all([kind(), font]);
  await new App(root, api, bridge, session, t, language, make, glyphs).start();
}

const root = document.getElementById("game");
if (root) void start(root);
