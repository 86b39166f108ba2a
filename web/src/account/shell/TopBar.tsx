import {
  ActionIcon,
  Kbd,
  Menu,
  SegmentedControl,
  Tooltip,
  UnstyledButton,
  useMantineColorScheme,
} from "@mantine/core";
import {
  IconDeviceDesktop,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconSearch,
  IconSun,
  IconUser,
} from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { LANGUAGE_NAMES, LANGUAGES } from "../../i18n/languages.ts";
import { changeLanguage } from "../../i18n/start.ts";
import { Spade } from "../../brand/Spade.tsx";
import { account } from "../http.ts";
import { meQuery, queryClient } from "../queries.ts";
import { useZone, type Zone } from "../zone.tsx";

export function TopBar({
  openSearch,
  openHelp,
  burger,
}: {
  openSearch: () => void;
  openHelp: () => void;
  burger: ReactNode;
}) {
  const { t } = useTranslation("account");
  const { data: me } = useSuspenseQuery(meQuery);
  const { zone, setZone } = useZone();
  return (
    <div className="top-bar">
      {burger}
      <Link to="/account/rounds" className="brand">
        <Spade />
        <span className="brand-name">{me.operator_id}</span>
      </Link>
      {me.test ? (
        <Tooltip label={t("bar.testHint")} withArrow>
          <span className="badge badge-brass" tabIndex={0}>
            {t("bar.test")}
          </span>
        </Tooltip>
      ) : (
        <span className="badge badge-good">{t("bar.live")}</span>
      )}
      <span className="grow" />
      <UnstyledButton
        className="search-button"
        onClick={openSearch}
        aria-label={`${t("search.placeholder")} ⌘K`}
      >
        <IconSearch size={16} aria-hidden />
        <span className="wide-only">{t("search.placeholder")}</span>
        <Kbd size="xs" className="wide-only">
          ⌘K
        </Kbd>
      </UnstyledButton>
      <SegmentedControl
        className="medium-only"
        size="xs"
        aria-label={t("bar.zone")}
        value={zone}
        onChange={(value) => {
          setZone(value as Zone);
        }}
        data={[
          { value: "UTC", label: "UTC" },
          { value: "local", label: t("bar.local") },
        ]}
      />
      <SchemeSwitch />
      <PersonMenu email={me.email} role={me.role} openHelp={openHelp} />
    </div>
  );
}

function SchemeSwitch() {
  const { t } = useTranslation("account");
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const next = { auto: "light", light: "dark", dark: "auto" } as const;
  const icons = { auto: IconDeviceDesktop, light: IconSun, dark: IconMoon };
  const Icon = icons[colorScheme];
  const label = t(`bar.scheme.${colorScheme}`);
  return (
    <Tooltip label={label} withArrow>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={label}
        onClick={() => {
          setColorScheme(next[colorScheme]);
        }}
      >
        <Icon size={18} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

function PersonMenu({ email, role, openHelp }: { email: string; role: string; openHelp: () => void }) {
  const { t, i18n } = useTranslation("account");
  const { zone, setZone } = useZone();
  const router = useRouter();
  const leave = async () => {
    await account.signOut().catch(() => undefined); // A session that is already over is signed out.
    queryClient.clear();
    await router.navigate({ to: "/account/login" });
  };
  return (
    <Menu position="bottom-end" width={240} withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t("bar.person", { email })}>
          <IconUser size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {email} · {role}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label>
          <IconLanguage size={14} aria-hidden /> {t("bar.language")}
        </Menu.Label>
        {LANGUAGES.map((language) => (
          <Menu.Item
            key={language}
            lang={language}
            aria-current={i18n.language === language || undefined}
            fw={i18n.language === language ? 650 : 400}
            onClick={() => void changeLanguage(language)}
          >
            {LANGUAGE_NAMES[language]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          className="narrow-only"
          onClick={() => {
            setZone(zone === "UTC" ? "local" : "UTC");
          }}
        >
          {t("bar.switchZone", { zone: zone === "UTC" ? t("bar.local") : "UTC" })}
        </Menu.Item>
        <Menu.Item onClick={openHelp} rightSection={<Kbd size="xs">?</Kbd>}>
          {t("keys.title")}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void leave()}>
          {t("bar.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
