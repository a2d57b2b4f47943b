import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { isGeopivotError } from "../../core/errors.js";
import { locateError, reasonOf } from "../errors.js";

/** Longer lines are no lines of a list: without a limit a file without line breaks would fill the memory. */
const MAX_LINE = 1 << 20;

/**
 * Hands the lines of a text file, or of a gzip-compressed one, to `take` in order, until that
 * returns false. Throws `unreadable-database`, what `take` throws, or the signal's reason when it is aborted.
 */
export async function forEachLine(path: string, take: (line: string) => unknown, signal?: AbortSignal): Promise<void> {
  // Of a stream that is left before its end, `pipeline` may tell that it was aborted, and not why.
  let isEnough = false;
  let failure: unknown;
  const consume = async (source: AsyncIterable<Buffer>): Promise<void> => {
    try {
      isEnough = await takeLines(source, take);
    } catch (cause) {
      failure = cause;
      throw cause;
    }
  };
  try {
    const options = signal === undefined ? {} : { signal };
    if (await isGzip(path)) await pipeline(createReadStream(path), createGunzip(), consume, options);
    else await pipeline(createReadStream(path), consume, options);
  } catch (error) {
    signal?.throwIfAborted();
    if (isEnough) return;
    const cause = failure ?? error;
    if (isGeopivotError(cause)) throw cause;
    throw locateError("unreadable-database", { path, reason: reasonOf(cause) }, cause);
  }
}

/** Hands lines to `take` until it answers false; true if it did. */
async function takeLines(source: AsyncIterable<Buffer>, take: (line: string) => unknown): Promise<boolean> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of source) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n/);
    rest = lines.pop()!;
    if (rest.length > MAX_LINE) throw new Error("a line is longer than a million characters");
    for (const line of lines) if (take(line) === false) return true;
  }
  if (rest !== "") take(rest);
  return false;
}

/** Whether a file begins as gzip does (RFC 1952); of what cannot be looked at before it is read, its name tells. */
export async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    if (!(await file.stat()).isFile()) return /\.gz$/i.test(path);
    const { buffer, bytesRead } = await file.read(new Uint8Array(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}
