import { Paper, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { Copy } from "../parts/Copy.tsx";
import type { SignatureSteps } from "../types.ts";

/** How the signature is made, step by step, so that the other side can compare each. Secrets are only named. */
export function Signature({ steps }: { steps: SignatureSteps }) {
  const { t } = useTranslation("account");
  const title = steps.of === "request" ? t("signature.ofRequest") : t("signature.ofAnswer");
  return (
    <Paper withBorder mt="md" component="section" data-testid={`signature-${steps.of}`}>
      <div className="panel-head">
        <Title order={2} size="h5">
          {title}
        </Title>
        <span className="mono small dim">{steps.header}</span>
      </div>
      <ol className="steps">
        <li>
          <strong>{t("signature.text")}</strong> {steps.parts.join(" + ")}
          <Value text={steps.text} what={t("signature.text")} block />
        </li>
        {steps.text_sha256 !== null && (
          <li>
            <strong>{t("signature.sha256")}</strong>
            <Value text={steps.text_sha256} what={t("signature.sha256")} />
          </li>
        )}
        <li>
          <strong>{t("signature.key")}</strong> {steps.key}
        </li>
        <li>
          <strong>{t("signature.result")}</strong> {steps.algorithm}
          {steps.expected !== null && <Value text={steps.expected} what={t("signature.result")} />}
          {steps.expected === null && steps.text_sha256 !== null && (
            <Text c="dimmed" size="sm">
              {t("signature.hidden")}
            </Text>
          )}
        </li>
        {steps.given !== null && (
          <li>
            <strong>{t("signature.given")}</strong>
            <Value text={steps.given} what={t("signature.given")} />
          </li>
        )}
      </ol>
      {steps.mistakes.length > 0 && (
        <details className="mistakes">
          <summary>{t("signature.mistakes")}</summary>
          <table className="headers">
            <tbody>
              {steps.mistakes.map(({ mistake, signature }) => (
                <tr key={mistake}>
                  <th scope="row">{mistake}</th>
                  <td className="mono">{signature}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </Paper>
  );
}

function Value({ text, what, block = false }: { text: string; what: string; block?: boolean }) {
  return (
    <div className="value">
      {block ? (
        <pre className="code" tabIndex={0} aria-label={what}>
          {text}
        </pre>
      ) : (
        <code className="mono small break">{text}</code>
      )}
      <Copy value={text} what={what} />
    </div>
  );
}
