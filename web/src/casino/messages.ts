/** What the game may tell the page around it; everything else is not for us. */
export type GameMessage = "relaunch" | "close";

export function messageOf(data: unknown): GameMessage | null {
  if (typeof data !== "object" || data === null || !("croupier" in data)) return null;
  const { croupier } = data;
  return croupier === "relaunch" || croupier === "close" ? croupier : null;
}
