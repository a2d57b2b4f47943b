import { Readable, type Transform } from "node:stream";
import zlib from "node:zlib";
import { Decompress } from "fzstd";
import unbzip2 from "unbzip2-stream";
import { readError } from "../errors.js";

const OUT_BYTES = 1 << 20;

interface Codec {
  readonly name: string;
  /** The first bytes of compressed data. */
  readonly magic: readonly number[];
  readonly undo: (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;
}

const CODECS: readonly Codec[] = [
  { name: "gzip", magic: [0x1f, 0x8b], undo: (chunks) => through(chunks, zlib.createGunzip({ chunkSize: OUT_BYTES })) },
  { name: "zstandard", magic: [0x28, 0xb5, 0x2f, 0xfd], undo: zstandard },
  { name: "bzip2", magic: [0x42, 0x5a, 0x68], undo: bzip2 },
];

const BROTLI: Codec = {
  name: "brotli",
  magic: [],
  undo: (chunks) => through(chunks, zlib.createBrotliDecompress({ chunkSize: OUT_BYTES })),
};

/**
 * The uncompressed bytes of chunks that may be compressed.
 *
 * @param name - of the source; brotli, which has no mark of its own, is known by the ending `.br`
 * @throws `truncated-input` where the data ends too early, behind all that could be uncompressed; `corrupt-input`
 */
export async function* decompressed(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  const head = await firstBytes(iterator, 4);
  if (head === undefined) return;
  const whole = rejoin(head, iterator);
  const codec = codecOf(head, name);
  if (codec === undefined) {
    yield* whole;
    return;
  }
  try {
    for await (const chunk of codec.undo(whole)) {
      signal?.throwIfAborted();
      yield chunk;
    }
  } catch (cause) {
    throw isOurs(cause, signal) ? cause : compressionError(name, codec.name, cause as NodeJS.ErrnoException);
  }
}

/** Whether a source is known to be compressed, by its first bytes or its name. */
export function isCompressed(head: Uint8Array, name: string): boolean {
  return codecOf(head, name) !== undefined;
}

function codecOf(head: Uint8Array, name: string): Codec | undefined {
  const codec = CODECS.find(({ magic }) => magic.every((byte, i) => head[i] === byte));
  return codec ?? (/\.br$/i.test(name) ? BROTLI : undefined);
}

function isOurs(cause: unknown, signal?: AbortSignal): boolean {
  return signal?.aborted === true || (cause as { details?: unknown }).details !== undefined;
}

function compressionError(file: string, compression: string, cause: NodeJS.ErrnoException): Error {
  const early =
    cause.code === "Z_BUF_ERROR" || /unexpected (?:end|eof)|incomplete|prematurely/i.test(String(cause.message));
  if (early) return readError("truncated-input", { file, compression }, cause);
  return readError("corrupt-input", { file, compression, why: String(cause.message ?? cause) }, cause);
}

function through(chunks: AsyncIterable<Uint8Array>, transform: Transform): AsyncIterable<Uint8Array> {
  const source = Readable.from(chunks);
  source.on("error", (error) => transform.destroy(error));
  return source.pipe(transform);
}

/** `unbzip2-stream` is a stream of the old kind, which answers while it is written to. */
async function* bzip2(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const out: Uint8Array[] = [];
  let failure: Error | undefined;
  const stream = unbzip2();
  stream.on("data", (chunk: Uint8Array) => out.push(chunk));
  stream.on("error", (error: Error) => {
    failure ??= error;
  });
  for await (const chunk of chunks) {
    stream.write(chunk);
    if (failure !== undefined) throw failure;
    yield* out.splice(0);
  }
  stream.end();
  if (failure !== undefined) throw failure;
  yield* out;
}

/** Node undoes zstandard itself from 22.15 and 23.8 on. */
function zstandard(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const native = (zlib as { createZstdDecompress?: (options: object) => Transform }).createZstdDecompress;
  return native === undefined ? zstandardByScript(chunks) : through(chunks, native({ chunkSize: OUT_BYTES }));
}

async function* zstandardByScript(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const out: Uint8Array[] = [];
  const stream = new Decompress((chunk) => {
    if (chunk.length > 0) out.push(chunk);
  });
  for await (const chunk of chunks) {
    stream.push(chunk);
    yield* out.splice(0);
  }
  stream.push(new Uint8Array(0), true);
  yield* out;
}

async function firstBytes(iterator: AsyncIterator<Uint8Array>, count: number): Promise<Uint8Array | undefined> {
  let head = new Uint8Array(0);
  while (head.length < count) {
    const next = await iterator.next();
    if (next.done) return head.length === 0 ? undefined : head;
    if (head.length === 0 && next.value.length >= count) return next.value;
    head = Buffer.concat([head, next.value]);
  }
  return head;
}

async function* rejoin(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
