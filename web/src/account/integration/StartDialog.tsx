import { Button, NativeSelect, SegmentedControl, Text, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Dialog } from "../parts/Dialog.tsx";
import { Failure } from "../parts/Situations.tsx";
import type { Certification, CertificationBody, Me } from "../types.ts";

const LEVELS = ["production", "money-safe", "basic"] as const;

type Props = {
  me: Me;
  before: Certification | undefined;
  rules: string[];
  send: (body: CertificationBody) => void;
  pending: boolean;
  error: unknown;
  close: () => void;
};

/** Which players to play with, and what to try; as it was the last time. */
export function StartDialog({ me, before, rules, send, pending, error, close }: Props) {
  const { t } = useTranslation("account");
  const known = before?.players_url ?? me.players_url ?? "";
  const [source, setSource] = useState<"url" | "ids">(
    me.test && (known !== "" || !before?.player_ids.length) ? "url" : "ids",
  );
  const [url, setUrl] = useState(known);
  const [ids, setIds] = useState(before?.player_ids.join("\n") ?? "");
  const [level, setLevel] = useState<string>(before?.whole ? before.level : "production");
  const [currency, setCurrency] = useState(before?.currency ?? (me.currencies.includes("EUR") ? "EUR" : ""));
  const [hooks, setHooks] = useState(before?.hooks_url ?? "");
  const [second, setSecond] = useState(before?.second_currency ?? "");
  const others = me.currencies.filter((one) => one !== (currency || me.currencies[0]));
  const players = ids.split(/[\s,;]+/).filter(Boolean);
  return (
    <Dialog
      title={
        rules.length > 0 ? t("integration.runRule", { rule: rules.join(", ") }) : t("integration.runAll")
      }
      close={close}
    >
      <form
        className="stacked"
        onSubmit={(event) => {
          event.preventDefault();
          send({
            rules,
            level: level as (typeof LEVELS)[number],
            ...(currency ? { currency } : {}),
            ...(source === "url" ? { players_url: url } : { player_ids: players }),
            ...(me.test && hooks ? { hooks_url: hooks } : {}),
            ...(others.includes(second) ? { second_currency: second } : {}),
          } as CertificationBody);
        }}
      >
        <Text size="sm">{me.test ? t("integration.start.hint") : t("integration.start.hintLive")}</Text>
        {me.test && (
          <SegmentedControl
            size="xs"
            aria-label={t("integration.start.source")}
            value={source}
            onChange={(value) => {
              setSource(value as "url" | "ids");
            }}
            data={[
              { value: "url", label: t("integration.start.byUrl") },
              { value: "ids", label: t("integration.start.byIds") },
            ]}
          />
        )}
        {source === "url" ? (
          <TextInput
            data-first-field
            required
            type="url"
            label={t("integration.start.url")}
            description={t("integration.start.urlHint")}
            placeholder="https://wallet.test.example/players"
            value={url}
            onChange={(event) => {
              setUrl(event.currentTarget.value);
            }}
          />
        ) : (
          <Textarea
            data-first-field
            required
            autosize
            minRows={3}
            maxRows={8}
            label={t("integration.start.ids")}
            description={t("integration.start.idsHint")}
            value={ids}
            onChange={(event) => {
              setIds(event.currentTarget.value);
            }}
          />
        )}
        <div className="row">
          {rules.length === 0 && (
            <NativeSelect
              label={t("integration.start.level")}
              value={level}
              data={LEVELS.map((one) => ({ value: one, label: t(`integration.levels.${one}`) }))}
              onChange={(event) => {
                setLevel(event.currentTarget.value);
              }}
            />
          )}
          <NativeSelect
            label={t("integration.start.currency")}
            value={currency || me.currencies[0]}
            data={me.currencies}
            onChange={(event) => {
              setCurrency(event.currentTarget.value);
            }}
          />
          {others.length > 0 && (
            <NativeSelect
              label={t("integration.start.second")}
              value={second}
              data={[{ value: "", label: t("integration.start.secondNone") }, ...others]}
              onChange={(event) => {
                setSecond(event.currentTarget.value);
              }}
            />
          )}
        </div>
        {me.test && (
          <TextInput
            type="url"
            label={t("integration.start.hooks")}
            description={t("integration.start.hooksHint")}
            placeholder="https://wallet.test.example/hooks"
            value={hooks}
            onChange={(event) => {
              setHooks(event.currentTarget.value);
            }}
          />
        )}
        {error !== null && error !== undefined && <Failure error={error} />}
        <div className="row">
          <Button type="submit" loading={pending}>
            {t("integration.start.go")}
          </Button>
          <Button variant="default" onClick={close}>
            {t("cancel")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
