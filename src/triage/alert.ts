import type { Cause, FindingKind, FindingRegion, Severity } from "../detect/finding.js";

/** What a pipeline can do about an alert without a person, where the cause allows it. */
export type AlertAction =
  | { readonly action: "rollback"; readonly version: string; readonly service?: string }
  | { readonly action: "drain"; readonly pop: string; readonly service?: string }
  | { readonly action: "block"; readonly ips: readonly string[] };

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
  /** Each rule that touched it, in order. */
  readonly why: readonly string[];
}

/** What did not become an alert of its own because the budget of alerts was spent. */
export interface DigestEntry {
  readonly title: string;
  readonly count: number;
  readonly severity: Severity;
  readonly findings: readonly string[];
}

export type SuppressedBy = "inhibition" | "silence" | "window" | "budget" | "feedback" | "severity" | "flapping";

/** Findings that nobody is told of, and the rule that says so. */
export interface Suppressed {
  readonly findings: readonly string[];
  readonly by: SuppressedBy;
  readonly why: string;
}
