import i18next from "i18next";
import { initReactI18next } from "react-i18next";

import { firstLanguage, keepLanguage, type Language } from "./languages.ts";

type Texts = Record<string, unknown>;

/** Texts of one page by language; each language is its own chunk, loaded when it is chosen. */
export type TextLoaders = Record<Language, () => Promise<{ default: Texts }>>;

export async function startTexts(namespace: "casino" | "account", loaders: TextLoaders): Promise<void> {
  const language = firstLanguage();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    defaultNS: namespace,
    ns: [namespace],
    resources: { [language]: { [namespace]: (await loaders[language]()).default } },
    interpolation: { escapeValue: false }, // React escapes.
  });
  document.documentElement.lang = language;
  changeTo = async (next) => {
    if (!i18next.hasResourceBundle(next, namespace)) {
      i18next.addResourceBundle(next, namespace, (await loaders[next]()).default);
    }
    await i18next.changeLanguage(next);
    document.documentElement.lang = next;
    keepLanguage(next);
  };
}

let changeTo: (language: Language) => Promise<void> = () => Promise.resolve();

export function changeLanguage(language: Language): Promise<void> {
  return changeTo(language);
}
