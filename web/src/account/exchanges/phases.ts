import type { Exchange } from "../types.ts";

export type Phase = { name: "dns" | "connect" | "tls" | "wait" | "read"; ms: number };

/** Splits the total into what was waited for. Phases that did not happen are left out. */
export function phasesOf(timing: Exchange["timing"]): Phase[] {
  const { dns_us: dns, connect_us: connect, tls_us: tls, first_byte_us: first, total_us: total } = timing;
  const phases: Phase[] = [];
  const add = (name: Phase["name"], us: number) => phases.push({ name, ms: Math.max(0, us) / 1000 });
  if (dns !== null) add("dns", dns);
  if (connect !== null) add("connect", connect);
  if (tls !== null) add("tls", tls);
  if (first !== null) {
    add("wait", first - (dns ?? 0) - (connect ?? 0) - (tls ?? 0));
    add("read", total - first);
  }
  return phases;
}
