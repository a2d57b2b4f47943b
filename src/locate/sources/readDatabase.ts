import { type FileHandle, open } from "node:fs/promises";
import { locateError, reasonOf } from "../errors.js";

/** Bytes that are read between looks at the signal: a few milliseconds' work for whoever watches. */
const PIECE_BYTES = 4 << 20;
/** Pieces that are being read at a time, by threads of which node has four. */
const PIECES_AT_ONCE = 3;

/** Enough to tell files by. */
const HEAD_BYTES = 16;

/** What may be said about the reading of a file. */
export interface Reading {
  /** Where so many bytes, which begin with `head`, are to be read to; undefined for memory of their own. */
  readonly ensureCapacity?: (bytes: number, head: Uint8Array) => Uint8Array | undefined;
  /** Is called with all bytes so far, of which those from `from` on are new, while the next are being read. Must not throw. */
  readonly onRead?: (bytes: Uint8Array, from: number) => void;
}

/** All bytes of a database file. Throws `unreadable-database`, or the signal's reason when it is aborted. */
export async function readDatabase(
  path: string,
  signal?: AbortSignal,
  { ensureCapacity, onRead }: Reading = {},
): Promise<Uint8Array> {
  try {
    signal?.throwIfAborted();
    const file = await open(path);
    try {
      const { size } = await file.stat();
      // What has no size, such as a pipe, is read to its end by node, more slowly.
      if (size > 0) {
        const { buffer, bytesRead } = await file.read(new Uint8Array(HEAD_BYTES), 0, HEAD_BYTES, 0);
        const room = ensureCapacity?.(size, buffer.subarray(0, bytesRead)) ?? Buffer.allocUnsafeSlow(size);
        return await readWhole(file, room, onRead, signal);
      }
      const bytes = await file.readFile({ signal });
      onRead?.(bytes, 0);
      return bytes;
    } finally {
      await file.close();
    }
  } catch (cause) {
    signal?.throwIfAborted();
    throw locateError("unreadable-database", { path, reason: reasonOf(cause) }, cause);
  }
}

async function readWhole(
  file: FileHandle,
  bytes: Uint8Array,
  onRead: Reading["onRead"],
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const underWay: Promise<number>[] = [];
  let [asked, end] = [0, 0];
  try {
    while (end < bytes.length) {
      for (; underWay.length < PIECES_AT_ONCE && asked < bytes.length; asked += PIECE_BYTES) {
        const piece = readPiece(file, bytes, asked);
        // Whoever awaits it sees what went wrong; until then nobody does, which would end the process.
        piece.catch(() => {});
        underWay.push(piece);
      }
      const from = end;
      end = await underWay.shift()!;
      signal?.throwIfAborted();
      onRead?.(bytes.subarray(0, end), from);
      if (end < Math.min(from + PIECE_BYTES, bytes.length)) break;
    }
  } finally {
    await Promise.allSettled(underWay);
  }
  return bytes.subarray(0, end);
}

/** Reads the piece that begins at `from` and returns where it ends; sooner than others where the file has ended. */
async function readPiece(file: FileHandle, bytes: Uint8Array, from: number): Promise<number> {
  const end = Math.min(from + PIECE_BYTES, bytes.length);
  for (let at = from; ; ) {
    const { bytesRead } = await file.read(bytes, at, end - at, at);
    at += bytesRead;
    if (bytesRead === 0 || at === end) return at;
  }
}
