import { minorToDecimal } from "../../money.ts";
import type { Exchange, Round } from "../types.ts";
import { headerPairs } from "./bodies.ts";
import { callsOf } from "./calls.ts";

/**
 * An exchange as a support ticket in Markdown: whose side, cause, fix, money, ids, times, bytes (masked when they were
 * kept). In English, as the findings are: it is read by both companies. `address`: of the exchange's page.
 */
export function ticketOf(exchange: Exchange, round: Round | undefined, address: string): string {
  const [finding] = exchange.findings;
  const call = `${exchange.method} ${exchange.path}`;
  return [
    `## ${call}: ${finding ? `${finding.title} (${finding.code})` : outcomeOf(exchange)}`,
    facts(exchange, round, address),
    ...(finding
      ? [
          `**Cause.** ${finding.detail}`,
          `**What to change.** ${finding.hint}`,
          ...(finding.fix ? [fenced(finding.fix)] : []),
          ...(finding.rules.length > 0 ? [`Shown by \`croupier certify ${finding.rules.join(" ")}\``] : []),
        ]
      : []),
    "### Request",
    fenced(message(`${exchange.method} ${exchange.request.url}`, exchange.request), "http"),
    "### Answer",
    exchange.status === null
      ? `No answer: ${exchange.answer.no_answer ?? "unknown"}`
      : fenced(message(`HTTP ${String(exchange.status)}`, exchange.answer), "http"),
    ...(exchange.expected !== null && finding
      ? ["What a right answer looks like (the values are an example):", fenced(exchange.expected, "json")]
      : []),
    ...(round ? [calls(round, exchange.exchange_id)] : []),
  ].join("\n\n");
}

const SIDES = { yours: "operator", ours: "platform", network: "network" };

function facts(exchange: Exchange, round: Round | undefined, address: string): string {
  const { timing } = exchange;
  const side = exchange.findings[0]?.side;
  const lines: [string, string | null][] = [
    ["Side", side ? SIDES[side] : null],
    ["Verdict", [exchange.verdict, exchange.why && code(exchange.why)].filter(Boolean).join(", ")],
    ["Money", moneyOf(exchange, round)],
    ["Exchange", `${code(exchange.exchange_id)} ${address}`],
    ["Direction", exchange.direction === "out" ? "platform → wallet" : "operator → platform"],
    ["Sent at", exchange.at],
    ["Took", `${ms(timing.total_us)}${phases(timing)}`],
    ["Attempt", String(exchange.attempt)],
    ["Transaction", exchange.transaction_id && code(exchange.transaction_id)],
    ["Round", exchange.round_id && `${code(exchange.round_id)}${round ? `, ${round.state}` : ""}`],
    ["Player", exchange.player_id && code(exchange.player_id)],
    ["Session", exchange.session_id && code(exchange.session_id)],
    [
      "Check",
      exchange.certification_id && `${code(exchange.certification_id)}, rule ${exchange.rule_id ?? "?"}`,
    ],
  ];
  return lines.flatMap(([name, value]) => (value ? [`- **${name}:** ${value}`] : [])).join("\n");
}

/** As the money line of the page: `Bet 1.00 EUR: returned; balance 100.00 → 100.00`. */
export function moneyOf(exchange: Pick<Exchange, "transaction_id">, round: Round | undefined): string | null {
  const found = round?.transactions.find((one) => one.transaction_id === exchange.transaction_id);
  if (!round || !found) return null;
  const text = (minor: number | null) =>
    minor === null ? "not said" : minorToDecimal(minor, round.exponent);
  const { balance_before: before, balance_after: after } = found;
  const balance = before === null && after === null ? "" : `; balance ${text(before)} → ${text(after)}`;
  return `${found.kind} ${text(found.amount)} ${found.currency}: ${found.became.replaceAll("_", " ")}${balance}`;
}

function calls(round: Round, here: string): string {
  const rows = callsOf(round).map(({ call, transaction, number }) => {
    const answer =
      call.status === null ? call.why || "no answer" : `${String(call.status)} ${call.why}`.trim();
    const name = `${transaction.kind}${number > 1 ? ` (${String(number)})` : ""}`;
    const cells = [call.at, name, cell(answer), call.verdict, code(call.exchange_id)];
    return `| ${cells.join(" | ")}${call.exchange_id === here ? " ← this one" : ""} |`;
  });
  return [
    "### All calls of this round",
    "",
    "| At | Call | Answer | Verdict | Exchange |",
    "|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}

function outcomeOf({ verdict, why }: Exchange): string {
  return why ? `${verdict}, ${why}` : verdict;
}

function message(first: string, { headers, body }: Pick<Exchange["request"], "headers" | "body">): string {
  const named = headerPairs(headers).map(([name, value]) => `${name}: ${value}`);
  return [first, ...named, ...(body ? ["", body] : [])].join("\n");
}

function phases(timing: Exchange["timing"]): string {
  const known = (
    [
      ["DNS", timing.dns_us],
      ["connect", timing.connect_us],
      ["TLS", timing.tls_us],
      ["first byte", timing.first_byte_us],
    ] as const
  ).flatMap(([name, us]) => (us === null ? [] : [`${name} ${ms(us)}`]));
  return known.length > 0 ? ` (${known.join(", ")})` : "";
}

const ms = (us: number) => `${(us / 1000).toFixed(1)} ms`;
const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const code = (text: string) => `\`${text.replaceAll("`", "'").replaceAll("\n", " ")}\``;

/** A block that nothing in it can end: whatever a wallet has sent stands inside. */
function fenced(text: string, language = ""): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
