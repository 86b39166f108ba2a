/** Folds a slot's reveals into what stands on the screen. Pure; amounts in game units. */
import type { Cell, LineWin, SlotReveal } from "../types";

export interface SlotState {
  window: string[][];
  mode: "base" | "free";
  lines: LineWin[];
  scatters: { cells: Cell[]; count: number; win: number } | null;
  multiplier: number;
  /** Won by the spin on screen, and by the round so far. */
  spinWin: number;
  total: number;
  freeSpins: { awarded: number; left: number; ended: boolean; win: number } | null;
  capped: boolean;
}

export function restWindow(symbols: readonly string[]): string[][] {
  return Array.from({ length: 5 }, (_, reel) =>
    Array.from({ length: 3 }, (_, row) => symbols[(reel * 3 + row * 5 + 1) % symbols.length] ?? "A"),
  );
}

export function atRest(window: string[][]): SlotState {
  return {
    window,
    mode: "base",
    lines: [],
    scatters: null,
    multiplier: 1,
    spinWin: 0,
    total: 0,
    freeSpins: null,
    capped: false,
  };
}

export function fold(state: SlotState, reveal: SlotReveal): SlotState {
  switch (reveal.kind) {
    case "spin":
      return {
        ...state,
        window: reveal.window,
        mode: reveal.mode,
        lines: reveal.lines,
        scatters: reveal.scatters,
        multiplier: reveal.multiplier,
        spinWin: reveal.win,
        total: reveal.total,
        freeSpins: state.freeSpins && { ...state.freeSpins, left: reveal.free_spins_left },
      };
    case "free_spins_awarded": {
      const before = state.freeSpins?.awarded ?? 0;
      return {
        ...state,
        freeSpins: { awarded: before + reveal.count, left: reveal.left, ended: false, win: 0 },
      };
    }
    case "free_spins_ended":
      return {
        ...state,
        freeSpins: { ...(state.freeSpins ?? { awarded: 0 }), left: 0, ended: true, win: reveal.win },
      };
    case "win_cap":
      return { ...state, capped: true, total: reveal.win };
  }
}

/** Cells that pay in this spin: of its lines, and of the scatters when they pay or start free spins. */
export function payingCells(state: Pick<SlotState, "lines" | "scatters">): Cell[] {
  const seen = new Map<string, Cell>();
  const scattered =
    state.scatters && (state.scatters.win > 0 || state.scatters.count >= 3) ? state.scatters.cells : [];
  for (const cell of [...state.lines.flatMap((line) => line.cells), ...scattered])
    seen.set(cell.join(), cell);
  return [...seen.values()];
}

/** A round's reveals in pieces that each begin with a spin. */
export function spins(reveals: SlotReveal[]): SlotReveal[][] {
  const pieces: SlotReveal[][] = [];
  for (const reveal of reveals) {
    if (reveal.kind === "spin" || pieces.length === 0) pieces.push([]);
    pieces.at(-1)?.push(reveal);
  }
  return pieces;
}
