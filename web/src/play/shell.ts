/** Everything around the stage: title bar, message line, notices, the live region. */
import { button, el, icon } from "./dom";
import type { Translate } from "./i18n";

export interface ShellActions {
  info: () => void;
  /** Null when this session has no history of its own to show. */
  history: (() => void) | null;
  sound: () => boolean;
  /** Null when the page around it stays. */
  close: (() => void) | null;
}

export class Shell {
  readonly live = el("div", { class: "spoken", role: "status", "aria-live": "polite" });
  private readonly line = el("div", { class: "message-line", "aria-hidden": "true" });
  private readonly notice = el("div", { class: "notice", role: "status", hidden: true });
  private readonly offline = el("div", { class: "offline", role: "status", hidden: true });
  private readonly badge = el("div", { class: "badges" });
  private readonly stageBox = el("div", { class: "stage-box" });
  private readonly foot = el("div", { class: "foot" });
  private readonly mute: HTMLButtonElement;

  constructor(
    root: HTMLElement,
    kind: string,
    private readonly t: Translate,
    actions: ShellActions,
    soundOn: boolean,
  ) {
    const tool = (name: string, glyph: Parameters<typeof icon>[0], act: () => void) =>
      button(name, "icon-button", act, icon(glyph));
    this.mute = tool(t("mute"), "sound", () => this.showSound(actions.sound()));
    this.showSound(soundOn);
    this.offline.textContent = "";
    const bar = el(
      "header",
      { class: "bar" },
      this.badge,
      el(
        "div",
        { class: "bar-tools" },
        tool(t("info"), "info", actions.info),
        actions.history ? tool(t("history"), "history", actions.history) : null,
        this.mute,
        actions.close ? tool(t("close"), "close", actions.close) : null,
      ),
    );
    root.dataset["kind"] = kind;
    root.replaceChildren(bar, this.stageBox, this.foot, this.notice, this.offline, this.live);
    this.foot.append(this.line);
  }

  private showSound(on: boolean): void {
    this.mute.setAttribute("aria-label", this.t(on ? "mute" : "unmute"));
    this.mute.replaceChildren(icon(on ? "sound" : "muted"));
  }

  mount(stage: HTMLElement, ...below: HTMLElement[]): void {
    this.stageBox.replaceChildren(stage);
    this.foot.append(...below);
  }

  /** Puts other controls under the stage, for a replay; null brings the game's own back. */
  override(controls: HTMLElement | null, hud: HTMLElement): void {
    this.foot.querySelector(".viewer")?.remove();
    hud.classList.toggle("viewing", controls !== null);
    if (controls) this.foot.append(controls);
  }

  setBadges(...texts: string[]): void {
    this.badge.replaceChildren(...texts.map((text) => el("span", { class: "badge-pill" }, text)));
  }

  show(text: string): void {
    this.line.textContent = text;
  }

  say(text: string): void {
    this.show(text);
    this.live.textContent = text;
  }

  setOnline(online: boolean): void {
    this.offline.hidden = online;
    this.offline.textContent = online ? "" : this.t("offline");
  }

  /** A notice over the stage; with `then` it is settled and can be put away, without it is still going on. */
  showNotice(text: string, then?: { label: string; act: () => void }): void {
    this.notice.hidden = false;
    const content: HTMLElement[] = [el("p", {}, text)];
    if (then) {
      content.push(
        button(then.label, "solid-button", () => {
          this.hideNotice();
          then.act();
        }),
      );
    } else {
      content.unshift(el("span", { class: "spinner", "aria-hidden": "true" }));
    }
    this.notice.replaceChildren(...content);
    if (then) this.notice.querySelector("button")?.focus();
  }

  hideNotice(): void {
    this.notice.hidden = true;
    this.notice.replaceChildren();
  }
}
