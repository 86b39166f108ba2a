/** A round from the press to the last payment, and everything that can go wrong in between. */
import { ApiError, newRequestId, type PlayApi } from "./api";
import type { Bridge } from "./bridge";
import { stakeOf, type FreeRounds } from "./free-rounds";
import type { Hud } from "./hud";
import type { Key } from "./i18n";
import { explain, verdictOf } from "./problems";
import type { Shell } from "./shell";
import type { RoundFrame, Stage, StageContext, Wager } from "./stage";
import { sentence, tell } from "./trouble";
import { SETTLING, type Offer, type Reveal, type RoundReply } from "./types";

interface LiveRound {
  id: string;
  reveals: Reveal[];
  frame: RoundFrame;
}

/** What the round is shown on. */
export interface Screen extends Pick<StageContext, "session" | "t" | "pace" | "sound" | "money"> {
  shell: Shell;
  hud: Hud;
  stage: Stage;
  free: FreeRounds;
}

/** Ways out of the game that a failed call may offer. */
export interface WaysOut {
  relaunch: (reason: string) => void;
  deposit: (url: string) => void;
}

export class RoundFlow {
  private balance: number | null;
  private round: LiveRound | null = null;
  /** A call is out or its answer is being shown. */
  private busy = false;
  /** Cost of the last call, in minor units. */
  private asked = 0;
  private offers: Offer[] = [];

  constructor(
    private readonly api: PlayApi,
    private readonly bridge: Bridge,
    private readonly screen: Screen,
    private readonly ways: WaysOut,
  ) {
    this.balance = screen.session.balance;
  }

  /** Nothing is on its way: the stage may show something else for a while. */
  get idle(): boolean {
    return !this.busy;
  }

  showBalance(minor: number | null): void {
    this.balance = minor;
    this.screen.hud.setBalance(minor);
    if (minor !== null)
      this.bridge.send({ croupier: "balance", balance: minor, currency: this.screen.session.currency });
  }

  /** The main button: opens a round, or brings the one on screen to its end. */
  press(): void {
    this.screen.sound.wake();
    if (this.screen.hud.main.disabled || this.screen.hud.main.hidden) return;
    if (this.busy) {
      this.screen.pace.hurry();
      return;
    }
    const wager = this.screen.stage.wager();
    if (!wager) {
      this.screen.shell.say(this.screen.t("place_chip"));
      return;
    }
    const requestId = newRequestId();
    const { free, stage } = this.screen;
    void this.guarded(this.open(requestId, free.wager(wager), free.cost(stage.shownBet, wager)));
  }

  private async open(requestId: string, wager: Wager, cost: number): Promise<void> {
    this.screen.hud.setWin(0);
    this.screen.hud.setBet(this.screen.free.bet(cost));
    this.screen.shell.show("");
    await this.ask(
      () => this.api.openRound(requestId, wager),
      cost,
      (reply) => {
        const { round_id, bet, currency } = reply;
        this.bridge.send({ croupier: "round_start", round_id, bet, currency });
        this.round = roundOf({ ...reply, choice: wager.choice ?? null }, []);
      },
      () => this.open(requestId, wager, cost),
    );
  }

