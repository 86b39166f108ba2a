import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";

import { Problem } from "../problem.ts";
import { exchangesSearch, parseSearch, reportSearch, roundsSearch, stringifySearch } from "./filters.ts";
import { Failure, Loading } from "./parts/Situations.tsx";
import { meQuery, queryClient } from "./queries.ts";

const root = createRootRoute({ component: Outlet, errorComponent: ({ error }) => <Failure error={error} /> });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/account/login",
  validateSearch: (search: Record<string, unknown>): { next?: string } =>
    // Only a page of the account: an address from outside must not lead the visitor away.
    typeof search["next"] === "string" && /^\/account(?![\w-])[^\\]*$/.test(search["next"])
      ? { next: search["next"] }
      : {},
  component: lazyRouteComponent(() => import("./shell/SignIn.tsx"), "SignIn"),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  beforeLoad: async ({ location }) => {
    try {
      await queryClient.ensureQueryData(meQuery);
    } catch (error) {
      if (error instanceof Problem && error.status === 401) {
        throw redirect({ to: "/account/login", search: { next: location.href } });
      }
      throw error;
    }
  },
  component: lazyRouteComponent(() => import("./shell/Shell.tsx"), "Shell"),
});

const start = createRoute({
  getParentRoute: () => signedIn,
  path: "/account",
  beforeLoad: () => {
    throw redirect({ to: "/account/rounds", replace: true });
  },
});

const rounds = createRoute({
  getParentRoute: () => signedIn,
  path: "/account/rounds",
  validateSearch: roundsSearch,
  component: lazyRouteComponent(() => import("./rounds/Rounds.tsx"), "Rounds"),
});

const round = createRoute({
  getParentRoute: () => signedIn,
  path: "/account/rounds/$roundId",
  component: lazyRouteComponent(() => import("./rounds/RoundPage.tsx"), "RoundPage"),
});

const games = createRoute({
  getParentRoute: () => signedIn,
  path: "/account/games",
  validateSearch: reportSearch,
  component: lazyRouteComponent(() => import("./games/Games.tsx"), "Games"),
});

const exchanges = createRoute({
  getParentRoute: () => signedIn,
  path: "/account/exchanges",
  validateSearch: exchangesSearch,
  component: lazyRouteComponent(() => import("./exchanges/Exchanges.tsx"), "Exchanges"),
});

const exchange = createRoute({
  getParentRoute: () => signedIn,
  path: "/account/exchanges/$exchangeId",
  component: lazyRouteComponent(() => import("./exchanges/ExchangePage.tsx"), "ExchangePage"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    signedIn.addChildren([start, rounds, round, games, exchanges, exchange]),
  ]),
  parseSearch,
  stringifySearch,
  defaultPreload: "intent",
  defaultPendingComponent: Loading,
  defaultErrorComponent: ({ error, reset }) => <Failure error={error} retry={reset} />,
  defaultNotFoundComponent: () => <Failure error={new Problem(404, "not_found", "")} />,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
