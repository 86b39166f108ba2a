/** Tells the player what went wrong, in a dialog with the way on that there is. */
import { message, type Choice } from "./dialogs";
import type { Translate } from "./i18n";
import type { Explanation } from "./problems";

export interface WaysOn {
  /** Repeats the same request. */
  again: () => void;
  relaunch: () => void;
  /** Null when the casino has no page for it. */
  deposit: (() => void) | null;
}

/** What happened and what became of the money, as one text. */
export function sentence(t: Translate, { text, money, detail }: Explanation): string {
  return [t(text), detail, money && t(money)].filter(Boolean).join(" ");
}

export function tell(t: Translate, explanation: Explanation, ways: WaysOn): void {
  const { text, money, detail, remedy } = explanation;
  const lines = [t(text), detail, money && t(money)];
  // Without an answer, or without a session, there is nothing behind the dialog to go back to.
  const firm = remedy === "again" || remedy === "reload";
  const choices: Choice[] = [];
  if (remedy === "reload") choices.push({ label: t("new_game"), act: ways.relaunch });
  else if (remedy === "again") choices.push({ label: t("again"), act: () => (dialog.close(), ways.again()) });
  else {
    if (remedy === "deposit" && ways.deposit) choices.push({ label: t("deposit"), act: ways.deposit });
    choices.push({ label: t("continue") });
  }
  const dialog = message(t("error_title"), lines, choices, firm);
}
