import type { CertificationItem, CheckedRule } from "../types.ts";

export type Verdict = NonNullable<CheckedRule["verdict"]>;

/** As they are told: what needs somebody first. */
export const ORDER: readonly Verdict[] = ["FAIL", "ERROR", "WARN", "BLOCKED", "SKIP", "PASS"];

export function isOpen({ state }: Pick<CertificationItem, "state">): boolean {
  return state === "queued" || state === "running";
}

export type Group = { name: string; rules: CheckedRule[] };

/** The rules by group, in the order in which they run. */
export function groupsOf(rules: readonly CheckedRule[]): Group[] {
  const groups: Group[] = [];
  for (const rule of rules) {
    const group = groups.find(({ name }) => name === rule.group);
    if (group) group.rules.push(rule);
    else groups.push({ name: rule.group, rules: [rule] });
  }
  return groups;
}

/** How often each verdict stands in a group, what needs somebody first; rules that wait are left out. */
export function countsOf(rules: readonly CheckedRule[]): [Verdict, number][] {
  return ORDER.map((verdict): [Verdict, number] => [
    verdict,
    rules.filter((rule) => rule.verdict === verdict).length,
  ]).filter(([, count]) => count > 0);
}

/** The rule to open by itself: the first that failed, else the first that the kit could not judge. */
export function firstToShow(rules: readonly CheckedRule[]): string | undefined {
  const of = (wanted: Verdict) => rules.find(({ verdict }) => verdict === wanted)?.id;
  return of("FAIL") ?? of("ERROR");
}
