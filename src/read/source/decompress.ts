import { Readable, type Transform } from "node:stream";
import zlib from "node:zlib";
import type bitIteratorOf from "unbzip2-stream/lib/bit_iterator.js";
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
  return readError("corrupt-input", { file, compression, why: reasonOf(String(cause.message ?? cause)) }, cause);
}

/** What libraries say of their insides helps nobody. */
function reasonOf(message: string): string {
  if (/crc|checksum|data check|trailer/i.test(message)) return "its checksum does not fit";
  if (/window/i.test(message)) return "it needs more memory than is given to it";
  return "it cannot be undone";
}

function through(chunks: AsyncIterable<Uint8Array>, transform: Transform): AsyncIterable<Uint8Array> {
  const source = Readable.from(chunks);
  source.on("error", (error) => transform.destroy(error));
  return source.pipe(transform);
}

type BitReader = ReturnType<typeof bitIteratorOf>;

/** Undoes a block at a time: a stream would undo all blocks of a chunk before anybody reads the first. */
async function* bzip2(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { default: bitIterator } = await import("unbzip2-stream/lib/bit_iterator.js");
  const { default: bz2 } = await import("unbzip2-stream/lib/bzip2.js");
  const queue: Uint8Array[] = [];
  let received = 0;
  let bits: BitReader | undefined;
  let crc: number | null = null;
  let blockSize = 0;
  const begun = (): BitReader => (bits ??= bitIterator(() => queue.shift()));
  const ready = (): boolean =>
    received - (bits?.bytesRead ?? 0) + 1 >= (blockSize === 0 ? 4 : BZIP2_HEAD_BYTES + BZIP2_BLOCK_BYTES * blockSize);
  const step = (): Uint8Array | undefined => {
    if (blockSize === 0) {
      blockSize = bz2.header(begun());
      crc = 0;
      return undefined;
    }
    const out = new GrowingBytes();
    const size = BZIP2_BLOCK_BYTES * blockSize;
    crc = bz2.decompress(begun(), (byte) => out.push(byte), new Int32Array(size), size, crc);
    if (crc === null) blockSize = 0;
    return out.bytes();
  };
  for await (const chunk of chunks) {
    queue.push(chunk);
    received += chunk.length;
    while (ready()) yield step() ?? EMPTY;
  }
  while (received > begun().bytesRead) yield step() ?? EMPTY;
  if (crc !== null) throw new Error("input stream ended prematurely");
}

/** Compressed bytes that a block surely fits in, beside its own size. */
const BZIP2_HEAD_BYTES = 25_000;
const BZIP2_BLOCK_BYTES = 100_000;
const EMPTY = new Uint8Array(0);

/** Bytes that come one by one. */
class GrowingBytes {
  #bytes = new Uint8Array(1 << 20);
  #length = 0;

  push(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}

/** Node undoes zstandard itself from 22.15 and 23.8 on. */
function zstandard(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const native = (zlib as { createZstdDecompress?: (options: object) => Transform }).createZstdDecompress;
  return native === undefined ? zstandardByScript(chunks) : through(chunks, native({ chunkSize: OUT_BYTES }));
}

async function* zstandardByScript(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { Decompress } = await import("fzstd");
  const out: Uint8Array[] = [];
  let first = true;
  const stream = new Decompress((chunk) => {
    if (chunk.length > 0) out.push(chunk);
  });
  for await (const chunk of chunks) {
    checkWindow(chunk, first);
    first = false;
    // A few bytes may stand for 128 KiB: little is undone before it is read.
    let step = ZSTD_STEP_BYTES;
    for (let at = 0; at < chunk.length; ) {
      const end = Math.min(chunk.length, at + step);
      stream.push(chunk.subarray(at, end));
      at = end;
      const made = out.reduce((sum, one) => sum + one.length, 0);
      step = made > ZSTD_MUCH_BYTES ? ZSTD_LITTLE_BYTES : ZSTD_STEP_BYTES;
      yield* out.splice(0);
    }
  }
  stream.push(new Uint8Array(0), true);
  yield* out;
}

const ZSTD_STEP_BYTES = 8192;
const ZSTD_LITTLE_BYTES = 256;
const ZSTD_MUCH_BYTES = 4 << 20;
/** What `zstd` itself undoes without being told to. */
const MAX_WINDOW_LOG = 27;

/** Throws if a frame asks for a larger window than its reader has to give (RFC 8878, section 3.1.1.1.2). */
function checkWindow(chunk: Uint8Array, isFirst: boolean): void {
  if (!isFirst || chunk.length < 6) return;
  const hasWindow = (chunk[4]! & 0x20) === 0;
  if (hasWindow && 10 + (chunk[5]! >> 3) > MAX_WINDOW_LOG) throw new Error("window too large");
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
