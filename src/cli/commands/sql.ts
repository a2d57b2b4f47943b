import { Command, Option } from "commander";
import { cubeSql } from "../../engine/clickhouse/cubeSql.js";
import { dictionariesDdl, sharedTablesDdl, versionTablesDdl } from "../../engine/locations/locationDdl.js";
import type { DescribedColumn } from "../../engine/sql/tableColumns.js";
import { viewSql } from "../../engine/views/viewSql.js";
import { cliError } from "../errors.js";
import { collectText } from "../input/collectText.js";
import { bucketOption, names, parsePairs, time, wholeNumber } from "../input/options.js";
import { writeOutput } from "../output/writeOutput.js";

interface SqlOptions {
  readonly table: string;
  readonly schema?: string;
  readonly map?: Readonly<Record<string, string>>;
  readonly dims: readonly string[];
  readonly bucket: number;
  readonly resolution: number;
  readonly from?: number;
  readonly to?: number;
  readonly where: readonly string[];
  readonly trust?: readonly string[];
  readonly locations: string;
  readonly viewName?: string;
  readonly ddl?: true;
  readonly query?: true;
  readonly view?: true;
  readonly dictionary?: true;
}

/** `geopivot sql --query --table web.logs`: the SQL by which ClickHouse makes the cube, for review. */
export function sqlCommand(_signal: AbortSignal): Command {
  return new Command("sql")
    .description("print the SQL by which ClickHouse computes the same cube")
    .requiredOption("--table <name>", "the table, as db.table")
    .option("--query", "the queries of a cube (the default)")
    .option("--view", "the table and the materialized views that keep the cube as rows arrive")
    .option("--dictionary", "the tables and dictionaries that locate addresses")
    .option("--ddl", "all that is made in a cluster: --dictionary and --view")
    .option(
      "--schema <columns>",
      "the table's columns, as 'ts DateTime64(3), ip String' (default: geopivot's own names)",
    )
    .option("--map <pairs>", "which column holds what, as ip=remote_addr,latency_s=took", parsePairs)
    .option("--dims <names>", "dimensions to count by", names, [])
    .addOption(bucketOption())
    .option("--resolution <n>", "H3 resolution of cells", wholeNumber(0, 15), 4)
    .option("--from <time>", "only from this time on", time)
    .option("--to <time>", "only up to this time", time)
    .option("--where <condition>", "name=value, name=value|value or name!=value; may be repeated", collectText, [])
    .option("--trust <cidrs>", "proxies whose X-Forwarded-For is believed", names)
    .option("--view-name <name>", "what --view makes (default: the table's name and _cube)")
    .addOption(new Option("--locations <database>", "the database with the dictionaries").default("geopivot"))
    .action((options: SqlOptions) => writeOutput("-", sqlText(options)));
}

function sqlText(options: SqlOptions): string {
  const { table, ddl, view, dictionary, query } = options;
  const described = options.schema === undefined ? ownColumns(options.dims) : columnsOf(options.schema);
  const request = {
    table,
    described,
    dimensions: options.dims,
    bucketSeconds: options.bucket / 1000,
    resolution: options.resolution,
    where: options.where,
    locations: options.locations,
    ...(options.map && { columns: options.map }),
    ...(options.trust && { trustedProxies: options.trust }),
    ...(options.from !== undefined && { from: options.from }),
    ...(options.to !== undefined && { to: options.to }),
  };
  const parts: string[] = [];
  if (ddl || dictionary) parts.push(...dictionarySql(options.locations));
  if (ddl || view) parts.push(...viewSql({ ...request, view: options.viewName ?? `${table}_cube` }));
  if (query || !(ddl || view || dictionary)) {
    const { queries, params } = cubeSql(request);
    parts.push(...queries);
    if (Object.keys(params).length > 0) parts.unshift(`-- parameters: ${JSON.stringify(params)}`);
  }
  return parts.map((sql) => (sql.startsWith("--") ? `${sql}\n` : `${sql};\n`)).join("\n");
}

function dictionarySql(database: string): string[] {
  const example = { version: "VERSION", size: 2 ** 24, networkSize: 2 ** 24 };
  return [
    ...sharedTablesDdl({ database }),
    ...versionTablesDdl({ database }, example.version),
    ...dictionariesDdl({ database }, example),
  ];
}

/** The columns of a table that is named as NDJSON is. */
function ownColumns(dimensions: readonly string[]): DescribedColumn[] {
  const known: readonly (readonly [string, string])[] = [
    ["ts", "DateTime64(3)"],
    ["ip", "String"],
    ["status", "UInt16"],
    ["latency_ms", "Float32"],
    ["bytes", "UInt64"],
    ["user", "String"],
  ];
  const own = dimensions.map((name) => [name, "LowCardinality(String)"] as const);
  return [...known, ...own].map(([name, type]) => ({ name, type }));
}

/** Columns as DDL writes them; names may be quoted. Commas within brackets are of types. */
function columnsOf(schema: string): DescribedColumn[] {
  const columns = schema.match(/(?:[^,(]|\([^)]*(?:\([^)]*\)[^)]*)*\))+/g) ?? [];
  return columns.map((column) => {
    const match = /^\s*(?:`((?:[^`\\]|\\.)+)`|([^\s`]+))\s+(\S.*?)\s*$/s.exec(column);
    if (match === null)
      throw cliError("bad-option", { option: "--schema", value: column.trim(), expected: "a name and a type" });
    return { name: match[2] ?? match[1]!.replace(/\\(.)/g, "$1"), type: match[3]! };
  });
}
