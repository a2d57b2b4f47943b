import { readFile } from "node:fs/promises";
import { locateError, reasonOf } from "./errors.js";

/** All bytes of a database file. Throws `unreadable-database`, or the signal's reason when it is aborted. */
export async function readDatabase(path: string, signal?: AbortSignal): Promise<Uint8Array> {
  try {
    return await readFile(path, { signal });
  } catch (cause) {
    signal?.throwIfAborted();
    throw locateError("unreadable-database", { path, reason: reasonOf(cause) }, cause);
  }
}
