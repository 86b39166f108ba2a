/** One game in one session: the round from the press to the last payment, and everything that can go wrong between. */
import { newRequestId, type PlayApi } from "./api";
import type { Bridge } from "./bridge";
import { message } from "./dialogs";
import { Hud } from "./hud";
import type { Key, Translate } from "./i18n";
import { formatMoney } from "../money";
import { Pace } from "./motion";
import { explain, verdictOf } from "./problems";
import type { Viewer } from "./replay";
import { Shell } from "./shell";
import { Sound } from "./sound";
import type { RoundFrame, Stage, StageContext, Wager } from "./stage";
import { ApiError } from "./api";
import { SETTLING, type Offer, type Reveal, type RoundReply, type Session } from "./types";

export type StageMaker = (context: StageContext) => Stage;

interface LiveRound {
  id: string;
  reveals: Reveal[];
  frame: RoundFrame;
}

const POLL_MS = [400, 700, 1000, 1500, 2500, 4000];
const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export class App {
  private readonly pace = new Pace();
  private readonly sound = new Sound();
  private readonly shell: Shell;
  private readonly hud: Hud;
  private readonly stage: Stage;
  private balance: number | null;
  private round: LiveRound | null = null;
  /** A call is out or its answer is being shown. */
  private busy = false;
  /** Cost of the last call, in minor units. */
  private asked = 0;
  private offers: Offer[] = [];
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
    this.balance = session.balance;
    this.shell = new Shell(
      root,
      session.game.kind,
      t,
      {
        info: () => void this.showInfo(),
        history: session.mode === "replay" ? null : () => void this.showHistory(),
        sound: () => this.sound.toggle(),
        close: () => this.close(),
      },
      this.sound.on,
    );
    this.stage = make({
      session,
      t,
      pace: this.pace,
      sound: this.sound,
      money: this.money,
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
    this.shell.mount(this.stage.element, this.hud.element);
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
    this.showBalance(this.session.balance);
    this.rest();
    if (this.session.mode === "demo") this.shell.say(this.t("demo_hint"));
    if (this.session.open_round) await this.resume(this.session.open_round);
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

  private showBalance(minor: number | null): void {
    this.balance = minor;
    this.hud.setBalance(minor);
    if (minor !== null)
      this.bridge.send({ croupier: "balance", balance: minor, currency: this.session.currency });
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

  private changeBet(change: () => void): void {
    this.sound.wake();
    this.sound.play("chip");
    change();
  }

  /** The main button: opens a round, or brings the one on screen to its end. */
  private press(): void {
    this.sound.wake();
    if (this.viewer || this.hud.main.disabled || this.hud.main.hidden) return;
    if (this.busy) {
      this.pace.hurry();
      return;
    }
    const wager = this.stage.wager();
    if (!wager) {
      this.shell.say(this.t("place_chip"));
      return;
    }
    const requestId = newRequestId();
    void this.open(requestId, wager, this.stage.shownBet);
  }

  private async open(requestId: string, wager: Wager, cost: number): Promise<void> {
    this.hud.setWin(0);
    this.hud.setBet(cost);
    this.shell.show("");
    await this.ask(
      () => this.api.openRound(requestId, wager),
      cost,
      (reply) => {
        this.bridge.send({
          croupier: "round_start",
          round_id: reply.round_id,
          bet: reply.bet,
          currency: reply.currency,
        });
        this.round = {
          id: reply.round_id,
          reveals: [],
          frame: { unit: reply.unit, bet: reply.bet, choice: wager.choice ?? null },
        };
      },
      () => this.open(requestId, wager, cost),
    );
  }

  private act(action: string): void {
    const offer = this.offers.find((each) => each.action === action);
    if (!offer || this.busy || !this.round) return;
    this.sound.wake();
    void this.take(newRequestId(), this.round.id, offer);
  }

  private async take(requestId: string, roundId: string, offer: Offer): Promise<void> {
    await this.ask(
      () => this.api.act(requestId, roundId, offer.action),
      offer.cost,
      () => undefined,
      () => this.take(requestId, roundId, offer),
    );
  }

  /** Sends a call that may cost something, and shows its answer. `again` repeats it with the same request id. */
  private async ask(
    call: () => Promise<RoundReply>,
    cost: number,
    begun: (reply: RoundReply) => void,
    again: () => Promise<void>,
  ): Promise<void> {
    const before = this.balance;
    this.asked = cost;
    this.busy = true;
    this.pace.restart();
    this.stage.lock(true);
    this.hud.enable(false, true);
    this.hud.setMain("quick_stop");
    // Only the picture of the balance; the wallet says what it is.
    if (before !== null) this.hud.setBalance(before - cost);
    this.stage.begin();
    let reply: RoundReply;
    try {
      reply = await call();
    } catch (error) {
      this.stage.abort();
      this.hud.setBalance(before);
      this.hud.enable(false, false);
      await this.failed(error, again);
      return;
    }
    begun(reply);
    await this.present(reply, reply.reveals);
  }

  private async present(reply: RoundReply, fresh: Reveal[]): Promise<void> {
    const round = this.round;
    if (!round) return;
    round.reveals.push(...fresh);
    round.frame.bet = reply.bet;
    this.hud.setBet(reply.bet);
    await this.stage.play(fresh, round.frame);
    await this.settleDown(reply);
  }

  /** After the last reveal: the player's turn, or the round's money on its way, or the end. */
  private async settleDown(reply: RoundReply): Promise<void> {
    if (reply.state === "in_play") {
      this.showBalance(reply.balance ?? (await this.freshBalance()));
      this.offerActions(reply);
      return;
    }
    this.hud.setWin(reply.win);
    if (SETTLING.has(reply.state)) {
      this.hud.setBalance(null);
      this.hud.enable(false, false);
      this.shell.say(reply.state === "paying" ? this.t("paying") : this.t("checking"));
      reply = await this.poll(reply.round_id);
    }
    await this.ended(reply);
  }

  private async ended(reply: RoundReply): Promise<void> {
    this.showBalance(reply.balance ?? (await this.freshBalance()));
    if (reply.state !== "closed") {
      const verdict = verdictOf(reply.state);
      if (verdict) this.shell.say(this.verdict(verdict));
    }
    this.bridge.send({
      ...{
        croupier: "round_end",
        round_id: reply.round_id,
        bet: reply.bet,
        win: reply.win,
        currency: reply.currency,
      },
    } as const);
    this.rest();
  }

  private offerActions(reply: RoundReply): void {
    this.busy = false;
    this.offers = reply.next_actions;
    this.hud.enable(false, false);
    this.hud.showMain(false);
    this.stage.offer(this.offers, (action) => this.act(action));
  }

  /** Ready for the next round. */
  private rest(): void {
    this.busy = false;
    this.offers = [];
    this.stage.offer([], () => undefined);
    this.stage.lock(false);
    this.hud.setMain(this.stage.mainButton);
    this.hud.showMain(true);
    this.hud.enable(true, true);
    if (!this.round) this.hud.setBet(this.stage.shownBet);
    // The pressed action is gone from the page: the keyboard goes on at the main button.
    if (document.activeElement === document.body) this.hud.main.focus({ preventScroll: true });
  }

  /** Asks until the round waits for nobody but the player, however long the wallet takes. */
  private async poll(roundId: string): Promise<RoundReply> {
    for (let i = 0; ; i++) {
      await wait(POLL_MS[Math.min(i, POLL_MS.length - 1)] ?? 4000);
      try {
        const reply = await this.api.round(roundId);
        if (!SETTLING.has(reply.state)) return reply;
      } catch (error) {
        if (error instanceof ApiError && error.problem.status < 500) throw error;
      }
    }
  }

  /** A round that was rolled back has no stake any more, so the amount is the one that we asked for. */
  private verdict(key: Key): string {
    if (key !== "round_rolled_back" || this.asked === 0) return this.t(key);
    return this.t("round_rolled_back_amount", { amount: this.money(this.asked) });
  }

  private async freshBalance(): Promise<number | null> {
    try {
      return (await this.api.session()).balance;
    } catch {
      return this.balance;
    }
  }

  private async failed(error: unknown, again: () => Promise<void>): Promise<void> {
    const { text, money, remedy, detail } = explain(error);
    const { t } = this;
    const problem = error instanceof ApiError ? error.problem : null;
    this.bridge.send({
      ...{
        croupier: "error",
        code: problem?.code ?? "no_answer",
        money: problem?.money ?? null,
        round_id: problem?.round_id ?? null,
      },
    } as const);
    if (remedy === "follow" && problem?.round_id) {
      await this.follow(problem.round_id);
      return;
    }
    this.sound.play("alert");
    const lines = [t(text), detail, money && t(money)];
    const spoken = lines.filter(Boolean).join(" ");
    this.shell.show(spoken);
    if (remedy === "reload") {
      message(
        t("error_title"),
        lines,
        [{ label: t("new_game"), act: () => this.relaunch(problem?.code ?? "") }],
        true,
      );
      return;
    }
    if (remedy === "again") {
      const dialog = message(
        t("error_title"),
        lines,
        [{ label: t("again"), act: () => (dialog.close(), void again()) }],
        true,
      );
      return;
    }
    if (remedy === "resume") {
      await this.resync(problem?.round_id ?? this.round?.id ?? null);
      this.shell.say(spoken);
      return;
    }
    if (problem?.balance !== undefined) this.showBalance(problem.balance);
    const deposit = this.session.deposit_url;
    const choices = [{ label: t("continue") }];
    if (remedy === "deposit" && deposit)
      choices.unshift({ label: t("deposit"), act: () => this.deposit(deposit) } as (typeof choices)[0]);
    message(t("error_title"), lines, choices);
    // An extra bet that was refused leaves the round as it was: its actions are offered again.
    if (this.offers.length) {
      this.busy = false;
      this.hud.showMain(false);
      this.stage.offer(this.offers, (action) => this.act(action));
    } else {
      this.rest();
      this.hud.setBet(this.stage.shownBet);
    }
  }

  /** A bet in doubt: waits for the round's end and says what became of the money. */
  private async follow(roundId: string): Promise<void> {
    const { t } = this;
    this.shell.say("");
    this.shell.showNotice(t("checking"));
    this.hud.setBalance(null);
    const reply = await this.poll(roundId);
    const verdict = verdictOf(reply.state) ?? "error_other";
    const known = this.round?.id === roundId ? this.round.reveals.length : 0;
    this.round = {
      id: roundId,
      reveals: [],
      frame: { unit: reply.unit, bet: reply.bet, choice: reply.choice },
    };
    const sentence = this.verdict(verdict);
    if (reply.reveals.length > known) {
      this.shell.hideNotice();
      this.shell.say(sentence);
      this.stage.restore(reply.reveals.slice(0, known), this.round.frame);
      this.round.reveals.push(...reply.reveals.slice(0, known));
      await this.present(reply, reply.reveals.slice(known));
      return;
    }
    this.shell.showNotice(sentence, { label: t("continue"), act: () => this.hud.main.focus() });
    if (reply.state === "in_play") {
      this.round.reveals.push(...reply.reveals);
      this.stage.restore(reply.reveals, this.round.frame);
      await this.settleDown(reply);
      return;
    }
    this.round = null;
    await this.ended(reply);
  }

  /** Brings the screen to the state of a round that is open on the server. */
  private async resync(roundId: string | null): Promise<void> {
    const open = roundId ? await this.api.round(roundId) : (await this.api.session()).open_round;
    if (open) await this.resume(open);
    else this.rest();
  }

  private async resume(open: RoundReply): Promise<void> {
    this.busy = true;
    this.stage.lock(true);
    this.hud.enable(false, false);
    this.hud.setBet(open.bet);
    this.asked = open.bet;
    this.round = {
      id: open.round_id,
      reveals: [...open.reveals],
      frame: { unit: open.unit, bet: open.bet, choice: open.choice },
    };
    this.stage.restore(open.reveals, this.round.frame);
    if (open.state === "betting" || open.state === "rolling_back") {
      await this.follow(open.round_id);
      return;
    }
    if (open.state === "in_play") this.shell.say(this.t("resumed"));
    await this.settleDown(open);
  }

  private async openReplay(roundId: string): Promise<void> {
    if (this.busy && this.offers.length === 0 && this.session.mode !== "replay") return;
    const { t, stage } = this;
    const wager = stage.wager();
    let reply, viewing;
    try {
      [reply, viewing] = await Promise.all([this.api.replay(roundId), import("./replay")]);
    } catch {
      this.shell.say(t("error_load"));
      return;
    }
    const offers = this.offers;
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
      leave: this.session.mode === "replay" ? null : () => this.leaveReplay(wager, offers),
    });
    this.shell.override(this.viewer.element, this.hud.element);
  }

  /** Back to the live table, as it was before. */
  private leaveReplay(wager: Wager | null, offers: Offer[]): void {
    const { round, stage } = this;
    this.viewer = null;
    this.shell.override(null, this.hud.element);
    this.shell.setBadges(...(this.session.mode === "demo" ? [this.t("demo")] : []));
    this.shell.say("");
    this.hud.setWin(0);
    const rest = { unit: 1, bet: 1, choice: wager?.choice ?? null };
    if (offers.length && round) {
      stage.restore(round.reveals, round.frame);
      this.hud.setBet(round.frame.bet);
      this.offers = offers;
      stage.offer(offers, (action) => this.act(action));
      return;
    }
    stage.restore([], rest);
    this.round = null;
    this.rest();
  }

  private deposit(url: string): void {
    this.depositing = true;
    window.open(url, "_blank", "noopener");
  }

  private async afterDeposit(): Promise<void> {
    if (!this.depositing || this.busy) return;
    this.depositing = false;
    this.showBalance(await this.freshBalance());
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
