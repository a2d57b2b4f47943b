import { open, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { readError } from "../errors.js";
import { checkArrow } from "./checkArrow.js";
import { checkOffsets } from "./checkOffsets.js";
import { checkParquet } from "./checkParquet.js";
import type { LogSource } from "./openSource.js";

/** Kinds of table files, by their first bytes. */
const MAGIC = { parquet: "PAR1", arrow: "ARROW1" } as const;
export type TableKind = keyof typeof MAGIC;

/** Rows of a Parquet file that are in memory at once. */
const ROWS_AT_ONCE = 65_536;

/** Which kind of table file a source is, by its first bytes; undefined if it is none. */
export async function tableKindOf(source: LogSource): Promise<TableKind | undefined> {
  if (source === "-" || !(typeof source === "string" || source instanceof URL)) return undefined;
  // Whatever fails here is told better where the file is opened to be read.
  const file = await open(source, "r").catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    if (!(await file.stat()).isFile()) return undefined;
    const { buffer, bytesRead } = await file.read(new Uint8Array(6), 0, 6, 0);
    const text = String.fromCharCode(...buffer.subarray(0, bytesRead));
    return (Object.keys(MAGIC) as TableKind[]).find((kind) => text.startsWith(MAGIC[kind]));
  } finally {
    await file.close();
  }
}

/**
 * Rows of a Parquet or Arrow IPC file as objects, some ten thousands at a time.
 *
 * @throws `corrupt-input` if it is damaged
 */
export async function* tableRows(path: string | URL, kind: TableKind, name: string): AsyncGenerator<readonly object[]> {
  try {
    if (kind === "parquet") yield* parquetRows(path);
    else yield* arrowRows(path);
  } catch (cause) {
    throw readError("corrupt-input", { file: name, compression: kind, why: reasonOf(cause) }, cause);
  }
}

/** What our own checks say; what libraries say of their insides helps nobody. */
function reasonOf(cause: unknown): string {
  return cause instanceof RangeError && /^(?:its|a|the|there|structs) /.test(cause.message)
    ? cause.message
    : "it cannot be decoded";
}

async function* parquetRows(path: string | URL): AsyncGenerator<readonly object[]> {
  // Loaded by those who read Parquet only.
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } = await import("hyparquet");
  const { compressors } = await import("hyparquet-compressors");
  const file = await asyncBufferFromFile(typeof path === "string" ? path : fileURLToPath(path));
  const metadata = await parquetMetadataAsync(file);
  await checkParquet(metadata, (start, end) => file.slice(start, end), file.byteLength, compressors);
  const rows = Number(metadata.num_rows);
  const columns = parquetSchema(metadata).children.map(({ element }) => element.name);
  for (let rowStart = 0; rowStart < rows; rowStart += ROWS_AT_ONCE) {
    const rowEnd = Math.min(rows, rowStart + ROWS_AT_ONCE);
    const all: Record<string, unknown>[] = Array.from({ length: rowEnd - rowStart }, () => ({}));
    // One after the other: of columns that are read at once, all but the first that fails would fail unheard.
    for (const name of columns) {
      const read = { file, metadata, compressors, rowStart, rowEnd, columns: [name] };
      for (const [row, values] of (await parquetReadObjects(read)).entries()) all[row]![name] = values[name];
    }
    yield all;
  }
}

async function* arrowRows(path: string | URL): AsyncGenerator<readonly object[]> {
  const { tableFromIPC } = await import("@uwdata/flechette");
  const bytes = await readFile(path);
  checkArrow(bytes);
  const table = tableFromIPC(bytes, { useDate: true });
  checkOffsets(table);
  const rows = table.toArray() as object[];
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) yield rows.slice(at, at + ROWS_AT_ONCE);
}
