import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";

export { crc32 };

/** Bytes compressed by raw DEFLATE (RFC 1951). */
export function deflate(bytes: Uint8Array, level = 6): Uint8Array {
  return deflateRawSync(bytes, { level });
}

/** Bytes that {@link deflate} compressed. Throws if they are damaged or would be more than `maxLength`. */
export function inflate(bytes: Uint8Array, maxLength: number): Uint8Array {
  return inflateRawSync(bytes, { maxOutputLength: maxLength });
}
