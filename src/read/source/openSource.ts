import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import type { BufferPool } from "../../core/pools/bufferPool.js";
import { readError } from "../errors.js";
import { decompressed, isCompressed } from "./decompress.js";
import { fileBlocks } from "./fileBlocks.js";
import { type LineBlock, lineBlocks } from "./lineBlocks.js";
import { isWide, transcoded } from "./transcode.js";

/** Where a log comes from: a file's path (`-` is standard input), its bytes, a stream of Node or of the web, or chunks. */
export type LogSource =
  | string
  | URL
  | Uint8Array
  | NodeJS.ReadableStream
  | ReadableStream<Uint8Array | string>
  | AsyncIterable<Uint8Array | string>;

/** An open source: what to call it, and its uncompressed lines, as UTF-8 where another encoding is recognised. */
export interface OpenSource {
  readonly name: string;
  readonly blocks: AsyncIterable<LineBlock>;
  /** Size of the file as it is stored; undefined where it is none. */
  readonly storedBytes: number | undefined;
}

/** How much of a source is read at once. */
const READ_BYTES = 1 << 20;
/** Smaller files are not worth memory that kernels can read. */
const LARGE_BYTES = 1 << 20;

export interface OpenOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told how many stored bytes were read. */
  readonly onStored?: (bytes: number) => void;
  /** Where the memory of lines is from, and goes to; by default it is new. */
  readonly memory?: BufferPool;
}

/**
 * Opens a source. Gzip, zstandard and bzip2 are known by their first bytes and brotli by the ending `.br`, and undone.
 *
 * @throws `file-not-found`, `is-directory`, `not-readable`; `truncated-input` and `corrupt-input` while it is read
 */
export async function openSource(source: LogSource, options: OpenOptions = {}): Promise<OpenSource> {
  const name = sourceName(source);
  const { chunks, path, size } = await rawChunks(source, name, options.signal);
  if (path !== undefined && (await isPlainFile(path, name)))
    return { name, blocks: plainBlocks(path, name, options), storedBytes: size };
  const stored = counted(chunks, options.onStored);
  const blocks = lineBlocks(transcoded(decompressed(stored, name, options.signal)));
  return { name, blocks, storedBytes: size };
}

/** What a source is called in reports and errors. */
export function sourceName(source: LogSource): string {
  if (typeof source === "string") return source === "-" ? "standard input" : source;
  if (source instanceof URL) return source.pathname;
  const path = (source as { path?: unknown }).path;
  return typeof path === "string" ? path : "stream";
}

interface RawChunks {
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly size?: number;
  /** Of a large file. */
  readonly path?: string | URL;
}

async function rawChunks(source: LogSource, name: string, signal?: AbortSignal): Promise<RawChunks> {
  if (source instanceof Uint8Array) return { chunks: slices(source), size: source.length };
  if (source === "-") return { chunks: bytesOf(process.stdin, signal) };
  if (typeof source !== "string" && !(source instanceof URL))
    return { chunks: bytesOf(source as AsyncIterable<Uint8Array | string>, signal) };
  const info = await stat(source).catch((cause: NodeJS.ErrnoException) => {
    throw fileError(name, cause);
  });
  if (info.isDirectory()) throw readError("is-directory", { file: name });
  const chunks = streamChunks(source, name, signal);
  if (!info.isFile()) return { chunks };
  return info.size < LARGE_BYTES ? { chunks, size: info.size } : { chunks, size: info.size, path: source };
}

/** Whether a file's bytes are its lines: neither compressed nor in another encoding. */
async function isPlainFile(path: string | URL, name: string): Promise<boolean> {
  const file = await opened(path, name);
  try {
    const head = new Uint8Array(64);
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    const start = head.subarray(0, bytesRead);
    return !isCompressed(start, name) && !isWide(start);
  } catch (cause) {
    throw fileError(name, cause as NodeJS.ErrnoException);
  } finally {
    await file.close();
  }
}

async function* plainBlocks(path: string | URL, name: string, options: OpenOptions): AsyncGenerator<LineBlock> {
  const file = await opened(path, name);
  try {
    yield* fileBlocks(file, options);
  } catch (cause) {
    throw options.signal?.aborted ? options.signal.reason : fileError(name, cause as NodeJS.ErrnoException);
  } finally {
    await file.close();
  }
}

const opened = (path: string | URL, name: string) =>
  open(path, "r").catch((cause: NodeJS.ErrnoException) => {
    throw fileError(name, cause);
  });

async function* streamChunks(path: string | URL, name: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path, {
      highWaterMark: READ_BYTES,
      ...(signal && { signal }),
    }) as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw signal?.aborted ? signal.reason : fileError(name, cause as NodeJS.ErrnoException);
  }
}

/** The error that a failure of the file system becomes. */
export function fileError(file: string, cause: NodeJS.ErrnoException): Error {
  if (cause.code === "ENOENT" || cause.code === "ENOTDIR") return readError("file-not-found", { file }, cause);
  if (cause.code === "EISDIR") return readError("is-directory", { file }, cause);
  return readError("not-readable", { file, why: cause.code === "EACCES" ? "permission denied" : cause.message }, cause);
}

async function* slices(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += READ_BYTES) yield bytes.subarray(at, at + READ_BYTES);
}

async function* bytesOf(chunks: AsyncIterable<Uint8Array | string>, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    for (;;) {
      signal?.throwIfAborted();
      const next = await (signal === undefined ? iterator.next() : orAborted(iterator.next(), signal));
      if (next.done) return;
      yield typeof next.value === "string" ? encoder.encode(next.value) : next.value;
    }
  } finally {
    // A stream that waits for input answers only once it has some: there is no waiting for its end.
    void iterator.return?.()?.catch(() => {});
  }
}

/**
 * What the promise gives, or the signal's reason if it is aborted before. Not `Promise.race` with one promise for the
 * signal: that would keep every chunk of the stream alive for as long as the signal lives.
 */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  onStored?: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    onStored?.(chunk.length);
    yield chunk;
  }
}

const encoder = new TextEncoder();
