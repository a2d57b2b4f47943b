import { isoTime } from "../../core/time.js";
import type { Cause, Finding, FindingKind, FindingRegion, FindingSeries, Severity } from "../../detect/finding.js";

/** What was read, as a reader's report tells it. Times are epoch milliseconds; null or NaN where there was no event. */
export interface FindingsInput {
  readonly files: readonly string[];
  readonly events: number;
  readonly rejected: number;
  readonly unlocated: number;
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

/** The document that `analyze --json` writes. Times are ISO 8601 UTC. */
export interface FindingsJson {
  readonly schema: "geopivot.findings/1";
  readonly input: {
    readonly files: readonly string[];
    readonly events: number;
    readonly rejected: number;
    readonly unlocated: number;
    readonly from: string | null;
    readonly to: string | null;
  };
  readonly findings: readonly FindingJson[];
}

/** A finding with its times as text, every field present. */
export interface FindingJson {
  readonly id: string;
  readonly kind: FindingKind;
  readonly subtype: string;
  readonly severity: Severity;
  readonly confidence: number;
  readonly start: string;
  readonly end: string | null;
  readonly detectedAt: string;
  readonly title: string;
  readonly region: FindingRegion;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly measure: string;
  readonly observed: number;
  readonly expected: number;
  readonly clients: number;
  readonly users: readonly string[];
  readonly ips: readonly string[];
  readonly cause: readonly Cause[];
  /** These three only with `details`, and only where the finding has them. */
  readonly expectedInterval?: readonly [number, number];
  readonly evidence?: Readonly<Record<string, unknown>>;
  readonly series?: SeriesJson;
}

/** A finding's chart with its times as text. */
export interface SeriesJson extends Omit<FindingSeries, "timeMs"> {
  readonly time: readonly string[];
}

export interface FindingsJsonOptions {
  /**
   * Adds `expectedInterval`, `evidence` and `series` to each finding, so that a report can be drawn again from the
   * document alone. Default false.
   */
  readonly details?: boolean;
}

/** Findings as the document `geopivot.findings/1`, ready for `JSON.stringify`. Lists of users and addresses end at 1,000. */
export function findingsJson(
  input: FindingsInput,
  findings: readonly Finding[],
  options: FindingsJsonOptions = {},
): FindingsJson {
  const { files, events, rejected, unlocated, fromMs, toMs } = input;
  return {
    schema: "geopivot.findings/1",
    input: { files, events, rejected, unlocated, from: isoTimeOrNull(fromMs), to: isoTimeOrNull(toMs) },
    findings: findings.map((finding) => findingJson(finding, options.details ?? false)),
  };
}

const MOST_NAMES = 1_000;

function findingJson(finding: Finding, details: boolean): FindingJson {
  const { name, countries, subdivisions, cities, cells, centroid } = finding.region;
  return {
    id: finding.id,
    kind: finding.kind,
    subtype: finding.subtype,
    severity: finding.severity,
    confidence: finding.confidence,
    start: isoTime(finding.startMs),
    end: isoTimeOrNull(finding.endMs),
    detectedAt: isoTime(finding.detectedAtMs),
    title: finding.title,
    region: { name, countries, subdivisions, cities, cells, centroid },
    dimensions: finding.dimensions,
    measure: finding.measure,
    observed: finding.observed,
    expected: finding.expected,
    clients: finding.clients,
    users: finding.users.slice(0, MOST_NAMES),
    ips: finding.ips.slice(0, MOST_NAMES),
    cause: finding.cause,
    ...(details ? detailsOf(finding) : {}),
  };
}

function detailsOf({ expectedInterval, evidence, series }: Finding): Partial<FindingJson> {
  return {
    ...(expectedInterval && { expectedInterval }),
    ...(evidence && { evidence }),
    ...(series && { series: seriesJson(series) }),
  };
}

function seriesJson({ timeMs, ...rest }: FindingSeries): SeriesJson {
  return { ...rest, time: timeMs.map(isoTime) };
}

function isoTimeOrNull(timeMs: number | null): string | null {
  return timeMs === null || !Number.isFinite(timeMs) ? null : isoTime(timeMs);
}
