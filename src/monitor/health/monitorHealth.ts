import type { DropReason, LatenessClass } from "./monitorCounters.js";

/** How a monitor fares: counters since it began, restarts included, and what is the case now. Times are epoch milliseconds. */
export interface MonitorHealth {
  /** Events counted. */
  readonly accepted: number;
  /** Lines and objects that are no events, by reason. */
  readonly rejected: Readonly<Record<string, number>>;
  /** Events that were not counted, by reason. */
  readonly dropped: Readonly<Record<DropReason, number>>;
  /** Those that came too late, by how late. */
  readonly late: Readonly<Record<LatenessClass, number>>;
  /** Events that wait for their time to be complete. */
  readonly buffered: number;
  /** Sources heard of. */
  readonly sources: number;
  /** Up to when all events have come; null before the first. */
  readonly watermarkMs: number | null;
  /** The latest event; null before the first. */
  readonly latestMs: number | null;
  /** Up to when everything is judged; null before the first bucket is closed. */
  readonly judgedMs: number | null;
  /** From what is judged to the latest event, or to what the clock showed last. */
  readonly lagMs: number;
  /** Buckets closed. */
  readonly buckets: number;
  /** Changes of findings told. */
  readonly changes: number;
  readonly findingsOpen: number;
  readonly alertsSent: number;
  readonly alertsFailed: number;
  /** How long judging a bucket took: the last, the longest of the last 1,000, and their 99th percentile; null where no clock is given. */
  readonly tickMs: { readonly last: number; readonly p99: number; readonly max: number } | null;
  /** How old the location database is; null where that is not known. */
  readonly databaseAgeMs: number | null;
  /** Bytes of the traffic that is kept. */
  readonly historyBytes: number;
  /** What is not quite right: state that was refused, a snapshot that could not be written. */
  readonly warnings: readonly string[];
}
