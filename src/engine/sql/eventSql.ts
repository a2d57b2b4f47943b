import type { CubeSettings } from "../../cube/cubeOptions.js";
import { isLocatingRole, ROLE } from "../../read/fields/role.js";
import { engineError } from "../errors.js";
import { addressSql, type Stage } from "./addressSql.js";
import { dimensionSql } from "./dimensionSql.js";
import { locateStages } from "./locateSql.js";
import { columnSql } from "./quote.js";
import type { TableColumn } from "./tableColumns.js";
import { firstNumberSql, firstTextSql, latencySql, numberSql, statusSql, textSql, timeSql } from "./valueSql.js";
import type { WhereSql } from "./whereSql.js";

/** What rows of a table are made events of. */
export interface EventSource {
  /** The table as SQL, and its name for messages. */
  readonly tableSql: string;
  readonly tableText: string;
  readonly columns: readonly TableColumn[];
  readonly settings: CubeSettings;
  readonly trustedProxies?: readonly string[] | undefined;
  /** The database with the dictionaries. */
  readonly database: string;
  /** A condition over the columns of events, or nothing. */
  readonly condition?: WhereSql | undefined;
}

/** The rows of a table as events, and which columns tell their groups. */
export interface EventSql {
  /**
   * A SELECT of the columns `time_ms`, `client`, `has_client`, `is_v4`, `v4`, `odd`, `place`, `network`, `status`,
   * `is_error`, `latency_ms`, `bytes`, `user`, `user_hash`, `weight`, `bucket` and those of the groups.
   */
  readonly sql: string;
  /** Columns of what a row tells of its place itself, by the role of the field. */
  readonly told: readonly { readonly role: number; readonly column: string }[];
  /** Columns of the dimensions; null for those made of the network. */
  readonly dimensions: readonly (string | null)[];
  /** Whether addresses are located at all. */
  readonly hasAddresses: boolean;
  /** Whether `odd` may hold anything. */
  readonly hasOdd: boolean;
}

/** Dimensions that are made of an address's network. */
export const NETWORK_DIMENSIONS: readonly string[] = ["asn", "organization", "network", "tag"];

/**
 * The rows of a table as events: each column means what the field of that name means in a log, row by row.
 *
 * @throws `no-time-column`, `no-place-column`, `column-type`
 */
export function eventSql(source: EventSource): EventSql {
  const { columns, settings } = source;
  const of = (...roles: readonly number[]): TableColumn[] => columns.filter(({ means }) => roles.includes(means.role));
  checkColumns(source);
  const tells = columns.filter(({ means }) => isLocatingRole(means.role) && means.role !== ROLE.client);
  const roles = [...new Set(tells.map(({ means }) => means.role))].sort((a, b) => a - b);
  const addresses = of(ROLE.address, ROLE.endpoint, ROLE.forwardedFor, ROLE.forwarded);
  const { texts, stages } = addressSql(columns, source.trustedProxies);
  const dimensions = settings.dimensions.map((name) => dimensionSql(name, columns));
  const own: Stage = dimensions.flatMap((sql, d) => (sql === null ? [] : [[`d${d}`, sql] as const]));
  const isLocated = addresses.length > 0;
  const inner: Stage = [
    ["time_or_null", firstNumberSql(of(ROLE.time), timeSql)],
    ...(isLocated ? texts : []),
    ["client_name", firstTextSql(of(ROLE.client))],
    ["status", `toUInt16(ifNull(${firstNumberSql(of(ROLE.status), statusSql)}, 0))`],
    ["latency_ms", `toFloat32(abs(ifNull(${firstNumberSql(of(...LATENCIES), latencySql)}, nan)))`],
    ["bytes", `toFloat64(ifNull(${firstNumberSql(of(ROLE.bytes), (c) => numberSql(c, c.means))}, 0))`],
    ["user", firstTextSql(of(ROLE.user))],
    ...roles.map((role) => [`own_${role}`, placeTextSql(of(role))] as const),
    ...own,
    ...(source.condition?.columns ?? []),
  ];
  const none: Stage = [
    ["peer", "''"],
    ["odd", "''"],
    ["address", "CAST(NULL AS Nullable(IPv6))"],
  ];
  const unlocated: Stage = [
    ["is_v4", "0"],
    ["v4", "toUInt32(0)"],
    ["place_id", "toUInt32(0)"],
    ["network_id", "toUInt32(0)"],
  ];
  const isTold = roles.map((role) => `own_${role} != ''`).join(" OR ") || "0";
  const isEvent = [
    "time_or_null IS NOT NULL",
    `(has_client OR odd != '' OR ${isTold})`,
    ...windowSql(settings, "time_or_null"),
  ].join(" AND ");
  const located = staged(
    `(
  SELECT ${selected(inner)}
  FROM ${source.tableSql} AS t${pruning(of(ROLE.time), settings)}
)`,
    [
      ...(isLocated ? stages : [none]),
      [
        ["has_name", "address IS NULL AND odd = '' AND peer = '' AND client_name != ''"],
        ["time_ms", "assumeNotNull(time_or_null)"],
      ],
      [
        ["client", `ifNull(address, if(has_name, ${PSEUDONYM}, toIPv6('::')))`],
        ["has_client", "address IS NOT NULL OR has_name"],
      ],
    ],
  );
  const events = staged(`(${located} WHERE ${isEvent})`, [
    ...(isLocated ? locateStages(source.database) : [unlocated]),
    [
      ["place", "place_id"],
      ["network", "if(has_name, 0, network_id)"],
    ],
    [
      ...roles.map((role) => [`told_${role}`, `if(place = 0, own_${role}, '')`] as const),
      ["is_error", errorSql(settings.errorStatuses)],
      ["user_hash", "if(user = '', 0, bitOr(bitShiftLeft(toUInt64(murmurHash2_32(user)), 32), murmurHash3_32(user)))"],
      ["weight", "1"],
      ["bucket", `toInt64(floor(time_ms / ${settings.bucketMs}))`],
    ],
  ]);
  const condition = source.condition?.sql;
  return {
    sql: condition === undefined ? events : `${events} WHERE ${condition}`,
    told: roles.map((role) => ({ role, column: `told_${role}` })),
    dimensions: dimensions.map((sql, d) => (sql === null ? null : `d${d}`)),
    hasAddresses: isLocated,
    hasOdd: isLocated,
  };
}

