import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { Link } from "../navigation.tsx";
import { StateBadge, StatusBadge } from "../parts/Badges.tsx";
import { CopyTextButton } from "../parts/Copy.tsx";
import { Fact, Facts } from "../parts/Facts.tsx";
import { PlainId, PlayerId, RoundId } from "../parts/Id.tsx";
import { PageHead } from "../parts/PageHead.tsx";
import { Failure, Loading } from "../parts/Situations.tsx";
import { hrefOf } from "../places.ts";
import { exchangeQuery, roundQuery } from "../queries.ts";
import type { Exchange } from "../types.ts";
import { Time } from "../zone.tsx";
import { curlOf } from "./bodies.ts";
import { Cause } from "./Cause.tsx";
import { Message } from "./Message.tsx";
import { Money } from "./Money.tsx";
import { Neighbours } from "./Neighbours.tsx";
import { Signature } from "./Signature.tsx";
import { Retry } from "./Retry.tsx";
import { hasFailed } from "./sides.ts";
import { ticketOf } from "./ticket.ts";
import { Timing } from "./Timing.tsx";

export function ExchangePage({ exchangeId }: { exchangeId: string }) {
  const { t } = useTranslation("account");
  const { data: exchange, error, isPending, refetch } = useQuery(exchangeQuery(exchangeId));
  return (
    <>
      <nav aria-label={t("crumbs")} className="crumbs">
        <Link to={{ page: "exchanges", search: {} }} className="link">
          {t("exchanges.title")}
        </Link>
        <span aria-hidden>/</span>
        <PlainId id={exchangeId} />
      </nav>
      {isPending ? (
        <Loading rows={12} />
      ) : error ? (
        <Failure page error={error} retry={() => void refetch()} />
      ) : (
        <Shown exchange={exchange} />
      )}
    </>
  );
}

function Shown({ exchange }: { exchange: Exchange }) {
  const { t, i18n } = useTranslation("account");
  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 3 });
  const call = `${exchange.method} ${exchange.path}`;
  const played = exchange.certification_id === null;
  return (
    <>
      <PageHead
        tab={call}
        title={
          <span className="mono">
            {exchange.direction === "out" ? "→" : "←"} {call}
          </span>
        }
      >
        <CopyTextButton value={curlOf(exchange)} label={t("exchanges.curl")} />
        <Ticket exchange={exchange} played={played} />
        <CopyTextButton value={window.location.href} label={t("copyLink")} />
      </PageHead>
      {exchange.certification_id && (
        <p data-testid="sent-by-check">
          {t("exchanges.ofCheck")}{" "}
          <Link to={{ page: "integration", certificationId: exchange.certification_id }} className="link">
            {exchange.rule_id}
          </Link>
          {exchange.verdict === "declined" && ` ${t("exchanges.asAsked")}`}
        </p>
      )}
      <Cause exchange={exchange} />
      {exchange.round_id && played && <Money exchange={exchange} roundId={exchange.round_id} />}
      {played && <Retry exchange={exchange} />}
      <Facts testId="exchange-facts">
        <Fact name={t("exchanges.at")}>
          <Time at={exchange.at} precision="full" />
        </Fact>
        <Fact name={t("exchanges.direction")}>
          {exchange.direction === "out" ? t("exchanges.out") : t("exchanges.in")}
        </Fact>
        <Fact name="HTTP">
          <StatusBadge status={exchange.status} why={exchange.why} />
        </Fact>
        <Fact name={t("exchanges.total")}>{number.format(exchange.total_ms)} ms</Fact>
        <Fact name={t("exchanges.attempt")}>{exchange.attempt}</Fact>
        {exchange.transaction_id && (
          <Fact name={t("search.kinds.transaction")}>
            <PlainId id={exchange.transaction_id} />
          </Fact>
        )}
        {exchange.round_id && played && (
          <Fact name={t("rounds.round")}>
            <RoundId id={exchange.round_id} /> <RoundState roundId={exchange.round_id} />
          </Fact>
        )}
        {exchange.player_id && (
          <Fact name={t("filters.player")}>
            <PlayerId id={exchange.player_id} />
          </Fact>
        )}
      </Facts>
      <div className="exchange-grid">
        <Message
          title={t("exchanges.request")}
          address={exchange.request.url}
          headers={exchange.request.headers}
          body={exchange.request.body}
        />
        <Message
          title={t("exchanges.answer")}
          address={exchange.status === null ? t("exchanges.noAnswer") : `HTTP ${String(exchange.status)}`}
          headers={exchange.answer.headers}
          body={exchange.answer.body || (exchange.answer.no_answer ?? "")}
          spans={exchange.findings.flatMap((finding) => finding.spans)}
          expected={hasFailed(exchange) ? exchange.expected : null}
        />
      </div>
      <Timing timing={exchange.timing} />
      {exchange.signatures.map((steps) => (
        <Signature key={steps.of} steps={steps} />
      ))}
      {exchange.round_id && played && <Neighbours roundId={exchange.round_id} here={exchange.exchange_id} />}
    </>
  );
}

/** Where the round is by now: what the answer led to. */
function RoundState({ roundId }: { roundId: string }) {
  const { data: round } = useQuery(roundQuery(roundId));
  return round ? <StateBadge state={round.state} /> : null;
}

/** For whoever else has to look at it: everything of this page as text. */
function Ticket({ exchange, played }: { exchange: Exchange; played: boolean }) {
  const { t } = useTranslation("account");
  const roundId = played ? exchange.round_id : null;
  const { data: round } = useQuery({ ...roundQuery(roundId ?? ""), enabled: roundId !== null });
  const address = `${window.location.origin}${hrefOf({ page: "exchange", exchangeId: exchange.exchange_id })}`;
  return <CopyTextButton value={ticketOf(exchange, round, address)} label={t("exchanges.ticket")} />;
}
