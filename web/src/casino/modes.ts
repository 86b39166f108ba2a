import { useTranslation } from "react-i18next";

import type casino from "../i18n/casino.en.json";
import type { BreakState } from "./backend.ts";

type Known = keyof (typeof casino)["modes"];
const KNOWN: Record<Known, true> = {
  off: true,
  slow: true,
  lost_answers: true,
  http_500: true,
  html: true,
  wrong_balance: true,
  insufficient_funds: true,
};

/** Every way to break the wallet in the visitor's words; a new one of the server's in the server's. */
export function useModes({ modes }: BreakState) {
  const { t } = useTranslation("casino");
  const names = modes ? Object.keys(modes) : Object.keys(KNOWN);
  const wordsOf = (mode: string) =>
    Object.hasOwn(KNOWN, mode)
      ? { title: t(`modes.${mode as Known}.title`), effect: t(`modes.${mode as Known}.effect`) }
      : (modes?.[mode] ?? { title: mode, effect: "" });
  return { names, wordsOf };
}
