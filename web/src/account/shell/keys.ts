import { useEffect, useRef } from "react";

import { go } from "../navigation.tsx";
import type { Place } from "../places.ts";

const PLACES: Record<string, Place> = {
  r: { page: "rounds", search: {} },
  g: { page: "games", search: {} },
  i: { page: "integration" },
  s: { page: "stuck" },
  c: { page: "reconciliations" },
  l: { page: "exchanges", search: {} },
};
/** How long after "g" the second key counts. */
const PAUSE_MS = 1200;

/** Keys of the whole account; `KeyList` shows them. */
export function useKeys(openSearch: () => void, openHelp: () => void): void {
  const goUntil = useRef(0);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (document.querySelector("dialog[open]")) return;
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        openSearch();
        return;
      }
      const target = event.target instanceof HTMLElement ? event.target : null;
      if (target?.closest("input, textarea, select")) return;
      if (event.metaKey || event.ctrlKey || event.altKey) return;
      const place = PLACES[event.key];
      if (event.timeStamp < goUntil.current && place) {
        goUntil.current = 0;
        go(place);
      } else if (event.key === "g") {
        goUntil.current = event.timeStamp + PAUSE_MS;
      } else if (event.key === "?") {
        openHelp();
      } else if (event.key === "/") {
        event.preventDefault();
        const first = document.querySelector<HTMLInputElement>("[data-first-filter]");
        if (first) first.focus();
        else openSearch();
      }
    };
    window.addEventListener("keydown", press);
    return () => {
      window.removeEventListener("keydown", press);
    };
  }, [openHelp, openSearch]);
}
