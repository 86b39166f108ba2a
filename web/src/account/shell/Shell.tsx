import { useDisclosure } from "@mantine/hooks";
import { lazy, Suspense, useEffect, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Link } from "../navigation.tsx";
import type { Place } from "../places.ts";
import type { Me } from "../types.ts";
import { TopBar } from "./TopBar.tsx";
import { useKeys } from "./keys.ts";
import {
  IconCards,
  IconGift,
  IconHistory,
  IconListCheck,
  IconMenu2,
  IconPlayerPause,
  IconPlug,
  IconScale,
  IconTerminal2,
  IconX,
} from "../icons.ts";

// Dialogs wait until they are asked for.
const Search = lazy(() => import("./Search.tsx").then(({ Search }) => ({ default: Search })));
const KeyList = lazy(() => import("./KeyList.tsx").then(({ KeyList }) => ({ default: KeyList })));

const BELONGS: Partial<Record<Place["page"], Place["page"]>> = {
  round: "rounds",
  exchange: "exchanges",
  campaign: "campaigns",
  reconciliation: "reconciliations",
};

export function Shell({ me, place, children }: { me: Me; place: Place; children: ReactNode }) {
  const { t } = useTranslation("account");
  const [menu, { toggle, close }] = useDisclosure();
  const [search, searching] = useDisclosure();
  const [help, helping] = useDisclosure();
  useKeys(searching.open, helping.open);

  // A new page begins at its top, for the keyboard too.
  const content = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) first.current = false;
    else content.current?.focus({ preventScroll: true });
    close();
  }, [place.page, close]);

  const places: { to: Place; label: string; icon: ReactNode }[] = [
    {
      to: { page: "rounds", search: {} },
      label: t("nav.rounds"),
      icon: <IconHistory size={18} aria-hidden />,
    },
    { to: { page: "games", search: {} }, label: t("nav.games"), icon: <IconCards size={18} aria-hidden /> },
    { to: { page: "campaigns" }, label: t("nav.campaigns"), icon: <IconGift size={18} aria-hidden /> },
    {
      to: { page: "integration" },
      label: t("nav.integration"),
      icon: <IconPlug size={18} aria-hidden />,
    },
    {
      to: { page: "exchanges", search: {} },
      label: t("nav.exchanges"),
      icon: <IconTerminal2 size={18} aria-hidden />,
    },
    { to: { page: "stuck" }, label: t("nav.stuck"), icon: <IconPlayerPause size={18} aria-hidden /> },
    ...(me.acts.includes("money")
      ? [
          {
            to: { page: "reconciliations" } as const,
            label: t("nav.reconciliations"),
            icon: <IconScale size={18} aria-hidden />,
          },
        ]
      : []),
    ...(me.acts.includes("audit")
      ? [
          {
            to: { page: "audit" } as const,
            label: t("nav.audit"),
            icon: <IconListCheck size={18} aria-hidden />,
          },
        ]
      : []),
  ];

  return (
    <div className="shell">
      <a className="skip" href="#content">
        {t("skip")}
      </a>
      <header className="shell-head">
        <button
          type="button"
          className="menu-button"
          aria-label={t("nav.menu")}
          aria-expanded={menu}
          aria-controls="menu"
          onClick={toggle}
        >
          {menu ? <IconX size={20} aria-hidden /> : <IconMenu2 size={20} aria-hidden />}
        </button>
        <TopBar me={me} openSearch={searching.open} openHelp={helping.open} />
      </header>
      <nav id="menu" className={menu ? "shell-nav is-open" : "shell-nav"} aria-label={t("nav.label")}>
        {places.map(({ to, label, icon }) => {
          const here = to.page === (BELONGS[place.page] ?? place.page);
          return (
            <Link key={to.page} to={to} className="nav-link" aria-current={here ? "page" : undefined}>
              {icon}
              {label}
            </Link>
          );
        })}
        <a className="link nav-foot" href="/docs/">
          {t("nav.docs")}
        </a>
      </nav>
      <main id="content" ref={content} tabIndex={-1} className="shell-main">
        {children}
      </main>
      <Suspense fallback={null}>
        {search && <Search close={searching.close} />}
        {help && <KeyList close={helping.close} />}
      </Suspense>
    </div>
  );
}
