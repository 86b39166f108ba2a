import { fetchChecked, fetchJson } from "../problem.ts";
import type {
  AuditEntry,
  Campaign,
  CampaignBody,
  CampaignItem,
  Certification,
  CertificationBody,
  CertificationItem,
  CheckedRuleDetail,
  Exchange,
  ExchangeGroup,
  ExchangeItem,
  GameItem,
  GameSet,
  GoingLive,
  WalletClock,
  Me,
  Origins,
  OriginsBody,
  Page,
  Player,
  Reconciliation,
  ReconciliationItem,
  Retention,
  RetentionBody,
  Report,
  Resolution,
  Retries,
  Resolutions,
  Round,
  Schedule,
  ScheduleBody,
  RoundItem,
  TransactionLine,
} from "./types.ts";

/** Query parameters; what is undefined or empty is left out. */
export type Params = Record<string, string | number | undefined>;

let csrf = "";

export function address(path: string, params: Params = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== "") query.set(name, String(value));
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

function get<T>(path: string, params?: Params, signal?: AbortSignal): Promise<T> {
  return fetchJson<T>(address(path, params), {
    headers: { Accept: "application/json" },
    signal: signal ?? null,
  });
}

/** A call that changes something: by cookie it needs the token that `me` gave. */
function send<T>(method: string, path: string, body?: unknown): Promise<T> {
  return fetchJson<T>(path, {
    method,
    headers: { "Content-Type": "application/json", "X-Croupier-Csrf": csrf },
    body: body === undefined ? null : JSON.stringify(body),
  });
}

const id = encodeURIComponent;

