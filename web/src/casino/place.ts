import { useSyncExternalStore } from "react";

const PLACE = /^\/g\/([^/]+)\/?$/;

/** The game that the address names; null in the lobby. */
export function gameIn(pathname: string): string | null {
  const found = PLACE.exec(pathname)?.[1];
  return found ? decodeURIComponent(found) : null;
}

const listeners = new Set<() => void>();

export function go(pathname: string): void {
  window.history.pushState(null, "", pathname);
  window.scrollTo(0, 0);
  for (const listener of listeners) listener();
}

export function usePathname(): string {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      window.addEventListener("popstate", listener);
      return () => {
        listeners.delete(listener);
        window.removeEventListener("popstate", listener);
      };
    },
    () => window.location.pathname,
  );
}
