/** Dialogs on the native element: it traps the focus and gives it back. */
import { button, el, icon } from "./dom";
import type { Translate } from "./i18n";

export function openDialog(
  t: Translate,
  title: string,
  className: string,
  ...content: (Node | string)[]
): HTMLDialogElement {
  const id = `dialog-${className}`;
  const heading = el("h2", { id }, title);
  const dialog = el("dialog", { class: `dialog ${className}`, "aria-labelledby": id });
  const close = button(t("close"), "icon-button", () => dialog.close(), icon("close"));
  dialog.append(
    el("header", {}, heading, close),
    el("div", { class: "dialog-body", tabindex: 0, role: "region", "aria-labelledby": id }, ...content),
  );
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

export interface Choice {
  label: string;
  act?: () => void;
}

/** A sentence or two with a way on. With `firm` it cannot be dismissed: there is nothing behind it to go back to. */
export function message(
  title: string,
  lines: (string | null)[],
  choices: Choice[],
  firm = false,
): HTMLDialogElement {
  const dialog = el("dialog", {
    class: "dialog message",
    "aria-labelledby": "message-title",
    role: "alertdialog",
  });
  const buttons = choices.map(({ label, act }, i) =>
    button(label, i === 0 ? "solid-button" : "plain-button", () => {
      if (!firm) dialog.close();
      act?.();
    }),
  );
  dialog.append(
    el("h2", { id: "message-title" }, title),
    ...lines.filter((line) => line !== null).map((line) => el("p", {}, line)),
    el("div", { class: "choices" }, ...buttons),
  );
  dialog.addEventListener("cancel", (event) => {
    if (firm) event.preventDefault();
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
