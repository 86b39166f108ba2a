/** An error the server explained (RFC 9457 problem details), or one that never reached it (`status` 0). */
export class Problem extends Error {
  override name = "Problem";
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail = "",
    readonly hint = "",
    readonly docUrl = "",
    readonly logUrl = "",
  ) {
    super(detail || title);
  }

  static async from(answer: Response): Promise<Problem> {
    let body: Record<string, unknown> = {};
    try {
      const read: unknown = await answer.json();
      if (typeof read === "object" && read !== null) body = read as Record<string, unknown>;
    } catch {
      // A proxy in between may answer with HTML: the status alone has to do.
    }
    const text = (name: string) => (typeof body[name] === "string" ? body[name] : "");
    return new Problem(
      answer.status,
      text("code") || `http_${String(answer.status)}`,
      text("title") || answer.statusText || `HTTP ${String(answer.status)}`,
      text("detail"),
      text("hint"),
      text("doc_url"),
      text("log_url"),
    );
  }
}

/** Asks for JSON. Throws `Problem` for every answer that is not 2xx and when there is none. */
export async function fetchJson<T>(url: string, init: RequestInit = {}): Promise<T> {
  const answer = await fetchChecked(url, init);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

export async function fetchChecked(url: string, init: RequestInit = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(url, { credentials: "same-origin", ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem(0, "unreachable", "");
  }
  if (!answer.ok) throw await Problem.from(answer);
  return answer;
}
