import { Paper, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { Amount } from "../parts/Amount.tsx";
import type { Round } from "../types.ts";

/** Every number that was drawn, and what the game made of it: enough to play the round again. */
export function Draws({ round }: { round: Round }) {
  const { t } = useTranslation("account");
  if (round.steps.length === 0) return null;
  return (
    <section aria-labelledby="draws-title">
      <Paper withBorder mt="md">
        <div className="panel-head">
          <Title order={2} size="h5" id="draws-title">
            {t("draws.title")}
          </Title>
          <Text size="sm" c="dimmed">
            {t("draws.hint", { version: round.game_version })}
          </Text>
        </div>
        <ol className="steps" data-testid="draws">
          {round.steps.map((step, index) => (
            <li key={index}>
              <div className="row">
                <strong>{step.action}</strong>
                {step.cost > 0 && (
                  <Amount minor={step.cost} currency={round.currency} exponent={round.exponent} />
                )}
                {step.choice !== null && (
                  <code className="mono small ellipsis">{JSON.stringify(step.choice)}</code>
                )}
              </div>
              <div className="draws">
                {step.draws.length === 0 && <span className="dim small">{t("draws.none")}</span>}
                {step.draws.map(([below, value], draw) => (
                  <span key={draw} className="draw mono" title={t("draws.one", { value, below })}>
                    {value}
                    <span className="dim">/{below}</span>
                  </span>
                ))}
              </div>
              <details>
                <summary>{t("draws.reveals", { count: step.reveals.length })}</summary>
                <pre className="code" tabIndex={0}>
                  {step.reveals.map((reveal) => JSON.stringify(reveal)).join("\n")}
                </pre>
              </details>
            </li>
          ))}
        </ol>
      </Paper>
    </section>
  );
}
