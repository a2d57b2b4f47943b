import type { Shapes } from "../core/options/shape.js";
import { either, flag, list, number, text, time } from "../core/options/shapes.js";
import { parseTimeMs } from "../core/time.js";
import { PLACE_DIMENSION, type PlaceDimension } from "./attributes/placeAttribute.js";
import { pivotError } from "./errors.js";
import { WHERE, type Where } from "./where.js";

export interface PivotOptions {
  /**
   * What rows are told apart by: dimensions of the cube; `continent`, `country`, `region`, `city`, `cell`, `cell:3` (at a
   * coarser resolution); `time`, `time:6h`, `day`, `hour`, `weekday`; or a dimension made of a place by a function.
   * Default none: one row.
   */
  readonly by?: readonly (string | PlaceDimension)[];
  /** What columns are told apart by, likewise; each measure then has a column for each value. Default none. */
  readonly columns?: readonly (string | PlaceDimension)[];
  /**
   * `count`, `share` (of all requests shown), `rate` (requests a minute), `errors`, `error_rate` (with the columns
   * `error_rate_low` and `error_rate_high`: Wilson's 95% interval), `client_errors`, `client_error_rate`, `denied`,
   * `denied_rate`, `bytes`, `mean` and `p95` or any other quantile (latency, milliseconds), `under:250ms` (share of the
   * requests that took no longer, with its interval), `apdex:250ms`, `latency_count`, `clients`, `users`,
   * `requests_per_client`, and figures of measures of your own. Default `["count"]`.
   */
  readonly measures?: readonly string[];
  /** Conditions that requests must meet. Default none. */
  readonly where?: Where;
  /** Only buckets that start in [from, to), epoch milliseconds or ISO 8601. Default all. */
  readonly from?: number | string;
  readonly to?: number | string;
  /** Keep the greatest so many values of the first key, greatest first, and sum the rest as "other". Default all. */
  readonly top?: number;
  /** The measure by which they are the greatest. Default the first one. */
  readonly topBy?: string;
  /** Add a row (with `columns`, also a column) for everything. Default false. */
  readonly totals?: boolean;
  /** Add a row for each value of the first key, of the first two, and so on. Default false. */
  readonly subtotals?: boolean;
  /** Show keys that have no requests, too: every value that occurs with every other. Default false. */
  readonly fill?: boolean;
  /** The clock of `hour`, `weekday`, `day` and `time`: `utc`, `local` (of the place), or an IANA time zone. Default `utc`. */
  readonly timeZone?: string;
  /** No row stands for fewer distinct clients: smaller ones are merged into "other", or withheld. Default 0. */
  readonly minClients?: number;
}

const KEYS = list(either(text, PLACE_DIMENSION), "names");

/** What each option takes. */
export const PIVOT_OPTIONS: Shapes<PivotOptions> = {
  by: KEYS,
  columns: KEYS,
  measures: list(text, "names"),
  where: WHERE,
  from: time,
  to: time,
  top: number,
  topBy: text,
  totals: flag,
  subtotals: flag,
  fill: flag,
  timeZone: text,
  minClients: number,
};

/** Options with their defaults filled in, checked. */
export type PivotSettings = Required<Omit<PivotOptions, "from" | "to" | "top" | "topBy">> & {
  readonly fromMs: number;
  readonly toMs: number;
  readonly top: number;
  readonly topBy: string;
};

/** Fills in defaults. Throws `bad-pivot-option`. */
export function pivotSettings(options: PivotOptions): PivotSettings {
  const { by = [], columns = [], measures = ["count"], top = Number.POSITIVE_INFINITY, minClients = 0 } = options;
  const names = [...by, ...columns].map((key) => (typeof key === "string" ? key : key.name));
  check(measures.length > 0, "measures", measures, "at least one");
  check(new Set(measures).size === measures.length, "measures", measures, "each once");
  check(new Set(names).size === names.length, "by", names, "each dimension once, in rows or columns");
  check(top > 0 && (top === Number.POSITIVE_INFINITY || Number.isInteger(top)), "top", top, "a positive integer");
  check(minClients >= 0 && Number.isInteger(minClients), "minClients", minClients, "an integer, not negative");
  return {
    by,
    columns,
    measures,
    where: options.where ?? {},
    fromMs: options.from === undefined ? Number.NEGATIVE_INFINITY : parseTimeMs(options.from),
    toMs: options.to === undefined ? Number.POSITIVE_INFINITY : parseTimeMs(options.to),
    top,
    topBy: options.topBy ?? measures[0]!,
    totals: options.totals ?? false,
    subtotals: options.subtotals ?? false,
    fill: options.fill ?? false,
    timeZone: options.timeZone ?? "utc",
    minClients,
  };
}

function check(holds: boolean, option: string, value: unknown, expected: string): void {
  if (!holds) throw pivotError("bad-pivot-option", { option, value: String(value), expected });
}
