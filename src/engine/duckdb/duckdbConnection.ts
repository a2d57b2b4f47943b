import { engineError } from "../errors.js";

/** As much of a connection of `@duckdb/node-api` as is used: one of the caller's own does. */
export interface DuckdbConnection {
  stream(sql: string): Promise<{ fetchChunk(): Promise<DuckdbChunk | null> }>;
}

export interface DuckdbChunk {
  readonly rowCount: number;
  /** Values by column. */
  getColumns(): readonly (readonly unknown[])[];
}

/** A database in memory, for files. Throws `not-installed`. */
export async function openDuckdb(): Promise<DuckdbConnection> {
  const library = "@duckdb/node-api";
  let api: { DuckDBInstance: { create(path: string): Promise<{ connect(): Promise<DuckdbConnection> }> } };
  try {
    api = await import(library);
  } catch (error) {
    throw engineError("not-installed", { library, command: `npm install ${library}` }, error);
  }
  return (await api.DuckDBInstance.create(":memory:")).connect();
}

/** The rows of a small answer, as lists of values. */
export async function duckdbRows(connection: DuckdbConnection, sql: string): Promise<unknown[][]> {
  const rows: unknown[][] = [];
  for await (const columns of duckdbChunks(connection, sql))
    for (let row = 0; row < columns[0]!.length; row++) rows.push(columns.map((column) => column[row]));
  return rows;
}

/** An answer chunk by chunk, column by column. Throws `engine-refused`, and the signal's reason. */
export async function* duckdbChunks(
  connection: DuckdbConnection,
  sql: string,
  signal?: AbortSignal,
): AsyncGenerator<readonly (readonly unknown[])[]> {
  try {
    const result = await connection.stream(sql);
    for (
      let chunk = await result.fetchChunk();
      chunk !== null && chunk.rowCount > 0;
      chunk = await result.fetchChunk()
    ) {
      signal?.throwIfAborted();
      yield chunk.getColumns();
    }
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    const reason = (error as Error).message.replace(/\s+/g, " ").slice(0, 500);
    throw engineError(/out of memory/i.test(reason) ? "engine-memory" : "engine-refused", { reason }, error);
  }
}
