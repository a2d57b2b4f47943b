import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ClickHouseClient, createClient } from "@clickhouse/client";

const folder = fileURLToPath(new URL("../", import.meta.url));

/** Whether ClickHouse in this process is installed: `npm --prefix test/engine install`. */
export const hasChdb = existsSync(join(folder, "node_modules/chdb/package.json"));
/** Whether DuckDB is. */
export const hasDuckdb = existsSync(join(folder, "node_modules/@duckdb/node-api/package.json"));

/** Requires a library that is installed beside the engine's tests. */
export const requireEngine = createRequire(join(folder, "package.json"));

/** ClickHouse in this process, behind the client that talks to a cluster. One a process. */
export function openChdb(): { readonly client: ClickHouseClient; readonly close: () => Promise<void> } {
  const path = mkdtempSync(join(tmpdir(), "geopivot-chdb-"));
  const { createChdbConnection } = requireEngine("chdb/connection");
  const client = createClient({ connection: createChdbConnection({ path }) } as never);
  return {
    client,
    close: async () => {
      await client.close();
      rmSync(path, { recursive: true, force: true });
    },
  };
}
