import type { Cube } from "../cube/cube.js";
import type { CubeMeasure } from "../cube/cubeOptions.js";
import { wilson } from "../stats/wilson.js";
import type { Aggregate, AggregateNeeds } from "./aggregate.js";
import { pivotError } from "./errors.js";

/** Facts beside a row's sums. */
export interface MeasureContext {
  /** Requests of the whole table. */
  readonly totalCount: number;
  /** Minutes of time that a row stands for. */
  readonly minutes: (row: number) => number;
}

/** A column of a table; null where there is nothing to measure. */
export interface MeasureColumn {
  readonly name: string;
  readonly value: (sums: Aggregate, row: number, context: MeasureContext) => number | null;
  /** What a key that has no requests has. */
  readonly empty: 0 | null;
}

const ratio = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);
const known = (value: number): number | null => (Number.isNaN(value) ? null : value);

const COLUMNS: Readonly<Record<string, readonly MeasureColumn[]>> = {
  count: [{ name: "count", value: (s, r) => s.count[r]!, empty: 0 }],
  share: [{ name: "share", value: (s, r, c) => (c.totalCount > 0 ? s.count[r]! / c.totalCount : 0), empty: 0 }],
  rate: [{ name: "rate", value: (s, r, c) => ratio(s.count[r]!, c.minutes(r)), empty: 0 }],
  errors: [{ name: "errors", value: (s, r) => s.errors()[r]!, empty: 0 }],
  error_rate: withInterval("error_rate", (s) => s.errors()),
  client_errors: [{ name: "client_errors", value: (s, r) => s.clientErrors()[r]!, empty: 0 }],
  client_error_rate: withInterval("client_error_rate", (s) => s.clientErrors()),
  denied: [{ name: "denied", value: (s, r) => s.denied()[r]!, empty: 0 }],
  denied_rate: withInterval("denied_rate", (s) => s.denied()),
  bytes: [{ name: "bytes", value: (s, r) => s.bytes()[r]!, empty: 0 }],
  mean: [{ name: "mean", value: (s, r) => known(s.mean![r]!), empty: null }],
  clients: [{ name: "clients", value: (s, r) => s.clients![r]!, empty: 0 }],
  users: [{ name: "users", value: (s, r) => s.users![r]!, empty: 0 }],
  requests_per_client: [
    { name: "requests_per_client", value: (s, r) => ratio(s.count[r]!, s.clients![r]!), empty: null },
  ],
};

/** `p95` is the 95% quantile of latency in milliseconds, `p99.9` that of 99.9%. */
const QUANTILE = /^p(\d{1,2}(?:\.\d+)?|100)$/;

/** What measures a table can have, for messages. */
export const MEASURES: readonly string[] = [...Object.keys(COLUMNS), "p50", "p90", "p95", "p99", "p99.9"];

/** The columns of a measure: one, or three for a rate with its interval. Throws `no-such-measure`, `measure-not-kept`. */
export function measureColumns(cube: Cube, measure: string): readonly MeasureColumn[] {
  const needs = keptFor(measure);
  if (needs && !cube.settings.measures.has(needs)) throw pivotError("measure-not-kept", { measure, needs });
  const quantile = quantileOf(measure);
  if (quantile !== null)
    return [{ name: measure, value: (s, r) => known(s.quantiles.get(quantile)![r]!), empty: null }];
  const columns = Object.hasOwn(COLUMNS, measure) ? COLUMNS[measure] : undefined;
  if (!columns) throw pivotError("no-such-measure", { measure, known: MEASURES });
  return columns;
}

/** What the sums must have for some measures. */
export function needsOf(measures: readonly string[]): AggregateNeeds {
  const quantiles = measures.map(quantileOf).filter((q) => q !== null);
  return {
    quantiles: [...new Set(quantiles)],
    mean: measures.includes("mean"),
    clients: measures.includes("clients") || measures.includes("requests_per_client"),
    users: measures.includes("users"),
  };
}

/** The quantile, in [0, 1], that a measure asks for; null if it is another measure. */
export function quantileOf(measure: string): number | null {
  const match = QUANTILE.exec(measure);
  return match ? Number(match[1]) / 100 : null;
}

function keptFor(measure: string): CubeMeasure | null {
  if (measure === "mean" || quantileOf(measure) !== null) return "latency";
  if (measure === "clients" || measure === "requests_per_client") return "clients";
  return measure === "users" || measure === "bytes" ? measure : null;
}

/** A share of the requests with its 95% Wilson interval. */
function withInterval(name: string, hits: (sums: Aggregate) => Float64Array): readonly MeasureColumn[] {
  const end = (index: 0 | 1): MeasureColumn["value"] => {
    return (s, r) => (s.count[r]! > 0 ? wilson(hits(s)[r]!, s.count[r]!)[index] : null);
  };
  return [
    { name, value: (s, r) => ratio(hits(s)[r]!, s.count[r]!), empty: null },
    { name: `${name}_low`, value: end(0), empty: null },
    { name: `${name}_high`, value: end(1), empty: null },
  ];
}
