/** Chips on the table: placed one by one, so that they can be taken back one by one. Amounts in minor units. */
import type { SpotBet } from "../types";
import { keyOf, SPOT_BY_KEY } from "./layout";

interface Chip {
  key: string;
  amount: number;
}

export class Bets {
  private readonly turns: Chip[][] = [];
  private last: Chip[] = [];

  private get chips(): Chip[] {
    return this.turns.flat();
  }

  get total(): number {
    return this.chips.reduce((sum, chip) => sum + chip.amount, 0);
  }

  get empty(): boolean {
    return this.turns.length === 0;
  }

  get canRepeat(): boolean {
    return this.last.length > 0;
  }

  /** Total of each spot, in the order the spots were first used. */
  get amounts(): Map<string, number> {
    const sums = new Map<string, number>();
    for (const { key, amount } of this.chips) sums.set(key, (sums.get(key) ?? 0) + amount);
    return sums;
  }

  place(key: string, amount: number): void {
    if (SPOT_BY_KEY.has(key) && amount > 0) this.turns.push([{ key, amount }]);
  }

  /** Takes back the latest chip on this spot. */
  take(key: string): void {
    const at = this.turns.findLastIndex((turn) => turn.length === 1 && turn[0]?.key === key);
    if (at >= 0) this.turns.splice(at, 1);
  }

  undo(): void {
    this.turns.pop();
  }

  clear(): void {
    this.turns.length = 0;
  }

  /** Puts the bets of the last round again, beside what lies there. */
  repeat(): void {
    if (this.last.length) this.turns.push([...this.last]);
  }

  /** What the server is asked to take. */
  choice(): { bets: SpotBet[] } {
    const bets: SpotBet[] = [];
    for (const [key, amount] of this.amounts) {
      const spot = SPOT_BY_KEY.get(key);
      if (!spot) continue;
      const { type, numbers, index } = spot;
      bets.push({ type, ...(numbers ? { numbers } : {}), ...(index ? { index } : {}), amount });
    }
    return { bets };
  }

  /** The round was taken: these bets are what `repeat` puts again. */
  remember(): void {
    this.last = [...this.amounts].map(([key, amount]) => ({ key, amount }));
  }

  /** Shows bets of a stored round. Unknown spots are left out. */
  load(bets: readonly SpotBet[]): void {
    this.clear();
    for (const bet of bets) this.place(keyOf(bet), bet.amount);
  }
}
