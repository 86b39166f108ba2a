import { Paper, SegmentedControl, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Headers } from "../types.ts";
import { headerPairs, prettyJson } from "./bodies.ts";

/** One side of an exchange: the bytes as they were, or the JSON in them with indents. */
export function Message(props: {
  title: string;
  address: string;
  headers: Headers | undefined;
  body: string;
}) {
  const { t } = useTranslation("account");
  const [form, setForm] = useState<"pretty" | "raw">("pretty");
  const { title, address, body } = props;
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
            {form === "pretty" && pretty !== null ? pretty : body}
          </pre>
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