export const account = {
  async me(): Promise<Me> {
    const me = await get<Me>("/account/api/me");
    csrf = me.csrf;
    return me;
  },
  signIn: (email: string, password: string) =>
    send<unknown>("POST", "/account/api/login", { email, password }),
  signOut: () => send<unknown>("POST", "/account/api/logout"),

  rounds: (params: Params, signal?: AbortSignal) => get<Page<RoundItem>>("/api/v1/rounds", params, signal),
  round: (roundId: string, signal?: AbortSignal) => get<Round>(`/api/v1/rounds/${id(roundId)}`, {}, signal),
  exchanges: (params: Params, signal?: AbortSignal) =>
    get<Page<ExchangeItem>>("/api/v1/exchanges", params, signal),
  exchange: (exchangeId: string, signal?: AbortSignal) =>
    get<Exchange>(`/api/v1/exchanges/${id(exchangeId)}`, {}, signal),
  exchangeGroups: (params: Params, signal?: AbortSignal) =>
    get<{ items: ExchangeGroup[] }>("/api/v1/exchanges/groups", params, signal),
  checkSchedule: (signal?: AbortSignal) => get<Schedule>("/api/v1/certifications/schedule", {}, signal),
  schedule: (body: ScheduleBody) => send<Schedule>("PUT", "/api/v1/certifications/schedule", body),
  retention: (signal?: AbortSignal) => get<Retention>("/api/v1/exchanges/retention", {}, signal),
  keepExchanges: (body: RetentionBody) => send<Retention>("PUT", "/api/v1/exchanges/retention", body),
  certifications: (signal?: AbortSignal) =>
    get<Page<CertificationItem>>("/api/v1/certifications", { limit: 20 }, signal),
  certification: (certificationId: string, signal?: AbortSignal) =>
    get<Certification>(`/api/v1/certifications/${id(certificationId)}`, {}, signal),
  checkedRule: (certificationId: string, ruleId: string, signal?: AbortSignal) =>
    get<CheckedRuleDetail>(`/api/v1/certifications/${id(certificationId)}/rules/${id(ruleId)}`, {}, signal),
  certify: (body: CertificationBody) => send<Certification>("POST", "/api/v1/certifications", body),
  goingLive: (signal?: AbortSignal) => get<GoingLive>("/api/v1/going-live", {}, signal),
  origins: (signal?: AbortSignal) => get<Origins>("/api/v1/origins", {}, signal),
  setOrigins: (body: OriginsBody) => send<Origins>("PUT", "/api/v1/origins", body),
  clock: (signal?: AbortSignal) => get<WalletClock>("/api/v1/clock", {}, signal),
  goLive: () => send<GoingLive>("POST", "/api/v1/going-live", {}),
  stopCertification: (certificationId: string) =>
    send<Certification>("DELETE", `/api/v1/certifications/${id(certificationId)}`),
  reportAddress: (certificationId: string, format: string) =>
    address(`/api/v1/certifications/${id(certificationId)}/report`, { format }),
  retries: (params: Params, signal?: AbortSignal) => get<Retries>("/api/v1/retries", params, signal),
  retryAll: (since?: string) => send<Retries>("POST", "/api/v1/retries", since ? { since } : {}),
  retry: (transactionId: string) => send<unknown>("POST", `/api/v1/transactions/${id(transactionId)}/retry`),
  player: (playerId: string, signal?: AbortSignal) =>
    get<Player>(`/api/v1/players/${id(playerId)}`, {}, signal),
  transactions: (params: Params, signal?: AbortSignal) =>
    get<Page<TransactionLine>>("/api/v1/transactions", params, signal),
  report: (params: Params, signal?: AbortSignal) => get<Report>("/api/v1/reports/games", params, signal),
  games: (signal?: AbortSignal) => get<Page<GameItem>>("/api/v1/games", { limit: 200 }, signal),
  gameSets: (signal?: AbortSignal) => get<Page<GameSet>>("/api/v1/game-sets", { limit: 200 }, signal),
  putGameSet: (setId: string, body: { name: string; game_ids: string[] }) =>
    send<GameSet>("PUT", `/api/v1/game-sets/${id(setId)}`, body),
  campaigns: (params: Params, signal?: AbortSignal) =>
    get<Page<CampaignItem>>("/api/v1/campaigns", params, signal),
  campaign: (campaignId: string, params: Params, signal?: AbortSignal) =>
    get<Campaign>(`/api/v1/campaigns/${id(campaignId)}`, params, signal),
  putCampaign: (campaignId: string, body: CampaignBody) =>
    send<CampaignItem>("PUT", `/api/v1/campaigns/${id(campaignId)}`, body),
  putCampaignPlayers: (campaignId: string, player_ids: string[]) =>
    send<CampaignItem>("PUT", `/api/v1/campaigns/${id(campaignId)}/players`, { player_ids }),
  cancelCampaign: (campaignId: string) => send<unknown>("DELETE", `/api/v1/campaigns/${id(campaignId)}`),
  resolutions: (roundId: string, signal?: AbortSignal) =>
    get<Resolutions>(`/api/v1/rounds/${id(roundId)}/resolutions`, {}, signal),
  propose: (
    roundId: string,
    body: { to: string; settled: Record<string, string>; evidence: string; reason: string },
  ) => send<Resolution>("POST", `/api/v1/rounds/${id(roundId)}/resolutions`, body),
  proposeVoid: (roundId: string, reason: string) =>
    send<Resolution>("POST", `/api/v1/rounds/${id(roundId)}/voids`, { reason }),
  approveVoid: (resolutionId: string, password: string) =>
    send<Resolution>("POST", `/api/v1/voids/${id(resolutionId)}/approve`, { password }),
  suspend: (roundId: string, reason: string) =>
    send<Resolution>("POST", `/api/v1/rounds/${id(roundId)}/suspensions`, { reason }),
  approve: (resolutionId: string, password: string) =>
    send<Resolution>("POST", `/api/v1/resolutions/${id(resolutionId)}/approve`, { password }),
  audit: (params: Params, signal?: AbortSignal) => get<Page<AuditEntry>>("/api/v1/audit", params, signal),
  reconciliations: (params: Params, signal?: AbortSignal) =>
    get<Page<ReconciliationItem>>("/api/v1/reconciliations", params, signal),
  reconciliation: (reconciliationId: string, signal?: AbortSignal) =>
    get<Reconciliation>(`/api/v1/reconciliations/${id(reconciliationId)}`, {}, signal),
  reconcile: (date: string, statement: ArrayBuffer) =>
    fetchJson<Reconciliation>(address("/api/v1/reconciliations", { date }), {
      method: "POST",
      headers: { "Content-Type": "text/csv", "X-Croupier-Csrf": csrf },
      body: statement,
    }),
  deleteGameSet: (setId: string) => send<unknown>("DELETE", `/api/v1/game-sets/${id(setId)}`),
};

/** Saves our own statement of a day as a CSV file. */
export async function downloadStatement(date: string): Promise<void> {
  const answer = await fetchChecked(`/api/v1/statements/${date}`, { headers: { Accept: "text/csv" } });
  save(await answer.blob(), `statement-${date}.csv`);
}

function save(file: Blob, fileName: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}

/** Saves the transactions of a filter as a CSV file. */
export async function downloadTransactions(params: Params, fileName: string): Promise<void> {
  const answer = await fetchChecked(address("/api/v1/transactions", params), {
    headers: { Accept: "text/csv" },
  });
  save(await answer.blob(), fileName);
}
