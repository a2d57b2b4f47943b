import type { Alert } from "./alert.js";

/** What triage remembers between calls: plain JSON, to be kept wherever the caller keeps its state. */
export interface TriageState {
  readonly schema: "geopivot.triage/1";
  /** When it was last called. */
  readonly atMs: number;
  readonly incidents: readonly IncidentState[];
  /** Verdicts that were given, by id of finding. */
  readonly feedback: Readonly<Record<string, FeedbackState>>;
  /** What was told last of the digest; missing or null for nothing. */
  readonly digest?: Alert | null;
}

export interface FeedbackState {
  readonly verdict: boolean;
  /** What the finding was: `regional-outage/errors`; empty until it is met. */
  readonly about: string;
}

export interface IncidentState {
  readonly key: string;
  /** The key without what tells it from others of its kind. */
  readonly base: string;
  /** Where its findings are. */
  readonly place: "alert" | "digest" | "held";
  readonly status: "firing" | "resolved";
  readonly openedAtMs: number;
  readonly startMs: number;
  /** null while it lasts. */
  readonly endMs: number | null;
  /** Whether it is many regions at once. */
  readonly storm: boolean;
  /** Ids of all findings that were ever in it. */
  readonly findings: readonly string[];
  /** What was told last; null unless its place is `alert`. */
  readonly alert: Alert | null;
}
