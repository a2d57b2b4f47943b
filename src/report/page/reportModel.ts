/**
 * What a report shows, as plain columns: the shape that the page's script works on.
 *
 * It depends on nothing, because it is compiled twice: into the library, which fills it, and into the page, which draws it.
 */
export interface ReportModel {
  readonly title: string;
  readonly input: ReportInput;
  /** How many countries the located traffic came from. */
  readonly countries: number;
  /** Width of a frame of the time slider, milliseconds; a multiple of the cube's bucket. */
  readonly frameMs: number;
  /** Start of frame 0, epoch milliseconds. */
  readonly originMs: number;
  /** Length {@link ReportTimeline.count}. */
  readonly timeline: ReportTimeline;
  /** From the coarsest cells, which the whole world is drawn with, to the cube's own. Empty where nothing is located. */
  readonly levels: readonly ReportLevel[];
  /** Parts of the traffic that the page can show alone, by dimension, the busiest values first. */
  readonly slices: readonly ReportSlice[];
  /** The part that `levels` and `timeline` are of; null for all traffic. */
  readonly slice: { readonly dimension: string; readonly value: string } | null;
  readonly findings: readonly ReportFinding[];
  /** The traffic at a glance; null where there is none. */
  readonly overview: ReportOverview | null;
  /** What triage made of them; empty where nobody asked it. */
  readonly incidents: readonly ReportIncident[];
  /** Credits that the databases' licences ask for, beside the map's own. */
  readonly attributions: readonly string[];
  /** Who serves whom, and what becomes of it when a server is lost; null where nobody asked. */
  readonly steering: ReportSteering | null;
}

/** A part of the traffic in figures, as `overview` tells them. */
export interface ReportPart {
  readonly name: string;
  readonly requests: number;
  /** Of all requests, in [0, 1]. */
  readonly share: number;
  readonly errorRate: number | null;
  readonly p95Ms: number | null;
  /** Requests of the last day over those of a mean day before, minus 1; null where that cannot be said. */
  readonly change: number | null;
}

export interface ReportOverview {
  readonly total: ReportPart;
  readonly clients: number | null;
  /** The busiest first. */
  readonly countries: readonly ReportPart[];
  readonly networks: readonly ReportPart[];
}

/** What the steering tab shows. Servers are told by their position; loads are requests a second. */
export interface ReportSteering {
  readonly servers: readonly {
    readonly name: string;
    readonly lat: number;
    readonly lon: number;
    readonly capacityRps: number | null;
  }[];
  /** Hours of the week that loads are told of, 0 is Monday 00:00 UTC. */
  readonly slots: readonly number[];
  /** Outlines of cells: longitude, latitude, longitude, latitude … */
  readonly rings: readonly (readonly number[])[];
  /** Requests a second of each cell. */
  readonly rps: readonly number[];
  /** The server of each cell today. */
  readonly today: readonly number[];
  /** The server of each cell by the plan with every server up; -1 where most of it finds no room. */
  readonly planned: readonly number[];
  /** With every server up, then the failures that the plan looked at: each server lost, then pairs. */
  readonly cases: readonly ReportSteeringCase[];
}

export interface ReportSteeringCase {
  /** The servers lost, ascending. */
  readonly down: readonly number[];
  readonly verdict: string;
  /** What it means, in a sentence. */
  readonly told: string;
  /** Cells that the plan leads elsewhere than with every server up: cell, server, cell, server …; -1 is no room. */
  readonly moved: readonly number[];
  /** Each server's load, an entry a slot; null for those that are lost, and for pairs. */
  readonly loads: readonly (readonly number[] | null)[];
  /** Each server's busiest hour, requests a second; null for those that are lost. */
  readonly peakRps: readonly (number | null)[];
  /** Each server's 95th percentile of latency, milliseconds. */
  readonly p95Ms: readonly (number | null)[];
}

/** The report's account of what was read; times are ISO 8601 UTC, null where there was no event. */
export interface ReportInput {
  readonly files: readonly string[];
  readonly events: number;
  readonly rejected: number;
  readonly unlocated: number;
  readonly from: string | null;
  readonly to: string | null;
}

/** All traffic, located or not, a frame. */
export interface ReportTimeline {
  readonly count: Uint32Array;
  readonly errors: Uint32Array;
}

/** The cells of one H3 resolution that had traffic. */
export interface ReportLevel {
  readonly resolution: number;
  /** Centres, degrees; one a cell. */
  readonly lat: Float32Array;
  readonly lon: Float32Array;
  /** How many vertices each cell's outline has. */
  readonly vertexCount: Uint8Array;
  /** Longitude, latitude, longitude, latitude … of all outlines, in degrees; longitudes of one cell never jump by 360. */
  readonly outline: Float32Array;
  /** The place in the cell that most requests came from: "Frankfurt am Main, DE". */
  readonly label: readonly string[];
  /** How many other places the cell holds. */
  readonly otherPlaces: Uint32Array;
  /** The whole period, one row a cell. */
  readonly total: CellColumns;
  /** One row for each frame and cell with traffic, by frame, then cell. */
  readonly rows: CellColumns;
  /** The rows of frame f are [rowStart[f], rowStart[f + 1]). */
  readonly rowStart: Uint32Array;
  /** The cell of each row. */
  readonly rowCell: Uint32Array;
}

