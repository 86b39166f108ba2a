/** One game in one session: the frame around the stage, help, history and replay, and the ways in and out. */
import type { PlayApi } from "./api";
import type { Bridge } from "./bridge";
import { shortAmount } from "./chips";
import { FreeRounds } from "./free-rounds";
import { Hud } from "./hud";
import type { Translate } from "./i18n";
import { formatMoney } from "../money";
import { Pace } from "./motion";
import type { Viewer } from "./replay";
import { RoundFlow } from "./round-flow";
import { Shell } from "./shell";
import { Sound } from "./sound";
import type { Stage, StageContext, Wager } from "./stage";
import type { Session } from "./types";

export type StageMaker = (context: StageContext) => Stage;

export class App {
  private readonly pace = new Pace();
  private readonly sound = new Sound();
  private readonly shell: Shell;
  private readonly hud: Hud;
  private readonly stage: Stage;
  private readonly flow: RoundFlow;
  private readonly free: FreeRounds;
  private viewer: Viewer | null = null;
  private depositing = false;

  constructor(
    root: HTMLElement,
    private readonly api: PlayApi,
    private readonly bridge: Bridge,
    private readonly session: Session,
    private readonly t: Translate,
    private readonly locale: string,
    make: StageMaker,
    private readonly glyphs: string[],
  ) {
    this.shell = new Shell(
      root,
      session.game.kind,
      t,
      {
        info: () => void this.showInfo(),
        history: session.mode === "replay" ? null : () => void this.showHistory(),
        sound: () => this.sound.toggle(),
        // Alone in its window a replay can be closed; on a page that shows it beside other things it has no business to.
        close: session.mode === "replay" && bridge.embedded ? null : () => this.close(),
      },
      this.sound.on,
    );
    this.stage = make({
      session,
      t,
      pace: this.pace,
      sound: this.sound,
      money: this.money,
      short: (minor) => shortAmount(minor, session.exponent, this.locale),
      say: (text) => this.shell.say(text),
      show: (text) => this.shell.show(text),
      won: (minor) => this.hud.setWin(minor, true),
      betChanged: () => {
        this.hud.setBet(this.stage.shownBet);
        this.shell.show("");
      },
    });
    const actions = {
      main: () => this.press(),
      betUp: () => this.changeBet(() => this.stage.betUp()),
      betDown: () => this.changeBet(() => this.stage.betDown()),
    };
    this.hud = new Hud(t, this.money, actions, this.money(session.bet_levels.at(-1) ?? 0));
    this.hud.mount(this.stage.controls);
    this.free = new FreeRounds(session, t, this.money, this.shell);
    this.shell.mount(this.stage.element, this.free.element, this.hud.element);
    const { pace, sound, shell, hud, stage, money, free } = this;
    this.flow = new RoundFlow(
      api,
      bridge,
      { session, t, pace, sound, shell, hud, stage, money, free },
      { relaunch: (reason) => this.relaunch(reason), deposit: (url) => this.deposit(url) },
    );
    api.onLine = (online) => this.shell.setOnline(online);
    this.shell.setBadges(...(session.mode === "demo" ? [t("demo")] : []));
    document.addEventListener("keydown", (event) => this.key(event));
    window.addEventListener("focus", () => void this.afterDeposit());
  }

  private readonly money = (minor: number): string =>
    formatMoney(minor, this.session.currency, this.session.exponent, this.locale);

  async start(): Promise<void> {
    this.bridge.send({
      croupier: "ready",
      game_id: this.session.game.id,
      session_id: this.session.session_id,
    });
    if (this.session.mode === "replay") {
      this.hud.hideBalance();
      if (this.session.replay_round_id) await this.openReplay(this.session.replay_round_id);
      return;
    }
    this.flow.showBalance(this.session.balance);
    this.flow.rest();
    if (this.session.mode === "demo") this.shell.say(this.t("demo_hint"));
    if (this.session.open_round) await this.flow.resume(this.session.open_round);
    else this.free.greet(() => this.hud.main.focus());
  }

  // Help, history and replay are seldom opened: they come when they are asked for.
  private async showInfo(): Promise<void> {
    const { showInfo } = await import("./info");
    const { session, t, money, locale, glyphs } = this;
    showInfo({ session, t, money, bet: this.stage.shownBet, locale, glyphs });
  }

  private async showHistory(): Promise<void> {
    const { showHistory } = await import("./history");
    const { api, t, locale, money } = this;
    showHistory({ api, t, locale, money, replay: (id) => void this.openReplay(id) });
  }

  private key(event: KeyboardEvent): void {
    const free =
      event.target === document.body ||
      (event.target as Element).closest("button, a, input, dialog, [tabindex]") === null;
    if (
      (event.key !== " " && event.key !== "Enter") ||
      event.repeat ||
      !free ||
      document.querySelector("dialog[open]")
    )
      return;
    event.preventDefault();
    this.press();
  }

  private press(): void {
    if (!this.viewer) this.flow.press();
  }

  private changeBet(change: () => void): void {
    this.sound.wake();
    this.sound.play("chip");
    change();
  }

  private async openReplay(roundId: string): Promise<void> {
    if (!this.flow.idle) return;
    const { t, stage } = this;
    const wager = stage.wager();
    let reply, viewing;
    try {
      [reply, viewing] = await Promise.all([this.api.replay(roundId), import("./replay")]);
    } catch {
      this.shell.say(t("error_load"));
      return;
    }
    stage.offer([], () => undefined);
    this.hud.enable(false, false);
    this.hud.showMain(false);
    this.shell.setBadges(t("replay"));
    this.shell.say("");
    this.viewer = new viewing.Viewer(reply, {
      stage,
      pace: this.pace,
      t,
      locale: this.locale,
      setBet: (minor) => this.hud.setBet(minor),
      setWin: (minor) => this.hud.setWin(minor),
      say: (text) => this.shell.say(text),
      leave: this.session.mode === "replay" ? null : () => this.leaveReplay(wager),
    });
    this.shell.override(this.viewer.element, this.hud.element);
  }

  private leaveReplay(wager: Wager | null): void {
    this.viewer = null;
    this.shell.override(null, this.hud.element);
    this.shell.setBadges(...(this.session.mode === "demo" ? [this.t("demo")] : []));
    this.shell.say("");
    this.flow.back(wager);
  }

  private deposit(url: string): void {
    this.depositing = true;
    window.open(url, "_blank", "noopener");
  }

  private async afterDeposit(): Promise<void> {
    if (!this.depositing || !this.flow.idle) return;
    this.depositing = false;
    this.flow.showBalance(await this.flow.freshBalance());
  }

  private relaunch(reason: string): void {
    this.bridge.send({ croupier: "relaunch", reason });
    const home = this.session.return_url;
    if (!this.bridge.embedded && home) window.location.assign(home);
  }

  private close(): void {
    this.bridge.send({ croupier: "close" });
    if (this.bridge.embedded) return;
    if (this.session.return_url) window.location.assign(this.session.return_url);
    else window.close();
  }
}
