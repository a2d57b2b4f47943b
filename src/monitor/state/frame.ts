import { promisify } from "node:util";
import { crc32, deflateRaw, deflateRawSync, inflateRawSync } from "node:zlib";
import { monitorError } from "../errors.js";

const deflated = promisify(deflateRaw);

/** Length and checksum of what is packed, and its length before. */
const HEAD_BYTES = 12;
/** More than this is no piece of a state. */
const MOST_BYTES = 2 ** 31;

/** A piece of state, compressed in another thread, with its length and checksum before it. */
export async function frame(plain: Uint8Array): Promise<Uint8Array> {
  return framed(await deflated(plain, { level: 1 }), plain.length);
}

/** The same at once. */
export function frameSync(plain: Uint8Array): Uint8Array {
  return framed(deflateRawSync(plain, { level: 1 }), plain.length);
}

function framed(packed: Uint8Array, plainLength: number): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES + packed.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, packed.length, true);
  view.setUint32(4, crc32(packed), true);
  view.setUint32(8, plainLength, true);
  bytes.set(packed, HEAD_BYTES);
  return bytes;
}

/**
 * The pieces of a file, from a byte on. What breaks off within a piece at the end is left out, as a crash leaves it.
 *
 * Throws `bad-monitor-state` for a piece that is there and damaged.
 */
export function* unframed(bytes: Uint8Array, from: number, file: string): Generator<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = from; at + HEAD_BYTES <= bytes.length; ) {
    const [length, sum, plainLength] = [
      view.getUint32(at, true),
      view.getUint32(at + 4, true),
      view.getUint32(at + 8, true),
    ];
    at += HEAD_BYTES;
    if (at + length > bytes.length) return;
    const packed = bytes.subarray(at, at + length);
    if (crc32(packed) !== sum || plainLength > MOST_BYTES)
      throw monitorError("bad-monitor-state", { file, why: "its checksum is wrong: it was changed or cut short" });
    yield inflateRawSync(packed, { maxOutputLength: Math.max(1, plainLength) });
    at += length;
  }
}
