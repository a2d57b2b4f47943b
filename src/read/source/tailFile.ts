import { checkArgument, checkOptions } from "../../core/options/checkOptions.js";
import type { Shapes } from "../../core/options/shape.js";
import { abortSignal, choice, number, text } from "../../core/options/shapes.js";
import { followFile } from "./follow/followFile.js";

export interface TailOptions {
  /** Whether to begin with what the file holds already, or with what is written from now on. Default "end". */
  readonly from?: "start" | "end";
  /** How often the file is looked at. Default 250. */
  readonly pollMs?: number;
  /** Ends the tail; what was written until then has been given out. */
  readonly signal?: AbortSignal;
}

/** What each option takes. */
export const TAIL_OPTIONS: Shapes<TailOptions> = { from: choice("start", "end"), pollMs: number, signal: abortSignal };

/**
 * The lines that are appended to a file, as they are written, for as long as the signal allows: a source for
 * `readBatches`.
 *
 * Rotation is followed, by renaming as by copying and truncating: files are read to their end, one after the other. A file
 * that is missing is waited for, once it has been there. Lines of more than a mebibyte are left out.
 *
 * @throws `file-not-found`, `is-directory`, `not-readable`
 *
 * @example
 * ```ts
 * for await (const batch of readBatches(tailFile("/var/log/nginx/access.log", { signal }), { locator })) cube.add(batch);
 * ```
 */
export async function* tailFile(path: string, options: TailOptions = {}): AsyncGenerator<Uint8Array> {
  checkArgument("tailFile", "the path", path, text);
  checkOptions("tailFile", options, TAIL_OPTIONS);
  for await (const event of followFile(path, { from: "end", ...options }))
    if (event.kind === "lines" && event.bytes.length > 0) yield event.bytes;
}
