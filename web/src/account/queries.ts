import {
  infiniteQueryOptions,
  keepPreviousData,
  QueryCache,
  QueryClient,
  queryOptions,
} from "@tanstack/react-query";

import { Problem } from "../problem.ts";
import { account, type Params } from "./http.ts";

export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    // A session that ended meanwhile: who is signed in is asked anew, and that leads to the sign-in page.
    onError: (error, query) => {
      if (error instanceof Problem && error.status === 401 && query.queryKey[0] !== "me") {
        void queryClient.resetQueries({ queryKey: ["me"] });
      }
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // What the server refused it will refuse again; only silence and its own faults are worth another try.
      retry: (count, error) =>
        count < 2 && error instanceof Problem && (error.status === 0 || error.status >= 502),
    },
  },
});

export const PAGE_SIZE = 50;

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: account.me,
  staleTime: 300_000,
  retry: false,
});

export const roundsQuery = (params: Params) =>
  infiniteQueryOptions({
    queryKey: ["rounds", params],
    queryFn: ({ pageParam, signal }) =>
      account.rounds({ ...params, limit: PAGE_SIZE, cursor: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });

/** A round that is not finished changes by itself, so it is asked for again until it is. */
export const roundQuery = (roundId: string) =>
  queryOptions({
    queryKey: ["round", roundId],
    queryFn: ({ signal }) => account.round(roundId, signal),
    refetchInterval: (query) => (query.state.data && query.state.data.closed_at === null ? 2000 : false),
  });

export const exchangesQuery = (params: Params) =>
  infiniteQueryOptions({
    queryKey: ["exchanges", params],
    queryFn: ({ pageParam, signal }) =>
      account.exchanges({ ...params, limit: PAGE_SIZE, cursor: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });

export const exchangeGroupsQuery = (params: Params) =>
  queryOptions({
    queryKey: ["exchange-groups", params],
    queryFn: ({ signal }) => account.exchangeGroups(params, signal),
    placeholderData: keepPreviousData,
  });

export const retentionQuery = queryOptions({
  queryKey: ["retention"],
  queryFn: ({ signal }) => account.retention(signal),
});

export const retriesQuery = (since: string) =>
  queryOptions({
    queryKey: ["retries", since],
    queryFn: ({ signal }) => account.retries({ since }, signal),
    placeholderData: keepPreviousData,
  });

export const exchangeQuery = (exchangeId: string) =>
  queryOptions({
    queryKey: ["exchange", exchangeId],
    queryFn: ({ signal }) => account.exchange(exchangeId, signal),
  });

const isOpen = (state: string | undefined) => state === "queued" || state === "running";

/** The latest; asked for again while one runs. */
export const certificationsQuery = queryOptions({
  queryKey: ["certifications"],
  queryFn: ({ signal }) => account.certifications(signal),
  refetchInterval: (query) => (isOpen(query.state.data?.items[0]?.state) ? 2000 : 15_000),
});

/** A check goes on by itself until it is over; then it never changes. */
export const certificationQuery = (certificationId: string) =>
  queryOptions({
    queryKey: ["certification", certificationId],
    queryFn: ({ signal }) => account.certification(certificationId, signal),
    refetchInterval: (query) => (isOpen(query.state.data?.state) ? 600 : false),
  });

export const goingLiveQuery = queryOptions({
  queryKey: ["going-live"],
  queryFn: ({ signal }) => account.goingLive(signal),
  staleTime: 0, // a check that has just ended counts
});

export const clockQuery = queryOptions({
  queryKey: ["clock"],
  queryFn: ({ signal }) => account.clock(signal),
  refetchInterval: 15_000,
});

export const originsQuery = queryOptions({
  queryKey: ["origins"],
  queryFn: ({ signal }) => account.origins(signal),
  refetchInterval: 5000,
});

export const scheduleQuery = queryOptions({
  queryKey: ["certifications", "schedule"],
  queryFn: ({ signal }) => account.checkSchedule(signal),
});

export const checkedRuleQuery = (certificationId: string, ruleId: string) =>
  queryOptions({
    queryKey: ["checked-rule", certificationId, ruleId],
    queryFn: ({ signal }) => account.checkedRule(certificationId, ruleId, signal),
    staleTime: Infinity,
  });

export const reportQuery = (params: Params) =>
  queryOptions({
    queryKey: ["report", params],
    queryFn: ({ signal }) => account.report(params, signal),
    placeholderData: keepPreviousData,
  });

export const gamesQuery = queryOptions({
  queryKey: ["games"],
  queryFn: ({ signal }) => account.games(signal),
  staleTime: 300_000,
});

export const gameSetsQuery = queryOptions({
  queryKey: ["game-sets"],
  queryFn: ({ signal }) => account.gameSets(signal),
});

export const campaignsQuery = infiniteQueryOptions({
  queryKey: ["campaigns"],
  queryFn: ({ pageParam, signal }) => account.campaigns({ limit: PAGE_SIZE, cursor: pageParam }, signal),
  initialPageParam: "",
  getNextPageParam: (page) => page.next_cursor,
});

/** Pages of players; each brings the campaign with it. */
export const campaignQuery = (campaignId: string) =>
  infiniteQueryOptions({
    queryKey: ["campaign", campaignId],
    queryFn: ({ pageParam, signal }) =>
      account.campaign(campaignId, { limit: PAGE_SIZE, cursor: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    // A sum that is owed is taken without anybody's doing.
    refetchInterval: (query) => (query.state.data?.pages[0]?.owed ? 3000 : false),
  });

export const resolutionsQuery = (roundId: string) =>
  queryOptions({
    queryKey: ["resolutions", roundId],
    queryFn: ({ signal }) => account.resolutions(roundId, signal),
  });

export const auditQuery = infiniteQueryOptions({
  queryKey: ["audit"],
  queryFn: ({ pageParam, signal }) => account.audit({ limit: PAGE_SIZE, cursor: pageParam }, signal),
  initialPageParam: "",
  getNextPageParam: (page) => page.next_cursor,
  staleTime: 0, // what was just done is in it
});

export const reconciliationsQuery = infiniteQueryOptions({
  queryKey: ["reconciliations"],
  queryFn: ({ pageParam, signal }) =>
    account.reconciliations({ limit: PAGE_SIZE, cursor: pageParam }, signal),
  initialPageParam: "",
  getNextPageParam: (page) => page.next_cursor,
});

/** The result stays; how far the rollbacks are does not. */
export const reconciliationQuery = (reconciliationId: string) =>
  queryOptions({
    queryKey: ["reconciliation", reconciliationId],
    queryFn: ({ signal }) => account.reconciliation(reconciliationId, signal),
    refetchInterval: (query) => (query.state.data?.repairs.some((one) => one.result === null) ? 1000 : false),
  });
