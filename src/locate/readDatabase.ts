import { type FileHandle, open } from "node:fs/promises";
import { locateError, reasonOf } from "./errors.js";

/** Bytes that are read between looks at the signal. */
const READ_AT_ONCE = 64 << 20;

/**
 * All bytes of a database file. Throws `unreadable-database`, or the signal's reason when it is aborted.
 *
 * @param roomFor - where so many bytes are to be read to; undefined for memory of their own
 */
export async function readDatabase(
  path: string,
  signal?: AbortSignal,
  roomFor?: (bytes: number) => Uint8Array | undefined,
): Promise<Uint8Array> {
  try {
    signal?.throwIfAborted();
    const file = await open(path);
    try {
      const { size } = await file.stat();
      // What has no size, such as a pipe, is read to its end by node, more slowly.
      if (size === 0) return await file.readFile({ signal });
      return await readWhole(file, roomFor?.(size) ?? Buffer.allocUnsafeSlow(size), signal);
    } finally {
      await file.close();
    }
  } catch (cause) {
    signal?.throwIfAborted();
    throw locateError("unreadable-database", { path, reason: reasonOf(cause) }, cause);
  }
}

async function readWhole(file: FileHandle, bytes: Uint8Array, signal: AbortSignal | undefined): Promise<Uint8Array> {
  let end = 0;
  while (end < bytes.length) {
    signal?.throwIfAborted();
    const { bytesRead } = await file.read(bytes, end, Math.min(READ_AT_ONCE, bytes.length - end), null);
    if (bytesRead === 0) break;
    end += bytesRead;
  }
  return bytes.subarray(0, end);
}
