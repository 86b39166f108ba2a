/** What an entry says was changed, as lines of text: one a field, the digests left out. */
import type { AuditEntry } from "../types.ts";

/** `before` undefined: nothing is said of it. */
export type Change = { name: string; before: string | undefined; after: string };

const LONG = 80;
/** For proof, not for reading: the row's own number and digest are in the API. */
const SILENT = new Set(["method", "body_sha256", "certificate_sha256"]);

export function changesOf(entry: Pick<AuditEntry, "before" | "after" | "more">): Change[] {
  const { before, after } = entry;
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].sort();
  const changed = names
    .map((name) => ({ name, before: before?.[name], after: after?.[name] }))
    .filter((one) => textOf(one.before) !== textOf(one.after))
    .map((one) => ({
      name: one.name,
      before: before ? textOf(one.before) : undefined,
      after: textOf(one.after),
    }));
  const facts = Object.entries(entry.more)
    .filter(([name, value]) => !SILENT.has(name) && !isNothing(value))
    .map(([name, value]) => ({ name, before: undefined, after: textOf(value) }));
  return [...changed, ...facts];
}

function isNothing(value: unknown): boolean {
  return value === null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);
}

function textOf(value: unknown): string {
  if (value === undefined || isNothing(value)) return "–";
  const list = Array.isArray(value) && value.every((one) => typeof one === "string");
  const text = list ? value.join(", ") : typeof value === "string" ? value : JSON.stringify(value);
  return text.length > LONG ? `${text.slice(0, LONG - 1)}…` : text;
}
