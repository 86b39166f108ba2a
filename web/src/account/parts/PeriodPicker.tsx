import { NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { dayOf, lastDays, PRESET_DAYS, presetOf, type PeriodSearch, type Preset } from "../filters.ts";

type Props = {
  value: PeriodSearch;
  onChange: (period: PeriodSearch) => void;
  presets: readonly Preset[];
  /** What no period means here. */
  none: Preset;
};

/** A span of whole UTC days: a preset, or two dates. */
export function PeriodPicker({ value, onChange, presets, none }: Props) {
  const { t } = useTranslation("account");
  const [now] = useState(() => Date.now());
  const [custom, setCustom] = useState(presetOf(value, now, none) === "custom");
  const shown: Preset = custom ? "custom" : presetOf(value, now, none);
  const choose = (preset: Preset) => {
    setCustom(preset === "custom");
    if (preset === none) onChange({});
    else if (preset !== "custom" && preset !== "all") onChange(lastDays(PRESET_DAYS[preset], now));
  };
  return (
    <>
      <NativeSelect
        label={t("period.label")}
        value={shown}
        onChange={(event) => {
          choose(event.currentTarget.value as Preset);
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
