import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Link } from "../navigation.tsx";
import { Amount } from "../parts/Amount.tsx";
import { isKey, StateBadge, StatusBadge, VerdictBadge } from "../parts/Badges.tsx";
import { PlainId } from "../parts/Id.tsx";
import type { CallItem, Round, Step, Transaction } from "../types.ts";
import { Time } from "../zone.tsx";
import { momentsOf, since } from "./moments.ts";

/** Launch to close, with every wallet call where it happened. */
export function Timeline({ round }: { round: Round }) {
  const { t } = useTranslation("account");
  return (
    <ol className="timeline" data-testid="timeline">
      {momentsOf(round).map((moment, index) => {
        const after = since(moment.at, round.opened_at);
        switch (moment.what) {
          case "opened":
            return (
              <Entry key={index} at={moment.at} after={after} title={t("timeline.opened")}>
                <p className="dim">{t("timeline.openedBy", { player: round.player_id })}</p>
              </Entry>
            );
          case "transaction":
            return (
              <Entry
                key={index}
                at={moment.at}
                after={after}
                title={<TransactionTitle transaction={moment.transaction} />}
                badge={<StateBadge state={moment.transaction.state} />}
              >
                <Calls transaction={moment.transaction} round={round} />
              </Entry>
            );
          case "outcome":
            return (
              <Entry
                key={index}
                at={moment.at}
                after={after}
                title={t("timeline.outcome", { action: moment.step.action })}
              >
                <Outcome step={moment.step} />
              </Entry>
            );
          case "finished":
            return (
              <Entry
                key={index}
                at={moment.at}
                after={after}
                title={t("timeline.finished")}
                badge={<StateBadge state={moment.state} />}
              />
            );
        }
      })}
    </ol>
  );
}

type EntryProps = { at: string; after: number; title: ReactNode; badge?: ReactNode; children?: ReactNode };

function Entry({ at, after, title, badge, children }: EntryProps) {
  const { t, i18n } = useTranslation("account");
  return (
    <li>
      <div className="entry-head">
        <strong>{title}</strong>
        {badge}
        <span className="grow" />
        <span className="dim small">
          <Time at={at} precision="time" />
          {after > 0 && (
            <> · {t("timeline.after", { ms: new Intl.NumberFormat(i18n.language).format(after) })}</>
          )}
        </span>
      </div>
      {children}
    </li>
  );
}

function TransactionTitle({ transaction }: { transaction: Transaction }) {
  const { t } = useTranslation("account");
  const kinds = { bet: 0, win: 0, rollback: 0, end_round: 0 };
  return isKey(kinds, transaction.kind) ? t(`kinds.${transaction.kind}`) : transaction.kind;
}

function Calls({ transaction, round }: { transaction: Transaction; round: Round }) {
  const { t } = useTranslation("account");
  return (
    <div className="transaction">
      <div className="row">
        <Amount
          minor={transaction.amount}
          currency={transaction.currency}
          exponent={round.exponent}
          testId={`transaction-${transaction.kind}`}
        />
        <PlainId id={transaction.transaction_id} />
        <span className="dim small">
          {t("timeline.attempts", { count: Math.max(transaction.attempts, transaction.calls.length) })}
          {transaction.effect && effect(transaction.effect)}
        </span>
      </div>
      {transaction.operator_reference && (
        <div className="dim small">
          {t("timeline.reference")} <PlainId id={transaction.operator_reference} />
        </div>
      )}
      <ul className="calls">
        {transaction.calls.map((call, index) => (
          <Call key={call.exchange_id} call={call} number={index + 1} />
        ))}
      </ul>
    </div>
  );

  function effect(value: string): string {
    const effects = { moved: 0, none: 0, unsure: 0 };
    return isKey(effects, value) ? ` · ${t(`effects.${value}`)}` : ` · ${value}`;
  }
}

function Call({ call, number }: { call: CallItem; number: number }) {
  const { t, i18n } = useTranslation("account");
  return (
    <li>
      <Link to={{ page: "exchange", exchangeId: call.exchange_id }} className="call">
        <span className="spoken-only">{t("timeline.openCall", { number })}</span>
        <span className="mono">
          → {call.method} {call.path}
        </span>
        <StatusBadge status={call.status} why={call.why} />
        <span className="number">{new Intl.NumberFormat(i18n.language).format(call.total_ms)} ms</span>
        <VerdictBadge verdict={call.verdict} />
        {call.why && call.status !== null && <span className="dim small">{call.why}</span>}
      </Link>
    </li>
  );
}

function Outcome({ step }: { step: Step }) {
  const { t } = useTranslation("account");
  if (step.reveals.length === 0) return null;
  return (
    <p className="dim small">
      {t("timeline.reveals", { count: step.reveals.length })}: {step.reveals.map(kindOf).join(" → ")}
    </p>
  );
}

function kindOf(reveal: unknown): string {
  return typeof reveal === "object" && reveal !== null && "kind" in reveal ? String(reveal.kind) : "?";
}
