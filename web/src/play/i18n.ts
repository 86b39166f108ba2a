/** Words of the game client: English is in the first load, the others come when they are asked for. */
import en from "./locales/en";

export type Key = keyof typeof en;
export type Bundle = Record<Key, string>;
export type Translate = (key: Key, values?: Record<string, string | number>) => string;

export const LANGUAGES = ["en", "de", "es", "pt-BR"] as const;
export type Language = (typeof LANGUAGES)[number];

const BUNDLES: Record<Language, () => Promise<Bundle>> = {
  en: () => Promise.resolve(en),
  de: () => import("./locales/de").then((module) => module.default),
  es: () => import("./locales/es").then((module) => module.default),
  "pt-BR": () => import("./locales/pt-BR").then((module) => module.default),
};

/** The best we have for a wish such as `de-AT` or `pt`; English otherwise. */
export function languageFor(wish: string | null | undefined): Language {
  const wanted = (wish ?? "").toLowerCase();
  const base = wanted.split("-")[0];
  return (
    LANGUAGES.find((language) => language.toLowerCase() === wanted) ??
    LANGUAGES.find((language) => language.toLowerCase().split("-")[0] === base) ??
    "en"
  );
}

export function translator(bundle: Bundle): Translate {
  return (key, values = {}) =>
    bundle[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export async function load(language: Language): Promise<Translate> {
  return translator(await BUNDLES[language]());
}

const WORDS_FOR_ACTIONS: Record<string, Key> = {
  hit: "action_hit",
  stand: "action_stand",
  double: "action_double",
  split: "action_split",
  insurance: "action_insurance",
  no_insurance: "action_no_insurance",
  abandon: "action_abandon",
  bet: "action_bet",
};

/** A game's action in words; an action that a newer server knows and we do not keeps its own name. */
export function actionName(t: Translate, action: string): string {
  const key = WORDS_FOR_ACTIONS[action];
  return key ? t(key) : action.replace(/_/g, " ");
}
