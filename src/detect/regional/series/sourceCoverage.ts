import { HOUR_MS, MINUTE_MS } from "../../../core/time.js";

/** A file, or another source of a log, and the time that it covers. */
export interface SourceSpan {
  readonly name: string;
  /** Times of its first and last request, epoch milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly requests: number;
}

/** The time that most sources cover, and who reports outside of it. */
export interface CoveredSpan {
  readonly fromMs: number;
  readonly toMs: number;
  /** Names of the sources that go on after it; none where it reaches to the end. */
  readonly after: readonly string[];
}

/** Sources that end within so long of one another end together. */
const TOGETHER_MS = 30 * MINUTE_MS;
/** A source that begins while another ends goes on with it: rotated logs. */
const ROTATED_MS = 30 * MINUTE_MS;
/** Sources that run side by side for less are none that run side by side. */
const SIDE_BY_SIDE_MS = HOUR_MS;
/** A time is covered while sources of this share of the usual rate report. */
const COVERED = 0.8;
/** Edges are looked for within this share of the log. */
const EDGE = 0.25;

/**
 * Finds the time that most of a log's files cover: where one of several that ran side by side ends hours before the others,
 * or begins hours after them, what is missing is a file and no traffic.
 */
export function coveredSpan(sources: readonly SourceSpan[]): CoveredSpan {
  const known = sources.filter((s) => s.requests > 0 && s.toMs > s.fromMs);
  const fromMs = Math.min(...known.map((s) => s.fromMs));
  const toMs = Math.max(...known.map((s) => s.toMs));
  const endMs = Math.min(toMs, lastCovered(known, toMs, EDGE * (toMs - fromMs)));
  const mirrored = known.map((s) => ({ ...s, fromMs: -s.toMs, toMs: -s.fromMs }));
  const startMs = Math.max(fromMs, -lastCovered(mirrored, -fromMs, EDGE * (toMs - fromMs)));
  return { fromMs: startMs, toMs: endMs, after: endMs < toMs ? goingOn(known, endMs).map((s) => s.name) : [] };
}

/** The first time, near the end, after which most of what reported before is over. */
function lastCovered(sources: readonly SourceSpan[], lastMs: number, edgeMs: number): number {
  const ends = sources
    .filter((s) => s.toMs < lastMs - TOGETHER_MS && s.toMs > lastMs - edgeMs && !isRotated(s, sources))
    .map((s) => s.toMs)
    .sort((a, b) => a - b);
  for (const endMs of ends) {
    // What ends within the next minutes ends with it.
    const before = rateOf(sources.filter((s) => s.fromMs < endMs - SIDE_BY_SIDE_MS && s.toMs >= endMs));
    const after = rateOf(goingOn(sources, endMs));
    if (after > 0 && after < COVERED * before) return endMs;
  }
  return lastMs;
}

/** Sources that ran side by side with what ends at a time, and go on. */
const goingOn = (sources: readonly SourceSpan[], endMs: number): SourceSpan[] =>
  sources.filter((s) => s.fromMs < endMs - SIDE_BY_SIDE_MS && s.toMs > endMs + TOGETHER_MS);

const isRotated = (source: SourceSpan, sources: readonly SourceSpan[]): boolean =>
  sources.some((s) => s !== source && Math.abs(s.fromMs - source.toMs) <= ROTATED_MS);

const rateOf = (sources: readonly SourceSpan[]): number =>
  sources.reduce((sum, s) => sum + s.requests / (s.toMs - s.fromMs), 0);
