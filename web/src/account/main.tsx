import "@fontsource-variable/inter";
import "@fontsource-variable/jetbrains-mono";
import "./mantine.css";
import "../page.css";
import "./account.css";

import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { startTexts } from "../i18n/start.ts";
import { applyScheme, SCHEME_KEY } from "../scheme.ts";
import { Account } from "./Account.tsx";
import { queryClient } from "./queries.ts";
import { cssVariablesResolver, theme } from "./theme.ts";
import { ZoneProvider } from "./zone.tsx";

applyScheme();
await startTexts("account", {
  en: () => import("../i18n/account.en.json"),
  de: () => import("../i18n/account.de.json"),
  es: () => import("../i18n/account.es.json"),
  "pt-BR": () => import("../i18n/account.pt-BR.json"),
});

const root = document.getElementById("root");
if (!root) throw new Error("The page has no root element");
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      colorSchemeManager={localStorageColorSchemeManager({ key: SCHEME_KEY })}
      defaultColorScheme="auto"
    >
      <QueryClientProvider client={queryClient}>
        <ZoneProvider>
          <Account />
        </ZoneProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
