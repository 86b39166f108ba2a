import type { ReportLine } from "../types.ts";

export type BandPlace = "inside" | "below" | "above" | "unknown";

/** Where on a line of 100 units the band, the theory and the actual RTP lie. */
export type BandPicture = { low: number; high: number; theory: number; actual: number };

type Rtp = Pick<ReportLine, "rtp" | "rtp_theory" | "rtp_low" | "rtp_high">;

export function bandOf(line: Rtp): { place: BandPlace; picture: BandPicture | null } {
  if (line.rtp === null || line.rtp_low === null || line.rtp_high === null || line.rtp_theory === null) {
    return { place: "unknown", picture: null };
  }
  const [actual, low, high, theory] = [line.rtp, line.rtp_low, line.rtp_high, line.rtp_theory].map(
    Number,
  ) as [number, number, number, number];
  const place = actual < low ? "below" : actual > high ? "above" : "inside";
  const from = Math.min(low, actual, theory);
  const span = Math.max(high, actual, theory) - from || 1;
  const x = (rate: number) => 5 + ((rate - from) / span) * 90;
  return { place, picture: { low: x(low), high: x(high), theory: x(theory), actual: x(actual) } };
}
