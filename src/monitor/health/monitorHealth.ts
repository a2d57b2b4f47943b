import type { Intake } from "../intake/intake.js";
import type { LiveChain } from "../liveChain.js";
import type { CountersState, DropReason, LatenessClass } from "./monitorCounters.js";
import type { TickTimes } from "./tickTimes.js";

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

/** What health is told from. */
export interface HealthSources {
  readonly counts: CountersState;
  readonly intake: Intake;
  /** Objects that wait to become events. */
  readonly waiting: number;
  readonly chain: LiveChain;
  readonly judgedMs: number | null;
  readonly databaseMs: number | null;
  readonly warnings: readonly string[];
  readonly ticks: TickTimes;
}

export function monitorHealth(from: HealthSources): MonitorHealth {
  const { counts, intake, waiting, chain, judgedMs, databaseMs, warnings, ticks } = from;
  const { presentMs, frontierMs, timeMs, sources } = intake.watermark;
  const isBegun = Number.isFinite(presentMs);
  return {
    ...structuredClone(counts),
    buffered: intake.buffered + waiting,
    sources,
    watermarkMs: finiteOrNull(timeMs),
    latestMs: finiteOrNull(frontierMs),
    judgedMs,
    lagMs: isBegun && judgedMs !== null ? Math.max(0, presentMs - judgedMs) : 0,
    findingsOpen: chain.journal.open.length,
    tickMs: ticks.summary,
    databaseAgeMs: databaseMs !== null && isBegun ? presentMs - databaseMs : null,
    historyBytes: chain.log.bytes,
    warnings: [...warnings],
  };
}

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
