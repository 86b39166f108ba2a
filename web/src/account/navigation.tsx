import { useSyncExternalStore, type AnchorHTMLAttributes, type MouseEvent } from "react";

import { hrefOf, placeOf, type Place } from "./places.ts";

const listeners = new Set<() => void>();

// The place is kept beside its address, so that the same address gives the same object to React.
let address = "";
let place: Place = { page: "missing" };

function current(): Place {
  const { pathname, search } = window.location;
  if (address !== pathname + search) {
    address = pathname + search;
    place = placeOf(pathname, search);
  }
  return place;
}

export function usePlace(): Place {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    window.addEventListener("popstate", listener);
    return () => {
      listeners.delete(listener);
      window.removeEventListener("popstate", listener);
    };
  }, current);
}

/** `replace`: the way back does not lead through every letter of a filter. */
export function go(to: Place | string, { replace = false } = {}): void {
  const href = typeof to === "string" ? to : hrefOf(to);
  if (replace) window.history.replaceState(null, "", href);
  else {
    window.history.pushState(null, "", href);
    window.scrollTo(0, 0);
  }
  for (const listener of listeners) listener();
}

type Props = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, "href"> & { to: Place };

/** A real link, so that it can be copied or opened in another tab; a plain click stays in the page. */
export function Link({ to, onClick, ...rest }: Props) {
  const click = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  return <a {...rest} href={hrefOf(to)} onClick={click} />;
}