  private act(action: string): void {
    const offer = this.offers.find((each) => each.action === action);
    if (!offer || this.busy || !this.round) return;
    this.screen.sound.wake();
    void this.guarded(this.take(newRequestId(), this.round.id, offer));
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
    this.screen.pace.restart();
    this.screen.stage.lock(true);
    this.screen.hud.enable(false, true);
    this.screen.hud.setMain("quick_stop");
    // Only the picture of the balance; the wallet says what it is.
    if (before !== null) this.screen.hud.setBalance(before - cost);
    this.screen.stage.begin();
    let reply: RoundReply;
    try {
      reply = await call();
    } catch (error) {
      this.screen.stage.abort();
      this.screen.hud.setBalance(before);
      this.screen.hud.enable(false, false);
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
    round.frame.bet = stakeOf(reply);
    this.screen.hud.setBet(round.frame.bet);
    await this.screen.stage.play(fresh, round.frame);
    await this.settleDown(reply);
  }

  /** After the last reveal: the player's turn, or the round's money on its way, or the end. */
  private async settleDown(reply: RoundReply): Promise<void> {
    if (reply.state === "in_play") {
      this.showBalance(reply.balance ?? (await this.freshBalance()));
      this.offerActions(reply.next_actions);
      return;
    }
    this.screen.hud.setWin(reply.win);
    if (SETTLING.has(reply.state)) {
      this.screen.hud.setBalance(null);
      this.screen.hud.enable(false, false);
      this.screen.shell.say(reply.state === "paying" ? this.screen.t("paying") : this.screen.t("checking"));
      reply = await this.api.settled(reply.round_id);
    }
    await this.ended(reply);
  }

  private async ended(reply: RoundReply): Promise<void> {
    const fresh = this.screen.free.counted > 0 ? await this.freshBalance() : null;
    this.showBalance(reply.balance ?? fresh ?? (await this.freshBalance()));
    const verdict = reply.state === "closed" ? null : verdictOf(reply.state);
    if (verdict) this.screen.shell.say(this.verdict(verdict));
    const { round_id, bet, win, currency } = reply;
    this.bridge.send({ croupier: "round_end", round_id, bet, win, currency });
    if (this.screen.free.ended(reply, () => this.screen.hud.main.focus())) this.round = null;
    this.rest();
  }

  private offerActions(offers: Offer[]): void {
    const { hud, stage } = this.screen;
    this.busy = false;
    this.offers = offers;
    hud.enable(false, false);
    hud.showMain(false);
    stage.offer(offers, (action) => this.act(action));
  }

  /** Ready for the next round. */
  rest(): void {
    this.busy = false;
    this.offers = [];
    this.screen.stage.offer([], () => undefined);
    this.screen.stage.lock(false);
    this.screen.hud.setMain(this.screen.stage.mainButton);
    this.screen.hud.showMain(true);
    this.screen.hud.enable(!this.screen.free.active, true);
    if (!this.round) this.screen.hud.setBet(this.screen.free.bet(this.screen.stage.shownBet));
    // The pressed action is gone from the page: the keyboard goes on at the main button.
    if (document.activeElement === document.body) this.screen.hud.main.focus({ preventScroll: true });
  }

  /** A round that was rolled back has no stake any more, so the amount is the one that we asked for. */
  private verdict(key: Key): string {
    if (key !== "round_rolled_back" || this.asked === 0) return this.screen.t(key);
    return this.screen.t("round_rolled_back_amount", { amount: this.screen.money(this.asked) });
  }

  /** Free rounds come along: a bet that came to nothing gave its own back. */
  async freshBalance(): Promise<number | null> {
    try {
      const session = await this.api.session();
      this.screen.free.set(session);
      return session.balance;
    } catch {
      return this.balance;
    }
  }

  private async failed(error: unknown, again: () => Promise<void>): Promise<void> {
    const explanation = explain(error);
    const problem = error instanceof ApiError ? error.problem : null;
    const { shell, sound, t, session } = this.screen;
    const { code = "no_answer", money = null, round_id = null } = problem ?? {};
    this.bridge.send({ croupier: "error", code, money, round_id });
    if (explanation.remedy === "follow" && round_id) {
      await this.follow(round_id);
      return;
    }
    sound.play("alert");
    const spoken = sentence(t, explanation);
    shell.show(spoken);
    if (explanation.remedy === "resume") {
      await this.guarded(this.resync(round_id ?? this.round?.id ?? null));
      shell.say(spoken);
      return;
    }
    const deposit = session.deposit_url;
    tell(t, explanation, {
      again: () => void this.guarded(again()),
      relaunch: () => this.ways.relaunch(code),
      deposit: deposit === null ? null : () => this.ways.deposit(deposit),
    });
    if (explanation.remedy === "again" || explanation.remedy === "reload") return;
    if (problem?.balance !== undefined) this.showBalance(problem.balance);
    if (this.screen.free.active || this.screen.free.counted > 0) await this.freshBalance();
    // An extra bet that was refused leaves the round as it was: its actions are offered again.
    if (this.offers.length) {
      this.offerActions(this.offers);
    } else {
      this.rest();
      this.screen.hud.setBet(this.screen.free.bet(this.screen.stage.shownBet));
    }
  }

  /** A bet in doubt: waits for the round's end and says what became of the money. */
  private async follow(roundId: string): Promise<void> {
    const { shell, hud, stage, t } = this.screen;
    shell.say("");
    shell.showNotice(t("checking"));
    hud.setBalance(null);
    const reply = await this.api.settled(roundId);
    const seen = reply.reveals.slice(0, this.round?.id === roundId ? this.round.reveals.length : 0);
    const told = this.verdict(verdictOf(reply.state) ?? "error_other");
    this.round = roundOf(reply, seen);
    if (reply.reveals.length > seen.length) {
      shell.hideNotice();
      shell.say(told);
      stage.restore(seen, this.round.frame);
      await this.present(reply, reply.reveals.slice(seen.length));
      return;
    }
    shell.showNotice(told, { label: t("continue"), act: () => hud.main.focus() });
    if (reply.state === "in_play") {
      stage.restore(seen, this.round.frame);
      await this.settleDown(reply);
      return;
    }
    this.round = null;
    await this.ended(reply);
  }

  /** The live table again, as it was before something else was shown on it. */
  back(wager: Wager | null): void {
    const { stage, hud } = this.screen;
    hud.setWin(0);
    if (this.offers.length && this.round) {
      stage.restore(this.round.reveals, this.round.frame);
      hud.setBet(this.round.frame.bet);
      stage.offer(this.offers, (action) => this.act(action));
      return;
    }
    stage.restore([], { unit: 1, bet: 0, choice: wager?.choice ?? null });
    this.round = null;
    this.rest();
  }

  /** Brings the screen to the state of a round that is open on the server. */
  private async resync(roundId: string | null): Promise<void> {
    const open = roundId ? await this.api.round(roundId) : (await this.api.session()).open_round;
    if (open) await this.goOn(open);
    else this.rest();
  }

  /** A refusal while we wait for a round's end, such as a session that was replaced. */
  private async guarded(steps: Promise<void>): Promise<void> {
    await steps.catch((error: unknown) => this.failed(error, () => this.resync(this.round?.id ?? null)));
  }

  resume(open: RoundReply): Promise<void> {
    return this.guarded(this.goOn(open));
  }

  /** Nothing was played in it: the casino hears in one sum what free rounds have won. */
  private async told(open: RoundReply): Promise<void> {
    this.round = null;
    this.screen.hud.enable(false, false);
    this.screen.shell.say(this.screen.t("paying"));
    const reply = SETTLING.has(open.state) ? await this.api.settled(open.round_id) : open;
    this.showBalance(reply.balance ?? (await this.freshBalance()));
    this.rest();
  }

  private async goOn(open: RoundReply): Promise<void> {
    const { shell, hud, stage, t } = this.screen;
    this.busy = true;
    if (open.mode === "settlement") {
      await this.told(open);
      return;
    }
    this.asked = open.bet;
    this.round = roundOf(open, open.reveals);
    stage.lock(true);
    hud.enable(false, false);
    hud.setBet(stakeOf(open));
    stage.restore(open.reveals, this.round.frame);
    if (open.state === "betting" || open.state === "rolling_back") {
      await this.follow(open.round_id);
      return;
    }
    if (open.state === "in_play") shell.say(t("resumed"));
    await this.settleDown(open);
  }
}

function roundOf(reply: RoundReply, reveals: Reveal[]): LiveRound {
  const { round_id, unit, choice } = reply;
  return { id: round_id, reveals: [...reveals], frame: { unit, bet: stakeOf(reply), choice } };
}
