import { deflateSync, inflateSync } from "fflate";

// Stands for `deflate.ts` in the browser's build: the same functions without Node.

/** CRC-32 (ISO 3309), eight bits at a time by a table. */
export function crc32(bytes: Uint8Array): number {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let rest = byte;
    for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
    return rest;
  });
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ table[(crc ^ bytes[i]!) & 0xff]!;
  return (crc ^ 0xffffffff) >>> 0;
}

/** Bytes compressed by raw DEFLATE (RFC 1951). */
export function deflate(bytes: Uint8Array, level = 6): Uint8Array {
  return deflateSync(bytes, { level: level as 6 });
}

/** Bytes that {@link deflate} compressed. Throws if they are damaged or would be more than `maxLength`. */
export function inflate(bytes: Uint8Array, maxLength: number): Uint8Array {
  // DEFLATE makes at most 1,032 bytes of one.
  const room = Math.min(maxLength, 1032 * bytes.length);
  const plain = room < MAX_ROOM ? inflateSync(bytes, { out: new Uint8Array(room + 1) }) : inflateSync(bytes);
  if (plain.length > maxLength) throw new RangeError(`more than ${maxLength} bytes`);
  return plain;
}

/** Beyond so many bytes room is made as it is needed. */
const MAX_ROOM = 2 ** 26;
