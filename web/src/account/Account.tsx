import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";

import { Problem } from "../problem.ts";
import { go, usePlace } from "./navigation.tsx";
import { Failure, FailureBoundary, Loading } from "./parts/Situations.tsx";
import { hrefOf, type Place } from "./places.ts";
import { meQuery } from "./queries.ts";
import { Shell } from "./shell/Shell.tsx";
import type { Me } from "./types.ts";

// Each page is a chunk of its own: what is not looked at is not loaded.
const SignIn = lazy(() => import("./shell/SignIn.tsx").then(({ SignIn }) => ({ default: SignIn })));
const Rounds = lazy(() => import("./rounds/Rounds.tsx").then(({ Rounds }) => ({ default: Rounds })));
const RoundPage = lazy(() =>
  import("./rounds/RoundPage.tsx").then(({ RoundPage }) => ({ default: RoundPage })),
);
const Games = lazy(() => import("./games/Games.tsx").then(({ Games }) => ({ default: Games })));
const Campaigns = lazy(() =>
  import("./campaigns/Campaigns.tsx").then(({ Campaigns }) => ({ default: Campaigns })),
);
const CampaignPage = lazy(() =>
  import("./campaigns/CampaignPage.tsx").then(({ CampaignPage }) => ({ default: CampaignPage })),
);
const Exchanges = lazy(() =>
  import("./exchanges/Exchanges.tsx").then(({ Exchanges }) => ({ default: Exchanges })),
);
const Integration = lazy(() =>
  import("./integration/Integration.tsx").then(({ Integration }) => ({ default: Integration })),
);
const Stuck = lazy(() => import("./stuck/Stuck.tsx").then(({ Stuck }) => ({ default: Stuck })));
const Audit = lazy(() => import("./audit/Audit.tsx").then(({ Audit }) => ({ default: Audit })));
const Reconciliations = lazy(() =>
  import("./reconciliation/Reconciliations.tsx").then(({ Reconciliations }) => ({
    default: Reconciliations,
  })),
);
const ReconciliationPage = lazy(() =>
  import("./reconciliation/ReconciliationPage.tsx").then(({ ReconciliationPage }) => ({
    default: ReconciliationPage,
  })),
);
const TransactionCall = lazy(() =>
  import("./exchanges/TransactionCall.tsx").then(({ TransactionCall }) => ({ default: TransactionCall })),
);
const ExchangePage = lazy(() =>
  import("./exchanges/ExchangePage.tsx").then(({ ExchangePage }) => ({ default: ExchangePage })),
);

export function Account() {
  const place = usePlace();
  return (
    <FailureBoundary key={place.page}>
      <Suspense fallback={<Loading />}>
        {place.page === "login" ? <SignIn next={place.next} /> : <SignedIn place={place} />}
      </Suspense>
    </FailureBoundary>
  );
}

function SignedIn({ place }: { place: Place }) {
  const me = useQuery(meQuery);
  const out = me.error instanceof Problem && me.error.status === 401;
  useEffect(() => {
    if (out) go({ page: "login", next: hrefOf(place) }, { replace: true });
  }, [out, place]);
  if (me.isPending || out) return <Loading />;
  if (me.isError) return <Failure page error={me.error} retry={() => void me.refetch()} />;
  return (
    <Shell me={me.data} place={place}>
      <Suspense fallback={<Loading />}>
        <Page place={place} me={me.data} />
      </Suspense>
    </Shell>
  );
}

function Page({ place, me: { currencies, exponents } }: { place: Place; me: Me }) {
  switch (place.page) {
    case "rounds":
      return <Rounds search={place.search} currencies={currencies} />;
    case "round":
      return <RoundPage roundId={place.roundId} />;
    case "games":
      return <Games search={place.search} currencies={currencies} />;
    case "campaigns":
      return <Campaigns exponents={exponents} />;
    case "campaign":
      return <CampaignPage campaignId={place.campaignId} />;
    case "exchanges":
      return <Exchanges search={place.search} />;
    case "exchange":
      return <ExchangePage exchangeId={place.exchangeId} />;
    case "transaction":
      return <TransactionCall transactionId={place.transactionId} />;
    case "integration":
      return <Integration certificationId={place.certificationId} />;
    case "stuck":
      return <Stuck />;
    case "audit":
      return <Audit />;
    case "reconciliations":
      return <Reconciliations />;
    case "reconciliation":
      return <ReconciliationPage reconciliationId={place.reconciliationId} />;
    default:
      return <Failure page error={new Problem(404, "not_found", "")} />;
  }
}
