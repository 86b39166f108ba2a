/** Every page of the account as a value, and its address. A view is a link: all filters are in the address. */
import { exchangesSearch, reportSearch, roundsSearch } from "./filters.ts";
import type { ExchangesSearch, ReportSearch, RoundsSearch } from "./filters.ts";

export type Place =
  | { page: "login"; next?: string }
  | { page: "rounds"; search: RoundsSearch }
  | { page: "round"; roundId: string }
  | { page: "games"; search: ReportSearch }
  | { page: "campaigns" }
  | { page: "campaign"; campaignId: string }
  | { page: "exchanges"; search: ExchangesSearch }
  | { page: "exchange"; exchangeId: string }
  | { page: "transaction"; transactionId: string }
  | { page: "integration"; certificationId?: string }
  | { page: "stuck" }
  | { page: "audit" }
  | { page: "reconciliations" }
  | { page: "reconciliation"; reconciliationId: string }
  | { page: "missing" };

const ROOT = "/account";
/** A page of the account only: an address from outside must not lead a visitor away after signing in. */
const OURS = /^\/account(?:[/?][^\\]*)?$/;

export function placeOf(pathname: string, query: string): Place {
  const values = Object.fromEntries(new URLSearchParams(query));
  const [page = "rounds", id, ...more] = pathname.slice(ROOT.length).split("/").filter(Boolean).map(decoded);
  if (more.length > 0) return { page: "missing" };
  if (page === "login" && !id) {
    const next = values["next"];
    return next && OURS.test(next) ? { page, next } : { page };
  }
  if (page === "rounds") return id ? { page: "round", roundId: id } : { page, search: roundsSearch(values) };
  if (page === "integration") return id ? { page, certificationId: id } : { page };
  if ((page === "stuck" || page === "audit") && !id) return { page };
  if (page === "reconciliations") {
    return id ? { page: "reconciliation", reconciliationId: id } : { page };
  }
  if (page === "games" && !id) return { page, search: reportSearch(values) };
  if (page === "campaigns") return id ? { page: "campaign", campaignId: id } : { page };
  if (page === "transactions" && id) return { page: "transaction", transactionId: id };
  if (page === "exchanges") {
    return id ? { page: "exchange", exchangeId: id } : { page, search: exchangesSearch(values) };
  }
  return { page: "missing" };
}

export function hrefOf(place: Place): string {
  switch (place.page) {
    case "login":
      return `${ROOT}/login${queryOf({ next: place.next })}`;
    case "round":
      return `${ROOT}/rounds/${encodeURIComponent(place.roundId)}`;
    case "campaigns":
      return `${ROOT}/campaigns`;
    case "campaign":
      return `${ROOT}/campaigns/${encodeURIComponent(place.campaignId)}`;
    case "exchange":
      return `${ROOT}/exchanges/${encodeURIComponent(place.exchangeId)}`;
    case "transaction":
      return `${ROOT}/transactions/${encodeURIComponent(place.transactionId)}`;
    case "reconciliation":
      return `${ROOT}/reconciliations/${encodeURIComponent(place.reconciliationId)}`;
    case "integration":
      return `${ROOT}/integration${place.certificationId ? `/${encodeURIComponent(place.certificationId)}` : ""}`;
    case "stuck":
    case "audit":
    case "reconciliations":
    case "missing":
      return `${ROOT}/${place.page}`;
    default:
      return `${ROOT}/${place.page}${queryOf(place.search)}`;
  }
}

function queryOf(values: Record<string, string | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value) query.set(name, value);
  }
  const text = query.toString();
  return text && `?${text}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
