import { ActionIcon, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { Spade } from "../../brand/Spade.tsx";
import { Link } from "../navigation.tsx";
import type { Me } from "../types.ts";
import { useZone } from "../zone.tsx";
import { PersonMenu } from "./PersonMenu.tsx";
import { IconDeviceDesktop, IconMoon, IconSearch, IconSun } from "../icons.ts";

export function TopBar({
  me,
  openSearch,
  openHelp,
}: {
  me: Me;
  openSearch: () => void;
  openHelp: () => void;
}) {
  const { t } = useTranslation("account");
  const { zone, setZone } = useZone();
  return (
    <div className="top-bar">
      <Link to={{ page: "rounds", search: {} }} className="brand">
        <Spade />
        <span className="brand-name">{me.operator_id}</span>
      </Link>
      {me.test ? (
        <span className="badge badge-brass" title={t("bar.testHint")}>
          {t("bar.test")}
        </span>
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
        <kbd className="wide-only">⌘K</kbd>
      </UnstyledButton>
      <label className="medium-only">
        <span className="spoken-only">{t("bar.zone")}</span>
        <select
          className="bar-select"
          value={zone}
          onChange={(event) => {
            setZone(event.currentTarget.value === "local" ? "local" : "UTC");
          }}
        >
          <option value="UTC">UTC</option>
          <option value="local">{t("bar.local")}</option>
        </select>
      </label>
      <SchemeSwitch />
      <PersonMenu me={me} openHelp={openHelp} />
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
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={label}
      title={label}
      onClick={() => {
        setColorScheme(next[colorScheme]);
      }}
    >
      <Icon size={18} aria-hidden />
    </ActionIcon>
  );
}
