import "@fontsource-variable/inter";
import "@fontsource-variable/jetbrains-mono";
import "@mantine/core/styles.css";
import "../page.css";
import "./account.css";

import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { startTexts } from "../i18n/start.ts";
import { applyScheme, SCHEME_KEY } from "../scheme.ts";
import { queryClient } from "./queries.ts";
import { router } from "./routes.tsx";
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
          <RouterProvider router={router} />
        </ZoneProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
