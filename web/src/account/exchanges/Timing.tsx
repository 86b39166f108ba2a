import { Paper, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Exchange } from "../types.ts";
import { phasesOf } from "./phases.ts";

export function Timing({ timing }: { timing: Exchange["timing"] }) {
  const { t, i18n } = useTranslation("account");
  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 3 });
  const phases = phasesOf(timing);
  if (phases.length === 0) return null;
  const sum = phases.reduce((all, { ms }) => all + ms, 0) || 1;
  return (
    <Paper withBorder mt="md" component="section">
      <div className="panel-head">
        <Title order={2} size="h5">
          {t("timing.title")}
        </Title>
      </div>
      <div className="timing">
        <div className="timing-bar" aria-hidden>
          {phases.map(({ name, ms }) => (
            <span key={name} className={`timing-${name}`} style={{ flexGrow: Math.max(ms / sum, 0.005) }} />
          ))}
        </div>
        <dl className="row">
          {phases.map(({ name, ms }) => (
            <div key={name} className="row">
              <dt>
                <span className={`swatch timing-${name}`} aria-hidden /> {t(`timing.${name}`)}
              </dt>
              <dd className="number">{number.format(ms)} ms</dd>
            </div>
          ))}
        </dl>
      </div>
    </Paper>
  );
}
