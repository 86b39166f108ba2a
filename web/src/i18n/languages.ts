export const LANGUAGES = ["en", "de", "es", "pt-BR"] as const;
export type Language = (typeof LANGUAGES)[number];

export const LANGUAGE_NAMES: Record<Language, string> = {
  en: "English",
  de: "Deutsch",
  es: "Español",
  "pt-BR": "Português (Brasil)",
};

const KEY = "croupier-language";

/** The kept choice, else the first of the browser's languages that we speak, else English. */
export function firstLanguage(): Language {
  const wanted = [readKept(), ...navigator.languages];
  for (const tag of wanted) {
    const found = LANGUAGES.find((ours) => tag === ours || tag?.split("-")[0] === ours.split("-")[0]);
    if (found) return found;
  }
  return "en";
}

export function keepLanguage(language: Language): void {
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // Then it lasts as long as the page.
  }
}

function readKept(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
