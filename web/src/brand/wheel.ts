/** The pockets of a European wheel in order, for pictures of it. */
export const POCKETS = [
  0, 32, 15, 19, 4, 21, 2, 25, 17, 34, 6, 27, 13, 36, 11, 30, 8, 23, 10, 5, 24, 16, 33, 1, 20, 14, 31, 9, 22,
  18, 29, 7, 28, 12, 35, 3, 26,
] as const;

const STEP = 360 / POCKETS.length;

function point(radius: number, degrees: number): string {
  const angle = (degrees * Math.PI) / 180;
  return `${(radius * Math.sin(angle)).toFixed(2)} ${(-radius * Math.cos(angle)).toFixed(2)}`;
}

export type Pocket = { number: number; path: string; fill: string; turn: number };

/** Pockets between two radii around 0,0. On the wheel red and black take turns after the zero. */
export function pockets(inner: number, outer: number): Pocket[] {
  return POCKETS.map((number, place) => {
    const [from, to] = [(place - 0.5) * STEP, (place + 0.5) * STEP];
    const o = String(outer);
    const i = String(inner);
    return {
      number,
      turn: place * STEP,
      fill: place === 0 ? "#06734b" : place % 2 ? "#b3161f" : "#14181f",
      path: `M${point(outer, from)}A${o} ${o} 0 0 1 ${point(outer, to)}L${point(inner, to)}A${i} ${i} 0 0 0 ${point(inner, from)}Z`,
    };
  });
}
