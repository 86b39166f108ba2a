/**
 * Messages to the page around the game, see README.md. Amounts go only to an origin we know: the return address's,
 * or the page that embedded us. Without one, only messages without content go out.
 */
export type BridgeMessage =
  | { croupier: "ready"; game_id: string; session_id: string }
  | { croupier: "balance"; balance: number; currency: string }
  | { croupier: "round_start"; round_id: string | null; bet: number; currency: string }
  | { croupier: "round_end"; round_id: string; bet: number; win: number; currency: string }
  | { croupier: "error"; code: string; money: string | null; round_id: string | null }
  | { croupier: "close" }
  | { croupier: "relaunch"; reason: string };

const HARMLESS: ReadonlySet<string> = new Set(["close", "relaunch"]);

export class Bridge {
  private origin: string | null;

  constructor(private readonly page: Window = window) {
    this.origin = originOf(page.document.referrer);
  }

  get embedded(): boolean {
    return this.page.parent !== this.page;
  }

  /** The return address names the operator's own origin; the referrer is what the browser saw. The latter wins. */
  returnTo(url: string | null): void {
    this.origin ??= originOf(url);
  }

  send(message: BridgeMessage): void {
    if (!this.embedded) return;
    if (this.origin) this.page.parent.postMessage(message, this.origin);
    else if (HARMLESS.has(message.croupier))
      this.page.parent.postMessage({ croupier: message.croupier }, "*");
  }
}

export function originOf(url: string | null | undefined): string | null {
  if (!url) return null;
  try {
    const { origin } = new URL(url);
    return origin === "null" ? null : origin;
  } catch {
    return null;
  }
}
