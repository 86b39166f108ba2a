import { Alert, Button, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { Problem } from "../../problem.ts";
import { Spade } from "../../brand/Spade.tsx";
import { account } from "../http.ts";
import { go } from "../navigation.tsx";
import { queryClient } from "../queries.ts";

export function SignIn({ next }: { next: string | undefined }) {
  const { t } = useTranslation("account");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const attempt = useMutation({
    mutationFn: () => account.signIn(email, password),
    onSuccess: () => {
      queryClient.clear();
      go(next ?? { page: "rounds", search: {} }, { replace: true });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    attempt.mutate();
  };
  return (
    <main className="sign-in">
      <Paper component="form" withBorder p="xl" w="100%" maw={400} onSubmit={submit}>
        <Stack>
          <div className="row">
            <Spade size={40} />
            <div>
              <Title order={1} size="h3">
                {t("signIn.title")}
              </Title>
              <Text c="dimmed" size="sm">
                {t("signIn.subtitle")}
              </Text>
            </div>
          </div>
          {attempt.isError && (
            <Alert color="gray" variant="default" role="alert" title={t("signIn.failed")}>
              {attempt.error instanceof Problem && attempt.error.status !== 401 && attempt.error.status !== 0
                ? attempt.error.message
                : attempt.error instanceof Problem && attempt.error.status === 0
                  ? t("failure.unreachableHint")
                  : t("signIn.wrong")}
            </Alert>
          )}
          <TextInput
            label={t("signIn.email")}
            type="email"
            name="email"
            autoComplete="username"
            required
            autoFocus
            value={email}
            onChange={(event) => {
              setEmail(event.currentTarget.value);
            }}
          />
          <PasswordInput
            label={t("signIn.password")}
            name="password"
            autoComplete="current-password"
            required
            value={password}
            visibilityToggleButtonProps={{ "aria-label": t("signIn.show") }}
            onChange={(event) => {
              setPassword(event.currentTarget.value);
            }}
          />
          <Button type="submit" loading={attempt.isPending} fullWidth mt="xs">
            {t("signIn.button")}
          </Button>
          <Text size="sm" c="dimmed">
            {t("signIn.hint")}
          </Text>
        </Stack>
      </Paper>
    </main>
  );
}
