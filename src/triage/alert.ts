import type { Cause, FindingKind, FindingRegion, Severity } from "../detect/finding.js";

/** What a pipeline can do about an alert without a person, where the cause allows it. */
export type AlertAction =
  | { readonly action: "rollback"; readonly version: string; readonly service?: string }
  | { readonly action: "drain"; readonly pop: string; readonly service?: string }
  | { readonly action: "block"; readonly ips: readonly string[] };

/** What a receiver has to be told: "unchanged" is for those that want alerts again and again, and for nobody else. */
export type AlertChange = "opened" | "grown" | "resolved" | "unchanged";

/** What an incident has cost so far. */
export interface AlertLoss {
  /** Requests lost, failed or slowed, log-ins that failed … beyond what is usual; null where the finding does not count any. */
  readonly amount: number | null;
  /** What the amount counts: "requests lost", "requests failed", "requests slowed", "failed log-ins", "requests". */
  readonly unit: string;
  /** Of the region's own traffic, in [0, 1]; null where it is not known. */
  readonly share: number | null;
}

/** A line of an incident's history: what was told, and when it could be. */
export interface AlertEvent {
  readonly atMs: number;
  readonly change: Exclude<AlertChange, "unchanged">;
  readonly severity: Severity;
  readonly title: string;
  /** Name of the region as it was known then. */
  readonly region: string;
  /** How many cells its outline had. */
  readonly cells: number;
  /** What it had cost by then, as {@link AlertLoss} counts it. */
  readonly amount: number | null;
  readonly receivers: readonly string[];
}

/** One incident that somebody should hear of. Times are epoch milliseconds UTC; every text is plain, never markup. */
export interface Alert {
  /** The same while the incident lasts and across restarts; holds no measured value, address or time. */
  readonly key: string;
  readonly status: "firing" | "resolved";
  readonly severity: Severity;
  readonly kind: FindingKind;
  readonly subtype: string;
  readonly title: string;
  readonly region: FindingRegion;
  /** The slice of other dimensions that it is confined to; empty if none. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly startMs: number;
  /** null while it lasts. */
  readonly endMs: number | null;
  readonly detectedAtMs: number;
  readonly measure: string;
  readonly observed: number;
  readonly expected: number;
  /** Probability, in [0, 1), that this is not chance. */
  readonly confidence: number;
  /** "97% of the lost requests: version 4.3.0"; null where nothing carries it. */
  readonly cause: string | null;
  readonly causes: readonly Cause[];
  /** Distinct client addresses behind it. */
  readonly clients: number;
  /** The findings in it, gravest first. */
  readonly findings: readonly string[];
  /** Names of receivers, as the policy's routes give them. */
  readonly receivers: readonly string[];
  readonly runbook: string | null;
  /** What to do first, a sentence each. */
  readonly steps: readonly string[];
  readonly actions: readonly AlertAction[];
  /** Titles of what else is going on at the time. */
  readonly alongside: readonly string[];
  /** Who else saw it, or "only us"; null where no events of others were given. */
  readonly secondOpinion: string | null;
  /** What is new since the last call of `triage` with the same state. */
  readonly change: AlertChange;
  readonly loss: AlertLoss;
  /** How long it lasted and what it cost, in a sentence; null while it lasts. */
  readonly resolution: string | null;
  /** Names of the policy's tiers that it hits. */
  readonly tiers: readonly string[];
  /** What was told of it so far, oldest first. */
  readonly history: readonly AlertEvent[];
  /** Each rule that touched it, in order. */
  readonly why: readonly string[];
  /** What is in it, where it is the one alert that tells of the digest; alerts of incidents have none. */
  readonly digest?: readonly DigestEntry[];
}

/** What did not become an alert of its own because the budget of alerts was spent. */
export interface DigestEntry {
  readonly title: string;
  readonly count: number;
  readonly severity: Severity;
  readonly findings: readonly string[];
  /** How many of them are new since the last call with the same state. */
  readonly fresh: number;
}

export type SuppressedBy = "inhibition" | "silence" | "window" | "budget" | "feedback" | "severity" | "flapping";

/** Findings that nobody is told of, and the rule that says so. */
export interface Suppressed {
  readonly findings: readonly string[];
  readonly by: SuppressedBy;
  readonly why: string;
}
