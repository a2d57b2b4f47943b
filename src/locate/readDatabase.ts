import { type FileHandle, open } from "node:fs/promises";
import { locateError, reasonOf } from "./errors.js";

/** Bytes that are read between looks at the signal. */
const READ_AT_ONCE = 64 << 20;

/** All bytes of a database file. Throws `unreadable-database`, or the signal's reason when it is aborted. */
export async function readDatabase(path: string, signal?: AbortSignal): Promise<Uint8Array> {
  try {
    signal?.throwIfAborted();
    const file = await open(path);
    try {
      const { size } = await file.stat();
      // What has no size, such as a pipe, is read to its end by node, more slowly.
      return size > 0 ? await readWhole(file, size, signal) : await file.readFile({ signal });
    } finally {
      await file.close();
    }
  } catch (cause) {
    signal?.throwIfAborted();
    throw locateError("unreadable-database", { path, reason: reasonOf(cause) }, cause);
  }
}

async function readWhole(file: FileHandle, size: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(size);
  let end = 0;
  while (end < size) {
    signal?.throwIfAborted();
    const { bytesRead } = await file.read(bytes, end, Math.min(READ_AT_ONCE, size - end), null);
    if (bytesRead === 0) break;
    end += bytesRead;
  }
  return bytes.subarray(0, end);
}
