import "@fontsource-variable/inter";
import "@fontsource-variable/jetbrains-mono";
import "../page.css";
import "./front.css";

import { fetchJson } from "../problem.ts";
import { chooseScheme, followScheme, shownScheme } from "../scheme.ts";
import { withPath, type Links } from "./links.ts";
import { wheelSvg } from "./wheel.ts";

followScheme();
document.getElementById("scheme")?.addEventListener("click", () => {
  chooseScheme(shownScheme() === "dark" ? "light" : "dark");
});

const wheel = document.getElementById("wheel");
if (wheel) wheel.innerHTML = wheelSvg();

function show(links: Links): void {
  for (const anchor of document.querySelectorAll<HTMLAnchorElement>("a[data-link]")) {
    const target = links[anchor.dataset["link"] as "casino" | "account" | "docs"];
    if (target) anchor.href = withPath(target, anchor.dataset["path"] ?? "");
    else anchor.hidden = true;
  }
  const test = document.getElementById("test");
  if (test) test.hidden = !(links.test ?? links.casino !== null); // A demo casino plays for test operators only.
}

// Without the links (an older server, a page opened from a file) only what this server itself has is offered.
fetchJson<Links>("/front/api/links").then(show, () => {
  show({ casino: null, account: "/account", docs: "/docs/", test: false });
});
