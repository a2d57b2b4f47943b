import { type FileHandle, open } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { fileError } from "./openSource.js";

export interface TailOptions {
  /** Whether to begin with what the file holds already, or with what is written from now on. Default "end". */
  readonly from?: "start" | "end";
  /** How often the file is looked at. Default 250. */
  readonly pollMs?: number;
  /** Ends the tail; what was written until then has been given out. */
  readonly signal?: AbortSignal;
}

const READ_BYTES = 1 << 18;

/**
 * The bytes that are appended to a file, as they are written, for as long as the signal allows: a source for
 * `readBatches`.
 *
 * Rotation is followed: when the name stands for another file, the old one is read to its end first, then the new one
 * from its start; when the file has become shorter it is read from its start again. A file that is missing is waited for,
 * once it has been there.
 *
 * @throws `file-not-found`, `is-directory`, `not-readable`
 *
 * @example
 * ```ts
 * for await (const batch of readBatches(tailFile("/var/log/nginx/access.log", { signal }), { locator })) cube.add(batch);
 * ```
 */
export async function* tailFile(path: string, options: TailOptions = {}): AsyncGenerator<Uint8Array> {
  const { from = "end", pollMs = 250, signal } = options;
  let file = await open(path, "r").catch((cause: NodeJS.ErrnoException) => {
    throw fileError(path, cause);
  });
  try {
    const info = await file.stat();
    if (info.isDirectory()) throw fileError(path, Object.assign(new Error("directory"), { code: "EISDIR" }));
    let position = from === "end" ? info.size : 0;
    for (;;) {
      const next = await replacement(path, file);
      for (;;) {
        const chunk = await readOn(file, position);
        if (chunk.length === 0) break;
        position += chunk.length;
        yield chunk;
      }
      if (signal?.aborted) return;
      if (next !== undefined) {
        await file.close();
        file = next;
        position = 0;
        continue;
      }
      if ((await file.stat()).size < position) position = 0;
      else await sleep(pollMs, undefined, signal ? { signal } : {}).catch(() => {});
    }
  } finally {
    await file.close();
  }
}

async function readOn(file: FileHandle, position: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(READ_BYTES);
  const { bytesRead } = await file.read(bytes, 0, READ_BYTES, position);
  return bytes.subarray(0, bytesRead);
}

/** The file that the name stands for now, if it is not the open one. */
async function replacement(path: string, file: FileHandle): Promise<FileHandle | undefined> {
  const next = await open(path, "r").catch(() => undefined);
  if (next === undefined) return undefined;
  const [now, then] = await Promise.all([next.stat(), file.stat()]);
  if (now.ino !== then.ino || now.dev !== then.dev) return next;
  await next.close();
  return undefined;
}
