import type { ExchangeItem } from "../types.ts";

export const SIDES = ["yours", "ours", "network"] as const;

/** A bet that was declined is a good answer; a win or rollback that was refused has a finding. */
export function hasFailed({ verdict, finding }: Pick<ExchangeItem, "verdict" | "finding">): boolean {
  return finding !== null || verdict === "unknown" || verdict === "conflict" || verdict === "error";
}

export type Part = { text: string; marked: boolean };

/** A text in parts, those that a finding points at marked. Spans may overlap and may lie outside. */
export function marked(text: string, spans: readonly (readonly number[])[]): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const [start = 0, end = 0] of [...spans].sort((one, other) => (one[0] ?? 0) - (other[0] ?? 0))) {
    const from = Math.max(at, start);
    const to = Math.min(end, text.length);
    if (to <= from) continue;
    if (from > at) parts.push({ text: text.slice(at, from), marked: false });
    parts.push({ text: text.slice(from, to), marked: true });
    at = to;
  }
  if (at < text.length) parts.push({ text: text.slice(at), marked: false });
  return parts;
}
