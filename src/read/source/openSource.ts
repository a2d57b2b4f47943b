import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { readError } from "../errors.js";

/** Where a log comes from: a file's path (`-` is standard input), its bytes, a stream of Node or of the web, or chunks. */
export type LogSource =
  | string
  | URL
  | Uint8Array
  | NodeJS.ReadableStream
  | ReadableStream<Uint8Array | string>
  | AsyncIterable<Uint8Array | string>;

/** An open source: what to call it, and its uncompressed bytes. */
export interface OpenSource {
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
}

const READ_BYTES = 1 << 20;

/**
 * Opens a source; gzip is known by its first bytes and undone.
 *
 * @throws `file-not-found`, `is-directory`, `not-readable`; `truncated-input` and `corrupt-input` while it is read
 */
export async function openSource(source: LogSource, signal?: AbortSignal): Promise<OpenSource> {
  const name = sourceName(source);
  const raw = await rawChunks(source, name, signal);
  return { name, chunks: uncompressed(raw, name, signal) };
}

function sourceName(source: LogSource): string {
  if (typeof source === "string") return source === "-" ? "standard input" : source;
  if (source instanceof URL) return source.pathname;
  const path = (source as { path?: unknown }).path;
  return typeof path === "string" ? path : "stream";
}

async function rawChunks(source: LogSource, name: string, signal?: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
  if (source instanceof Uint8Array) return one(source);
  if (source === "-") return bytesOf(process.stdin);
  if (typeof source === "string" || source instanceof URL) {
    const info = await stat(source).catch((cause: NodeJS.ErrnoException) => {
      throw fileError(name, cause);
    });
    if (info.isDirectory()) throw readError("is-directory", { file: name });
    return fileChunks(createReadStream(source, { highWaterMark: READ_BYTES, ...(signal && { signal }) }), name);
  }
  return bytesOf(source as AsyncIterable<Uint8Array | string>);
}

async function* fileChunks(stream: Readable, name: string): AsyncGenerator<Uint8Array> {
  try {
    yield* stream as AsyncIterable<Uint8Array>;
  } catch (cause) {
    if ((cause as Error).name === "AbortError") throw cause;
    throw fileError(name, cause as NodeJS.ErrnoException);
  }
}

function fileError(file: string, cause: NodeJS.ErrnoException): Error {
  if (cause.code === "ENOENT" || cause.code === "ENOTDIR") return readError("file-not-found", { file }, cause);
  if (cause.code === "EISDIR") return readError("is-directory", { file }, cause);
  return readError("not-readable", { file, why: cause.code === "EACCES" ? "permission denied" : cause.message }, cause);
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += READ_BYTES) yield bytes.subarray(at, at + READ_BYTES);
}

async function* bytesOf(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield typeof chunk === "string" ? encoder.encode(chunk) : chunk;
}

async function* uncompressed(
  raw: AsyncIterable<Uint8Array>,
  name: string,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const iterator = raw[Symbol.asyncIterator]();
  const head = await iterator.next();
  if (head.done) return;
  const whole = rejoin(head.value, iterator);
  if (!(head.value[0] === 0x1f && head.value[1] === 0x8b)) {
    yield* whole;
    return;
  }
  const gunzip = Readable.from(whole).pipe(createGunzip({ chunkSize: READ_BYTES }));
  try {
    for await (const chunk of gunzip as AsyncIterable<Uint8Array>) {
      signal?.throwIfAborted();
      yield chunk;
    }
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "Z_BUF_ERROR") throw readError("truncated-input", { file: name, compression: "gzip" }, cause);
    if (code?.startsWith("Z_"))
      throw readError("corrupt-input", { file: name, compression: "gzip", why: message }, cause);
    throw cause;
  }
}

async function* rejoin(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

const encoder = new TextEncoder();
