import type { Cube } from "../cube/cube.js";
import type { CubeOptions } from "../cube/cubeOptions.js";
import type { Locator } from "../locate/locator.js";
import type { FieldNames } from "../read/fields/fieldMap.js";
import { clickhouseCube } from "./clickhouse/clickhouseCube.js";
import { duckdbCube } from "./duckdb/duckdbCube.js";
import { engineError } from "./errors.js";

/** Whether a source is rows in an engine: `clickhouse://host:8123/db.table`, `duckdb:file.parquet`. */
export function isEngineSource(source: string): boolean {
  return /^(?:clickhouses?:\/\/|duckdb:)/.test(source);
}

/** What to count of an engine's rows, as of a log's. */
export interface EngineReadOptions extends Omit<CubeOptions, "fromMs" | "toMs"> {
  readonly locator: Locator;
  readonly columns?: FieldNames;
  readonly where?: readonly string[];
  readonly trustedProxies?: readonly string[];
  readonly signal?: AbortSignal;
}

/**
 * The cube of a source. ClickHouse's dictionaries are made, or replaced, if they are not of the locator's version.
 *
 * `clickhouse://user:password@host:8123/db.table`; `clickhouses://` is over TLS. `duckdb:` takes files and globs of Parquet,
 * CSV and NDJSON.
 *
 * @throws `bad-engine-option`, `not-installed`, and what `clickhouseCube` and `duckdbCube` throw
 */
export async function engineCube(source: string, options: EngineReadOptions): Promise<Cube> {
  if (source.startsWith("duckdb:")) return duckdbCube({ ...options, files: source.slice("duckdb:".length) });
  const { url, table } = clickhouseAddress(source);
  const { createClient } = await clickhouseLibrary();
  const client = createClient({ url, request_timeout: 600_000 });
  try {
    return await clickhouseCube(client, { ...options, table });
  } finally {
    await client.close();
  }
}

/** Server and table of a source. Throws `bad-engine-option`. */
export function clickhouseAddress(source: string): { readonly url: string; readonly table: string } {
  const bad = () =>
    engineError("bad-engine-option", {
      option: "source",
      value: source.replace(/\/\/[^@/]*@/, "//…@"),
      expected: "clickhouse://host:8123/db.table",
    });
  let url: URL;
  try {
    url = new URL(source.replace(/^clickhouse(s?):/, "http$1:"));
  } catch {
    throw bad();
  }
  const table = decodeURIComponent(url.pathname.slice(1));
  if (table === "" || url.hostname === "") throw bad();
  if (url.port === "") url.port = url.protocol === "https:" ? "8443" : "8123";
  url.pathname = "";
  return { url: url.href, table };
}

async function clickhouseLibrary(): Promise<typeof import("@clickhouse/client")> {
  try {
    return await import("@clickhouse/client");
  } catch (error) {
    const library = "@clickhouse/client";
    throw engineError("not-installed", { library, command: `npm install ${library}` }, error);
  }
}
