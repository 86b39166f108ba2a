import { useTranslation } from "react-i18next";

import { formatMoney } from "../money.ts";
import type { BreakState, Visitor, WireCall } from "./backend.ts";
import { useModes } from "./modes.ts";
import { balanceOf, errorOf, kindOf, movementOf } from "./wire.ts";

/** One wallet call in a line; opened, its bodies. */
export function CallLine({
  call,
  visitor,
  breaking,
}: {
  call: WireCall;
  visitor: Visitor;
  breaking: BreakState;
}) {
  const { t, i18n } = useTranslation("casino");
  const { wordsOf } = useModes(breaking);
  const kind = kindOf(call);
  const movement = movementOf(call);
  const error = errorOf(call);
  const path = call.path.split("/").at(-1) ?? call.path;
  const amount = movement ?? (kind === "balance" ? balanceOf(call) : null);
  const money = amount === null ? "" : formatMoney(amount, visitor.currency, visitor.exponent, i18n.language);
  const tone = call.broken_by !== null ? "broken" : error ? "refused" : "fine";
  return (
    <details className={`wire-call ${tone}`} data-testid="wire-call" data-kind={kind ?? path}>
      <summary>
        <span className="mono wire-path">
          {call.method} /{path}
        </span>
        <span className="wire-status mono">{call.status ?? t("hood.hungUp")}</span>
        <span className={`wire-money ${error ? "asked" : kind === "balance" ? "dim" : ""}`}>
          {movement !== null && movement > 0 ? `+${money}` : money}
        </span>
        <span className="wire-ms dim">
          {new Intl.NumberFormat(i18n.language).format(Math.round(call.ms))} ms
        </span>
        {call.broken_by !== null && (
          <span className="wire-note">{t("hood.brokenBy", { mode: wordsOf(call.broken_by).title })}</span>
        )}
        {call.broken_by === null && error && <span className="wire-note mono">{error}</span>}
      </summary>
      <Body title={t("hood.request")} value={call.request} />
      <Body title={t("hood.answer")} value={call.answer ?? t("hood.noAnswer")} />
    </details>
  );
}

function Body({ title, value }: { title: string; value: unknown }) {
  return (
    <div className="wire-body">
      <h3>{title}</h3>
      <pre tabIndex={0} aria-label={title}>
        {typeof value === "string" ? value : JSON.stringify(value, null, 2)}
      </pre>
    </div>
  );
}
