import { open } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { detectEnvelope } from "../envelope/detectEnvelope.js";
import { mayBeLocated } from "../fields/locatedFields.js";
import { isFixedOffset } from "../fields/zoneClock.js";
import type { Format } from "../format/formats.js";
import { looksBinary } from "../format/looksBinary.js";
import type { DecodeOptions } from "../format/makeDecoder.js";
import { HEAD_BYTES, headLines, openFormat } from "../format/openFormat.js";
import type { ReadOptions } from "../readOptions.js";
import { isCompressed } from "../source/decompress.js";
import type { LogSource } from "../source/openSource.js";
import { isWide } from "../source/transcode.js";

/** Smaller files are read sooner than threads are started and warm. */
const MIN_BYTES = 1 << 27;

/** A file that several threads can read: each line of it can be understood alone. */
export interface ChunkedFile {
  readonly path: string;
  readonly size: number;
  readonly head: Uint8Array;
  readonly format: Format;
  readonly worker: URL;
}

/**
 * What is needed to read a source by several threads; undefined if it is to be read by one.
 *
 * @param worker - the threads' code
 */
export async function chunkedFile(
  source: LogSource,
  worker: URL | undefined,
  options: ReadOptions,
  decode: DecodeOptions,
): Promise<ChunkedFile | undefined> {
  if (
    worker === undefined ||
    (options.workers ?? 1) === 1 ||
    source === "-" ||
    !(typeof source === "string" || source instanceof URL)
  )
    return undefined;
  const path = typeof source === "string" ? source : fileURLToPath(source);
  // Whatever fails here is told better where the file is opened to be read.
  const file = await open(path, "r").catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const info = await file.stat();
    if (!info.isFile() || info.size < (options.minWorkerBytes ?? MIN_BYTES)) return undefined;
    const bytes = new Uint8Array(HEAD_BYTES);
    const { bytesRead } = await file.read(bytes, 0, HEAD_BYTES, 0);
    const start = bytes.subarray(0, bytesRead);
    if (isCompressed(start, path) || isWide(start)) return undefined;
    const marked = start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf;
    const head = headLines(marked ? start.subarray(3) : start);
    if (head.at(-1) !== 10) return undefined;
    if (looksBinary(head) === undefined && detectEnvelope(head, options.format ?? "auto", decode).length > 0)
      return undefined;
    // Places that a log tells are added to the locator's table, which is this thread's.
    if (mayBeLocated(Buffer.from(head).toString("latin1"), options.map)) return undefined;
    if (!noteMapped(head, decode)) return undefined;
    const format = openFormat(path, head, options.format ?? "auto", decode);
    // Which of two equal hours a local time is in, the lines before it tell.
    if (options.timeZone !== undefined && !isFixedOffset(options.timeZone)) return undefined;
    const isAlone =
      format !== undefined && (format.kind === "json" || format.kind === "text" || format.kind === "combined");
    return isAlone ? { path, size: info.size, head, format, worker } : undefined;
  } finally {
    await file.close();
  }
}

/** Whether the head has all fields that the mapping names; others, whoever reads all lines may meet. */
function noteMapped(head: Uint8Array, { map = {}, met }: DecodeOptions): boolean {
  const text = new TextDecoder().decode(head);
  const fields = Object.values(map).filter((field) => text.includes(field.slice(field.lastIndexOf(".") + 1)));
  for (const field of fields) met?.add(field);
  return fields.length === Object.keys(map).length;
}
