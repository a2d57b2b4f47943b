/** What a finding is about, in the order in which people ask: is it down, is it slow, is it an attack. */
export type FindingKind = "regional-outage" | "latency-hotspot" | "suspicious-traffic";

export type Severity = "critical" | "high" | "medium" | "low" | "info";

/**
 * From the gravest to the mildest. "low" and "info" are what only an analyst would want to see.
 *
 * @example
 * ```ts
 * const grave = findings.filter(({ severity }) => SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf("high"));
 * ```
 */
export const SEVERITIES: readonly Severity[] = ["critical", "high", "medium", "low", "info"];

/** The places that a finding is about. */
export interface FindingRegion {
  /** "Germany", "Hesse, Germany", "250 km around Basel", "12 cities in 3 countries". */
  readonly name: string;
  /** ISO 3166-1 alpha-2, sorted. */
  readonly countries: readonly string[];
  /** Names of first-level subdivisions, sorted; only where the region is not whole countries. */
  readonly subdivisions: readonly string[];
  /** Names of cities, sorted; only where the region is not whole subdivisions. */
  readonly cities: readonly string[];
  /** H3 indexes of one resolution that cover the places affected, sorted. */
  readonly cells: readonly string[];
  /** Weighted by traffic; null where nothing is located. */
  readonly centroid: { readonly lat: number; readonly lon: number } | null;
}

/** A slice of the traffic and the share of the change that it carries. */
export interface Cause {
  /** Dimension → value, `country` and other place levels among them. */
  readonly slice: Readonly<Record<string, string>>;
  /** Values that it is told without, by dimension: version 4.3.0 everywhere but in Germany. */
  readonly except?: Readonly<Record<string, readonly string[]>>;
  /** In [0, 1]. */
  readonly share: number;
}

/** Observed against expected, bucket by bucket, around a finding: what its chart draws. */
export interface FindingSeries {
  /** What the values are, where that is not the finding's `measure`: medians, for a finding of a higher quantile. */
  readonly measure?: string;
  readonly bucketMs: number;
  /** Start of each bucket, epoch milliseconds. */
  readonly timeMs: readonly number[];
  /** In the unit of the measure; null where there is no data. */
  readonly observed: readonly (number | null)[];
  readonly expected: readonly (number | null)[];
  /** Central 95% interval of the expectation. */
  readonly low?: readonly (number | null)[];
  readonly high?: readonly (number | null)[];
}

/** One incident: what, where, since when, how sure, and the evidence. Times are epoch milliseconds UTC. */
export interface Finding {
  /** The same for the same input and options. */
  readonly id: string;
  readonly kind: FindingKind;
  /** `traffic-drop`, `errors`, `latency`, `impossible-travel`, `credential-stuffing`, `traffic-surge`, `new-origin` … */
  readonly subtype: string;
  readonly severity: Severity;
  /** Probability, in [0, 1), that this is not chance. */
  readonly confidence: number;
  readonly startMs: number;
  /** null while it lasts at the end of the data. */
  readonly endMs: number | null;
  /** End of the earliest bucket after which it could be told. */
  readonly detectedAtMs: number;
  readonly title: string;
  readonly region: FindingRegion;
  /** The slice of other dimensions that it is confined to; empty if none. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** `requests`, `errors`, `error_rate`, `p95_latency_ms`, `speed_kmh`, `failed_logins` … */
  readonly measure: string;
  readonly observed: number;
  readonly expected: number;
  /** Central 95% interval of the expectation, where the method has one. */
  readonly expectedInterval?: readonly [number, number];
  /** Distinct client addresses behind it. */
  readonly clients: number;
  /** Worst first, at most 1,000. */
  readonly users: readonly string[];
  /** Worst first, at most 1,000. */
  readonly ips: readonly string[];
  readonly cause: readonly Cause[];
  readonly series?: FindingSeries;
  /** What a detector knows beyond this, in plain values: each detector documents its keys. */
  readonly evidence?: Readonly<Record<string, unknown>>;
}
