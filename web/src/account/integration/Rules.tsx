import { Button, Paper } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Certification, CheckedRule } from "../types.ts";
import { RuleDetail } from "./RuleDetail.tsx";
import { countsOf, firstToShow, groupsOf, type Group } from "./verdicts.ts";
import { VerdictWord } from "./VerdictWord.tsx";

type Again = ((rules: string[]) => void) | null;

/** Every rule by group as it is judged. What needs somebody is open, the first cause with its bytes. */
export function Rules({ run, again }: { run: Certification; again: Again }) {
  const first = firstToShow(run.results);
  // What a reader has opened or closed himself; the rest follows what is found.
  const [chosen, setChosen] = useState<Record<string, boolean>>({});
  const set = (key: string, open: boolean) => {
    setChosen((before) => ({ ...before, [key]: open }));
  };
  return groupsOf(run.results).map((group) => (
    <GroupPanel
      key={group.name}
      group={group}
      run={run}
      again={again}
      isOpen={(key, byItself) => chosen[key] ?? byItself}
      set={set}
      first={first}
    />
  ));
}

type PanelProps = {
  group: Group;
  run: Certification;
  again: Again;
  isOpen: (key: string, byItself: boolean) => boolean;
  set: (key: string, open: boolean) => void;
  first: string | undefined;
};

function GroupPanel({ group, run, again, isOpen, set, first }: PanelProps) {
  const { t } = useTranslation("account");
  const { name, rules } = group;
  const needs = rules.some(({ verdict }) => verdict === "FAIL" || verdict === "WARN" || verdict === "ERROR");
  const key = `group ${name}`;
  const open = isOpen(key, needs);
  const title = t(`integration.groups.${name as "connection"}`, { defaultValue: name });
  return (
    <Paper withBorder mb="xs" component="section" data-testid={`group-${name}`}>
      <div className="rule-group">
        <h3>
          <button
            type="button"
            aria-expanded={open}
            onClick={() => {
              set(key, !open);
            }}
          >
            <span className="twist" aria-hidden />
            {title}
          </button>
        </h3>
        <span className="marks" aria-hidden>
          {rules.map((rule) => (
            <i key={rule.id} data-verdict={rule.verdict ?? ""} title={rule.id} />
          ))}
        </span>
        <span className="row rule-counts">
          {countsOf(rules).map(([verdict, count]) => (
            <VerdictWord key={verdict} verdict={verdict} count={count} />
          ))}
          {again && (
            <Button
              size="compact-xs"
              variant="subtle"
              aria-label={`${t("integration.run")}: ${title}`}
              onClick={() => {
                again([name]);
              }}
            >
              {t("integration.run")}
            </Button>
          )}
        </span>
      </div>
      {open && (
        <ul className="rules">
          {rules.map((rule) => (
            <RuleRow
              key={rule.id}
              rule={rule}
              run={run}
              again={again}
              open={rule.verdict !== null && isOpen(rule.id, rule.id === first)}
              toggle={(wanted) => {
                set(rule.id, wanted);
              }}
            />
          ))}
        </ul>
      )}
    </Paper>
  );
}

type RowProps = {
  rule: CheckedRule;
  run: Certification;
  again: Again;
  open: boolean;
  toggle: (open: boolean) => void;
};

function RuleRow({ rule, run, again, open, toggle }: RowProps) {
  const waits = rule.verdict === null;
  return (
    <li id={rule.id} data-testid={`rule-${rule.id}`} data-verdict={rule.verdict ?? ""}>
      <button
        type="button"
        className="rule"
        aria-expanded={open}
        disabled={waits}
        onClick={() => {
          toggle(!open);
        }}
      >
        <VerdictWord verdict={rule.verdict} />
        <span className="mono rule-id">{rule.id}</span>
        <span className="rule-text">
          {rule.requirement}
          {rule.note && <span className="dim small"> {rule.note}</span>}
        </span>
        <span className="number dim small">{rule.ms === null ? "" : `${String(rule.ms)} ms`}</span>
      </button>
      {open && <RuleDetail rule={rule} certificationId={run.certification_id} again={again} />}
    </li>
  );
}
