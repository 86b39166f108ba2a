/** What the API answers, by the names that the account uses. Amounts are minor units, times RFC 3339. */
import type { components } from "../api.ts";

type Schemas = components["schemas"];

export type Page<T> = { items: T[]; next_cursor: string | null };

/** Not part of the published API: who is signed in to these pages. */
export type Me = {
  email: string;
  operator_id: string;
  role: string;
  /** What this role may do (docs: roles). */
  acts: string[];
  test: boolean;
  /** Where the demo makes players for a check; null elsewhere. */
  players_url: string | null;
  currencies: string[];
  exponents: Record<string, number>;
  csrf: string;
};

export type RoundItem = Schemas["RoundItem"];
export type Round = Schemas["RoundDetail"];
export type Transaction = Schemas["TransactionItem"];
export type TransactionLine = Schemas["TransactionView"];
export type CallItem = Schemas["CallItem"];
export type LedgerLine = Schemas["LedgerItem"];
export type Step = Schemas["StepItem"];
export type ExchangeItem = Schemas["ExchangeItem"];
export type Exchange = Schemas["ExchangeDetail"];
export type Finding = Schemas["FindingView"];
export type SignatureSteps = Schemas["SignatureView"];
export type ExchangeGroup = Schemas["GroupItem"];
export type Retention = Schemas["RetentionView"];
export type RetentionBody = Schemas["RetentionBody"];
export type Retries = Schemas["RetryView"];
export type CertificationItem = Schemas["CertificationItem"];
export type Certification = Schemas["CertificationView"];
export type CertificationBody = Schemas["CertificationBody"];
export type WalletClock = Schemas["ClockView"];
export type Origins = Schemas["OriginsView"];
export type OriginsBody = Schemas["OriginsBody"];
export type Schedule = Schemas["ScheduleView"];
export type ScheduleBody = Schemas["ScheduleBody"];
export type GoingLive = Schemas["GoingLiveView"];
export type CheckedRule = Schemas["RuleView"];
export type CheckedRuleDetail = Schemas["RuleDetail"];
export type Headers = Exchange["request"]["headers"];
export type Report = Schemas["Report"];
export type ReportLine = Schemas["ReportRow"];
export type GameItem = Schemas["GameView"];
export type GameSet = Schemas["GameSetView"];
export type Choice = Schemas["ChoiceView"];
export type Resolution = Schemas["ResolutionView"];
export type Resolutions = Schemas["ResolutionsView"];
export type Reconciliation = Schemas["ReconciliationView"];
export type ReconciliationItem = Schemas["ReconciliationItem"];
export type Difference = Schemas["DifferenceView"];
export type Repair = Schemas["RepairView"];
export type Total = Schemas["TotalView"];
export type AuditEntry = Schemas["AuditItem"];
export type Player = Schemas["PlayerView"];
export type CampaignItem = Schemas["CampaignView"];
export type Campaign = Schemas["CampaignDetail"];
export type CampaignProgress = Schemas["ProgressItem"];
export type CampaignBody = Schemas["CampaignBody"];
