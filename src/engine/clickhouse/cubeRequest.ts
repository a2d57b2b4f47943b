import { pickOptions } from "../../core/options/checkOptions.js";
import { CUBE_OPTIONS, type CubeOptions } from "../../cube/cubeOptions.js";
import type { Locator } from "../../locate/locator.js";
import type { FieldNames } from "../../read/fields/fieldMap.js";
import type { TableName } from "../sql/tableName.js";
import { timeOf } from "../timeOf.js";
import type { QueryLimits } from "./clickhouseClient.js";

/** Which table, and what of it to count. */
export interface ClickhouseCubeOptions extends Omit<CubeOptions, "fromMs" | "toMs">, QueryLimits {
  /** A table, a view or a `Distributed` table: `web.logs`, `{ database: "web", name: "logs" }`. */
  readonly table: TableName;
  /**
   * Which column holds what, by geopivot's name: `{ ts: "time", ip: "remote_addr", latency_s: "took" }`. Default: as the
   * fields of a log are known by their names.
   */
  readonly columns?: FieldNames;
  /** Only rows in [from, to): epoch milliseconds, a date, or ISO 8601. Default all. */
  readonly from?: number | Date | string;
  readonly to?: number | Date | string;
  /** Conditions that all must hold: `service=api|web`, `path=/api/*`, `country!=DE`, `network=10.0.0.0/8`. Values are bound. */
  readonly where?: string | readonly string[];
  /** Proxies whose word about the client is believed, where a column holds X-Forwarded-For. Default none. */
  readonly trustedProxies?: readonly string[];
  /**
   * Whose databases locate the addresses: the dictionaries are made, or replaced, if they are not of its version, which takes
   * the right to. Default: the dictionaries that {@link installLocations} made.
   */
  readonly locator?: Locator;
  /** The database that holds the dictionaries. Default `geopivot`. */
  readonly locations?: string;
}

/** A cube's options with the window in its own terms. */
export function windowed({ from, to, ...options }: ClickhouseCubeOptions): CubeOptions {
  return {
    ...pickOptions(options, CUBE_OPTIONS),
    ...(from !== undefined && { fromMs: timeOf(from) }),
    ...(to !== undefined && { toMs: timeOf(to) }),
  };
}
