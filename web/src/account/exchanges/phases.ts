import type { Exchange } from "../types.ts";

export type Phase = { name: "connect" | "tls" | "wait" | "read"; ms: number };

/** Splits the total into what was waited for. Phases that did not happen are left out. */
export function phasesOf(timing: Exchange["timing"], total: number): Phase[] {
  if (!timing) return [];
  const ms = (name: string) => {
    const micro = timing[`${name}_us`];
    const milli = timing[`${name}_ms`];
    return typeof micro === "number" ? micro / 1000 : typeof milli === "number" ? milli : null;
  };
  const [connect, tls, first] = [ms("connect"), ms("tls"), ms("first_byte")];
  const phases: Phase[] = [];
  if (connect !== null) phases.push({ name: "connect", ms: connect });
  if (tls !== null) phases.push({ name: "tls", ms: tls });
  if (first !== null) {
    phases.push({ name: "wait", ms: Math.max(0, first - (connect ?? 0) - (tls ?? 0)) });
    phases.push({ name: "read", ms: Math.max(0, total - first) });
  }
  return phases;
}
