import { Alert, Button, Code, Paper, PasswordInput, Radio, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { account } from "../http.ts";
import { Amount } from "../parts/Amount.tsx";
import { StateBadge } from "../parts/Badges.tsx";
import { PlainId } from "../parts/Id.tsx";
import { Failure, Loading } from "../parts/Situations.tsx";
import { meQuery, resolutionsQuery } from "../queries.ts";
import type { Choice, Resolution as Proposal, Round } from "../types.ts";
import { Time } from "../zone.tsx";
import { StopRound } from "./StopRound.tsx";
import { saysEnough, Words } from "./Words.tsx";

/** How a suspended round goes on: one person proposes with evidence and a reason, another one approves. */
export function Resolution({ round }: { round: Round }) {
  const { t } = useTranslation("account");
  const found = useQuery(resolutionsQuery(round.round_id));
  const me = useQuery(meQuery);
  if (found.isPending || me.isPending) return <Loading rows={3} />;
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  const { choices, items, cause } = found.data;
  const acts = me.data?.acts ?? [];
  const stops =
    (found.data.void && acts.includes("propose_void")) ||
    (found.data.may_suspend && acts.includes("suspend"));
  if (choices.length === 0 && items.length === 0 && !stops) return null;
  return (
    <section aria-labelledby="resolution-title" data-testid="resolution">
      <Paper withBorder mb="md">
        <div className="panel-head">
          <Title order={2} size="h5" id="resolution-title">
            {t("resolution.title")}
          </Title>
          {cause && <Code>{cause}</Code>}
        </div>
        <Stack p="md" gap="md">
          {items.map((item) => (
            <Shown
              key={item.resolution_id}
              item={item}
              round={round}
              mine={item.proposed_by === me.data?.email}
              may={acts.includes(item.to === "void" ? "approve_void" : "approve_resolution")}
            />
          ))}
          {choices.length > 0 &&
            (acts.includes("propose_resolution") ? (
              <Propose round={round} choices={choices} />
            ) : (
              <Text c="dimmed">{t("resolution.notYou")}</Text>
            ))}
          <StopRound round={round} found={found.data} acts={acts} />
        </Stack>
      </Paper>
    </section>
  );
}

function Propose({ round, choices }: { round: Round; choices: Choice[] }) {
  const { t } = useTranslation("account");
  const client = useQueryClient();
  const [chosen, setChosen] = useState("");
  const [evidence, setEvidence] = useState("");
  const [reason, setReason] = useState("");
  const send = useMutation({
    mutationFn: () => {
      const choice = choices[Number(chosen)];
      if (!choice) throw new Error("nothing is chosen");
      const { to, settled } = choice;
      return account.propose(round.round_id, {
        to,
        settled,
        evidence: evidence.trim(),
        reason: reason.trim(),
      });
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["resolutions", round.round_id] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate();
  };
  const ready = chosen !== "" && saysEnough(evidence) && saysEnough(reason);
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text maw={720}>{t("resolution.how")}</Text>
        <Radio.Group label={t("resolution.choose")} value={chosen} onChange={setChosen}>
          <Stack gap="sm" mt="xs">
            {choices.map((choice, number) => (
              <Radio
                key={String(number)}
                value={String(number)}
                label={<Described choice={choice} round={round} />}
              />
            ))}
          </Stack>
        </Radio.Group>
        <Words
          label={t("resolution.evidence")}
          hint={t("resolution.evidenceHint")}
          value={evidence}
          change={setEvidence}
        />
        <Words label={t("resolution.reason")} value={reason} change={setReason} />
        {send.isError && <Failure error={send.error} />}
        <div className="actions">
          <Button type="submit" loading={send.isPending} disabled={!ready}>
            {t("resolution.propose")}
          </Button>
        </div>
      </Stack>
    </form>
  );
}

/** What would be true of each transaction, how the round ends, and what the player's balance gains by it. */
function Described({ choice, round }: { choice: Choice; round: Round }) {
  const { t } = useTranslation("account");
  const { currency, exponent } = round;
  return (
    <span>
      <StateBadge state={choice.to} />{" "}
      {Object.entries(choice.settled).map(([id, state]) => (
        <span key={id} className="nowrap">
          {kindOf(round, id)} <PlainId id={id} />: <StateBadge state={state} />{" "}
        </span>
      ))}
      <span className="dim">
        {choice.sends.length === 0 ? (
          t("resolution.nothingSent")
        ) : (
          <>
            {t("resolution.balance")}{" "}
            <Amount minor={choice.balance_change} currency={currency} exponent={exponent} />
          </>
        )}
      </span>
    </span>
  );
}

function kindOf(round: Round, id: string): string {
  return round.transactions.find((one) => one.transaction_id === id)?.kind ?? "";
}

type ShownProps = { item: Proposal; round: Round; mine: boolean; may: boolean };

function Shown({ item, round, mine, may }: ShownProps) {
  const { t } = useTranslation("account");
  return (
    <Alert variant="default" data-testid="proposal" data-state={item.state}>
      <Stack gap="xs">
        <div className="row">
          <strong>{t(`resolution.states.${item.state as "open"}`)}</strong>
          {item.to === "void" ? t("resolution.open.void") : <StateBadge state={item.to} />}
          {Object.entries(item.settled).map(([id, state]) => (
            <span key={id} className="nowrap">
              {kindOf(round, id)} <PlainId id={id} />: <StateBadge state={state} />
            </span>
          ))}
        </div>
        {item.evidence && (
          <span className="break">
            {t("resolution.evidence")}: {item.evidence}
          </span>
        )}
        <span className="break">
          {t("resolution.reason")}: {item.reason}
        </span>
        <span className="dim small">
          {t("resolution.by", { email: item.proposed_by })} <Time at={item.proposed_at} />
          {item.approved_by && (
            <>
              {" · "}
              {t("resolution.approvedBy", { email: item.approved_by })} <Time at={item.decided_at} />
            </>
          )}
        </span>
        {item.state === "open" &&
          (mine ? (
            <span className="dim">{t("resolution.second")}</span>
          ) : (
            may && <Approve item={item} round={round} />
          ))}
      </Stack>
    </Alert>
  );
}

function Approve({ item, round }: { item: Proposal; round: Round }) {
  const { t } = useTranslation("account");
  const client = useQueryClient();
  const [password, setPassword] = useState("");
  const approve = useMutation({
    mutationFn: () =>
      item.to === "void"
        ? account.approveVoid(item.resolution_id, password)
        : account.approve(item.resolution_id, password),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["resolutions", round.round_id] });
      await client.invalidateQueries({ queryKey: ["round", round.round_id] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    approve.mutate();
  };
  return (
    <form onSubmit={submit}>
      <PasswordInput
        label={t("resolution.password")}
        description={t("resolution.passwordHint")}
        autoComplete="current-password"
        required
        maw={360}
        value={password}
        visibilityToggleButtonProps={{ "aria-label": t("signIn.show") }}
        onChange={(event) => {
          setPassword(event.currentTarget.value);
        }}
      />
      {approve.isError && <Failure error={approve.error} />}
      <div className="actions">
        <Button type="submit" loading={approve.isPending} disabled={password === ""}>
          {t("resolution.approve")}
        </Button>
      </div>
    </form>
  );
}
