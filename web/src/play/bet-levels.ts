/** Choosing among the bet levels a session allows. Amounts in minor units, ascending. */

/** A level to begin with: about five hundred bets in the balance, and never the highest level by itself. */
export function firstLevel(levels: readonly number[], balance: number): number {
  let chosen = levels[0] ?? 0;
  const highest = levels[Math.floor((levels.length - 1) / 2)] ?? chosen;
  for (const level of levels) if (level * 500 <= balance && level <= highest) chosen = level;
  return chosen;
}

/** The next level above (`by` = 1) or below (-1); the same at either end. */
export function nextLevel(levels: readonly number[], now: number, by: 1 | -1): number {
  const beyond =
    by > 0 ? levels.filter((level) => level > now) : levels.filter((level) => level < now).reverse();
  return beyond[0] ?? now;
}

/** At most `count` of the levels, spread evenly: the values of the chips. Those that begin with 1, 2 or 5 come first. */
export function chipValues(allowed: readonly number[], count: number): number[] {
  const round = allowed.filter((level) => /^[125]0*$/.test(String(level)));
  const levels = round.length >= 3 ? round : allowed;
  if (levels.length <= count) return [...levels];
  const picked = Array.from(
    { length: count },
    (_, i) => levels[Math.round((i * (levels.length - 1)) / (count - 1))],
  );
  return [...new Set(picked.filter((level) => level !== undefined))];
}
