import { createHash } from "node:crypto";
import { type FileHandle, open, stat } from "node:fs/promises";
import { decompressed } from "../decompress.js";

/** What tells a file from another, under whatever name: where it lies, and what it begins with. */
export interface FileIdentity {
  readonly device: number;
  readonly inode: number;
  /** SHA-256 of its first `headBytes` bytes, uncompressed: a copy has the same, and so has what gzip makes of it. */
  readonly headBytes: number;
  readonly head: string;
}

/** Lines of logs begin with a time or an address: this much of them is no other file's. */
const HEAD_BYTES = 1_024;

/** The identity of an open file, by as much of its head as there is. */
export async function identityOf(file: FileHandle): Promise<FileIdentity> {
  const { dev, ino } = await file.stat();
  const bytes = new Uint8Array(HEAD_BYTES);
  const { bytesRead } = await file.read(bytes, 0, HEAD_BYTES, 0);
  return { device: dev, inode: ino, headBytes: bytesRead, head: hashOf(bytes.subarray(0, bytesRead)) };
}

/** The identity of a closed file, which may be compressed. */
export async function identityAt(path: string): Promise<FileIdentity> {
  const [{ dev, ino }, bytes] = await Promise.all([stat(path), headOfFile(path, HEAD_BYTES)]);
  return { device: dev, inode: ino, headBytes: bytes.length, head: hashOf(bytes) };
}

/** Whether an open file still begins as it did. */
export async function hasSameHead(file: FileHandle, { headBytes, head }: FileIdentity): Promise<boolean> {
  const bytes = new Uint8Array(headBytes);
  const { bytesRead } = await file.read(bytes, 0, headBytes, 0);
  return bytesRead === headBytes && hashOf(bytes) === head;
}

/** Whether the file of a name, compressed or not, begins like another. */
export async function beginsLike(path: string, { headBytes, head }: FileIdentity): Promise<boolean> {
  if (headBytes === 0) return false;
  try {
    const bytes = await headOfFile(path, headBytes);
    return bytes.length === headBytes && hashOf(bytes) === head;
  } catch {
    return false; // it is gone, or damaged: not the one that is looked for
  }
}

/** Whether a name stands for the very file. */
export async function isAt(path: string, { device, inode }: FileIdentity): Promise<boolean> {
  const file = await open(path, "r").catch(() => undefined);
  if (file === undefined) return false;
  const info = await file.stat();
  await file.close();
  return info.dev === device && info.ino === inode;
}

/** The first bytes of a file, uncompressed; fewer where it has no more. */
export async function headOfFile(path: string, length: number): Promise<Uint8Array> {
  const file = await open(path, "r");
  const stream = file.createReadStream({ highWaterMark: 65_536 });
  const bytes = new Uint8Array(length);
  let filled = 0;
  try {
    for await (const chunk of decompressed(stream as AsyncIterable<Uint8Array>, path)) {
      const part = chunk.subarray(0, length - filled);
      bytes.set(part, filled);
      filled += part.length;
      if (filled === length) break;
    }
  } finally {
    stream.destroy();
  }
  return bytes.subarray(0, filled);
}

const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
