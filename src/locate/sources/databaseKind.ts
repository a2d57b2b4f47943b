import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { isGzip } from "./forEachLine.js";

/** What a database file is: of a kind that is read whole by its own head, or lines of text. */
export type DatabaseKind = "text" | "bin" | "binary";

/** Enough to tell text from anything else, and the header of a BIN file. */
const HEAD_BYTES = 512;

/**
 * What kind a file is, told by how it begins; what cannot be looked at before it is read (a pipe, a missing file), by its
 * name.
 */
export async function databaseKind(path: string): Promise<DatabaseKind> {
  if (/\.(?:csv|tsv|json|ndjson|jsonl)(?:\.gz)?$/i.test(path)) return "text";
  if (/\.(?:mmdb|table)$/i.test(path)) return "binary";
  const head = await headOf(path).catch(() => undefined);
  if (head === undefined || head.length === 0) return /\.txt(?:\.gz)?$/i.test(path) ? "text" : "binary";
  if (isBinHead(head)) return "bin";
  return isText(head) ? "text" : "binary";
}

/** The first bytes of a file, uncompressed. */
async function headOf(path: string): Promise<Uint8Array> {
  const file = createReadStream(path, { end: 64 * HEAD_BYTES });
  const stream = (await isGzip(path)) ? file.pipe(createGunzip()) : file;
  try {
    for await (const chunk of stream) return (chunk as Buffer).subarray(0, HEAD_BYTES);
    return new Uint8Array(0);
  } finally {
    file.destroy();
  }
}

/** The header of IP2Location's BIN files: edition, columns, day of the build, and the product since 2021. */
function isBinHead(head: Uint8Array): boolean {
  const [edition, columns, year, month, day] = head as unknown as [number, number, number, number, number];
  const isDay = year >= 1 && year <= 99 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
  return head.length >= 64 && edition >= 1 && edition <= 26 && columns >= 2 && columns <= 64 && isDay && head[29] === 1;
}

/** Whether bytes are text: no control characters but tabs and ends of lines. */
function isText(head: Uint8Array): boolean {
  return head.every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 13);
}
