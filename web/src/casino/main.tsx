import "@fontsource-variable/inter";
import "@fontsource-variable/jetbrains-mono";
import "@fontsource/lilita-one";
import "../page.css";
import "./casino.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { startTexts } from "../i18n/start.ts";
import { followScheme } from "../scheme.ts";
import { Casino } from "./Casino.tsx";

followScheme();
await startTexts("casino", {
  en: () => import("../i18n/casino.en.json"),
  de: () => import("../i18n/casino.de.json"),
  es: () => import("../i18n/casino.es.json"),
  "pt-BR": () => import("../i18n/casino.pt-BR.json"),
});

const root = document.getElementById("root");
if (!root) throw new Error("The page has no root element");
createRoot(root).render(
  <StrictMode>
    <Casino />
  </StrictMode>,
);
