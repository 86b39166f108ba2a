/** Light or dark: the visitor's choice, kept for all pages of one origin; without a choice the system's. */
export type Scheme = "light" | "dark" | "auto";

export const SCHEME_KEY = "croupier-scheme";
const dark = window.matchMedia("(prefers-color-scheme: dark)");

export function chosenScheme(): Scheme {
  try {
    const kept = localStorage.getItem(SCHEME_KEY);
    return kept === "light" || kept === "dark" ? kept : "auto";
  } catch {
    return "auto"; // A page framed by another origin may not read its storage.
  }
}

export function shownScheme(): "light" | "dark" {
  const chosen = chosenScheme();
  return chosen === "auto" ? (dark.matches ? "dark" : "light") : chosen;
}

export function applyScheme(): void {
  document.documentElement.dataset["mantineColorScheme"] = shownScheme();
}

export function chooseScheme(scheme: Scheme): void {
  try {
    localStorage.setItem(SCHEME_KEY, scheme);
  } catch {
    // The choice then lasts as long as the page.
  }
  document.documentElement.dataset["mantineColorScheme"] =
    scheme === "auto" ? (dark.matches ? "dark" : "light") : scheme;
}

export function followScheme(): void {
  applyScheme();
  dark.addEventListener("change", applyScheme);
}
