/** The player API over fetch. A call that may have moved money is repeated only with the `request_id` it had. */
import {
  SETTLING,
  type Problem,
  type ReplayReply,
  type RoundReply,
  type RoundSummary,
  type Session,
} from "./types";

export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code);
  }
}

/** No answer came, after all repeats. Whether the call counted is not known; `again` repeats it with the same id. */
export class NoAnswer extends Error {
  constructor() {
    super("no_answer");
  }
}

export interface OpenRound {
  bet: number;
  mode?: string;
  choice?: unknown;
  campaign_id?: string;
}

const POLL_MS = [400, 700, 1000, 1500, 2500, 4000];
const REPEAT_AFTER_MS = [300, 700, 1500, 3000, 5000];

/** 128 random bits; `randomUUID` is missing on plain http pages. */
export function newRequestId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function problemOf(response: Response): Promise<Problem> {
  const fallback = { status: response.status, code: `http_${response.status}`, title: response.statusText };
  try {
    const body = (await response.json()) as Partial<Problem>;
    return typeof body.code === "string" ? { ...fallback, ...body, status: response.status } : fallback;
  } catch {
    return fallback;
  }
}

export class PlayApi {
  private token: string | null = null;
  /** What the newest answer knew of our seat: another server reads on from there before it answers. */
  private seq: string | null = null;
  /** Called when a repeat becomes necessary and when an answer came after all. */
  onLine: (online: boolean) => void = () => undefined;

  constructor(private readonly base = "/play/v1") {}

  private async once(method: string, path: string, body?: unknown): Promise<Response> {
    const headers: Record<string, string> = {};
    if (this.token) headers["Authorization"] = `Bearer ${this.token}`;
    if (this.seq) headers["Croupier-Seq"] = this.seq;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const response = await fetch(this.base + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      signal: AbortSignal.timeout(20_000),
    });
    this.seq = response.headers.get("Croupier-Seq") ?? this.seq;
    return response;
  }

  /** Repeats while nothing understandable comes back: safe, because the body and its request id stay the same. */
  private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      let failed: ApiError | null = null;
      try {
        const response = await this.once(method, path, body);
        if (response.ok) {
          const value = (await response.json()) as T;
          this.onLine(true);
          return value;
        }
        failed = new ApiError(await problemOf(response));
      } catch (error) {
        if (error instanceof ApiError) throw error;
      }
      // A gateway's own page is as good as no answer; `busy` says itself that nothing was placed. With a round it is
      // that round's end, and this request id would hear the same for ever.
      const lost = !failed || /^(http_5\d\d|internal_error)$/.test(failed.problem.code);
      const again = lost || (failed?.problem.code === "busy" && failed.problem.round_id === undefined);
      const wait = REPEAT_AFTER_MS[attempt];
      if (!again || wait === undefined) {
        if (failed) this.onLine(true);
        if (failed && !lost) throw failed;
        throw new NoAnswer();
      }
      if (!failed) this.onLine(false);
      await pause(wait);
    }
  }

  /** Exchanges the launch token. The answer is the session's id. */
  async start(token: string): Promise<string> {
    const reply = await this.call<{ play_token: string; session_id: string }>("POST", "/sessions", { token });
    this.token = reply.play_token;
    return reply.session_id;
  }

  session(): Promise<Session> {
    return this.call("GET", "/session");
  }

  openRound(requestId: string, round: OpenRound): Promise<RoundReply> {
    return this.call("POST", "/rounds", { request_id: requestId, ...round });
  }

  act(requestId: string, roundId: string, action: string): Promise<RoundReply> {
    return this.call("POST", `/rounds/${encodeURIComponent(roundId)}/actions`, {
      request_id: requestId,
      action,
    });
  }

  round(roundId: string): Promise<RoundReply> {
    return this.call("GET", `/rounds/${encodeURIComponent(roundId)}`);
  }

  /** Asks until the round waits for nobody but the player, however long the wallet takes. ApiError when it is refused. */
  async settled(roundId: string): Promise<RoundReply> {
    for (let i = 0; ; i++) {
      await pause(POLL_MS[Math.min(i, POLL_MS.length - 1)] ?? 4000);
      try {
        const reply = await this.round(roundId);
        if (!SETTLING.has(reply.state)) return reply;
      } catch (error) {
        if (error instanceof ApiError && error.problem.status < 500) throw error;
      }
    }
  }

  replay(roundId: string): Promise<ReplayReply> {
    return this.call("GET", `/rounds/${encodeURIComponent(roundId)}/replay`);
  }

  rounds(cursor: string | null): Promise<{ items: RoundSummary[]; next_cursor: string | null }> {
    const query = new URLSearchParams({ limit: "10", ...(cursor ? { cursor } : {}) });
    return this.call("GET", `/rounds?${query}`);
  }
}
