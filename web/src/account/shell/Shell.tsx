import { AppShell, Burger, NavLink } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCards, IconHistory, IconTerminal2 } from "@tabler/icons-react";
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { useEffect, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Keys } from "./Keys.tsx";
import { Search } from "./Search.tsx";
import { TopBar } from "./TopBar.tsx";

export function Shell() {
  const { t } = useTranslation("account");
  const [menu, { toggle, close }] = useDisclosure();
  const [search, searching] = useDisclosure();
  const [help, helping] = useDisclosure();
  const { pathname } = useLocation();
  useEffect(close, [pathname, close]);

  const places: { to: string; label: string; icon: ReactNode }[] = [
    { to: "/account/rounds", label: t("nav.rounds"), icon: <IconHistory size={18} aria-hidden /> },
    { to: "/account/games", label: t("nav.games"), icon: <IconCards size={18} aria-hidden /> },
    { to: "/account/exchanges", label: t("nav.exchanges"), icon: <IconTerminal2 size={18} aria-hidden /> },
  ];

  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 208, breakpoint: "sm", collapsed: { mobile: !menu } }}
      padding={{ base: "sm", sm: "lg" }}
    >
      <a className="skip" href="#content">
        {t("skip")}
      </a>
      <AppShell.Header>
        <TopBar
          openSearch={searching.open}
          openHelp={helping.open}
          burger={
            <Burger opened={menu} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t("nav.menu")} />
          }
        />
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={t("nav.label")}>
        {places.map(({ to, label, icon }) => {
          const here = pathname === to || pathname.startsWith(`${to}/`);
          return (
            <NavLink
              key={to}
              renderRoot={(props) => <Link to={to} {...props} />}
              label={label}
              leftSection={icon}
              active={here}
              aria-current={here ? "page" : undefined}
              className="nav-link"
            />
          );
        })}
        <div className="nav-foot">
          <a className="link" href="/docs">
            {t("nav.docs")}
          </a>
        </div>
      </AppShell.Navbar>
      <AppShell.Main id="content">
        <Outlet />
      </AppShell.Main>
      <Search opened={search} close={searching.close} />
      <Keys helpOpened={help} openHelp={helping.open} closeHelp={helping.close} openSearch={searching.open} />
    </AppShell>
  );
}
