import { Anchor, Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { Link } from "../navigation.tsx";
import { CopyTextButton } from "../parts/Copy.tsx";
import { Failure, Loading } from "../parts/Situations.tsx";
import { checkedRuleQuery } from "../queries.ts";
import type { CheckedRule, CheckedRuleDetail } from "../types.ts";
import { prettyJson } from "../exchanges/bodies.ts";

type Props = { rule: CheckedRule; certificationId: string; again: ((rules: string[]) => void) | null };

/** Why, what to change, and the bytes that prove it. */
export function RuleDetail({ rule, certificationId, again }: Props) {
  const { t } = useTranslation("account");
  const detail = useQuery(checkedRuleQuery(certificationId, rule.id));
  const [first, ...others] = rule.causes;
  return (
    <div className="rule-detail">
      <p className="dim small">
        {t(`integration.${rule.level}`)} {t("integration.guards", { guards: rule.guards })}
      </p>
      {rule.expected && (
        <dl className="difference">
          <div>
            <dt>{t("integration.expected")}</dt>
            <dd className="mono break">{rule.expected}</dd>
          </div>
          <div>
            <dt>{t("integration.got")}</dt>
            <dd className="mono break">{rule.got}</dd>
          </div>
        </dl>
      )}
      {first && <CauseText cause={first} first />}
      {others.length > 0 && (
        <details className="others">
          <summary>{t("cause.others", { count: others.length })}</summary>
          {others.map((cause) => (
            <CauseText key={cause.code} cause={cause} />
          ))}
        </details>
      )}
      {detail.isPending ? (
        <Loading rows={2} />
      ) : detail.isError ? (
        <Failure error={detail.error} />
      ) : (
        <Wire detail={detail.data} />
      )}
      {again && (
        <Button
          size="compact-xs"
          variant="default"
          mt="xs"
          onClick={() => {
            again([rule.id]);
          }}
        >
          {t("integration.runRule", { rule: rule.id })}
        </Button>
      )}
    </div>
  );
}

function CauseText({ cause, first = false }: { cause: CheckedRule["causes"][number]; first?: boolean }) {
  const { t } = useTranslation("account");
  return (
    <div className="cause" data-testid={first ? "cause" : undefined} data-code={cause.code}>
      <Text fw={600} m={0}>
        {cause.title}
      </Text>
      <p className="break">{cause.detail}</p>
      <p>
        <strong>{t("cause.fix")}</strong> <Coded text={cause.fix} />
      </p>
      <Anchor href={cause.doc_url} underline="always" size="sm">
        {t("cause.docs", { code: cause.code })}
      </Anchor>
    </div>
  );
}

/** Names stand between backticks, as in Markdown. */
function Coded({ text }: { text: string }) {
  const parts = text.split("`");
  if (parts.length % 2 === 0) return text;
  return parts.map((part, index) => (index % 2 ? <code key={index}>{part}</code> : part));
}

function Wire({ detail }: { detail: CheckedRuleDetail }) {
  const { t } = useTranslation("account");
  if (detail.calls.length === 0) return null;
  const bytes = new Map(detail.evidence.map((one) => [one.exchange_id, one]));
  return (
    <>
      <Text fw={600} size="sm" mt="sm" m={0}>
        {t("integration.calls", { count: detail.calls.length })}
      </Text>
      <ol className="attempts wire">
        {detail.calls.map((call, index) => {
          const shown = bytes.get(call.exchange_id);
          return (
            <li key={call.exchange_id}>
              <Link to={{ page: "exchange", exchangeId: call.exchange_id }} className="call">
                <span className="mono">
                  {call.call} {call.transaction}
                </span>
                {call.retry && <span className="dim small">{t("integration.again")}</span>}
                <span className="mono">→ {call.answer}</span>
                <span className="number dim small">{call.ms} ms</span>
              </Link>
              {shown && (
                <details open={index === detail.calls.length - 1}>
                  <summary>{t("integration.bytes")}</summary>
                  <Bytes text={shown.request.body} label={t("exchanges.request")} />
                  <Bytes
                    text={shown.answer.no_answer ?? shown.answer.body}
                    label={`${t("exchanges.answer")} ${String(shown.answer.status ?? "")}`}
                  />
                  <CopyTextButton value={shown.curl} label={t("exchanges.curl")} />
                </details>
              )}
            </li>
          );
        })}
      </ol>
    </>
  );
}

function Bytes({ text, label }: { text: string; label: string }) {
  return (
    <>
      <p className="dim small">{label}</p>
      <pre className="code" tabIndex={0} aria-label={label}>
        {prettyJson(text) ?? text}
      </pre>
    </>
  );
}
