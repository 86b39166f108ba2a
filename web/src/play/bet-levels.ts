/** Choosing among the bet levels a session allows. Amounts in minor units, ascending. */

/** Those that begin with 1, 2 or 5, which people count in; all of them when there are hardly any such. */
function round(levels: readonly number[]): readonly number[] {
  const found = levels.filter((level) => /^[125]0*$/.test(String(level)));
  return found.length >= 3 ? found : levels;
}

/** A level to begin with: about five hundred bets in the balance, and from the lower half of the levels. */
export function firstLevel(levels: readonly number[], balance: number | null): number {
  const half = levels[Math.floor((levels.length - 1) / 2)] ?? 0;
  const fits = round(levels).filter((level) => level * 500 <= (balance ?? 0) && level <= half);
  return fits.at(-1) ?? levels[0] ?? 0;
}

/** The next level above (`by` = 1) or below (-1); the same at either end. */
export function nextLevel(levels: readonly number[], now: number, by: 1 | -1): number {
  const beyond =
    by > 0 ? levels.filter((level) => level > now) : levels.filter((level) => level < now).reverse();
  return beyond[0] ?? now;
}

/** At most `count` of the levels, spread evenly and round ones first: the values of the chips. */
export function chipValues(allowed: readonly number[], count: number): number[] {
  const levels = round(allowed);
  if (levels.length <= count) return [...levels];
  const picked = Array.from(
    { length: count },
    (_, i) => levels[Math.round((i * (levels.length - 1)) / (count - 1))],
  );
  return [...new Set(picked.filter((level) => level !== undefined))];
}
