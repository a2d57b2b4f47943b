import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { isGeopivotError } from "../../core/errors.js";
import { locateError, reasonOf } from "../errors.js";

/** Longer lines are no lines of a list: without a limit a file without line breaks would fill the memory. */
const MAX_LINE = 1 << 20;

/**
 * Hands the lines of a text file, or of a gzip-compressed one (`.gz`), to `take` in order. Throws
 * `unreadable-database`, what `take` throws, or the signal's reason when it is aborted.
 */
export async function forEachLine(path: string, take: (line: string) => void, signal?: AbortSignal): Promise<void> {
  const consume = async (source: AsyncIterable<Buffer>): Promise<void> => {
    const decoder = new TextDecoder();
    let rest = "";
    for await (const chunk of source) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n/);
      rest = lines.pop()!;
      if (rest.length > MAX_LINE) throw new Error("a line is longer than a million characters");
      for (const line of lines) take(line);
    }
    if (rest !== "") take(rest);
  };
  try {
    const options = signal === undefined ? {} : { signal };
    if (/\.gz$/i.test(path)) await pipeline(createReadStream(path), createGunzip(), consume, options);
    else await pipeline(createReadStream(path), consume, options);
  } catch (cause) {
    signal?.throwIfAborted();
    if (isGeopivotError(cause)) throw cause;
    throw locateError("unreadable-database", { path, reason: reasonOf(cause) }, cause);
  }
}
