import { Alert, Button, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { Problem } from "../../problem.ts";
import { Spade } from "../../brand/Spade.tsx";
import { account } from "../http.ts";
import { queryClient } from "../queries.ts";

const route = getRouteApi("/account/login");

export function SignIn() {
  const { t } = useTranslation("account");
  const { next } = route.useSearch();
  const router = useRouter();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const attempt = useMutation({
    mutationFn: () => account.signIn(email, password),
    onSuccess: async () => {
      queryClient.clear();
      await router.navigate({ href: next ?? "/account/rounds", replace: true });
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