/** A SELECT over a source that adds columns stage by stage: a server then reads each expression once. */
export function staged(source: string, stages: readonly Stage[]): string {
  return stages.reduce(
    (from, stage, i) => `SELECT *, ${selected(stage)}\nFROM ${i === 0 ? from : `(${from})`}`,
    source,
  );
}

const LATENCIES = [ROLE.latency, ROLE.latencyOrNone, ROLE.latencyWithUnit, ROLE.latencyPart, ROLE.latencyByValue];

/** The address that stands for a client's name; see `pseudonym`. */
const PSEUDONYM =
  "CAST(toFixedString(concat(unhex('0100000000000000'), unhex(leftPad(hex(murmurHash2_32(client_name)), 8, '0')), unhex(leftPad(hex(murmurHash3_32(client_name)), 8, '0'))), 16) AS IPv6)";

function checkColumns({ tableText: table, columns }: EventSource): void {
  const names = columns.map(({ name }) => name);
  const has = (test: (role: number) => boolean): boolean => columns.some(({ means }) => test(means.role));
  if (!has((role) => role === ROLE.time)) throw engineError("no-time-column", { table, columns: names });
  const places = [ROLE.address, ROLE.endpoint, ROLE.forwardedFor, ROLE.forwarded] as readonly number[];
  if (!has((role) => places.includes(role) || isLocatingRole(role)))
    throw engineError("no-place-column", { table, columns: names });
  for (const { name, type, means } of columns)
    if (means.role === ROLE.weight || means.role === ROLE.count)
      throw engineError("column-type", {
        column: name,
        type,
        expected: "no weights: map it to a name of your own, or read the rows here",
      });
}

/** What rows tell of their place: texts without blanks around them, as `RowWriter` takes them. */
function placeTextSql(columns: readonly TableColumn[]): string {
  const text = columns.length === 1 ? textSql(columns[0]!) : firstTextSql(columns);
  return `trimBoth(substring(${text}, 1, 512))`;
}

const selected = (columns: Stage): string => columns.map(([name, sql]) => `${sql} AS ${name}`).join(",\n  ");

/** Statuses in runs: `BETWEEN` for those that follow one another. */
function errorSql(statuses: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const status of statuses) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === status - 1) last[1] = status;
    else runs.push([status, status]);
  }
  return runs.map(([from, to]) => `status BETWEEN ${from} AND ${to}`).join(" OR ") || "0";
}

function windowSql({ fromMs, toMs }: CubeSettings, time: string): string[] {
  return [
    ...(Number.isFinite(fromMs) ? [`${time} >= ${fromMs}`] : []),
    ...(Number.isFinite(toMs) ? [`${time} < ${toMs}`] : []),
  ];
}

/** The window in terms of the table's own column, by which a server finds the parts that it need not read. */
function pruning(times: readonly TableColumn[], { fromMs, toMs }: CubeSettings): string {
  const [only] = times;
  if (times.length !== 1 || !/^DateTime/.test(only!.type)) return "";
  const at = (ms: number): string => `fromUnixTimestamp64Milli(toInt64(${ms}), 'UTC')`;
  const column = columnSql(only!.name);
  const conditions = [
    ...(Number.isFinite(fromMs) ? [`${column} >= ${at(Math.floor(fromMs))}`] : []),
    ...(Number.isFinite(toMs) ? [`${column} <= ${at(Math.ceil(toMs))}`] : []),
  ];
  return conditions.length === 0 ? "" : `\n  WHERE ${conditions.join(" AND ")}`;
}
