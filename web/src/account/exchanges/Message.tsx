import { Paper, SegmentedControl, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Headers } from "../types.ts";
import { headerPairs, prettyJson } from "./bodies.ts";
import { marked } from "./sides.ts";

/** One side of an exchange: the bytes as they were, or the JSON in them with indents. */
export function Message(props: {
  title: string;
  address: string;
  headers: Headers | undefined;
  body: string;
  /** Where the proof is, in the raw body. */
  spans?: readonly (readonly number[])[];
  /** What a right body looks like. */
  expected?: string | null;
}) {
  const { t } = useTranslation("account");
  const { title, address, body, spans = [], expected = null } = props;
  // What is underlined are bytes: only the raw form has them.
  const [form, setForm] = useState<"pretty" | "raw">(spans.length > 0 ? "raw" : "pretty");
  const pretty = prettyJson(body);
  const headers = headerPairs(props.headers);
  return (
    <Paper withBorder className="fill" component="section">
      <div className="panel-head">
        <Title order={2} size="h5">
          {title}
        </Title>
        {pretty !== null && (
          <SegmentedControl
            size="xs"
            aria-label={t("exchanges.form", { title })}
            value={form}
            onChange={(value) => {
              setForm(value as "pretty" | "raw");
            }}
            data={[
              { value: "pretty", label: t("exchanges.pretty") },
              { value: "raw", label: t("exchanges.raw") },
            ]}
          />
        )}
      </div>
      <div className="message">
        <div className="mono small break">{address}</div>
        {body === "" ? (
          <p className="dim">{t("exchanges.noBody")}</p>
        ) : (
          <pre className="code" tabIndex={0} aria-label={t("exchanges.body", { title })}>
            {form === "pretty" && pretty !== null
              ? pretty
              : marked(body, spans).map((part, index) =>
                  part.marked ? <mark key={index}>{part.text}</mark> : part.text,
                )}
          </pre>
        )}
        {expected !== null && (
          <>
            <p className="dim small">{t("exchanges.expected")}</p>
            <pre className="code" tabIndex={0} aria-label={t("exchanges.expected")}>
              {prettyJson(expected) ?? expected}
            </pre>
          </>
        )}
        {headers.length > 0 && (
          <details open>
            <summary>{t("exchanges.headers", { count: headers.length })}</summary>
            <table className="headers">
              <tbody>
                {headers.map(([name, value], index) => (
                  <tr key={index}>
                    <th scope="row">{name}</th>
                    <td>{value}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </details>
        )}
      </div>
    </Paper>
  );
}
