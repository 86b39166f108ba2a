import type { Exchange, Headers } from "../types.ts";

export function headerPairs(headers: Headers | undefined): [string, string][] {
  if (!headers) return [];
  return Array.isArray(headers) ? headers : Object.entries(headers);
}

/** Indented JSON, or null when the body is not JSON. Integers beyond 2^53 keep their digits: nothing is re-read. */
export function prettyJson(body: string): string | null {
  try {
    JSON.parse(body);
  } catch {
    return null;
  }
  let depth = 0;
  let inText = false;
  let out = "";
  const line = () => `\n${"  ".repeat(depth)}`;
  for (let at = 0; at < body.length; at += 1) {
    const char = body.charAt(at);
    if (inText) {
      out += char;
      if (char === "\\") out += body.charAt((at += 1));
      else if (char === '"') inText = false;
    } else if (char === '"') {
      inText = true;
      out += char;
    } else if (char === "{" || char === "[") {
      const close = /^\s*[}\]]/.exec(body.slice(at + 1));
      if (close) {
        out += char + (char === "{" ? "}" : "]");
        at += close[0].length;
      } else {
        depth += 1;
        out += char + line();
      }
    } else if (char === "}" || char === "]") {
      depth -= 1;
      out += line() + char;
    } else if (char === ",") {
      out += char + line();
    } else if (char === ":") {
      out += ": ";
    } else if (!/\s/.test(char)) {
      out += char;
    }
  }
  return out;
}

/** The request as a command for a POSIX shell. Masked secrets stay masked: put yours in. */
export function curlOf({ method, request }: Pick<Exchange, "method" | "request">): string {
  const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const skipped = new Set(["host", "content-length", "connection"]);
  return [
    `curl -i -X ${method} ${quote(request.url)}`,
    ...headerPairs(request.headers)
      .filter(([name]) => !skipped.has(name.toLowerCase()))
      .map(([name, value]) => `  -H ${quote(`${name}: ${value}`)}`),
    ...(request.body ? [`  --data-raw ${quote(request.body)}`] : []),
  ].join(" \\\n");
}
