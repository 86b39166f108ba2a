import { NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { dayOf, lastDays, presetOf, type PeriodSearch, type Preset } from "../filters.ts";

type Props = { value: PeriodSearch; onChange: (period: PeriodSearch) => void };

/** A span of whole UTC days: a preset, or two dates. */
export function PeriodPicker({ value, onChange }: Props) {
  const { t } = useTranslation("account");
  const [now] = useState(() => Date.now());
  const [custom, setCustom] = useState(presetOf(value, now) === "custom");
  const shown: Preset = custom ? "custom" : presetOf(value, now);
  const choose = (preset: string) => {
    setCustom(preset === "custom");
    if (preset === "all") onChange({});
    else if (preset === "today") onChange(lastDays(1, now));
    else if (preset === "7d") onChange(lastDays(7, now));
    else if (preset === "30d") onChange(lastDays(30, now));
  };
  const presets: Preset[] = ["today", "7d", "30d", "all", "custom"];
  return (
    <>
      <NativeSelect
        label={t("period.label")}
        value={shown}
        onChange={(event) => {
          choose(event.currentTarget.value);
        }}
        data={presets.map((preset) => ({ value: preset, label: t(`period.${preset}`) }))}
      />
      {custom && (
        <>
          <TextInput
            type="date"
            label={t("period.from")}
            max={value.to ?? dayOf(now)}
            value={value.from ?? ""}
            onChange={(event) => {
              onChange({ from: event.currentTarget.value || undefined, to: value.to });
            }}
          />
          <TextInput
            type="date"
            label={t("period.to")}
            min={value.from}
            value={value.to ?? ""}
            onChange={(event) => {
              onChange({ from: value.from, to: event.currentTarget.value || undefined });
            }}
          />
        </>
      )}
    </>
  );
}