/** The traffic of one value of a dimension. */
export interface ReportSlice {
  readonly dimension: string;
  readonly value: string;
  readonly requests: number;
  readonly timeline: ReportTimeline;
  /** Of the same cells as the report's own levels, in their order. */
  readonly levels: readonly LevelRows[];
}

/** The traffic of a level's cells: what differs from slice to slice. */
export type LevelRows = Pick<ReportLevel, "total" | "rows" | "rowStart" | "rowCell">;

/** Measures, one row a cell (or a cell and frame). */
export interface CellColumns {
  readonly count: Uint32Array;
  readonly errors: Uint32Array;
  /** Distinct client addresses, estimated. */
  readonly clients: Uint32Array;
  /** Latency quantiles as {@link latencyCode}s. */
  readonly p50: Uint16Array;
  readonly p95: Uint16Array;
}

/** The measures in the order in which they are packed. */
export const CELL_COLUMNS = ["count", "errors", "clients", "p50", "p95"] as const;

/** A slice that carries a part of a finding, the values that it is told without, and which part. */
export interface ReportCause {
  readonly slice: Readonly<Record<string, string>>;
  readonly except?: Readonly<Record<string, readonly string[]>>;
  readonly share: number;
}

/** A finding as the page shows it: the contract's fields, what its chart draws, and its outline. */
export interface ReportFinding {
  readonly id: string;
  readonly kind: string;
  readonly subtype: string;
  readonly severity: string;
  readonly confidence: number;
  readonly startMs: number;
  readonly endMs: number | null;
  readonly detectedAtMs: number;
  readonly title: string;
  readonly region: string;
  readonly centroid: { readonly lat: number; readonly lon: number } | null;
  /** ISO 3166-1 numeric codes of the countries that it is about as a whole; empty where it is about a part. */
  readonly countries: readonly string[];
  /** IANA name of the region's time zone; null where it has none or more than one is meant. */
  readonly timeZone: string | null;
  /** Rings of longitude, latitude pairs around the cells affected, to draw, not to fill. */
  readonly rings: readonly (readonly number[])[];
  /** The places between which something moved, in their order; empty where nothing did. */
  readonly path: readonly ReportStop[];
  readonly dimensions: Readonly<Record<string, string>>;
  readonly measure: string;
  readonly observed: number;
  readonly expected: number;
  readonly expectedInterval: readonly [number, number] | null;
  readonly clients: number;
  readonly users: readonly string[];
  readonly ips: readonly string[];
  /** How many there were before the lists were cut for the page. */
  readonly userCount: number;
  readonly ipCount: number;
  readonly cause: readonly ReportCause[];
  readonly series: ReportSeries | null;
  /** What else the detector knows: names, which may end in a unit (`distanceKm`), and values. */
  readonly evidence: readonly (readonly [string, string | number])[];
}

/** An incident: its figures, what could be known when, what was told to whom, and how its outline grew. */
export interface ReportIncident {
  readonly title: string;
  readonly severity: string;
  readonly status: string;
  readonly startMs: number;
  readonly endMs: number | null;
  /** Position of the gravest finding in it; null where the report has none of them. */
  readonly finding: number | null;
  readonly facts: readonly (readonly [label: string, text: string])[];
  readonly moments: readonly ReportMoment[];
  readonly outline: readonly { readonly atMs: number; readonly regions: string; readonly cells: number }[];
  readonly steps: readonly string[];
  readonly why: readonly string[];
  /** A post-mortem's draft in Markdown. */
  readonly draft: string;
}

export interface ReportMoment {
  readonly atMs: number;
  /** `began`, `knowable`, `told` or `ended`. */
  readonly kind: string;
  readonly text: string;
  readonly receivers: readonly string[];
}

/** Where someone was, and when. */
export interface ReportStop {
  readonly place: string;
  readonly lat: number;
  readonly lon: number;
  readonly timeMs: number;
}

export interface ReportSeries {
  /** The finding's, or another one. */
  readonly measure: string;
  readonly bucketMs: number;
  readonly timeMs: readonly number[];
  readonly observed: readonly (number | null)[];
  readonly expected: readonly (number | null)[];
  readonly low: readonly (number | null)[] | null;
  readonly high: readonly (number | null)[] | null;
}

/** Codes rise by two per cent of latency, so a decoded value is within one. */
const LOG_STEP = Math.log(1.02);
const SMALLEST_MS = 0.01;

/** A latency as 16 bits: 0 for "unknown" (NaN), else its logarithm in steps of two per cent from 0.01 ms up. */
export function latencyCode(latencyMs: number): number {
  if (Number.isNaN(latencyMs)) return 0;
  const step = Math.round(Math.log(Math.max(latencyMs, SMALLEST_MS) / SMALLEST_MS) / LOG_STEP);
  return Math.min(1 + step, 0xffff);
}

/** Milliseconds of a code; NaN for 0. */
export function latencyOf(code: number): number {
  return code === 0 ? Number.NaN : SMALLEST_MS * Math.exp((code - 1) * LOG_STEP);
}
