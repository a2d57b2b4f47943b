import { createReadStream } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { readError } from "../errors.js";
import { decompressed, isCompressed } from "./decompress.js";
import { transcoded } from "./transcode.js";

/** Where a log comes from: a file's path (`-` is standard input), its bytes, a stream of Node or of the web, or chunks. */
export type LogSource =
  | string
  | URL
  | Uint8Array
  | NodeJS.ReadableStream
  | ReadableStream<Uint8Array | string>
  | AsyncIterable<Uint8Array | string>;

/** An open source: what to call it, and its uncompressed bytes, as UTF-8 where another encoding is recognised. */
export interface OpenSource {
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Size of the file as it is stored; undefined where it is none. */
  readonly storedBytes: number | undefined;
}

/** How much of a file is read at once. */
export const READ_BYTES = 1 << 20;

export interface OpenOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told how many stored bytes were read. */
  readonly onStored?: (bytes: number) => void;
}

/**
 * Opens a source. Gzip, zstandard and bzip2 are known by their first bytes and brotli by the ending `.br`, and undone.
 *
 * @throws `file-not-found`, `is-directory`, `not-readable`; `truncated-input` and `corrupt-input` while it is read
 */
export async function openSource(source: LogSource, options: OpenOptions = {}): Promise<OpenSource> {
  const name = sourceName(source);
  const { chunks, size } = await rawChunks(source, name, options.signal);
  const stored = counted(chunks, options.onStored);
  return { name, chunks: transcoded(decompressed(stored, name, options.signal)), storedBytes: size };
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
  return info.isFile()
    ? { chunks: fileChunks(source, name, signal), size: info.size }
    : { chunks: streamChunks(source, name, signal) };
}

/** A file's bytes; a chunk is overwritten once the next but one is asked for, unless the file is compressed. */
async function* fileChunks(path: string | URL, name: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const file = await open(path, "r").catch((cause: NodeJS.ErrnoException) => {
    throw fileError(name, cause);
  });
  let isPlain = false;
  try {
    const head = new Uint8Array(4);
    await file.read(head, 0, head.length, 0);
    // Decompression is handed chunks to keep.
    isPlain = !isCompressed(head, name);
    if (isPlain) yield* blocksOf(file, signal);
  } catch (cause) {
    throw signal?.aborted ? signal.reason : fileError(name, cause as NodeJS.ErrnoException);
  } finally {
    await file.close();
  }
  if (!isPlain) yield* streamChunks(path, name, signal);
}

/** Reads a file by two buffers in turn, into one while the other is worked on. */
async function* blocksOf(file: FileHandle, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const buffers = [new Uint8Array(READ_BYTES), new Uint8Array(READ_BYTES)] as const;
  const read = (turn: number, position: number) => {
    const result = file.read(buffers[turn & 1]!, 0, READ_BYTES, position);
    // It may fail while nobody waits for it.
    result.catch(() => {});
    return result;
  };
  let next = read(0, 0);
  try {
    for (let turn = 0, position = 0; ; turn++) {
      const { bytesRead } = await next;
      if (bytesRead === 0) return;
      position += bytesRead;
      next = read(turn + 1, position);
      signal?.throwIfAborted();
      yield buffers[turn & 1]!.subarray(0, bytesRead);
    }
  } finally {
    await next.catch(() => {});
  }
}

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
